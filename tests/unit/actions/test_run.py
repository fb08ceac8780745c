"""Runs that were missed, and those that the system ended."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import Mock

import pytest

from desktop_app.actions import promised_days
from desktop_app.actions.note_failure import note_failure
from desktop_app.actions.run import finish_promises, was_missed
from desktop_app.export.ledger import Outcome, StartedBy, open_ledger
from desktop_app.schedule.time_of_day import last_time, next_time
from desktop_app.settings.model import ScheduleSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.trails.store.places import remember
from desktop_app.trails.store.promises import DAY, PROMISED
from desktop_app.trails.store.store import Store
from tests.windows_gaps import needs

NOON = datetime(2026, 11, 24, 12).timestamp()
HOUR = 3600


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path, tmp_path, tmp_path)


def run_at(paths: Paths, when: float) -> None:
    with open_ledger(paths.ledger) as ledger:
        run = ledger.begin_run(StartedBy.SCHEDULE, os.getpid(), int(when * 1000))
        ledger.end_run(run, Outcome.DELIVERED, int(when * 1000))


def test_a_time_is_missed_until_a_run_began_after_it(paths: Paths) -> None:
    settings = Settings(schedule=ScheduleSettings(spread="0m"))
    assert was_missed(settings, paths, NOON)  # no run at all
    run_at(paths, NOON - 11 * HOUR)  # at 01:00, an hour too early
    assert was_missed(settings, paths, NOON)
    run_at(paths, NOON - 10 * HOUR)
    assert not was_missed(settings, paths, NOON)


@needs("time zones")
def test_times_follow_the_time_zone_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        for zone, hour in (("Asia/Tokyo", 17), ("UTC", 2)):
            monkeypatch.setenv("TZ", zone)
            found = datetime.fromtimestamp(next_time("02:00", NOON), UTC)
            assert found.hour == hour
            assert last_time("02:00", NOON) <= NOON < next_time("02:00", NOON)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_what_an_unfinished_backfill_has_promised_is_delivered_by_any_run(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a run that nothing was promised to looks for no piece."""
    finished, job, export = Mock(), Mock(store=store), Mock()
    monkeypatch.setattr(promised_days, "finish_promised", finished)
    finish_promises(job, export)
    assert not finished.called
    with store.transaction():
        remember(store, PROMISED, {f"{DAY}1": b"packed"})
    finish_promises(job, export, 7)
    finished.assert_called_once_with(job, export, 7)


@pytest.mark.parametrize("killed", [True, False], ids=["killed while it ran", "never began"])
def test_a_run_that_the_system_ended_is_entered_once(paths: Paths, killed: bool) -> None:
    if killed:
        with open_ledger(paths.ledger) as ledger:
            ledger.begin_run(StartedBy.SCHEDULE, 1, 1000)
    note_failure(paths, {"MONITOR_SERVICE_RESULT": "signal", "MONITOR_EXIT_STATUS": "KILL"})
    with open_ledger(paths.ledger) as ledger:
        (run,) = ledger.runs()
    assert run.outcome is Outcome.FAILED
    assert "signal, KILL" in (run.message or "")


@pytest.mark.parametrize(
    "told",
    [{"MONITOR_SERVICE_RESULT": "exit-code", "MONITOR_EXIT_STATUS": "77"}, {}],
    ids=["by its exit code", "before systemd 251"],
)
def test_a_run_that_failed_by_itself_is_not_entered_again(paths: Paths, told: dict[str, str]) -> None:
    note_failure(paths, told)
    with open_ledger(paths.ledger) as ledger:
        assert ledger.runs() == []
