"""What an export does before anything is built, and with what waits; the server takes whatever it is given."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock, Mock

import pytest

from desktop_app.export import exporter
from desktop_app.export.delivery import Backoff
from desktop_app.export.due import due_days
from desktop_app.export.job import Job
from desktop_app.export.ledger import LedgerDamaged, Outcome, StartedBy, open_ledger
from desktop_app.export.outgoing import build
from desktop_app.export.waiting import finish_waiting
from desktop_app.settings.model import ExportSettings, ServerSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.time_zone import find_zone
from desktop_app.stop import Stop
from desktop_app.trails.store.store import open_store
from tests.unit.export.test_due import event, ms

UTC = find_zone("UTC")
NOW = ms("2026-11-22T12:00")
SETTINGS = Settings(
    export=ExportSettings(instance="ws", timezone="UTC"), server=ServerSettings(host="h", user="u", path="/")
)


@pytest.fixture
def job(tmp_path: Path) -> Iterator[Job]:
    """A day with two events that ended long ago."""
    paths = Paths(tmp_path, tmp_path, tmp_path)
    with open_store(paths.store) as store, open_ledger(paths.ledger) as ledger:
        store.append([event(ms("2026-11-20T08:00")), event(ms("2026-11-20T09:00"))])
        run = ledger.begin_run(StartedBy.HAND, 1, NOW)
        yield Job(SETTINGS, paths, ledger, store, run, Mock(), lambda: NOW / 1000)


@pytest.fixture
def delivery(monkeypatch: pytest.MonkeyPatch) -> Any:
    made = MagicMock(server_ms=lambda: None, others=lambda _: [], has=lambda _: False)
    made.__enter__.return_value = made
    monkeypatch.setattr(exporter, "Delivery", lambda *_: made)
    return made


def export(job: Job) -> list[int]:
    """How many events are in the archives that one run delivers."""
    before = len(job.archives)
    exporter.run_export(job, Mock(), False, Backoff(1), Stop())
    job.ledger.end_run(job.run, Outcome.DELIVERED, NOW)
    return [archive.events for archive in job.archives[before:]]


def test_a_late_event_is_found_where_the_count_of_its_hour_lost_a_bit(job: Job, delivery: Any) -> None:
    assert export(job) == [2]
    job.store.append([event(ms("2026-11-20T08:30"), 1)])
    job.store.db.execute(f"UPDATE hours SET last_seq = 1 WHERE hour = {ms('2026-11-20T08:00') // 3_600_000}")
    assert export(job) == [1]
    assert job.errors == [] and export(job) == []


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("events", 3),
        ("number", 3),
        ("instance", "wr"),
        ("format", "cef"),
        ("timezone", "UTD"),
        ("day", "2026-11-24"),
    ],
)  # fmt: skip
def test_an_archive_of_which_the_ledger_says_something_else_is_not_delivered(
    job: Job, delivery: Any, fact: str, value: object
) -> None:
    (due,) = due_days(job.store, [], UTC, NOW, None)
    right = getattr(build(job, due), fact)
    job.ledger.db.execute(f"UPDATE archives SET {fact} = ?", (value,))
    (held,) = finish_waiting(job, delivery)
    assert held.events and not delivery.put.called and job.file_of(held).exists()
    (error,) = job.errors
    assert isinstance(error, LedgerDamaged)
    assert f"{fact} {value} is entered, {right} is in the archive" in error.message
    job.ledger.db.execute(f"UPDATE archives SET {fact} = ?", (right,))
    assert finish_waiting(job, delivery) == []
    assert [archive.events for archive in job.archives] == [2]
