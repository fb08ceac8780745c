"""The daily task, whatever scheduler this system has: install, remove, show, run."""

import os
import sys
from collections.abc import Callable
from typing import Protocol

from msgspec import structs

from desktop_app.errors import BadSetting, UserError
from desktop_app.schedule.night_try import last_night_try
from desktop_app.schedule.no_scheduler import SCHEDULER_VARIABLE
from desktop_app.schedule.task_state import NO_SCHEDULER, UNKNOWN, NoDailyTask, TaskState
from desktop_app.secrets.keeper import KeeperName
from desktop_app.settings.model import ScheduleSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.validation import require_schedule
from desktop_app.wording import Said

_LOCKED = Said("The keyring is locked then. Choose where else to keep it.")
_ELSEWHERE = Said("Choose where else to keep it.")
_KEEP_IN_FILE = "audit-trails-export config password --keep-in file"


_EXAMPLES = {"schedule.at": "HH:MM", "schedule.spread": "30m"}


class _Scheduler(Protocol):
    """What each of the modules `systemd`, `cron`, `task_scheduler`, `no_scheduler` is."""

    NAME: str

    def is_available(self) -> bool:
        """Whether this system has it, and this user may use it."""

    def runs_at_night(self, paths: Paths) -> bool:
        """Whether it runs this user's tasks without a login. May arrange for that."""

    def is_installed(self, paths: Paths) -> bool:
        """Whether it has our task, however wrong."""

    def install(self, settings: Settings, paths: Paths) -> None:
        """Register the task or update it, or raise SchedulerError and leave things as they were."""

    def remove(self, paths: Paths) -> None:
        """Remove all that `install` made. No task is no error. Raises SchedulerError."""

    def show(self, settings: Settings, paths: Paths) -> TaskState:
        """How the task stands, compared with what it should be. Raises SchedulerError."""

    def run(self, settings: Settings, paths: Paths, on_wait: Callable[[], None]) -> str:
        """Start the task now, wait until it has ended; what it said last. Raises SchedulerError, NoDailyTask."""


def install(settings: Settings, paths: Paths) -> TaskState:
    """Register the task, or bring the registered one up to date; how it stands then, as far as that can be asked.

    Raises SchedulerError when the scheduler refuses, BadSetting where the time is unusable; then what was
    registered is as it was.
    """
    require_schedule(settings.schedule)
    chosen = _installed(paths) or _best(paths)
    chosen.install(settings, paths)
    return standing(settings, paths)


def install_signed_out(settings: Settings, paths: Paths, windows_password: str) -> TaskState:
    """Windows: register the task to run whether or not this account is signed in. Raises SchedulerError.

    `windows_password` is that of the account; the Task Scheduler keeps it, nothing of ours does.
    """
    from desktop_app.schedule.windows import task as task_scheduler

    task_scheduler.install_signed_out(settings, paths, windows_password)
    return standing(settings, paths)


def install_signed_in(settings: Settings, paths: Paths) -> TaskState:
    """Windows: register the task to run only while this account is signed in, whatever it was.

    Raises SchedulerError.
    """
    from desktop_app.schedule.windows import task as task_scheduler

    task_scheduler.install_signed_in(settings, paths)
    return standing(settings, paths)


def mend(settings: Settings, paths: Paths) -> TaskState:
    """Bring the task to what `settings` want: as it should be, or gone. Raises SchedulerError."""
    if settings.enabled:
        return install(settings, paths)
    remove(paths)
    return standing(settings, paths)


def remove(paths: Paths) -> None:
    """Take the task out of every scheduler that has it, and leave nothing behind. Raises SchedulerError."""
    for scheduler in _known():
        scheduler.remove(paths)


def show(settings: Settings, paths: Paths) -> TaskState:
    """How the task stands, compared with what `settings` want. Changes nothing. Raises SchedulerError."""
    unusable = _unusable_time(settings)
    if unusable:
        settings = structs.replace(settings, schedule=ScheduleSettings())
    state = (_installed(paths) or _available()[0]).show(settings, paths)
    if state.installed and not settings.enabled:
        return structs.replace(
            state,
            problem=Said("The export is off, but its daily task is still there."),
            hint=Said("Remove it."),
            command="audit-trails-export schedule remove",
            needs_windows_password=False,
        )
    if unusable and settings.enabled:
        return structs.replace(
            state,
            next_run=None,
            problem=unusable.message,
            hint=unusable.hint,
            command=f"audit-trails-export config set {unusable.field}={_EXAMPLES[unusable.field or '']}",
        )
    last = last_night_try(settings, paths)
    if state.problem is None and state.installed and last and not last.readable:
        problem, hint, command = _why_no_login(settings, last.keeper)
        return structs.replace(state, problem=problem, hint=hint, command=command)
    return state


