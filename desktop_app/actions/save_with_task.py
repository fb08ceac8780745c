"""Change the configuration, and the daily task with it: what `config set`, `config import` and the form call."""

import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from msgspec import structs

from desktop_app.actions import save_settings as configure
from desktop_app.errors import UserError
from desktop_app.files import read_text
from desktop_app.schedule import daily_task
from desktop_app.schedule import password_at_night as night
from desktop_app.schedule.night_try import forget_night_test
from desktop_app.schedule.task_state import SchedulerError, TaskState
from desktop_app.secrets.keeper import KeeperName, Protection
from desktop_app.secrets.keepers import account_name, save_password
from desktop_app.settings.effective import load_settings
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.policy import load_policy
from desktop_app.settings.template import for_roll_out
from desktop_app.stop import uninterrupted
from desktop_app.wording import Said

_LOG = logging.getLogger(__name__)


def save(paths: Paths, before: Settings, after: Settings) -> TaskState:
    """Save `after` in place of `before`, and register, update or remove the daily task by its switch.

    Raises BadSetting, SetByPolicy, ChangedMeanwhile, LocalDiskError, or SchedulerError when the task can't be
    registered: then nothing was saved. Where the task can't be removed, SchedulerError says so, and the settings
    are saved: a task does nothing while the export is off. Whatever fails once all is saved is in the state.
    Ctrl-C cuts none of it in two.
    """
    configure.check_change(paths, after)
    return _with_task(paths, after, lambda: configure.change_settings(paths, before, after))


def import_file(paths: Paths, file: Path) -> TaskState:
    """Take `file`, a whole config.toml, in place of the present one, and the daily task with it.

    Raises as `save` does.
    """
    return _import_text(paths, file, read_text(file) or "")  # once: a pipe gives it no second time


def roll_out_file(paths: Paths, file: Path) -> TaskState:
    """The same with the switch OFF, and without what the policy fixes. Raises as `save` does."""
    policy = load_policy(paths.policy_file)
    return _import_text(paths, file, for_roll_out(read_text(file) or "", str(file), policy.keys))


def _import_text(paths: Paths, file: Path, text: str) -> TaskState:
    after = configure.read_import(paths, file, text)
    return _with_task(paths, after, lambda: configure.import_settings(paths, file, text))


def _with_task(paths: Paths, after: Settings, write: Callable[[], None]) -> TaskState:
    with uninterrupted():
        if not after.enabled:
            write()
            _remove(paths)
            return _standing(after, paths)
        state = daily_task.show(after, paths)
        if not state.installed or state.problem:
            _install(after, paths)
        try:
            write()
        except BaseException:
            with suppress(UserError):  # that nothing was saved is what must be told
                daily_task.mend(load_settings(paths), paths)
            raise
    return _tried(after, paths)


def keep_password(
    paths: Paths, settings: Settings, password: str, keep_in: KeeperName | None = None
) -> tuple[Protection, TaskState]:
    """Keep the password of the server's user; while the export is on, find out whether the task can read it.

    `keep_in` chooses where, as `save_password` has it; the problem with it at night is in the state, and so is
    whatever fails once it is kept. Raises BadSetting and LocalDiskError: then it is not kept.
    """
    protection = save_password(paths, account_name(settings.server), password, keep_in)
    forget_night_test(paths)
    if not settings.enabled:
        return protection, _standing(settings, paths)
    if _standing(settings, paths).problem:
        with suppress(UserError):  # what is wrong with the task is in the state
            daily_task.install(settings, paths)
    return protection, _tried(settings, paths)


def _tried(settings: Settings, paths: Paths) -> TaskState:
    """How the task stands after a change that is made, once the password was tried as at night."""
    why: Said | None = None
    try:
        night.find_out(settings, paths)
    except UserError as error:
        why = error.message
    except KeyboardInterrupt:
        why = Said("It was stopped.")
    state = _standing(settings, paths)
    if why is None:
        return state
    warning = Said("All is saved. Whether the daily task can read the password was not found out. {why}", why=why)
    _LOG.warning("%s", warning)
    return structs.replace(state, warning=warning)


def _standing(settings: Settings, paths: Paths) -> TaskState:
    """How the task stands; a scheduler that can't be asked is a problem of the task, and undoes no change."""
    try:
        return daily_task.show(settings, paths)
    except UserError as error:
        return TaskState(
            scheduler="none",
            name="",
            installed=False,
            problem=error.message,
            hint=error.hint,
            command=error.command,
        )


def _install(settings: Settings, paths: Paths) -> TaskState:
    try:
        return daily_task.install(settings, paths)
    except SchedulerError as error:
        raise SchedulerError(
            Said("Nothing was saved, for the daily task can't be set up. {why}", why=error.message),
            error.hint,
            command=error.command,
        ) from error


def _remove(paths: Paths) -> None:
    try:
        daily_task.remove(paths)
    except SchedulerError as error:
        raise SchedulerError(
            Said("The export is switched off, but its daily task could not be removed. {why}", why=error.message),
            Said("It does nothing now. Remove it later."),
            command=error.command or "audit-trails-export schedule remove",
        ) from error
