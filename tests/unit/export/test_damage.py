"""Databases and folders that are damaged end a run with a sentence for the user, never with a traceback."""

import json
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest

from desktop_app.actions.find_events import Question, find_events
from desktop_app.actions.history import day_history, history
from desktop_app.actions.run import Request, RunResult, RunStep, run_once
from desktop_app.actions.status import WaitingDay, overview
from desktop_app.errors import ExitCode, LocalDiskError
from desktop_app.export.delivery import Backoff
from desktop_app.export.ledger import Archive, Outcome, StartedBy, open_ledger
from desktop_app.settings.model import ExportSettings, ServerSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.time_zone import find_zone
from desktop_app.stop import Stop
from desktop_app.trails.event import parse_event
from desktop_app.trails.store.search import Sought
from desktop_app.trails.store.store import open_store
from desktop_app.wording import Said
from tests.disk import damage_pages
from tests.servers import free_port
from tests.stored import lines_in

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def settings() -> Settings:
    server = ServerSettings(host=f"127.0.0.1:{free_port()}", user="audit", path="/")
    return Settings(export=ExportSettings(instance="ws", timezone="UTC"), server=server)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path, tmp_path, tmp_path)


def run(settings: Settings, paths: Paths, on_progress: Callable[[RunStep], None] = Mock()) -> RunResult:
    return run_once(
        settings, paths, Request(), lambda: "", on_progress, Backoff(attempts=1), lambda: NOW.timestamp()
    )


def fill_ledger(path: Path) -> None:
    with open_ledger(path) as ledger:
        number = ledger.begin_run(StartedBy.HAND, 1, 1)
        for back in range(300):
            day = (date(2026, 11, 21) - timedelta(days=back)).isoformat()
            archive = Archive(
                instance="ws",
                day=day,
                number=1,
                name=f"audit-trails-ws-{day}-1.zip",
                format="json",
                timezone="UTC",
                start_ms=0,
                end_ms=10,
                upto_seq=7,
                events=3,
                bytes=100,
                sha256="ab" * 32,
                built_ms=1,
            )
            ledger.set_built(number, archive)
            ledger.mark_delivered(archive.name, number, 9)
        ledger.end_run(number, Outcome.DELIVERED, 10)


def fill_store(path: Path) -> None:
    event = {"createdAt": "2026-11-22T08:00:00Z", "entityType": "T", "entityName": "N", "actionType": "A"}
    dice = random.Random(1)
    with open_store(path) as store:
        for number in range(100):
            state = dice.randbytes(500).hex()
            store.append([parse_event(json.dumps({**event, "id": str(number), "before": state}).encode())])


def damaged_ledger(paths: Paths) -> Path:
    fill_ledger(paths.ledger)
    damage_pages(paths.ledger)
    return paths.ledger


def damaged_store(paths: Paths) -> Path:
    fill_store(paths.store)
    damage_pages(paths.store)
    return paths.store


def file_as_outbox(paths: Paths) -> Path:
    fill_store(paths.store)
    paths.outbox.touch()
    return paths.outbox


@pytest.mark.parametrize(
    ("damaged", "hint"),
    [
        (damaged_ledger, "put back a copy"),
        (damaged_store, "put back a copy"),
        (file_as_outbox, "read-only"),
    ],
)
def test_a_run_says_what_is_damaged(
    settings: Settings, paths: Paths, damaged: Callable[[Paths], Path], hint: str
) -> None:
    place = damaged(paths)
    result = run(settings, paths)
    assert result.outcome is Outcome.FAILED
    assert result.error is not None
    assert result.error.exit_code == ExitCode.LOCAL_DISK
    assert str(place) in result.error.message
    assert hint in result.error.hint
    if place != paths.ledger:
        (past,) = history(paths)
        assert (past.run.outcome, past.run.code, past.run.message) == (Outcome.FAILED, 74, result.error.message)


def test_looking_at_a_damaged_ledger(settings: Settings, paths: Paths) -> None:
    damaged_ledger(paths)
    for look in (
        lambda: overview(settings, paths),
        lambda: history(paths),
        lambda: day_history(settings, paths, 7),
        lambda: find_events(paths, find_zone("UTC"), Question(), Stop(), Mock()),
    ):
        with pytest.raises(LocalDiskError, match=r"ledger\.db"):
            look()


def test_looking_at_a_damaged_store(paths: Paths) -> None:
    damaged_store(paths)
    for look in (
        lambda: find_events(paths, find_zone("UTC"), Question(Sought("word")), Stop(), Mock()),
        lambda: fill_store(paths.store),
    ):
        with pytest.raises(LocalDiskError, match=r"trails\.db"):
            look()


def test_a_damaged_block(settings: Settings, paths: Paths) -> None:
    fill_store(paths.store)
    with open_store(paths.store) as store:
        again = (parse_event(line.replace(b'"id":"', b'"id":"again ')) for line in lines_in(store))
        store.append(list(again))
        assert store.db.execute("UPDATE blocks SET crc32 = crc32 + 1").rowcount > 0
    result = run(settings, paths)
    assert result.error is not None
    assert (result.outcome, result.error.exit_code) == (Outcome.FAILED, ExitCode.LOCAL_DISK)
    assert "a block of events is damaged" in result.error.message
    assert overview(settings, paths, NOW.timestamp).waiting == [WaitingDay("2026-11-22", 200)]
    with pytest.raises(LocalDiskError, match="a block of events is damaged"):
        find_events(paths, find_zone("UTC"), Question(Sought("word")), Stop(), Mock())


def test_a_store_without_its_hours(settings: Settings, paths: Paths) -> None:
    fill_store(paths.store)
    damage_pages(paths.store, first=1)
    assert run(settings, paths).outcome is Outcome.FAILED
    with pytest.raises(LocalDiskError, match=r"trails\.db"):
        overview(settings, paths)


def test_a_run_that_can_not_be_closed_in_the_ledger_failed(
    settings: Settings, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = LocalDiskError(Said("The ledger could not be written (full)."))
    monkeypatch.setattr("desktop_app.export.ledger.Ledger.end_run", Mock(side_effect=full))
    assert run(settings, paths) == RunResult(Outcome.FAILED, [], full)