def _why_no_login(settings: Settings, keeper: KeeperName | None) -> tuple[Said, Said, str]:
    """What to tell where the last try at night could not read what logs in: a sentence, a hint, and a command."""
    if settings.server.auth == "password":
        told = Said("The daily export could not read the password while you are logged out.")
        return told, _LOCKED if keeper == "keyring" else _ELSEWHERE, _KEEP_IN_FILE
    if settings.server.auth == "agent":
        told = Said("The daily export could not reach the SSH agent, or the agent does not have the key.")
        hint = Said("Start the agent as a service that the scheduler knows (SSH_AUTH_SOCK), or name a key file.")
        return told, hint, "audit-trails-export config set server.auth=key server.key_file=…"
    told = Said("The daily export could not use the key in {file}.", file=settings.server.key_file)
    if keeper == "keyring":
        return told, _LOCKED, _KEEP_IN_FILE.replace("password", "passphrase")
    return told, Said("May it read the file, and is its passphrase kept?"), "audit-trails-export config passphrase"


def standing(settings: Settings, paths: Paths) -> TaskState:
    """The same; a scheduler that can't be asked is a problem of the task."""
    try:
        return show(settings, paths)
    except UserError as error:
        return TaskState(
            scheduler=UNKNOWN,
            name="",
            installed=False,
            problem=error.message,
            hint=error.hint,
            command=error.command,
        )


def scheduler_name(paths: Paths) -> str:
    """The scheduler that has the task, or would get it: "systemd", "cron", "Task Scheduler" or "none"."""
    return (_installed(paths) or _available()[0]).NAME


def run(settings: Settings, paths: Paths, on_wait: Callable[[], None]) -> str:
    """Have the scheduler start the task now, and wait until it has ended; what it said last.

    `on_wait` is called a few times a second meanwhile; what it raises ends the waiting, not the task.
    Raises NoDailyTask, SchedulerError, BadSetting where its time is unusable.
    """
    require_schedule(settings.schedule)
    scheduler = _installed(paths) or _available()[0]
    if scheduler.is_installed(paths) or scheduler.NAME == NO_SCHEDULER:
        return scheduler.run(settings, paths, on_wait)
    if settings.enabled:
        raise NoDailyTask(
            Said("The export is on, but its daily task is not there."),
            Said("Set it up again."),
            command="audit-trails-export schedule install",
        )
    raise NoDailyTask(
        Said("The export is off, and so has no daily task."),
        Said("Switch the export on, and save."),
        command="audit-trails-export config set enabled=true",
    )


def _unusable_time(settings: Settings) -> BadSetting | None:
    try:
        require_schedule(settings.schedule)
    except BadSetting as error:
        return error
    return None


def _installed(paths: Paths) -> _Scheduler | None:
    """The scheduler that has the task, also when it can't be used at the moment."""
    return next((each for each in _known() if each.is_installed(paths)), None)


def _best(paths: Paths) -> _Scheduler:
    """The first that works while nobody is logged in; else the first."""
    schedulers = _available()
    return next((each for each in schedulers if each.runs_at_night(paths)), schedulers[0])


def _available() -> list[_Scheduler]:
    """What this system has, best first; never empty."""
    from desktop_app.schedule import no_scheduler

    return [each for each in _known() if each.is_available()] or [no_scheduler]


def _known() -> list[_Scheduler]:
    """All that may have the task; only the one that AUDIT_TRAILS_SCHEDULER names, where it does."""
    wanted = os.environ.get(SCHEDULER_VARIABLE)
    return [each for each in _of_this_system() if wanted in (None, "", each.NAME)]


def _of_this_system() -> list[_Scheduler]:
    if sys.platform == "win32":
        from desktop_app.schedule.windows import task as task_scheduler

        return [task_scheduler]
    from desktop_app.schedule.cron import task as cron
    from desktop_app.schedule.systemd import task as systemd

    return [systemd, cron]
