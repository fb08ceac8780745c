"""`audit-trails-export installer`, which the installer for Windows starts."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path, PureWindowsPath

import click

from desktop_app.errors import LocalDiskError
from desktop_app.search_path import with_folder, without_folder
from desktop_app.wording import Said


@click.group("installer", hidden=True)
def command() -> None:
    """What the installer for Windows has this program do."""
    if sys.platform != "win32":
        raise click.UsageError(Said("This is for the installer for Windows."))


_all_users = click.option("--all-users", is_flag=True, help="Of all users; for administrators.")


@command.command("add-to-path", short_help="Have terminals find this program.")
@_all_users
def add_to_path(all_users: bool) -> None:
    """Have terminals find this program by its name."""
    _change_search_path(partial(with_folder, folder=_folder()), all_users)


@command.command("remove-from-path", short_help="Take that back.")
@_all_users
def remove_from_path(all_users: bool) -> None:
    """Take that back."""
    _change_search_path(partial(without_folder, folder=_folder()), all_users)


@command.command("leave", short_help="Remove the daily tasks.")
@click.option("--passwords", is_flag=True, help="Also delete the passwords that Credential Manager keeps.")
def leave(passwords: bool) -> None:
    """Remove every daily task that starts this program: of all homes, and of all users where that is allowed."""
    from desktop_app.schedule.windows.removal import remove_tasks_that_start
    from desktop_app.secrets.credential_manager import forget_all_passwords

    try:
        remove_tasks_that_start(PureWindowsPath(_folder()))
    finally:
        if passwords:
            forget_all_passwords()


def _change_search_path(edit: Callable[[str], str], all_users: bool) -> None:
    if sys.platform == "win32":
        from desktop_app.search_path import change_search_path

        try:
            change_search_path(edit, all_users)
        except OSError as error:
            raise LocalDiskError(
                Said("The search path could not be changed ({reason}).", reason=error.strerror)
            ) from error


def _folder() -> str:
    return str(Path(sys.executable).parent)
