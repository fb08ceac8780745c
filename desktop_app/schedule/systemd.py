"""The daily task as a timer and a service of systemd: of the user's own manager, or of the system's as root."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from desktop_app.environment import system_environment
from desktop_app.errors import LocalDiskError
from desktop_app.schedule import unit_file
from desktop_app.schedule.command import Command, task_command, task_name
from desktop_app.schedule.processes import Answer, ask
from desktop_app.schedule.task_state import SchedulerError, TaskState
from desktop_app.schedule.unit_file import Service
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths, make_private_folder
from desktop_app.wording import Said

assert sys.platform != "win32"  # there is no systemd there, and mypy need not look

NAME = "systemd"
_SYSTEM_UNITS = Path("/etc/systemd/system")
_MAKE_AGAIN = Said("Make it anew.")
_INSTALL = "audit-trails-export schedule install"
_POLL = 0.2  # seconds
_APART = """
for name in DISPLAY WAYLAND_DISPLAY SSH_AUTH_SOCK GNOME_KEYRING_CONTROL; do unset $name; done
XDG_RUNTIME_DIR=$(mktemp -d) || exit 1
DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent
export XDG_RUNTIME_DIR DBUS_SESSION_BUS_ADDRESS
trap 'rm -rf "$XDG_RUNTIME_DIR"' EXIT
if command -v dbus-run-session >/dev/null; then dbus-run-session -- "$@"; else "$@"; fi
"""


@dataclass(frozen=True)
class _Units:
    """The timer and the service of one configuration; `user` is whom a system service runs as, else None."""

    name: str
    folder: Path
    stamps: Path
    user: str | None

    @property
    def timer(self) -> Path:
        return self.folder / f"{self.name}.timer"

    @property
    def service(self) -> Path:
        return self.folder / f"{self.name}.service"

    def systemctl(self, *arguments: str) -> Answer:
        scope = () if self.user else ("--user",)
        return ask(("systemctl", *scope, *arguments), environment=_manager_environment())

    def must(self, *arguments: str) -> None:
        answer = self.systemctl(*arguments)
        if answer.code:
            raise SchedulerError(
                Said("systemd refused: {complaint}", complaint=answer.complaint),
                Said("The journal may say more: journalctl -e"),
            )


def is_available() -> bool:
    """Whether systemd is this system's init, and has a manager for this user."""
    if not Path("/run/systemd/system").is_dir():
        return False
    with suppress(SchedulerError):
        if os.geteuid() == 0:
            return True
        return _can_reach_manager() or _switch_linger_on()
    return False


def runs_at_night() -> bool:
    """Whether this user's manager runs without a login (linger), which is switched on for that."""
    return os.geteuid() == 0 or _switch_linger_on()


def is_installed(paths: Paths) -> bool:
    """Whether a part of the task is there."""
    units = _units(paths)
    return units.timer.exists() or units.service.exists()


def install(settings: Settings, paths: Paths) -> None:
    """Write both units and start the timer. Raises SchedulerError; then the units are as they were."""
    units = _units(paths)
    before = {file: _text(file) for file in (units.timer, units.service)}
    for folder in _writable(paths):
        make_private_folder(folder)
    service = _service(units, settings, paths, sandboxed=_can_sandbox(units))
    try:
        _put(units.timer, unit_file.timer_text(settings.schedule.at))
        _put(units.service, unit_file.service_text(service))
        units.must("daemon-reload")
        units.must("enable", units.timer.name)
        units.must("restart", units.timer.name)
    except SchedulerError:
        for file, text in before.items():
            _put(file, text)
        units.systemctl("daemon-reload")
        raise


def remove(paths: Paths) -> None:
    """Stop and delete the timer, the service and the time stamp. Raises SchedulerError."""
    units = _units(paths)
    if not is_installed(paths):
        return
    units.systemctl("disable", "--now", units.timer.name)
    for file in (units.timer, units.service, units.stamps / f"stamp-{units.timer.name}"):
        _put(file, None)
    units.systemctl("daemon-reload")
    units.systemctl("reset-failed", units.timer.name, units.service.name)


def show(settings: Settings, paths: Paths) -> TaskState:
    """How timer and service stand."""
    units = _units(paths)
    if not is_installed(paths):
        if not settings.enabled:
            return TaskState(scheduler=NAME, name=units.timer.name, installed=False)
        return TaskState(
            scheduler=NAME,
            name=units.timer.name,
            installed=False,
            problem=Said("The export is on, but its daily task is not there."),
            hint=_MAKE_AGAIN,
            command=_INSTALL,
        )
    problem = _problem(units, settings, paths)
    return TaskState(
        scheduler=NAME,
        name=units.timer.name,
        installed=True,
        next_run=_next_run(units),
        problem=problem,
        hint=_MAKE_AGAIN if problem else "",
        command=_INSTALL if problem else "",
    )


