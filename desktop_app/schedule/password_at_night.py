"""Whether the daily task can read the password while nobody is logged in, found out by trying; what else works.

What differs at night is the keyring: a desktop's is unlocked by a login, and a keyring daemon that starts without
one finds it locked. So the try is made by the scheduler, closed off as the task is, with a session bus and a
runtime folder of its own: the daemon that a read starts there is one that no login unlocked. A keyring without a
password opens there as it does at night. What this can't see: a session that stays open all night (its keyring
works, and we say it does not), and a keyring that something else unlocks at boot.

On Windows nothing is tried, and so nothing claimed: a task for while one is signed out has the Windows password of
its user, which only the Task Scheduler has. There, starting the task now shows it.
"""

import sys
from contextlib import suppress

from msgspec import Struct

from desktop_app.errors import UserError
from desktop_app.own_program import Command
from desktop_app.schedule import daily_task
from desktop_app.schedule.command import program_command
from desktop_app.schedule.night_try import NightTry, forget_night_try, note_night_try
from desktop_app.secrets.keeper import Keeper, KeeperName
from desktop_app.secrets.keepers import delete_password, keep_for_trial, keeper_of, usable_keepers
from desktop_app.secrets.login_secret import login_account
from desktop_app.secrets.systemd_credential import trial_command
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.wording import Said

_TRIAL_ACCOUNT = "trial@night.invalid:22"


class TriedKeeper(Struct, frozen=True, kw_only=True):
    """One place that can keep the password on this computer.

    `name` is the word for `config password --keep-in`, `title` and `explains` are for people. `works_at_night`:
    whether the daily task can read it there while nobody is logged in; None where that can't be tried.
    """

    name: KeeperName
    title: Said
    explains: Said
    works_at_night: bool | None
    chosen: bool


def find_out(settings: Settings, paths: Paths) -> NightTry | None:
    """Try to read the password, or the key, as the task will, and remember the answer; None where that can't be
    tried.

    Takes about a second. Raises LocalDiskError when the answer can't be written.
    """
    account = login_account(settings.server)
    keeper = keeper_of(paths, account)
    if settings.server.auth != "password":
        readable = _succeeds_at_night(program_command(paths, "schedule", "can-use-key"), settings, paths)
    elif keeper is None:
        return None
    else:
        readable = can_read_at_night(settings, paths, account)
    if readable is None:
        forget_night_try(paths)
        return None
    return note_night_try(paths, account, keeper, readable)


def keepers(settings: Settings, paths: Paths) -> list[TriedKeeper]:
    """The places that can keep the password here, those that work at night first. Takes some seconds.

    A keyring is tried with a password of no meaning. Raises LocalDiskError when our file can't be read.
    """
    account = login_account(settings.server) if settings.server.host else None
    present = keeper_of(paths, account) if account else None
    found = [
        TriedKeeper(
            name=keeper.name,
            title=keeper.protection.name,
            explains=keeper.protection.explains,
            works_at_night=_works(keeper, account if keeper.name == present else None, settings, paths),
            chosen=keeper.name == present,
        )
        for keeper in usable_keepers(paths)
    ]
    return sorted(found, key=lambda keeper: keeper.works_at_night is False)


def _works(keeper: Keeper, account: str | None, settings: Settings, paths: Paths) -> bool | None:
    """Whether a keeper works at night; `account` is the one whose password it has, if any."""
    if sys.platform == "win32":
        return None
    if account:
        return can_read_at_night(settings, paths, account)
    if keeper.succeeds_at_night is not None:
        return keeper.succeeds_at_night
    if keeper.name == "systemd-creds":
        return _succeeds_at_night(Command(("/bin/sh", "-c", trial_command())), settings, paths)
    return _keyring_works(settings, paths)


def _keyring_works(settings: Settings, paths: Paths) -> bool | None:
    if not keep_for_trial(_TRIAL_ACCOUNT):
        return False
    try:
        return can_read_at_night(settings, paths, _TRIAL_ACCOUNT)
    finally:
        with suppress(UserError):
            delete_password(paths, _TRIAL_ACCOUNT)


def can_read_at_night(settings: Settings, paths: Paths, account: str) -> bool | None:
    """Whether the secret of an account can be read as the task will; None where that can't be tried."""
    return _succeeds_at_night(program_command(paths, "schedule", "can-read-password", account), settings, paths)


def _succeeds_at_night(command: Command, settings: Settings, paths: Paths) -> bool | None:
    """Whether a command ends well when it is started as the task is; None where nothing can start it so."""
    if sys.platform == "win32":
        return None
    from desktop_app.schedule.cron import task as cron
    from desktop_app.schedule.systemd import task as systemd
    from desktop_app.schedule.systemd import trial as systemd_trial

    scheduler = daily_task.scheduler_name(paths)
    if scheduler == systemd.NAME:
        return systemd_trial.succeeds_at_night(command, settings, paths)
    return cron.succeeds_at_night(command) if scheduler == cron.NAME else None
