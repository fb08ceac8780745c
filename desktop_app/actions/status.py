"""What an admin wants to know at a glance: is it on, what ran last, what waits, and what must be looked after."""

import time
from collections.abc import Callable
from typing import TypeVar

from msgspec import Struct, field

from desktop_app.actions.future_events import future_events
from desktop_app.actions.history import as_ended
from desktop_app.errors import BadSetting, ExitCode, UserError
from desktop_app.export.ledger import Archive, Outcome, Run, open_ledger
from desktop_app.export.run_lock import is_running
from desktop_app.export.waiting_days import WaitingDay, waiting_days
from desktop_app.schedule import daily_task
from desktop_app.schedule.night_try import NightTry, last_night_try
from desktop_app.schedule.task_state import TaskState
from desktop_app.secrets.keeper import Protection
from desktop_app.secrets.keepers import where_password_is
from desktop_app.secrets.login_secret import login_account
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths, unsafe_places
from desktop_app.settings.time_zone import find_zone
from desktop_app.settings.validation import check, require_configured
from desktop_app.sources.last_read import LastRead, running_out
from desktop_app.sources.so_far import SourceCounts, counts, last_read_of
from desktop_app.trails.own_actions import PROGRAM
from desktop_app.trails.store.browse import Listing, sections
from desktop_app.trails.store.hours import hours
from desktop_app.trails.store.span import Span
from desktop_app.trails.store.store import Store, StoreDamaged, open_store
from desktop_app.wording import Said

_Value = TypeVar("_Value")
_NEWEST = 200  # events of some months, where there are none but the program's own
_OVERDUE_AFTER_MS = 36 * 3_600_000  # a day, and half of one for a computer that was off at the time


class Overview(Struct, frozen=True, kw_only=True):
    """The state of the export. Instants are epoch milliseconds.

    `not_configured` says what is missing, `clock_set_back` that the clock stands before the last run,
    `sources` what came of each source so far, `last_reads` how the last collection of each went, `running_out`
    what to tell of those of which events will soon be gone, `future` what to say of events of the future,
    `overdue` that no run went well for a day and a half while on, `is_fed` whether events come from elsewhere than
    this program.
    """

    enabled: bool
    not_configured: Said | None
    running: bool
    last_run: Run | None
    last_success: Run | None
    last_archive: Archive | None
    waiting: list[WaitingDay]
    events_in_store: int
    sources: dict[str, SourceCounts]
    clock_set_back: bool
    last_reads: dict[str, LastRead] = field(default_factory=dict)
    running_out: dict[str, Said] = field(default_factory=dict)
    future: Said | None = None
    overdue: bool = False
    is_fed: bool = True


def overview(settings: Settings, paths: Paths, clock: Callable[[], float] = time.time) -> Overview:
    """Look at settings, store and ledger. Raises LocalDiskError."""
    with open_ledger(paths.ledger) as ledger, open_store(paths.store) as store:
        running = is_running(paths)
        runs = ledger.runs(limit=1)
        last = runs[0] if runs else None
        now_ms = int(clock() * 1000)  # not before: a run that began meanwhile would look like a clock set back
        success = ledger.last_success()
        zone = _usable(lambda: find_zone(settings.export.timezone))
        waiting = waiting_days(ledger, store, zone, now_ms)
        sources = {source.name: counts(store, source.name) for source in settings.sources}
        reads = {source.name: last_read_of(store, source.name) for source in settings.sources}
        ends = {source.name: running_out(source, reads[source.name], now_ms) for source in settings.sources}
        return Overview(
            enabled=settings.enabled,
            not_configured=_what_is_missing(settings),
            running=running,
            last_run=as_ended(last) if last and not running else last,
            last_success=success,
            last_archive=ledger.last_delivered(),
            waiting=waiting,
            events_in_store=sum(hour.events for hour in hours(store)),
            sources=sources,
            last_reads=reads,
            running_out={name: told for name, told in ends.items() if told},
            clock_set_back=last is not None and now_ms < last.started_ms,
            future=future_events(store, now_ms),
            is_fed=bool(settings.sources) or _has_events_of_others(store),
            overdue=settings.enabled and _is_overdue(success, ledger.switched_on_ms(), now_ms),
        )


