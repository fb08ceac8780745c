"""How it went: day by day, with what waits, and which day failed or is missing; and run by run."""

import time
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct, structs

from desktop_app.export.days import Day, calendar_day, day_of
from desktop_app.export.due import coverage_of, due_day, due_days
from desktop_app.export.ledger import Archive, Outcome, Run, open_ledger
from desktop_app.export.run_lock import is_running
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.time_zone import find_zone
from desktop_app.trails.store.store import open_store_to_read


class DayState(StrEnum):
    """How a day stands. `waiting`: it ended and no run has tried it yet. `failed`: the last run since then
    failed. `missing`: it ended more than a day ago, and no run has tried it. `today`: it has not ended."""

    DELIVERED = "delivered"
    WAITING = "waiting"
    FAILED = "failed"
    MISSING = "missing"
    TODAY = "today"


class DayHistory(Struct, frozen=True, kw_only=True):
    """One day: its events that the server has and those that wait, the archives that brought them, and when
    (epoch milliseconds) the last of these was delivered. `message` says why a day failed."""

    day: str
    state: DayState
    delivered: int
    waiting: int
    archives: list[str]
    delivered_ms: int | None
    message: str | None


def day_history(
    settings: Settings, paths: Paths, days: int, clock: Callable[[], float] = time.time
) -> list[DayHistory]:
    """The last `days` days up to today, oldest first, without those on which there was nothing to export.

    Raises BadSetting where the time zone is unusable, and LocalDiskError.
    """
    now_ms = int(clock() * 1000)
    zone = find_zone(settings.export.timezone)
    running = is_running(paths)
    with open_ledger(paths.ledger) as ledger, open_store_to_read(paths.store) as store:
        delivered = ledger.delivered()
        today = day_of(now_ms, zone)
        first = today.date - timedelta(days=days - 1)
        waiting = due_days(store, delivered, zone, now_ms, ledger.switched_on_since())
        so_far = due_day(store, today, coverage_of(delivered), store.last_seq())
        runs = ledger.runs(limit=1)
    last = runs[0] if runs else None
    counts = {due.day.date: due.events for due in waiting}
    by_day = _by_day(archive for archive in delivered if archive.day >= first.isoformat())
    found = []
    for day in sorted({*counts, *by_day, today.date}):
        if first <= day <= today.date:
            state = (
                DayState.TODAY if day == today.date
                else _state(calendar_day(day, zone), last, running, now_ms) if day in counts
                else DayState.DELIVERED
            )  # fmt: skip
            events = so_far.events if day == today.date else counts.get(day, 0)
            message = last.message if last and state is DayState.FAILED else None
            found.append(_day(day, state, by_day.get(day, []), events, message))
    return found


class PastRun(Struct, frozen=True):
    """A run, and the archives that it delivered, in order."""

    run: Run
    archives: list[Archive]


def history(paths: Paths, limit: int = -1) -> list[PastRun]:
    """The latest runs, newest first. Raises LocalDiskError."""
    running = is_running(paths)
    with open_ledger(paths.ledger) as ledger:
        runs = ledger.runs(limit)
        archives = ledger.delivered_since(runs[-1].id) if runs else {}
    return [PastRun(run if running else as_ended(run), archives.get(run.id, [])) for run in runs]


def as_ended(run: Run) -> Run:
    """A run without an outcome that runs no more was killed, also before the next run enters that."""
    return structs.replace(run, outcome=run.outcome or Outcome.INTERRUPTED)


def _state(day: Day, last: Run | None, running: bool, now_ms: int) -> DayState:
    """How a day stands that has ended and is not on the server."""
    if last and last.started_ms >= day.end_ms:
        if last.outcome in (Outcome.FAILED, Outcome.INTERRUPTED) or (last.outcome is None and not running):
            return DayState.FAILED
        return DayState.WAITING
    return (
        DayState.MISSING
        if now_ms - day.end_ms >= timedelta(days=1) // timedelta(milliseconds=1)
        else DayState.WAITING
    )


def _by_day(archives: Iterable[Archive]) -> dict[date, list[Archive]]:
    found: dict[date, list[Archive]] = {}
    for archive in archives:
        found.setdefault(date.fromisoformat(archive.day), []).append(archive)
    return found


def _day(day: date, state: DayState, archives: list[Archive], waiting: int, message: str | None) -> DayHistory:
    return DayHistory(
        day=day.isoformat(),
        state=state,
        delivered=sum(archive.events for archive in archives),
        waiting=waiting,
        archives=[archive.name for archive in archives],
        delivered_ms=max((archive.delivered_ms or 0 for archive in archives), default=None),
        message=message,
    )
