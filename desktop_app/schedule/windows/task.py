"""The daily task in the Windows Task Scheduler."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from desktop_app.errors import LocalDiskError
from desktop_app.held import reason as why
from desktop_app.schedule.command import task_command, task_name
from desktop_app.schedule.processes import why_not
from desktop_app.schedule.spread import own_moment
from desktop_app.schedule.task_state import SchedulerError, TaskState, WindowsPasswordNeeded
from desktop_app.schedule.windows import service as task_service
from desktop_app.schedule.windows.definition import Logon, answer, as_file, definition, difference, logon_of
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.wording import Said
from desktop_app.work_folder import work_folder

NAME = "Task Scheduler"
_MAKE_AGAIN = Said("Create it again.")
_INSTALL = "audit-trails-export schedule install"
_INSTALL_SIGNED_OUT = "audit-trails-export schedule install --signed-out"
_TYPE_IT = Said("To change it, Windows needs the password that you sign in with.")
_PATIENCE = 60.0  # seconds
_WAIT = 0.25  # seconds between two looks at a running task
_SLOW_START = 30  # seconds until a task that was started must be seen to run, or to have run


def is_available() -> bool:
    """Always on Windows."""
    return sys.platform == "win32"


def runs_at_night(paths: Paths) -> bool:
    """Only the admin knows whether this account stays signed in; both ways are on offer."""
    return True


def is_installed(paths: Paths) -> bool:
    """Whether it has our task, however wrong. Raises SchedulerError."""
    return task_service.find_task(task_name(paths)) is not None


def install(settings: Settings, paths: Paths) -> None:
    """Register the task or bring it up to date, to run while this account is signed in.

    A task that runs whether or not it is signed in stays one; where it must be changed, Windows wants the
    password again. Raises SchedulerError, and leaves things as they were.
    """
    name = task_name(paths)
    registered = task_service.find_task(name)
    if registered is None or logon_of(registered.xml) != "Password":
        register(name, _definition(settings, paths, "InteractiveToken"), paths.data)
    elif _difference(settings, paths, registered.xml):
        raise WindowsPasswordNeeded(
            Said("The daily task runs also while you are signed out; to change it, Windows needs your password."),
            _TYPE_IT,
            command=_INSTALL_SIGNED_OUT,
        )


def install_signed_in(settings: Settings, paths: Paths) -> None:
    """Register the task to run only while this account is signed in, whatever it was. Raises SchedulerError."""
    register(task_name(paths), _definition(settings, paths, "InteractiveToken"), paths.data)


def install_signed_out(settings: Settings, paths: Paths, password: str) -> None:
    """Register the task to run whether or not this account is signed in; `password` is that of Windows.

    Windows keeps it, nothing of ours does. Without one (S4U), Windows Credential Manager could not be read, and
    with it the server's password. Raises SchedulerError, and leaves things as they were.
    """
    account = task_service.this_account()
    xml = _definition(settings, paths, "Password")
    task_service.register_with_password(task_name(paths), xml, account, password)


def remove(paths: Paths) -> None:
    """Delete the task. No task is no error. Raises SchedulerError.

    Where the service does not say whether there is one, `schtasks` may still delete it.
    """
    try:
        if not is_installed(paths):
            return
    except SchedulerError as unanswered:
        try:
            delete(task_name(paths))
        except SchedulerError:  # which may only mean that there is none
            raise unanswered from None
        return
    delete(task_name(paths))


def show(settings: Settings, paths: Paths) -> TaskState:
    """How the task stands, compared with what it should be. Raises SchedulerError."""
    name = task_name(paths)
    registered = task_service.find_task(name)
    if registered is None:
        if not settings.enabled:
            return TaskState(scheduler=NAME, name=name, installed=False)
        problem = Said("The daily task is not in the Task Scheduler.")
        return TaskState(
            scheduler=NAME, name=name, installed=False, problem=problem, hint=_MAKE_AGAIN, command=_INSTALL
        )
    next_run = registered.next_run
    changed = _difference(settings, paths, registered.xml)
    only_signed_in = logon_of(registered.xml) != "Password"
    cure = (_MAKE_AGAIN, _INSTALL) if only_signed_in else (_TYPE_IT, _INSTALL_SIGNED_OUT)
    return TaskState(
        scheduler=NAME,
        name=name,
        installed=True,
        next_run=int(next_run.timestamp() * 1000) if next_run else None,
        problem=changed,
        hint=cure[0] if changed else "",
        command=cure[1] if changed else "",
        only_signed_in=only_signed_in,
        may_run_signed_out=True,
        needs_windows_password=changed is not None and not only_signed_in,
    )


def run(settings: Settings, paths: Paths, on_wait: Callable[[], None]) -> str:
    """Start the task now and wait until it has ended; what its result means. Raises SchedulerError."""
    name = task_name(paths)
    before = task_service.find_task(name)
    task_service.start(name)
    deadline = time.monotonic() + _SLOW_START
    while True:
        task = task_service.find_task(name)
        if task is None:
            raise SchedulerError(Said("The daily task was removed while it ran."))
        has_run = before is None or task.last_run != before.last_run
        if not task.is_running and (has_run or time.monotonic() > deadline):
            return " ".join(answer(task.result) or (f"Its result is {task.result:#x}.",))
        on_wait()
        time.sleep(_WAIT)


def register(name: str, xml: str, folder: Path) -> None:
    """Register a definition under `name`, in place of one that is there; `folder` is for a file in between.

    Raises SchedulerError, and LocalDiskError where that file can't be written.
    """
    try:
        with work_folder(folder, "task") as private:
            file = private / "task.xml"
            file.write_bytes(as_file(xml))
            _schtasks("/create", "/tn", name, "/xml", str(file), "/f")
    except OSError as error:
        raise LocalDiskError(
            Said(
                "The task's definition can't be written to {folder} ({reason}).",
                folder=folder,
                reason=why(error),
            ),
            Said("Is its folder writable?"),
        ) from error


def delete(name: str) -> None:
    """Delete the task `name`. Raises SchedulerError."""
    _schtasks("/delete", "/tn", name, "/f")


def _definition(settings: Settings, paths: Paths, logon: Logon) -> str:
    account = task_service.this_account().sid
    return definition(own_moment(settings), account, logon, task_command(paths), datetime.now())


def _difference(settings: Settings, paths: Paths, registered: str) -> str | None:
    logon: Logon = "Password" if logon_of(registered) == "Password" else "InteractiveToken"
    return difference(_definition(settings, paths, logon), registered, task_service.this_account())


def _schtasks(*arguments: str) -> None:
    if sys.platform == "win32":
        # Windows' own, wherever the search path leads, and without a console of its own.
        program = str(Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "schtasks.exe")
        encoding, flags = "oem", subprocess.CREATE_NO_WINDOW
    else:  # Wine's, in tests
        program, encoding, flags = "schtasks", "utf-8", 0
    try:
        done = subprocess.run(
            [program, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding=encoding,
            errors="replace",
            creationflags=flags,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SchedulerError(
            Said("{program} could not be asked ({why}).", program="schtasks", why=why_not(error)),
            Said("Does it work from a terminal?"),
        ) from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise SchedulerError(
            Said("The Task Scheduler refused the daily task."),
            Said("It said: {last_words}", last_words=said or "–"),
        )