class Status(Struct, frozen=True, kw_only=True):
    """All that the form, the command line and monitoring tell of the export.

    `password` says where the password is kept, None where there is none, or why that can't be seen; `night` what
    the last try to read it as the daily task will has shown; `unsafe` what lets others change what is kept.
    """

    overview: Overview
    task: TaskState
    password: Protection | UserError | None
    night: NightTry | None
    unsafe: list[Said]


def status(settings: Settings, paths: Paths, clock: Callable[[], float] = time.time) -> Status:
    """Look at files, scheduler and keyring: each may take its time.

    Raises LocalDiskError when store or ledger can't be read.
    """
    return Status(
        overview=overview(settings, paths, clock),
        task=daily_task.standing(settings, paths),
        password=_password(settings, paths),
        night=last_night_try(settings, paths),
        unsafe=unsafe_places(paths),
    )


class Trouble(Struct, frozen=True):
    """One thing that won't mend itself: a sentence, and the exit code that stands for it."""

    message: str
    code: ExitCode


def troubles(status: Status) -> list[Trouble]:
    """What somebody must look after, the worst first; nothing while the export is off."""
    state, task, password = status.overview, status.task, status.password
    if not state.enabled:
        return []
    found = []
    if state.not_configured:
        found.append(Trouble(state.not_configured, ExitCode.CONFIG))
    if task.problem:
        found.append(Trouble(task.problem, ExitCode.CONFIG))
    if isinstance(password, UserError):
        found.append(Trouble(password.message, password.exit_code))
    if state.overdue:
        found.append(Trouble(Said("No run went well for more than a day and a half."), ExitCode.TRY_LATER))
    run = state.last_run
    if run and run.outcome is Outcome.FAILED:
        code = ExitCode(run.code) if run.code else ExitCode.TRY_LATER
        found.append(Trouble(Said("The last run failed: {message}", message=run.message or "–"), code))
    if run and run.outcome is Outcome.INTERRUPTED and not state.running:
        found.append(Trouble(Said("The last run was interrupted."), ExitCode.TRY_LATER))
    found += [Trouble(told, ExitCode.TRY_LATER) for told in state.running_out.values()]
    for name, source in state.sources.items():
        if source.mostly_set_aside:
            count = source.set_aside
            told = Said("Most records of source {name} are set aside: {count}.", name=name, count=count)
            found.append(Trouble(told, ExitCode.BAD_DATA))
    return [*found, *(Trouble(each, ExitCode.NO_PERMISSION) for each in status.unsafe)]


def _password(settings: Settings, paths: Paths) -> Protection | UserError | None:
    if not (settings.server.host and settings.server.user):
        return None
    try:
        return where_password_is(paths, login_account(settings.server))
    except UserError as error:
        return error


def _is_overdue(success: Run | None, switched_on_ms: int | None, now_ms: int) -> bool:
    """Whether the last success, or the switching on after it, is too long ago.

    Where the switch was set ON in the file itself, the first run notes when; until then nothing is overdue.
    """
    if switched_on_ms is None:
        return False
    last_ms = success.finished_ms or success.started_ms if success else 0
    return now_ms - max(last_ms, switched_on_ms) > _OVERDUE_AFTER_MS


def _has_events_of_others(store: Store) -> bool:
    """Whether any of the newest events is of anything but this program: `record` may be what brings them."""
    try:
        newest = Listing(store, sections(store, [Span()])).rows(0, _NEWEST)
    except StoreDamaged:  # which is told by who needs what is damaged
        return True
    return any(row.entity_type != PROGRAM for row in newest)


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
