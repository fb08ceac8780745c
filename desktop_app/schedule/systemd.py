"""The daily task as a timer and a service of systemd: of the user's own manager, or of the system's as root."""

import os
import pwd
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from desktop_app.environment import system_environment
from desktop_app.errors import LocalDiskError
from desktop_app.schedule import cron, unit_file
from desktop_app.schedule.command import Command, program_command, task_command, task_name
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
_ONLY_LOGGED_IN = Said("The daily task runs only while you are logged in.")
_ASK_FOR_LINGER = Said("Ask an administrator to let your services run without a login.")
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
    """The units of one configuration; `user` is whom a system service runs as, None for the user's own manager."""

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

    @property
    def start(self) -> Path:
        return self.folder / f"{self.name}-start.service"

    @property
    def failed(self) -> Path:
        return self.folder / f"{self.name}-failed.service"

    @property
    def drop_in(self) -> Path:
        """Where `systemctl edit` puts another time."""
        return self.folder / f"{self.timer.name}.d"

    @property
    def files(self) -> tuple[Path, ...]:
        return self.timer, self.start, self.service, self.failed

    @property
    def scope(self) -> tuple[str, ...]:
        return () if self.user else ("--user",)

    def ask(self, program: str, *arguments: str) -> Answer:
        return ask((program, *self.scope, *arguments), environment=_manager_environment())

    def count_anew(self) -> None:
        """Have the next start not refused, however many there were (StartLimitBurst)."""
        self.ask("systemctl", "reset-failed", self.service.name)

    def must(self, *arguments: str) -> None:
        answer = self.ask("systemctl", *arguments)
        if answer.code:
            raise SchedulerError(
                Said("systemd refused: {complaint}", complaint=answer.complaint),
                Said("The journal may say more: journalctl -e"),
            )


def is_available() -> bool:
    """Whether systemd is this system's init."""
    return Path("/run/systemd/system").is_dir()


def runs_at_night(paths: Paths) -> bool:
    """Whether this user's manager runs without a login (linger), which is switched on for that."""
    if _units(paths).user:
        return True
    if not _lingers() and _switch_linger_on():
        make_private_folder(paths.data)
        _linger_mark(paths).touch()
    return _lingers()


def is_installed(paths: Paths) -> bool:
    """Whether a part of the task is there."""
    return any(file.exists() for file in _units(paths).files)


def install(settings: Settings, paths: Paths) -> None:
    """Write the units and start the timer. Raises SchedulerError; then the units are as they were."""
    units = _units(paths)
    _require_manager(units, paths)
    before = {file: _text(file) for file in units.files}
    _make_folders(units, paths)
    try:
        for file, text in _wanted(units, settings, paths, _can_sandbox(units)).items():
            _put(file, text)
        if units.drop_in.exists():
            units.must("revert", units.timer.name)
        units.must("daemon-reload")
        units.count_anew()
        units.must("enable", units.timer.name)
        units.must("restart", units.timer.name)
    except SchedulerError:
        if before[units.timer] is None:
            units.ask("systemctl", "disable", "--now", units.timer.name)
        for file, old in before.items():
            _put(file, old)
        units.ask("systemctl", "daemon-reload")
        raise


def remove(paths: Paths) -> None:
    """Stop and delete the units and the time stamp, and switch linger off where we switched it on.

    A run that lasts is not cut off. Raises SchedulerError.
    """
    units = _units(paths)
    if is_installed(paths):
        if units.user and os.geteuid():
            raise _only_for_root(units.user, "remove")
        units.ask("systemctl", "disable", "--now", units.timer.name)
        stamp, wanted = units.stamps / f"stamp-{units.timer.name}", units.folder / "timers.target.wants"
        for file in (*units.files, stamp, wanted / units.timer.name):
            _put(file, None)
        units.ask("systemctl", "daemon-reload")
        units.ask("systemctl", "reset-failed", units.timer.name, units.service.name)
    if _linger_mark(paths).exists():
        _put(_linger_mark(paths), None)
        ask(("loginctl", "disable-linger", _own_name()))


def show(settings: Settings, paths: Paths) -> TaskState:
    """How the units stand."""
    units = _units(paths)
    installed = is_installed(paths)
    problem = _problem(units, settings, paths, installed)
    mend = problem not in (None, _ONLY_LOGGED_IN)
    return TaskState(
        scheduler=NAME,
        name=units.timer.name,
        installed=installed,
        next_run=_next_run(units) if installed else None,
        problem=problem,
        hint=_MAKE_AGAIN if mend else _ASK_FOR_LINGER if problem else "",
        command=_INSTALL if mend else f"sudo loginctl enable-linger {_user_name(paths)}" if problem else "",
    )


