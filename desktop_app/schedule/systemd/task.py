"""The daily task as a timer and a service of systemd: of the user's own manager, or of the system's as root."""

import os
import pwd
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from desktop_app.environment import system_environment
from desktop_app.errors import LocalDiskError
from desktop_app.files import make_private_folder, read_bytes, remove_whole, replace_file
from desktop_app.held import reason
from desktop_app.schedule.command import task_name
from desktop_app.schedule.cron import task as cron
from desktop_app.schedule.processes import ask
from desktop_app.schedule.systemd import manager as systemd_manager
from desktop_app.schedule.systemd import trial as systemd_trial
from desktop_app.schedule.systemd import units as systemd_units
from desktop_app.schedule.task_state import SchedulerError, TaskState
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.wording import Said

assert sys.platform != "win32"  # there is no systemd there, and mypy need not look

NAME = "systemd"
_MAKE_AGAIN = Said("Create it again.")
_INSTALL = "audit-trails-export schedule install"
_ONLY_LOGGED_IN = Said("The daily task runs only while you are logged in.")
_NO_LINGER = Said(
    "Install cron and set the task up again, have a scheduler of yours start “audit-trails-export run --scheduled”"
    " once a day, or ask an administrator for one of these:"
)
_POLL = 0.2  # seconds


def is_available() -> bool:
    """Whether systemd is this system's init."""
    return Path("/run/systemd/system").is_dir()


def runs_at_night(paths: Paths) -> bool:
    """Whether this user's manager runs without a login (linger), which is switched on for that."""
    if systemd_units.find(paths).user:
        return True
    if systemd_manager.lingers():
        return True
    make_private_folder(paths.data)
    _linger_mark(paths).touch()  # before, or one who is killed between the two leaves it on for ever
    if not systemd_manager.switch_linger_on():
        _linger_mark(paths).unlink(missing_ok=True)
    return systemd_manager.lingers()


def is_installed(paths: Paths) -> bool:
    """Whether a part of the task is there."""
    return any(file.exists() for file in systemd_units.find(paths).files)


def install(settings: Settings, paths: Paths) -> None:
    """Write the units and start the timer. Raises SchedulerError; then the units are as they were."""
    units = systemd_units.find(paths)
    _require_manager(units, paths)
    before = {file: _text(file) for file in units.files}
    _make_folders(units, paths)
    try:
        sandboxed = systemd_trial.can_sandbox(units)
        for file, text in systemd_units.texts(units, settings, paths, sandboxed).items():
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
            with suppress(SchedulerError):  # what stood in the way may still do so
                _put(file, old)
        units.ask("systemctl", "daemon-reload")
        raise


def remove(paths: Paths) -> None:
    """Stop and delete the units and the time stamp, and switch linger off where we switched it on.

    A run that lasts is not cut off. Raises SchedulerError.
    """
    units = systemd_units.find(paths)
    if is_installed(paths):
        if units.user and os.geteuid():
            raise _only_for_root(units.user, "remove")
        units.ask("systemctl", "disable", "--now", units.timer.name)
        stamp, wanted = units.stamps / f"stamp-{units.timer.name}", units.folder / "timers.target.wants"
        for file in (*units.files, stamp, wanted / units.timer.name):
            _put(file, None)
        units.ask("systemctl", "daemon-reload")
        units.ask("systemctl", "reset-failed", *(file.name for file in units.files))
    if _linger_mark(paths).exists() and systemd_manager.switch_linger_off():
        _put(_linger_mark(paths), None)  # else it stays for an administrator: removing the package does the same


def show(settings: Settings, paths: Paths) -> TaskState:
    """How the units stand. Raises SchedulerError where systemd does not say."""
    units, user = systemd_units.find(paths), systemd_units.user_name(paths)
    installed = is_installed(paths)
    only_signed_in = installed and not units.user and not systemd_manager.lingers()
    problem = _problem(units, settings, paths, installed) or (_ONLY_LOGGED_IN if only_signed_in else None)
    mend = problem not in (None, _ONLY_LOGGED_IN)
    return TaskState(
        scheduler=NAME,
        name=units.timer.name,
        installed=installed,
        next_run=_next_run(units) if installed else None,
        problem=problem,
        hint=_MAKE_AGAIN if mend else _NO_LINGER if problem else "",
        command=_INSTALL if mend else _by_an_administrator(user) if problem else "",
        only_signed_in=only_signed_in,
    )


