"""What is told at a glance: overdue or not, and what is unusable."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from msgspec import structs

from desktop_app.actions import status
from desktop_app.actions.run import was_missed
from desktop_app.actions.status import overview
from desktop_app.errors import BadSetting
from desktop_app.export.ledger import Outcome, StartedBy, open_ledger
from desktop_app.settings.model import ExportSettings, ScheduleSettings, ServerSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.trails.store.store import Store, open_store

HOUR = 3_600_000
NOON = 1_000 * 24 * HOUR
DAY_AND_A_HALF = 36 * HOUR


@pytest.fixture
def is_overdue(tmp_path: Path) -> Callable[..., bool]:
    """Whether the export is overdue at an instant, after runs that ended then and so."""

    def ask(now: int, *runs: tuple[int, Outcome], on_since: int | None = NOON, enabled: bool = True) -> bool:
        paths = Paths(tmp_path, tmp_path, tmp_path)
        with open_ledger(paths.ledger) as ledger:
            if on_since is not None:
                ledger.set_switched_on_since(date(2026, 11, 1), on_since)
            for ended, outcome in runs:
                ledger.end_run(ledger.begin_run(StartedBy.SCHEDULE, 1, ended - 1000), outcome, ended)
        return overview(Settings(enabled=enabled), paths, lambda: now / 1000).overdue

    return ask


def test_the_last_success_counts(is_overdue: Callable[..., bool]) -> None:
    ended = NOON + 100 * HOUR
    assert not is_overdue(ended + DAY_AND_A_HALF, (ended, Outcome.DELIVERED))
    assert is_overdue(ended + DAY_AND_A_HALF + 1, (ended + HOUR, Outcome.FAILED))


def test_nothing_due_is_a_success(is_overdue: Callable[..., bool]) -> None:
    ended = NOON + 100 * HOUR
    assert not is_overdue(ended + HOUR, (NOON + HOUR, Outcome.DELIVERED), (ended, Outcome.NOTHING_DUE))


def test_without_a_success_the_switching_on_counts(is_overdue: Callable[..., bool]) -> None:
    assert not is_overdue(NOON + DAY_AND_A_HALF, (NOON + HOUR, Outcome.FAILED))
    assert is_overdue(NOON + DAY_AND_A_HALF + 1)


def test_a_success_before_the_switching_on_is_not_held_against_it(is_overdue: Callable[..., bool]) -> None:
    assert not is_overdue(NOON + HOUR, (NOON - 1000 * HOUR, Outcome.DELIVERED))


def test_what_is_off_or_was_never_on_is_not_overdue(is_overdue: Callable[..., bool]) -> None:
    long_after = NOON + 1000 * HOUR
    assert not is_overdue(long_after, on_since=None)
    assert not is_overdue(long_after, enabled=False)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (Settings(enabled=True, export=ExportSettings(timezone="Mars/X")), "Mars/X"),
        (Settings(enabled=True, schedule=ScheduleSettings(at="2 a.m.")), "2 a.m."),
    ],
    ids=["time zone", "time of day"],
)
def test_unusable_settings_are_told(settings: Settings, named: str, tmp_path: Path) -> None:
    server = ServerSettings(host="sftp.example.com", user="audit", path="/exports")
    seen = overview(structs.replace(settings, server=server), Paths(tmp_path, tmp_path, tmp_path))
    assert seen.not_configured is not None and named in seen.not_configured
    assert seen.waiting == []


def test_a_time_of_day_that_is_none_is_no_missed_run(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path, tmp_path)
    with open_ledger(paths.ledger) as ledger:
        ledger.end_run(ledger.begin_run(StartedBy.SCHEDULE, 1, NOON), Outcome.DELIVERED, NOON)
    with pytest.raises(BadSetting, match="no time of day"):
        was_missed(Settings(schedule=ScheduleSettings(at="2 a.m.")), paths, NOON / 1000)


def test_a_run_that_begins_while_somebody_looks_is_no_clock_set_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths, now = Paths(tmp_path, tmp_path, tmp_path), NOON

    def open_slowly(path: Path) -> Store:
        nonlocal now
        now += HOUR
        with open_ledger(paths.ledger) as ledger:
            ledger.begin_run(StartedBy.SCHEDULE, 1, now)
        return open_store(path)

    with monkeypatch.context() as patch:
        patch.setattr(status, "open_store", open_slowly)
        assert not overview(Settings(), paths, lambda: now / 1000).clock_set_back
    now -= 1
    assert overview(Settings(), paths, lambda: now / 1000).clock_set_back
