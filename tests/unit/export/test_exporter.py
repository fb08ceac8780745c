"""What an export does before anything is built, and with what waits; the server takes whatever it is given."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock, Mock

import pytest

from desktop_app.export import exporter
from desktop_app.export.archived_lines import manifest_of
from desktop_app.export.believable import ClockAhead
from desktop_app.export.delivery import Backoff
from desktop_app.export.due import due_days
from desktop_app.export.job import Job
from desktop_app.export.ledger import LedgerDamaged, Outcome, StartedBy, open_ledger
from desktop_app.export.outgoing import build
from desktop_app.export.progress import Building, Delivered
from desktop_app.export.waiting import finish_waiting
from desktop_app.files import file_sha256
from desktop_app.settings.model import ExportSettings, ServerSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.time_zone import find_zone
from desktop_app.stop import Stop, Stopped
from desktop_app.trails.store.hours import count
from desktop_app.trails.store.span import Span
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
    record_deliveries_at("2026-11-22T12:00", monkeypatch)
    return made


def record_deliveries_at(instant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Deliveries are events as well: their days become due, too."""
    monkeypatch.setattr("desktop_app.trails.own_actions.time", Mock(time_ns=lambda: ms(instant) * 10**6))


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


def test_what_waits_and_is_no_archive_is_built_again(job: Job, delivery: Any) -> None:
    """Although it is the file that was built, by its content: what a failing memory or disk made of it."""
    (due,) = due_days(job.store, [], UTC, NOW, None)
    waits = job.file_of(build(job, due))
    waits.write_bytes(b"PK, and nothing that could be read")
    job.ledger.db.execute("UPDATE archives SET sha256 = ?", (file_sha256(waits),))
    put: list[int] = []
    delivery.put.side_effect = lambda archive, file: put.append(manifest_of(file).events)
    assert finish_waiting(job, delivery) == []
    assert put == [archive.events for archive in job.archives] == [2]


def at(job: Job, now: str) -> Job:
    """The same at another time, in a run of its own."""
    run = job.ledger.begin_run(StartedBy.SCHEDULE, 1, ms(now))
    return replace(job, run=run, clock=lambda: ms(now) / 1000, archives=[], errors=[], warnings=[])


def test_the_end_that_is_asked_for_comes_between_two_archives(job: Job, delivery: Any) -> None:
    job.store.append([event(ms("2026-11-21T08:00"))])
    stop = Stop()
    delivery.put.side_effect = lambda *_: stop.ask()
    with pytest.raises(Stopped):
        exporter.run_export(job, Mock(), False, Backoff(1), stop)
    assert [archive.day for archive in job.archives] == ["2026-11-20"]
    assert job.ledger.built() is None


def test_today_is_exported_where_that_is_asked_for(job: Job, delivery: Any) -> None:
    job.store.append([event(ms("2026-11-22T08:00"))])
    exporter.run_export(job, Mock(), False, Backoff(1), Stop())
    assert [archive.day for archive in job.archives] == ["2026-11-20"]
    exporter.run_export(job, Mock(), True, Backoff(1), Stop())
    assert [archive.day for archive in job.archives] == ["2026-11-20", "2026-11-22"]


@pytest.mark.parametrize(
    ("server", "days", "told"),
    [
        ("2026-11-25T12:00", ["2026-11-22", "2026-11-24"], True),  # by the server's clock, the 25th is not over
        ("2026-12-05T12:00", ["2026-11-22", "2026-11-24", "2026-11-25"], False),  # this computer was off
        (None, ["2026-11-22", "2026-11-24", "2026-11-25"], False),  # nobody to ask
    ],
)
def test_which_days_are_over_where_the_clock_may_have_jumped(
    job: Job, delivery: Any, server: str | None, days: list[str], told: bool
) -> None:
    assert export(job) == [2]
    delivery.server_ms = lambda: ms(server) if server else None
    job.store.append([event(ms("2026-11-24T08:00")), event(ms("2026-11-25T08:00"))])
    later = at(job, "2026-12-05T12:00")
    exporter.run_export(later, Mock(), False, Backoff(1), Stop())
    assert [archive.day for archive in later.archives] == days
    assert [type(error) for error in later.errors] == [ClockAhead] * told


