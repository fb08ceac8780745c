"""What an admin wants to know at a glance: is it on, what ran last, what waits."""

import time
from collections.abc import Callable
from typing import TypeVar

from msgspec import Struct, structs

from desktop_app.errors import BadSetting
from desktop_app.export.due import due_days
from desktop_app.export.ledger import Archive, Outcome, Run, open_ledger
from desktop_app.export.run_lock import is_running
from desktop_app.schedule.time_of_day import next_time
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.time_zone import find_zone
from desktop_app.settings.validation import check, require_configured
from desktop_app.trails.store.hours import hours
from desktop_app.trails.store.store import open_store
from desktop_app.wording import Said

_Value = TypeVar("_Value")
_OVERDUE_AFTER_MS = 36 * 3_600_000  # a day, and half of one for a computer that was off at the time


class WaitingDay(Struct, frozen=True):
    """A day that has ended and is not on the server yet, and its events so far without an archive."""

    day: str
    events: int


class Overview(Struct, frozen=True, kw_only=True):
    """The state of the export. Instants are epoch milliseconds.

    `not_configured` says what is missing, `clock_set_back` that the clock stands before the last run,
    `next_run` when the daily export is due next by the settings (None while it is off, or its time is
    unusable), `set_aside` how many records of each source can't be events, `overdue` that no run went well
    for a day and a half while on.
    """

    enabled: bool
    not_configured: Said | None
    next_run: int | None
    running: bool
    last_run: Run | None
    last_success: Run | None
    last_archive: Archive | None
    waiting: list[WaitingDay]
    events_in_store: int
    set_aside: dict[str, int]
    clock_set_back: bool
    overdue: bool = False


def overview(settings: Settings, paths: Paths, clock: Callable[[], float] = time.time) -> Overview:
    """Look at settings, store and ledger. Raises LocalDiskError."""
    now_ms = int(clock() * 1000)
    with open_ledger(paths.ledger) as ledger, open_store(paths.store) as store:
        running = is_running(paths)
        runs = ledger.runs(limit=1)
        last = runs[0] if runs else None
        success = ledger.last_success()
        built = ledger.built()
        archives = [*ledger.delivered(), *([built] if built else [])]
        zone = _usable(lambda: find_zone(settings.export.timezone))
        due = due_days(store, archives, zone, now_ms, ledger.switched_on_since()) if zone else []
        next_run = _usable(lambda: next_time(settings.schedule.at, clock()))
        waiting = [WaitingDay(built.day, built.events)] if built else []
        waiting += [WaitingDay(each.day.date.isoformat(), each.events) for each in due]
        return Overview(
            enabled=settings.enabled,
            not_configured=_what_is_missing(settings),
            next_run=int(next_run * 1000) if settings.enabled and next_run else None,
            running=running,
            last_run=_ended(last) if last and not running else last,
            last_success=success,
            last_archive=ledger.last_delivered(),
            waiting=waiting,
            events_in_store=sum(hour.events for hour in hours(store)),
            set_aside={source.name: store.set_aside_count(source.name) for source in settings.sources},
            clock_set_back=last is not None and now_ms < last.started_ms,
            overdue=settings.enabled and _is_overdue(success, ledger.switched_on_ms(), now_ms),
        )


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
    return [PastRun(run if running else _ended(run), archives.get(run.id, [])) for run in runs]


def _is_overdue(success: Run | None, switched_on_ms: int | None, now_ms: int) -> bool:
    """Whether the last success, or the switching on after it, is too long ago.

    Where the switch was set ON in the file itself, the first run notes when; until then nothing is overdue.
    """
    if switched_on_ms is None:
        return False
    last_ms = success.finished_ms or success.started_ms if success else 0
    return now_ms - max(last_ms, switched_on_ms) > _OVERDUE_AFTER_MS


def _ended(run: Run) -> Run:
    """A run without an outcome that runs no more was killed, also before the next run enters that."""
    return structs.replace(run, outcome=run.outcome or Outcome.INTERRUPTED)


def _usable(find: Callable[[], _Value]) -> _Value | None:
    """What is found by the settings, or None where they are unusable, which `not_configured` says."""
    try:
        return find()
    except BadSetting:
        return None


def _what_is_missing(settings: Settings) -> Said | None:
    try:
        require_configured(settings)
        check(settings)
    except BadSetting as error:
        return error.message
    return None
