"""Change the configuration, and the daily task with it: what `config set`, `config import` and the form call."""

from collections.abc import Callable
from pathlib import Path

from desktop_app.actions import save_settings as configure
from desktop_app.errors import UserError
from desktop_app.schedule import daily_task
from desktop_app.schedule import password_at_night as night
from desktop_app.schedule.night_try import forget_night_test
from desktop_app.schedule.task_state import SchedulerError, TaskState
from desktop_app.secrets.keepers import KeeperName, Protection, account_name, save_password
from desktop_app.settings.effective import load_settings
from desktop_app.settings.file import read_text
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.wording import Said


def save(paths: Paths, before: Settings, after: Settings) -> TaskState:
    """Save `after` in place of `before`, and register, update or remove the daily task by its switch.

    Raises BadSetting, SetByPolicy, ChangedMeanwhile, LocalDiskError, or SchedulerError when the task can't be
    registered: then nothing was saved. Where the task can't be removed, SchedulerError says so, and the settings
    are saved: a task does nothing while the export is off.
    """
    configure.check_change(paths, after)
    return _with_task(paths, before, after, lambda: configure.change_settings(paths, before, after))


def import_file(paths: Paths, file: Path) -> TaskState:
    """Take `file`, a whole config.toml, in place of the present one, and the daily task with it.

    Raises as `save` does.
    """
    text = read_text(file) or ""  # once: a pipe gives it no second time
    before, after = load_settings(paths), configure.read_import(paths, file, text)
    return _with_task(paths, before, after, lambda: configure.import_settings(paths, file, text))


def _with_task(paths: Paths, before: Settings, after: Settings, write: Callable[[], None]) -> TaskState:
    if not after.enabled:
        write()
        _remove(paths)
        return daily_task.show(after, paths)
    state = daily_task.show(after, paths)
    if not state.installed or state.problem:
        _install(after, paths)
    try:
        write()
    except configure.ChangedMeanwhile:
        _put_back(load_settings(paths), paths)
        raise
    except UserError:
        _put_back(before, paths)
        raise
    night.find_out(after, paths)
    return daily_task.show(after, paths)


def keep_password(
    paths: Paths, settings: Settings, password: str, keep_in: KeeperName | None = None
) -> tuple[Protection, TaskState]:
    """Keep the password of the server's user; while the export is on, find out whether the task can read it.

    `keep_in` chooses where, as `save_password` has it; the problem with it at night is in the state. Raises
    BadSetting and LocalDiskError: then it is not kept; SchedulerError where the task can't be brought up to date.
    """
    protection = save_password(paths, account_name(settings.server), password, keep_in)
    forget_night_test(paths)
    if settings.enabled:
        if daily_task.show(settings, paths).problem:
            daily_task.install(settings, paths)
        night.find_out(settings, paths)
    return protection, daily_task.show(settings, paths)


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


def _put_back(before: Settings, paths: Paths) -> None:
    if before.enabled:
        daily_task.install(before, paths)
    else:
        daily_task.remove(paths)
