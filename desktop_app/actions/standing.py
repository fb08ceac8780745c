"""How the export stands, in one sentence, with the one deed that helps now."""

from collections.abc import Callable, Iterator
from datetime import datetime
from enum import Enum, auto
from typing import Literal

from msgspec import Struct

from desktop_app.actions.status import Status
from desktop_app.errors import ExitCode, UserError
from desktop_app.export.ledger import Outcome, Run, StartedBy
from desktop_app.schedule.no_scheduler import COMMAND as RUN_SCHEDULED
from desktop_app.schedule.task_state import NO_SCHEDULER
from desktop_app.wording import NOTHING, Said

_DAY_MS = 24 * 3_600_000
_NIGHT = (20, 8)  # from this hour on, and before that one

Kind = Literal["ok", "wait", "bad", "muted"]
"""Delivered; something waits or is weak; failed, and somebody must act; nothing of these."""


class Act(Enum):
    """A deed that helps."""

    CONFIGURE = auto()
    ENTER_PASSWORD = auto()
    FIX_FIELD = auto()
    CHECK_HOST_KEY = auto()
    CHOOSE_SOURCE = auto()
    LOOK_AT_SOURCES = auto()
    SWITCH_ON = auto()
    EXPORT_NOW = auto()
    FIX_TASK = auto()
    TYPE_WINDOWS_PASSWORD = auto()
    CHOOSE_KEEPER = auto()


class Standing(Struct, frozen=True, kw_only=True):
    """`sentence` is what to read first, `detail` the why and what next; `act` is what helps, if anything does, and
    `field` the setting that it is about. `is_failure`: the run in the ledger has more to say of it."""

    kind: Kind
    sentence: Said | str
    detail: Said | str = NOTHING
    act: Act | None = None
    field: str | None = None
    is_failure: bool = False


def standings(
    status: Status, near: Callable[[int], str], now_ms: int, tested_ms: int | None = None
) -> list[Standing]:
    """All that there is to say of how the export stands, what matters most first; never empty.

    `near` writes an instant (epoch milliseconds) as people say it. `tested_ms` is when the connection was last
    tested with success: an older failure of a run is no longer how things are.
    """
    state = status.overview
    if state.running:
        since = near(state.last_run.started_ms) if state.last_run else ""
        return [
            Standing(kind="muted", sentence=Said("An export is running."), detail=Said("Since {when}", when=since))
        ]
    if state.not_configured and not state.enabled:
        return [
            Standing(
                kind="muted",
                sentence=Said("The export is not set up yet."),
                detail=Said("Say where the archives go: server, user, password and path."),
            )
        ]
    found = [*_troubles(status, near, now_ms, tested_ms)]
    if state.enabled:
        return found or [_well(status, near)]
    off = Standing(
        kind="muted", sentence=Said("The daily export is off."), detail=_waiting(status), act=Act.SWITCH_ON
    )
    return [off, *found]


def _troubles(
    status: Status, near: Callable[[int], str], now_ms: int, tested_ms: int | None
) -> Iterator[Standing]:
    state, task = status.overview, status.task
    if state.not_configured:
        yield Standing(
            kind="bad",
            sentence=Said("The export can't run with these settings."),
            detail=state.not_configured,
            act=Act.CONFIGURE,
        )
    if task.problem:
        yield _task_problem(status)
    if isinstance(status.password, UserError):
        yield Standing(kind="wait", sentence=status.password.message, detail=status.password.advice)
    if state.enabled:
        yield from _last_run(status, near, now_ms, tested_ms)
        if not state.is_fed:
            yield Standing(
                kind="wait",
                sentence=Said("Nothing to export yet: no source."),
                detail=Said("Until you say where your events are, archives hold only this program's own actions."),
                act=Act.CHOOSE_SOURCE,
            )
    for told in state.running_out.values():
        yield Standing(kind="wait", sentence=told, act=Act.EXPORT_NOW)
    for name, source in state.sources.items():
        if source.mostly_set_aside:
            yield Standing(
                kind="wait",
                sentence=Said(
                    "Most records of source {name} are set aside: {count}.", name=name, count=source.set_aside
                ),
                act=Act.LOOK_AT_SOURCES,
            )
    if state.clock_set_back:
        yield Standing(
            kind="wait",
            sentence=Said("This computer's clock stands before the last export."),
            detail=Said("Was it set back?"),
        )
    for each in status.unsafe:
        yield Standing(kind="wait", sentence=each)