def run(settings: Settings, paths: Paths, on_wait: Callable[[], None]) -> str:
    """Start the service and wait until it has ended."""
    units = _units(paths)
    if units.user and os.geteuid():
        raise SchedulerError(
            Said("The daily task of {user} is a service of the system.", user=units.user),
            Said("An administrator can start it."),
            command=f"sudo systemctl start {units.start.name}",
        )
    since = time.time()
    units.count_anew()
    with subprocess.Popen(
        ["systemctl", *units.scope, "start", units.service.name],
        env={**system_environment(), **_manager_environment()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        while process.poll() is None:
            on_wait()
            time.sleep(_POLL)
        complaint = process.stderr.read() if process.stderr else b""
    lines = ("--lines=5", "--output=cat", f"--since=@{since:.0f}")
    journal = units.ask("journalctl", "--unit", units.service.name, *lines)
    return (journal.said or complaint).decode(errors="replace").strip()


def succeeds_at_night(command: Command, settings: Settings, paths: Paths) -> bool | None:
    """Whether a command ends well when this scheduler runs it closed off as the task is, and outside of any login.

    It gets a session bus and a runtime folder of its own, so that it meets no daemon that a login has unlocked.
    None where this user can't have it run.
    """
    units = _units(paths)
    if os.geteuid() and (units.user or not _can_reach_manager()):
        return None
    service = _service(units, command, settings, paths, sandboxed=_can_sandbox(units))
    return _run_once(
        units,
        unit_file.transient_properties(service),
        ("/bin/sh", "-c", _APART, "sh", *command.argv),
        command.folder,
    )


def _run_once(units: _Units, properties: list[str], argv: tuple[str, ...], folder: Path | None = None) -> bool:
    """Whether a command ends well as a passing service with these properties."""
    options = [f"--property={each}" for each in properties]
    if units.user:
        options.append(f"--uid={units.user}")
    if folder:
        options.append(f"--working-directory={folder}")
    return units.ask("systemd-run", "--quiet", "--wait", "--collect", *options, *argv).code == 0


def _units(paths: Paths) -> _Units:
    user, name = _user_name(paths), task_name(paths)
    system = _Units(f"{name}-{user}", _SYSTEM_UNITS, Path("/var/lib/systemd/timers"), user)
    if os.geteuid() == 0 or system.timer.exists():
        return system
    home = Path.home()
    return _Units(name, home / ".config/systemd/user", home / ".local/share/systemd/timers", None)


def _user_name(paths: Paths) -> str:
    """Whom the task runs as: the owner of the configuration, where root sets it up for somebody."""
    owner = paths.config.stat().st_uid if os.geteuid() == 0 and paths.config.exists() else os.geteuid()
    return pwd.getpwuid(owner).pw_name


def _own_name() -> str:
    """This user, whom loginctl wants to be named where there is no session."""
    return pwd.getpwuid(os.geteuid()).pw_name


def _wanted(units: _Units, settings: Settings, paths: Paths, sandboxed: bool) -> dict[Path, str]:
    """The texts that the units should have."""
    daily = _service(units, task_command(paths), settings, paths, sandboxed)
    failed = _service(units, program_command(paths, "schedule", "failed"), settings, paths, sandboxed)
    return {
        units.timer: unit_file.timer_text(settings.schedule.at, units.start.name),
        units.start: unit_file.start_text("--system" if units.user else "--user", units.service.name),
        units.service: unit_file.service_text(daily, units.failed.name),
        units.failed: unit_file.failed_text(failed),
    }


def _service(units: _Units, command: Command, settings: Settings, paths: Paths, sandboxed: bool) -> Service:
    return Service(
        command=command,
        writable=(paths.config,),
        made=_made(paths),
        user=units.user,
        credential=paths.credential_file if units.user and _is_roots(paths.credential_file) else None,
        private_tmp=not any(map(_is_temporary, (paths.config, *_made(paths), *_read(settings)))),
        sandboxed=sandboxed,
    )


def _is_roots(credential: Path) -> bool:
    """Whether root encrypted it: then only the system's manager decrypts it. What another user encrypted, that
    user's processes decrypt themselves: no manager of systemd 257 was seen to do that for them."""
    return credential.exists() and credential.stat().st_uid == 0


def _read(settings: Settings) -> list[Path]:
    return [Path(source.path) for source in settings.sources]


def _is_temporary(folder: Path) -> bool:
    return any(folder.is_relative_to(place) for place in ("/tmp", "/var/tmp"))


def _made(paths: Paths) -> tuple[Path, ...]:
    """The folders that may be missing. Without the one of the settings, the export would take itself to be off."""
    return tuple(dict.fromkeys(folder for folder in (paths.data, paths.logs) if folder != paths.config))


def _problem(units: _Units, settings: Settings, paths: Paths, installed: bool) -> Said | None:
    if not installed:
        return Said("The export is on, but its daily task is not there.") if settings.enabled else None
    texts = {file: _text(file) for file in units.files}
    for file, text in texts.items():
        if text is None:
            return Said("{file} was deleted.", file=file)
    closed, open_ = (_wanted(units, settings, paths, sandboxed) for sandboxed in (True, False))
    for file, text in texts.items():
        if text not in (closed[file], open_[file]):
            return Said("{file} is not as it should be.", file=file)
    if units.drop_in.exists():
        return Said("The time in {folder} counts, not the one in the settings.", folder=units.drop_in)
    if units.ask("systemctl", "is-enabled", "--quiet", units.timer.name).code:
        return Said("{timer} is not enabled.", timer=units.timer.name)
    if units.ask("systemctl", "is-active", "--quiet", units.timer.name).code:
        return Said("{timer} was stopped.", timer=units.timer.name)
    return None if units.user or _lingers() else _ONLY_LOGGED_IN


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
    private = ["ProtectSystem=strict", "PrivateTmp=yes"]
    return _run_once(units, private if units.user else ["PrivateUsers=yes", *private], ("/bin/true",))


def _make_folders(units: _Units, paths: Paths) -> None:
    """What a service may write to must be there before it starts, and belong to its user."""
    for folder in (paths.config, *_made(paths)):
        missing = [each for each in (folder, *folder.parents) if not each.exists()]
        make_private_folder(folder)
        for each in missing:
            if units.user and os.geteuid() == 0:
                shutil.chown(each, units.user)


def _require_manager(units: _Units, paths: Paths) -> None:
    """Raises SchedulerError unless this user may register units where they belong."""
    user = _user_name(paths)
    if units.user and os.geteuid():
        raise _only_for_root(user, "install")
    if not units.user and not (_manager_comes() if _lingers() else _can_reach_manager()):
        raise SchedulerError(
            Said("systemd runs nothing for {user}, who is not logged in.", user=user),
            _ASK_FOR_LINGER,
            command=f"sudo loginctl enable-linger {user}",
        )
    own = Path(pwd.getpwnam(user).pw_dir) / f".config/systemd/user/{task_name(paths)}.timer"
    if units.user and (own.exists() or cron.is_installed_for(user, paths)):
        raise SchedulerError(
            Said("{user} has a daily task of their own.", user=user),
            Said("Remove it first, as that user."),
            command="audit-trails-export schedule remove",
        )


def _only_for_root(user: str, verb: str) -> SchedulerError:
    return SchedulerError(
        Said("The daily task of {user} is a service of the system.", user=user),
        Said("An administrator can change it."),
        command=f"sudo audit-trails-export schedule {verb} --for {user}",
    )


def _manager_environment() -> dict[str, str]:
    """Where the user's manager listens, also for a process that no login started."""
    return {"XDG_RUNTIME_DIR": os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.geteuid()}"}


def _can_reach_manager() -> bool:
    return ask(("systemctl", "--user", "show-environment"), environment=_manager_environment()).code == 0


def _lingers() -> bool:
    answer = ask(("loginctl", "show-user", "--property=Linger", "--value", str(os.geteuid())))
    return answer.said.strip() == b"yes"


def _switch_linger_on() -> bool:
    """Have this user's manager run without a login; whether that worked."""
    return ask(("loginctl", "enable-linger", _own_name())).code == 0 and _manager_comes()


def _manager_comes() -> bool:
    """Whether this user's manager, which was told to run without a login, can be spoken to now or soon."""
    deadline = time.monotonic() + 20
    while not _can_reach_manager():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL)
    return True


def _linger_mark(paths: Paths) -> Path:
    """An empty file that is there when linger was off before us."""
    return paths.data / "linger-is-ours"


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
