"""The texts of the systemd units, and how words and paths are written in them (systemd.syntax(7))."""

import re
from pathlib import Path

from desktop_app.resources import resource_path
from desktop_app.schedule.command import Command
from desktop_app.schedule.task_state import SchedulerError
from desktop_app.wording import Said

_NOT_IN_UNITS = re.compile(
    "[\0-\x08\x0a-\x1f\x7f\ud800-\udfff]"
)  # control characters, and bytes that are no UTF-8
_SPECIAL = {"\\": "\\\\", '"': '\\"', "\t": "\\t", "%": "%%"}


def timer_text(at: str) -> str:
    """The timer that starts the service daily at `at` (HH:MM)."""
    return _template("daily.timer").format(at=at)


def service_text(command: Command, writable: tuple[Path, ...], user: str | None, sandboxed: bool) -> str:
    """The service that runs `command`, which may write to the folders `writable` alone.

    `user` is whom a system service runs as; None makes a service of the user's own manager. Raises
    SchedulerError for a path that can't be written in a unit.
    """
    sandbox = _template("sandbox.conf").format(
        private_users="" if user else "PrivateUsers=yes\n",  # what a user's manager needs for all that follows
        writable=" ".join(quoted(str(folder)) for folder in writable),
    )
    return _template("daily.service").format(
        network="Wants=network-online.target\nAfter=network-online.target\n" if user else "",
        user=f"User={user}\n" if user else "",
        folder=f"WorkingDirectory={_to_the_end_of_line(str(command.folder))}\n" if command.folder else "",
        command=" ".join(quoted(word) for word in command.argv),
        sandbox=sandbox if sandboxed else "",
    )


def quoted(word: str) -> str:
    """One word of a list or a command line whose `$` has no meaning (`ExecStart=:`)."""
    return f'"{"".join(_SPECIAL.get(sign, sign) for sign in _single_line(word))}"'


def _to_the_end_of_line(path: str) -> str:
    """A value that is the rest of its line: nothing is quoted there."""
    if path != path.strip() or path.endswith("\\"):
        raise SchedulerError(
            Said("systemd can't start a program in {path}.", path=repr(path)),
            Said("Move it to a folder whose name has no such end."),
        )
    return _single_line(path).replace("%", "%%")


def _single_line(text: str) -> str:
    if _NOT_IN_UNITS.search(text):
        raise SchedulerError(
            Said("systemd can't take the path {path}.", path=repr(text)),
            Said("Use a folder whose name is text on one line."),
        )
    return text


def _template(name: str) -> str:
    return resource_path(f"systemd/{name}").read_text(encoding="utf-8")