def _task_problem(status: Status) -> Standing:
    task = status.task
    assert task.problem
    cure = Act.FIX_TASK if task.is_known and task.scheduler != NO_SCHEDULER else None
    if task.needs_windows_password:
        cure = Act.TYPE_WINDOWS_PASSWORD
    if task.installed and status.night and not status.night.readable:
        cure = Act.CHOOSE_KEEPER
    advice = Said("{hint}\n{command}", hint=task.hint, command=task.command) if task.command else task.hint
    detail = task.hint if cure in (Act.TYPE_WINDOWS_PASSWORD, Act.CHOOSE_KEEPER) else "" if cure else advice
    return Standing(kind="wait", sentence=task.problem, detail=detail, act=cure)


def _last_run(
    status: Status, near: Callable[[int], str], now_ms: int, tested_ms: int | None
) -> Iterator[Standing]:
    state = status.overview
    run = state.last_run
    if run and run.outcome is Outcome.FAILED:
        if tested_ms is not None and tested_ms > (run.finished_ms or run.started_ms):
            yield Standing(
                kind="wait",
                sentence=Said("The connection works again."),
                detail=_waiting(status),
                act=Act.EXPORT_NOW,
            )
        else:
            yield _failure(run, status, near, now_ms)
    elif run and run.outcome is Outcome.INTERRUPTED:
        yield Standing(
            kind="wait",
            sentence=Said("The last export was interrupted."),
            detail=Said("The next one goes on where it ended."),
            act=Act.EXPORT_NOW,
        )
    elif state.overdue:
        yield Standing(
            kind="wait",
            sentence=Said("No run went well for more than a day and a half."),
            detail=_waiting(status),
            act=Act.EXPORT_NOW,
        )


def _failure(run: Run, status: Status, near: Callable[[int], str], now_ms: int) -> Standing:
    if run.started_by is StartedBy.SCHEDULE and _was_last_night(run.started_ms, now_ms):
        failed = Said("Last night's export failed.")
    else:
        failed = Said("The last export failed: {when}.", when=near(run.started_ms))
    waiting = _waiting(status)
    message = run.message or ""
    hint = f"{run.hint}" if run.hint else ""
    return Standing(
        kind="bad",
        sentence=Said("{what} {waiting}", what=failed, waiting=waiting) if waiting else failed,
        detail=Said("{message}\n{hint}", message=message, hint=run.hint) if hint else message,
        act=_cure(run),
        field=run.field,
        is_failure=True,
    )


def _cure(run: Run) -> Act:
    """What to do about a failure: by the setting that it concerns, and whether it may pass by itself."""
    if run.code in (ExitCode.UNREACHABLE, ExitCode.TRY_LATER, ExitCode.LOCAL_DISK) or not run.field:
        return Act.EXPORT_NOW
    if run.field == "server.password":
        return Act.ENTER_PASSWORD
    if run.field == "server.host" and run.code == ExitCode.PROTOCOL:
        return Act.CHECK_HOST_KEY
    return Act.FIX_FIELD


def _was_last_night(started_ms: int, now_ms: int) -> bool:
    begins, ends = _NIGHT
    hour = datetime.fromtimestamp(started_ms / 1000).hour
    return 0 <= now_ms - started_ms < _DAY_MS and (hour >= begins or hour < ends)


def _waiting(status: Status) -> Said:
    days = len(status.overview.waiting)
    if not days:
        return NOTHING
    return Said("1 day waits.") if days == 1 else Said("{count} days wait.", count=days)


def _well(status: Status, near: Callable[[int], str]) -> Standing:
    """Nothing is wrong while the export is on."""
    waiting, following = _waiting(status), _next(status, near)
    if waiting:
        return Standing(kind="wait", sentence=waiting, detail=following, act=Act.EXPORT_NOW)
    if status.overview.last_archive is None:
        return Standing(kind="muted", sentence=Said("The export is on."), detail=following, act=Act.EXPORT_NOW)
    sentence = Said("All delivered. {following}", following=following) if following else Said("All delivered.")
    return Standing(kind="ok", sentence=sentence, act=Act.EXPORT_NOW)


def _next(status: Status, near: Callable[[int], str]) -> Said:
    task = status.task
    if task.is_left_to_another:
        return Said("Your own scheduler starts the next one: {command}", command=RUN_SCHEDULED)
    return Said("Next export: {when}.", when=near(task.next_run)) if task.next_run else NOTHING
