"""How the export stands, gathered from files, the scheduler and the keyring: each may take its time."""

from dataclasses import dataclass

from desktop_app.actions.status import Overview, overview
from desktop_app.errors import UserError
from desktop_app.schedule import daily_task
from desktop_app.schedule.night_try import NightTry, last_night_try
from desktop_app.schedule.task_state import TaskState
from desktop_app.secrets.keeper import Protection
from desktop_app.secrets.keepers import account_name, where_password_is
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths


@dataclass(frozen=True)
class Facts:
    """`task` is None where the scheduler could not be asked, `task_error` says why then.

    `password` says where the password is kept, None where there is none; `night` what the last try to read it
    as the daily task will has shown.
    """

    overview: Overview
    task: TaskState | None
    task_error: UserError | None
    password: Protection | None
    night: NightTry | None


def gather_facts(settings: Settings, paths: Paths) -> Facts:
    """Look at everything. Raises LocalDiskError when store or ledger can't be read."""
    state = overview(settings, paths)
    task, task_error = None, None
    try:
        task = daily_task.show(settings, paths)
    except UserError as error:
        task_error = error
    return Facts(state, task, task_error, _password(settings, paths), last_night_try(settings, paths))


def _password(settings: Settings, paths: Paths) -> Protection | None:
    if not (settings.server.host and settings.server.user):
        return None
    try:
        return where_password_is(paths, account_name(settings.server))
    except UserError:
        return None