def run(settings: Settings, paths: Paths, on_wait: Callable[[], None]) -> str:
    """Start the service and wait until it has ended."""
    units = _units(paths)
    scope = [] if units.user else ["--user"]
    with subprocess.Popen(
        ["systemctl", *scope, "start", units.service.name],
        env={**system_environment(), **_manager_environment()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        while process.poll() is None:
            on_wait()
            time.sleep(_POLL)
        complaint = process.stderr.read() if process.stderr else b""
    journal = ask(("journalctl", *scope, "--unit", units.service.name, "--lines=5", "--output=cat"))
    return (journal.said or complaint).decode(errors="replace").strip()


def succeeds_at_night(command: Command, settings: Settings, paths: Paths) -> bool:
    """Whether a command ends well when this scheduler runs it closed off as the task is, and outside of any login.

    It gets a session bus and a runtime folder of its own, so that it meets no daemon that a login has unlocked.
    """
    units = _units(paths)
    scope = (f"--uid={units.user}",) if units.user else ("--user",)
    service = _service(units, settings, paths, sandboxed=_can_sandbox(units))
    apart = ("/bin/sh", "-c", _APART, "sh", *command.argv)
    folder = (f"--working-directory={command.folder}",) if command.folder else ()
    properties = [f"--property={line}" for line in unit_file.transient_properties(service)]
    answer = ask(
        ("systemd-run", *scope, *folder, "--quiet", "--wait", "--collect", *properties, *apart),
        environment=_manager_environment(),
    )
    return answer.code == 0


def _units(paths: Paths) -> _Units:
    if os.geteuid() == 0:
        return _Units(f"{task_name(paths)}-root", _SYSTEM_UNITS, Path("/var/lib/systemd/timers"), "root")
    home = Path.home()
    return _Units(task_name(paths), home / ".config/systemd/user", home / ".local/share/systemd/timers", None)


def _service(units: _Units, settings: Settings, paths: Paths, sandboxed: bool) -> Service:
    return Service(
        command=task_command(paths),
        writable=_writable(paths),
        user=units.user,
        # A service of the user's own manager asks systemd-creds itself: systemd 257 was seen to give it nothing.
        credential=paths.credential_file if units.user and paths.credential_file.exists() else None,
        private_tmp=not any(_is_temporary(folder) for folder in (*_writable(paths), *_read(settings))),
        sandboxed=sandboxed,
    )


def _read(settings: Settings) -> list[Path]:
    return [Path(source.path) for source in settings.sources]


def _is_temporary(folder: Path) -> bool:
    return any(folder.is_relative_to(place) for place in ("/tmp", "/var/tmp"))


def _writable(paths: Paths) -> tuple[Path, ...]:
    return tuple(dict.fromkeys((paths.config, paths.data, paths.logs)))


def _problem(units: _Units, settings: Settings, paths: Paths) -> str | None:
    if not settings.enabled:
        return Said("The export is off, but its daily task is still there.")
    for file in (units.timer, units.service):
        if not file.exists():
            return Said("{file} was deleted.", file=file)
    if _text(units.timer) != unit_file.timer_text(settings.schedule.at):
        return Said("{file} is not as it should be.", file=units.timer)
    right = [unit_file.service_text(_service(units, settings, paths, closed)) for closed in (True, False)]
    if _text(units.service) not in right:
        return Said("{file} is not as it should be.", file=units.service)
    if units.systemctl("is-enabled", "--quiet", units.timer.name).code:
        return Said("{timer} is not enabled.", timer=units.timer.name)
    if units.systemctl("is-active", "--quiet", units.timer.name).code:
        return Said("{timer} was stopped.", timer=units.timer.name)
    if not units.user and not _lingers():
        return Said("The daily task runs only while you are logged in.")
    return None


def _next_run(units: _Units) -> int | None:
    """When the timer elapses next, epoch milliseconds."""
    path = "/org/freedesktop/systemd1/unit/" + re.sub(
        "[^A-Za-z0-9]", lambda sign: f"_{ord(sign[0]):02x}", units.timer.name
    )
    scope = "--system" if units.user else "--user"
    interface = "org.freedesktop.systemd1.Timer"
    answer = ask(
        ("busctl", scope, "get-property", "org.freedesktop.systemd1", path, interface, "NextElapseUSecRealtime"),
        environment=_manager_environment(),
    )
    found = re.fullmatch(rb"t (\d+)\s*", answer.said)
    microseconds = int(found[1]) if found else 0
    return microseconds // 1000 if 0 < microseconds < 2**63 else None


def _can_sandbox(units: _Units) -> bool:
    """Whether this manager can close off a process: a user's needs user namespaces, which some systems forbid."""
    scope = () if units.user else ("--user",)
    probe = ("--property=PrivateUsers=yes", "--property=ProtectSystem=strict", "--property=PrivateTmp=yes")
    command = ("systemd-run", *scope, "--quiet", "--wait", "--collect", *probe, "/bin/true")
    return ask(command, environment=_manager_environment()).code == 0


def _manager_environment() -> dict[str, str]:
    """Where the user's manager listens, also for a process that no login started."""
    return {"XDG_RUNTIME_DIR": os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.geteuid()}"}


def _can_reach_manager() -> bool:
    return ask(("systemctl", "--user", "show-environment"), environment=_manager_environment()).code == 0


def _lingers() -> bool:
    answer = ask(("loginctl", "show-user", "--property=Linger", "--value", str(os.geteuid())))
    return answer.said.strip() == b"yes"


def _switch_linger_on() -> bool:
    """Whether this user's manager is there without a login, and can be spoken to."""
    if ask(("loginctl", "enable-linger")).code:
        return False
    deadline = time.monotonic() + 20
    while not _can_reach_manager():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL)
    return True


def _text(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LocalDiskError(
            Said("{file} can't be read ({why}).", file=file, why=error.strerror), Said("May you read that file?")
        ) from error


def _put(file: Path, text: str | None) -> None:
    """Write a unit, or delete it."""
    try:
        if text is None:
            file.unlink(missing_ok=True)
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SchedulerError(
            Said("{file} can't be written ({why}).", file=file, why=error.strerror), Said("May you write there?")
        ) from error
