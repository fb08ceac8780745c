"""Keep the password of the server's user, or the passphrase of the key, and find out whether the daily task can
read it.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from msgspec import Struct

from desktop_app.errors import BadSetting, UserError
from desktop_app.evidence.own_keys import keep_keys_in
from desktop_app.files import undone_on_failure
from desktop_app.schedule import daily_task
from desktop_app.schedule import password_at_night as night
from desktop_app.schedule.night_try import forget_night_try
from desktop_app.schedule.task_state import TaskState
from desktop_app.secrets.keeper import KeeperName, Protection
from desktop_app.secrets.keepers import keeper_of, keepers_undone_on_failure, save_password
from desktop_app.secrets.login_secret import login_account, login_secret
from desktop_app.settings.effective import load_settings
from desktop_app.settings.key_path import key_path
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.stop import done_uninterrupted
from desktop_app.wording import Said

_LOG = logging.getLogger(__name__)


class Kept(Struct, frozen=True):
    """A password that is kept: where, how the daily task stands then, and what was left open."""

    protection: Protection
    task: TaskState
    warnings: tuple[Said, ...] = ()


def keep_password(paths: Paths, settings: Settings, password: str, keep_in: KeeperName | None = None) -> Kept:
    """Keep a password, or a passphrase where the login is by key; while the export is on, find out whether the
    daily task can read it.

    `keep_in` chooses where, as `save_password` has it. Raises BadSetting, LocalDiskError and KeyboardInterrupt:
    then the earlier one is kept. What fails once it is kept is in the result.
    """

    def make() -> Protection:
        with kept(paths, settings, password, keep_in) as protection:
            return protection

    protection, stopped = done_uninterrupted(make)
    if settings.enabled and not stopped and daily_task.standing(settings, paths).problem:
        with suppress(UserError):  # what is wrong with the task is in the result
            daily_task.install(settings, paths)
    return Kept(protection, *task_after(settings, paths, stopped))


def move_password(paths: Paths, keep_in: KeeperName) -> Kept:
    """Keep the password that is kept elsewhere now. Raises what `keep_password` does, and BadSetting where none
    is kept.
    """
    settings = load_settings(paths)
    secret = login_secret(paths, settings.server)
    if not secret:
        raise BadSetting(
            Said("There is nothing to keep: the login needs no password."), Said("Nothing was changed.")
        )
    return keep_password(paths, settings, secret, keep_in)


@contextmanager
def kept(
    paths: Paths, settings: Settings, password: str, keep_in: KeeperName | None = None
) -> Iterator[Protection]:
    """Keep a password; where the context fails, the earlier one.

    Raises BadSetting, LocalDiskError, and WrongPassphrase for one that does not open the key.
    """
    account = login_account(settings.server)
    if settings.server.auth == "key":
        from desktop_app.sftp.private_key import read_private_key

        read_private_key(key_path(settings.server.key_file), password)
    field = "server.passphrase" if settings.server.auth == "key" else "server.password"
    with keepers_undone_on_failure(paths, account), undone_on_failure(paths.night_try):
        protection = save_password(paths, account, password, keep_in, field)
        forget_night_try(paths)
        if keeper := keeper_of(paths, account):
            keep_keys_in(paths, keeper)
        yield protection


def task_after(settings: Settings, paths: Paths, stopped: bool) -> tuple[TaskState, tuple[Said, ...]]:
    """How the daily task stands after a change that is made, and what was left open: while the export is on, the
    password is tried as at night first, unless somebody `stopped` that.
    """
    why: Said | None = None
    try:
        if settings.enabled and not stopped:
            night.find_out(settings, paths)
    except UserError as error:
        why = error.message
    except KeyboardInterrupt:
        stopped = True
    if settings.enabled and stopped:
        why = Said("It was stopped.")
    state = daily_task.standing(settings, paths)
    if why is None:
        return state, ()
    warning = Said("All is saved. Whether the daily task can read the password was not found out. {why}", why=why)
    _LOG.warning("%s", warning)
    return state, (warning,)
