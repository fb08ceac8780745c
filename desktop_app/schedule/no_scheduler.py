"""Where nothing here can start the exporter daily: a container, or AUDIT_TRAILS_SCHEDULER=none."""

import os
from collections.abc import Callable

from desktop_app.schedule.task_state import NO_SCHEDULER, NoDailyTask, TaskState
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.wording import Said

NAME = NO_SCHEDULER
SCHEDULER_VARIABLE = "AUDIT_TRAILS_SCHEDULER"  # names one: "systemd", "cron", "Task Scheduler", "none"
_PROBLEM = Said("Nothing on this computer starts the export daily.")
_HINT = Said("Install cron, or have a scheduler of yours start this once a day:")
COMMAND = "audit-trails-export run --scheduled"


def is_available() -> bool:
    """Always: this is what is left."""
    return True


def runs_at_night(paths: Paths) -> bool:
    """Never."""
    return False


def is_installed(paths: Paths) -> bool:
    """Never."""
    return False


def install(settings: Settings, paths: Paths) -> None:
    """Nothing can be registered; `show` says so."""


def remove(paths: Paths) -> None:
    """Nothing was registered."""


def show(settings: Settings, paths: Paths) -> TaskState:
    """That there is no task, and what to do while the export is on. Somebody who chose that knows."""
    if not settings.enabled or os.environ.get(SCHEDULER_VARIABLE) == NAME:
        return TaskState(scheduler=NAME, name="", installed=False)
    return TaskState(scheduler=NAME, name="", installed=False, problem=_PROBLEM, hint=_HINT, command=COMMAND)


def run(settings: Settings, paths: Paths, on_wait: Callable[[], None]) -> str:
    """Raises NoDailyTask."""
    if os.environ.get(SCHEDULER_VARIABLE) == NAME:
        raise NoDailyTask(
            Said("A scheduler of yours starts the export here, and no daily task of this program."),
            Said("Start it there, or do here what it does:"),
            command=COMMAND,
        )
    raise NoDailyTask(_PROBLEM, _HINT, command=COMMAND)