def test_nobody_is_asked_for_the_time_without_a_reason(
    job: Job, delivery: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery.server_ms = Mock(return_value=None)
    assert export(job) == [2]  # the first run
    record_deliveries_at("2026-11-26T01:00", monkeypatch)
    exporter.run_export(at(job, "2026-11-23T02:00"), Mock(), False, Backoff(1), Stop())  # soon after the last one
    exporter.run_export(at(job, "2026-11-26T02:00"), Mock(), False, Backoff(1), Stop())  # nothing is due
    assert not delivery.server_ms.called


def test_a_day_that_is_held_waits_alone(job: Job, delivery: Any) -> None:
    """Of two events that were archived, the store has one by now, and the archive was lost."""
    (due,) = due_days(job.store, [], UTC, NOW, None)
    job.file_of(build(job, due)).unlink()
    job.store.db.execute("DELETE FROM events WHERE seq = 1")
    job.store.append([event(ms("2026-11-20T10:00")), event(ms("2026-11-21T08:00"))])
    exporter.run_export(job, Mock(), False, Backoff(1), Stop())
    assert [archive.day for archive in job.archives] == ["2026-11-21"]
    assert job.errors[0].message.startswith("The events of 2026-11-20 can't be read from the store")


def test_who_is_waiting_is_told_what_was_built_and_what_arrived(job: Job, delivery: Any) -> None:
    export(job)
    (archive,) = job.archives
    told = [call.args[0] for call in job.on_progress.call_args_list]  # type: ignore[attr-defined]
    with job.store.reading():
        (size,) = job.store.db.execute("SELECT sum(size) FROM events WHERE seq <= 2").fetchone()
    assert told == [Building("2026-11-20", 2, 2, size), Delivered(archive.name, 2, archive.bytes)]
    assert archive.delivered_ms == NOW


def test_delivered_events_go_when_they_are_old_enough(job: Job, delivery: Any) -> None:
    assert export(job) == [2]
    exporter.run_export(at(job, "2027-02-18T23:59:59"), Mock(), False, Backoff(1), Stop())
    assert count(job.store, Span(end_ms=ms("2026-11-21T00:00")))[0] == 2
    exporter.run_export(at(job, "2027-02-19T00:00"), Mock(), False, Backoff(1), Stop())  # 90 days after the 20th
    assert count(job.store, Span(end_ms=ms("2026-11-21T00:00")))[0] == 0


def test_events_that_are_not_counted_are_told_once_all_else_is_done(job: Job, delivery: Any) -> None:
    job.store.append([event(ms("2026-11-21T08:00"))])
    job.store.db.execute(f"DELETE FROM hours WHERE hour = {ms('2026-11-21T08:00') // 3_600_000}")
    exporter.run_export(job, Mock(), False, Backoff(1), Stop())
    assert [archive.day for archive in job.archives] == ["2026-11-20"]
    (error,) = job.errors
    assert "there are events that are not counted" in str(error.message)


@pytest.mark.parametrize("server", [None, "2026-11-26T12:00"])
def test_a_server_without_a_clock_is_noted_in_the_log(
    job: Job, delivery: Any, server: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    assert export(job) == [2]
    delivery.server_ms = lambda: ms(server) if server else None
    exporter.run_export(at(job, "2026-11-26T12:00"), Mock(), False, Backoff(1), Stop())
    told = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert told == ([] if server else ["the server does not show its time; this computer's clock is believed"])


def test_another_installation_of_the_same_name_is_told(
    job: Job, delivery: Any, caplog: pytest.LogCaptureFixture
) -> None:
    theirs = "audit-trails-ws-2026-11-19.zip"
    delivery.others = lambda known: [
        name for name in (theirs, "audit-trails-ws-2026-11-20.zip") if name not in known
    ]
    assert export(job) == [2]
    (warning,) = job.warnings
    assert f"such as {theirs}." in warning and warning in caplog.messages
    quiet = at(job, "2026-11-22T13:00")
    exporter.run_export(quiet, Mock(), False, Backoff(1), Stop())  # which delivers nothing, and looks at nothing
    assert quiet.warnings == []