def run(settings: Settings, paths: Paths, on_wait: Callable[[], None]) -> str:
    """Start the service and wait until it has ended."""
    units = systemd_units.find(paths)
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
        env={**system_environment(), **systemd_manager.environment()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            while process.poll() is None:
                on_wait()
                time.sleep(_POLL)
        except BaseException:
            process.kill()  # it only waits; the task goes on
            raise
        complaint = process.stderr.read() if process.stderr else b""
    lines = ("--lines=5", "--output=cat", f"--since=@{since:.0f}")
    journal = units.ask("journalctl", "--unit", units.service.name, *lines)
    return (journal.said or complaint).decode(errors="replace").strip()


def _problem(units: systemd_units.Units, settings: Settings, paths: Paths, installed: bool) -> Said | None:
    if not installed:
        return Said("The export is on, but its daily task is not there.") if settings.enabled else None
    closed, open_ = (systemd_units.texts(units, settings, paths, sandboxed) for sandboxed in (True, False))
    for file in units.files:  # the timer first: one of an earlier version lacks no file, but is another
        text = _text(file)
        if text is None:
            return Said("{file} was deleted.", file=file)
        if text not in (closed[file], open_[file]):
            return Said("{file} is not as it should be.", file=file)
    if units.drop_in.exists():
        return Said("The time in {folder} counts, not the one in the settings.", folder=units.drop_in)
    state = units.ask("systemctl", "show", "--property=UnitFileState,ActiveState", units.timer.name)
    if state.code:
        raise SchedulerError(
            Said("systemd does not answer: {complaint}", complaint=state.complaint),
            Said("It may be about to start or to end. Try again in a minute."),
        )
    if b"UnitFileState=enabled" not in state.said:
        return Said("{timer} is not enabled.", timer=units.timer.name)
    if b"ActiveState=active" not in state.said:
        return Said("{timer} was stopped.", timer=units.timer.name)
    return None


def _next_run(units: systemd_units.Units) -> int | None:
    """When the timer elapses next, epoch milliseconds."""
    path = "/org/freedesktop/systemd1/unit/" + re.sub(
        "[^A-Za-z0-9]", lambda sign: f"_{ord(sign[0]):02x}", units.timer.name
    )
    scope = "--system" if units.user else "--user"
    interface = "org.freedesktop.systemd1.Timer"
    answer = ask(
        ("busctl", scope, "get-property", "org.freedesktop.systemd1", path, interface, "NextElapseUSecRealtime"),
        environment=systemd_manager.environment(),
    )
    found = re.fullmatch(rb"t (\d+)\s*", answer.said)
    microseconds = int(found[1]) if found else 0
    return microseconds // 1000 if 0 < microseconds < 2**63 else None


def _make_folders(units: systemd_units.Units, paths: Paths) -> None:
    """What a service may write to must be there before it starts, and belong to its user."""
    for folder in (paths.config, *systemd_units.made_folders(paths)):
        missing = [each for each in (folder, *folder.parents) if not each.exists()]
        make_private_folder(folder)
        for each in missing:
            if units.user and os.geteuid() == 0:
                shutil.chown(each, units.user)


def _require_manager(units: systemd_units.Units, paths: Paths) -> None:
    """Raises SchedulerError unless this user may register units where they belong."""
    user = systemd_units.user_name(paths)
    if units.user and os.geteuid():
        raise _only_for_root(user, "install")
    if not units.user and not systemd_manager.can_be_reached():
        raise SchedulerError(
            Said("systemd runs nothing for {user}, who is not logged in.", user=user),
            _NO_LINGER,
            command=_by_an_administrator(user),
        )
    own = Path(pwd.getpwnam(user).pw_dir) / f".config/systemd/user/{task_name(paths)}.timer"
    if units.user and (own.exists() or cron.is_installed_for(user, paths)):
        raise SchedulerError(
            Said("{user} has a daily task of their own.", user=user),
            Said("Remove it first, as that user."),
            command="audit-trails-export schedule remove",
        )


def _by_an_administrator(user: str) -> str:
    """What lets the task of `user` run without a login."""
    return f"sudo loginctl enable-linger {user}  or  sudo audit-trails-export schedule install --for {user}"


def _only_for_root(user: str, verb: str) -> SchedulerError:
    return SchedulerError(
        Said("The daily task of {user} is a service of the system.", user=user),
        Said("An administrator can change it."),
        command=f"sudo audit-trails-export schedule {verb} --for {user}",
    )


def _linger_mark(paths: Paths) -> Path:
    """An empty file that is there when linger was off before us."""
    return paths.data / "linger-is-ours"


def _text(file: Path) -> str | None:
    content = read_bytes(file)
    return None if content is None else content.decode(errors="replace")


def _put(file: Path, text: str | None) -> None:
    """Write a unit for all to read, whole or not at all, or delete it. Raises SchedulerError."""
    try:
        if text is None:
            remove_whole(file)
        else:
            replace_file(file, text.encode(), 0o644)
    except OSError as error:
        raise SchedulerError(
            Said("{file} can't be written ({why}).", file=file, why=reason(error)), Said("May you write there?")
        ) from error
    except LocalDiskError as error:
        raise SchedulerError(error.message, error.hint) from error
