"""The daily task as lines of the user's crontab, where there is no systemd."""

import os
import pwd
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from desktop_app.files import make_private_folder
from desktop_app.own_program import Command
from desktop_app.schedule.command import task_command, task_name
from desktop_app.schedule.cron import table as crontab_text
from desktop_app.schedule.processes import ask
from desktop_app.schedule.spread import own_moment
from desktop_app.schedule.task_state import SchedulerError, TaskState
from desktop_app.schedule.time_of_day import next_time
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.wording import Said
from desktop_app.work_folder import work_folder

assert sys.platform != "win32"  # there is no cron there, and mypy need not look

NAME = "cron"
_DAEMONS = {"cron", "crond", "fcron", "bcron-sched", "busybox"}
_PID_FILES = ("/run/crond.pid", "/run/cron.pid", "/var/run/crond.pid", "/var/run/cron.pid")
_NO_TABLE = ("no crontab", "No such file")  # how vixie's, cronie and busybox say it
_POLL = 0.2  # seconds
_LATEST_START = timedelta(seconds=150)


def is_available() -> bool:
    """Whether there is cron, it is running, and this user may use it."""
    if shutil.which("crontab") is None or not _is_running():
        return False
    with suppress(SchedulerError):
        _read()
        return True
    return False


def runs_at_night(paths: Paths) -> bool:
    """Always: cron asks for no login."""
    return True


def is_installed(paths: Paths) -> bool:
    """Whether a line of ours is there."""
    if shutil.which("crontab") is None:
        return False
    with suppress(SchedulerError):
        return bool(crontab_text.our_lines(_read() or b"", task_name(paths)))
    return False


def is_installed_for(user: str, paths: Paths) -> bool:
    """Whether a line of ours is in the crontab of another user; only root may look."""
    if shutil.which("crontab") is None:
        return False
    return bool(crontab_text.our_lines(ask(("crontab", "-u", user, "-l")).said, task_name(paths)))


def install(settings: Settings, paths: Paths) -> None:
    """Write our lines. Raises SchedulerError; then the crontab is as it was."""
    make_private_folder(paths.data)
    _write(crontab_text.with_our_lines(_read() or b"", task_name(paths), _wanted(settings, paths)))


def remove(paths: Paths) -> None:
    """Take our lines out; a crontab with nothing else in it goes with them. Raises SchedulerError."""
    if is_installed(paths):
        _write(crontab_text.without_our_lines(_read() or b"", task_name(paths)))


def show(settings: Settings, paths: Paths) -> TaskState:
    """How our lines stand."""
    lines = crontab_text.our_lines(_read() or b"", task_name(paths)) if shutil.which("crontab") else ()
    problem = _problem(settings, paths, lines)
    return TaskState(
        scheduler=NAME,
        name=task_name(paths),
        installed=bool(lines),
        next_run=int(next_time(own_moment(settings), time.time()) * 1000) if lines and not problem else None,
        problem=problem,
        hint=Said("Create it again.") if problem else "",
        command="audit-trails-export schedule install" if problem else "",
    )


def run(settings: Settings, paths: Paths, on_wait: Callable[[], None]) -> str:
    """Have cron start the task at the next minute, and wait until it has ended: cron has no other way."""
    name, command = task_name(paths), crontab_text.shell_line(task_command(paths))
    with work_folder(paths.data, "task") as folder:
        output, ended = folder / "output", folder / "ended"
        start = datetime.now() + timedelta(
            seconds=65
        )  # cron reads the table at the minute; it must be there before
        shell = b"%s >%s 2>&1; touch %s" % (
            command,
            crontab_text.shell_word(str(output)),
            crontab_text.shell_word(str(ended)),
        )
        once = crontab_text.once_line(name, shell, start.month, start.day, start.hour, start.minute)
        _write(crontab_text.with_our_lines(_read() or b"", name, (*_wanted(settings, paths), once)))
        try:
            while not ended.exists():
                if not output.exists() and datetime.now() - start > _LATEST_START:
                    raise SchedulerError(Said("cron did not start the daily task."), Said("Is cron running?"))
                on_wait()
                time.sleep(_POLL)
        finally:
            install(settings, paths)
        return output.read_text(encoding="utf-8", errors="replace").strip()


def succeeds_at_night(command: Command) -> bool:
    """Whether a command ends well in the bare environment that cron gives."""
    bare = [f"HOME={Path.home()}", "PATH=/usr/bin:/bin", "SHELL=/bin/sh"]
    with suppress(KeyError):  # a number without a name, as in a container
        bare.append(f"LOGNAME={pwd.getpwuid(os.geteuid()).pw_name}")
    return ask(("env", "-i", *bare, *command.argv), folder=command.folder).code == 0


def _wanted(settings: Settings, paths: Paths) -> tuple[bytes, ...]:
    return crontab_text.daily_lines(task_name(paths), task_command(paths), own_moment(settings))


def _problem(settings: Settings, paths: Paths, lines: tuple[bytes, ...]) -> Said | None:
    if not lines:
        return Said("The export is on, but its daily task is not there.") if settings.enabled else None
    if lines != _wanted(settings, paths):
        return Said("The daily task in the crontab is not as it should be.")
    if not _is_running():
        return Said("cron is not running on this computer.")
    return None


def _is_running() -> bool:
    """Whether a daemon is there; where other users' processes are hidden, its pid file tells."""
    for comm in Path("/proc").glob("[0-9]*/comm"):
        with suppress(OSError):
            if comm.read_text(encoding="utf-8", errors="replace").strip() in _DAEMONS:
                return True
    return any(Path(file).exists() for file in _PID_FILES)


def _read() -> bytes | None:
    """The user's crontab to the byte, or None where there is none. Raises SchedulerError.

    `crontab -l` of Debian writes control characters as escapes, so `crontab -e` hands it to an editor that copies.
    """
    listed = ask(("crontab", "-l"))
    if listed.code:
        if any(text in listed.complaint for text in _NO_TABLE):
            return None
        raise _refused(listed.complaint)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "crontab"
        editor = {"VISUAL": 'copy() { cp -- "$1" "$CRONTAB_COPY"; }; copy', "CRONTAB_COPY": str(copy)}
        edited = ask(("crontab", "-e"), environment=editor)
        if not copy.exists():
            raise _refused(edited.complaint)
        return copy.read_bytes()


def _write(table: bytes) -> None:
    """Put a whole crontab in place of the present one. Raises SchedulerError."""
    if not table:
        if _read() is not None and (answer := ask(("crontab", "-r"))).code:
            raise _refused(answer.complaint)
        return
    answer = ask(("crontab", "-"), table)
    if answer.code and not table.endswith(b"\n"):
        answer = ask(("crontab", "-"), table + b"\n")  # some want the last line to end; it never ran before
    if answer.code:
        raise _refused(answer.complaint)


def _refused(complaint: str) -> SchedulerError:
    return SchedulerError(
        Said("cron refused: {complaint}", complaint=complaint), Said("May this user have a crontab?")
    )
