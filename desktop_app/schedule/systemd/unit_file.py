"""The texts of the systemd units, and how words and paths are written in them (systemd.syntax(7))."""

import re
from dataclasses import dataclass
from pathlib import Path

from desktop_app.own_program import Command
from desktop_app.resources import resource_path
from desktop_app.schedule.task_state import SchedulerError
from desktop_app.secrets.systemd_credential import CREDENTIAL
from desktop_app.wording import Said

# Control characters, and bytes that are no UTF-8.
_NOT_IN_UNITS = re.compile("[\0-\x08\x0a-\x1f\x7f\ud800-\udfff]")
_NO_PROGRAM = re.compile(r"[\t\"'\\]")
_SPECIAL = {"\\": "\\\\", '"': '\\"', "\t": "\\t", "%": "%%"}


def timer_text(at: str, start: str, skipping_days: tuple[str, ...] = ()) -> str:
    """The timer that starts the unit `start` daily at `at` (HH:MM), and by further calendar expressions on the
    days that have no such time."""
    further = "".join(f"OnCalendar={each}\n" for each in skipping_days)
    return _template("daily.timer").format(at=at, start=start, further=further)


def start_text(scope: str, daily: str) -> str:
    """The service that the timer starts: it starts the unit `daily` of the manager `scope` (--user, --system)."""
    return _template("start.service").format(
        scope=scope, daily=daily, unless_it_goes_on=_unless_it_goes_on(scope, daily)
    )


@dataclass(frozen=True)
class Service:
    """What a service is made of. Where it is `sandboxed`, it may write only to the folders `writable`, which must
    be there, and to those of `made`, which are made anew where they are missing.

    `user` is whom a system service runs as, None for one of the user's own manager. `credential` is a file that
    systemd decrypts for it, or None. `private_tmp` gives it a /tmp and a /var/tmp of its own; else it may write to
    those of all.
    """

    command: Command
    writable: tuple[Path, ...]
    made: tuple[Path, ...]
    user: str | None
    credential: Path | None
    private_tmp: bool
    sandboxed: bool


def service_text(service: Service, failed: str) -> str:
    """The service of the daily task; systemd starts the unit `failed` when it fails for good.

    Raises SchedulerError for a path that can't be written in a unit.
    """
    return _template("daily.service").format(
        failed=failed,
        network="Wants=network-online.target\nAfter=network-online.target\n" if service.user else "",
        credential=_credential(service.credential),
        **_common(service),
    )


def failed_text(service: Service, scope: str, daily: str) -> str:
    """The service that is started when the unit `daily` has failed. Raises as `service_text` does."""
    return _template("failed.service").format(
        unless_it_goes_on=_unless_it_goes_on(scope, daily), **_common(service)
    )


def _unless_it_goes_on(scope: str, unit: str) -> str:
    """The line that passes a service over while `unit` runs, or waits for its next attempt."""
    state = f"$(systemctl {scope} show --property=ActiveState --value {unit})"
    return f"ExecCondition=:/bin/sh -c 'test \"{state}\" != activating'"


def _common(service: Service) -> dict[str, str]:
    command, user = service.command, service.user
    return {
        "user": f"User={user}\n" if user else "",
        "folder": f"WorkingDirectory={_to_the_end_of_line(command.folder)}\n" if command.folder else "",
        "command": " ".join(quoted(word) for word in _startable(command.argv)),
        "sandbox": sandbox_text(service) if service.sandboxed else "",
    }


def _startable(argv: tuple[str, ...]) -> tuple[str, ...]:
    """`argv`, through a shell where systemd refuses the name of the program itself."""
    return ("/bin/sh", "-c", 'exec "$@"', "sh", *argv) if _NO_PROGRAM.search(argv[0]) else argv


def sandbox_text(service: Service) -> str:
    """What closes the service off: lines of its section."""
    shared = () if service.private_tmp else ("/tmp", "/var/tmp")
    return _template("sandbox.conf").format(
        private_users="" if service.user else "PrivateUsers=yes\n",  # what a user's manager needs for all below
        private_tmp="yes" if service.private_tmp else "no",
        made=_making(service),
        # Where a folder could not be made, the program begins all the same, and tells.
        writable=" ".join([*_words(service.writable), *_words(service.made, "-"), *shared]),
    )


def _making(service: Service) -> str:
    """The line that makes folders: as the service's user, and before it is closed off."""
    if not service.made:
        return ""
    as_user = f"runuser -u {quoted(service.user)} -- " if service.user else ""
    return f"ExecStartPre=-+:{as_user}mkdir -p -m 700 {' '.join(_words(service.made))}\n"


def _words(folders: tuple[Path, ...], prefix: str = "") -> list[str]:
    return [quoted(f"{prefix}{folder}") for folder in folders]


def transient_properties(service: Service) -> list[str]:
    """What closes the service off, and its credential, as properties for systemd-run: no `%` is special there."""
    lines = (f"{_credential(service.credential)}{sandbox_text(service) if service.sandboxed else ''}").splitlines()
    return ["NoNewPrivileges=yes", *(line.replace("%%", "%") for line in lines if line and line[0] != "#")]


def quoted(word: str) -> str:
    """One word of a list or a command line whose `$` has no meaning (`ExecStart=:`)."""
    return f'"{"".join(_SPECIAL.get(sign, sign) for sign in _single_line(word))}"'


def _credential(file: Path | None) -> str:
    return f"LoadCredentialEncrypted={CREDENTIAL}:{_to_the_end_of_line(file)}\n" if file else ""


def _to_the_end_of_line(file: Path) -> str:
    """A value that is the rest of its line: nothing is quoted there."""
    path = str(file)
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
