"""The Task Scheduler's own interface (COM, `Schedule.Service`): what `schtasks` can't do.

`schtasks` takes a password only in its arguments or from a console, translates what it prints, and loses
characters that the console's code page lacks. Here a password goes to the service in memory, and everything
comes back as numbers, times and Unicode. Windows only.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from desktop_app.schedule.task_state import SchedulerError
from desktop_app.schedule.windows.definition import Account, refusal
from desktop_app.wording import Said

# taskschd.h
_CREATE_OR_UPDATE = 6
_LOGON_PASSWORD = 1
_QUEUED, _RUNNING = 2, 4
_ALSO_HIDDEN = 1
# winerror.h
_NO_SUCH_TASK = (0x80070002, 0x80070003)
_NEVER = 1999  # the year of the time that stands for "never", or an earlier one


class RegisteredTask(NamedTuple):
    """A task as it stands. Times are of this computer's clock, None for never; `result` is the last run's."""

    xml: str
    next_run: datetime | None
    is_running: bool
    last_run: datetime | None
    result: int


def find_task(name: str) -> RegisteredTask | None:
    """The task `name` of the root folder, or None. Raises SchedulerError."""
    with _service() as service:
        task = _find(service, name)
        if task is None:
            return None
        return RegisteredTask(
            xml=task.Xml,
            next_run=_moment(task.NextRunTime),
            is_running=task.State in (_QUEUED, _RUNNING),
            last_run=_moment(task.LastRunTime),
            result=task.LastTaskResult & 0xFFFFFFFF,
        )


def all_tasks() -> list[tuple[str, str]]:
    """Name and definition of every task of the root folder that this account may see. Raises SchedulerError."""
    with _service() as service:
        tasks = service.GetFolder("\\").GetTasks(_ALSO_HIDDEN)
        found = [tasks.Item(number) for number in range(1, tasks.Count + 1)]
        return [(task.Name, task.Xml) for task in found]


def register_with_password(name: str, xml: str, account: Account, password: str) -> None:
    """Register a task that runs whether or not its account is signed in. Raises SchedulerError."""
    with _service() as service:
        folder = service.GetFolder("\\")
        folder.RegisterTask(name, xml, _CREATE_OR_UPDATE, account.names[0], password, _LOGON_PASSWORD, "")


def start(name: str) -> None:
    """Start the task now. Raises SchedulerError."""
    with _service() as service:
        service.GetFolder("\\").GetTask(name).Run(None)


def this_account() -> Account:
    """The account of this process. Raises SchedulerError: away from its domain, a computer may know no names."""
    with _told_as_refusal():
        import win32api
        import win32con
        import win32security

        token = win32security.OpenProcessToken(win32api.GetCurrentProcess(), win32con.TOKEN_QUERY)
        sid, _ = win32security.GetTokenInformation(token, win32security.TokenUser)
        name, domain, _ = win32security.LookupAccountSid(None, sid)
        return Account(win32security.ConvertSidToStringSid(sid), (f"{domain}\\{name}",))


@contextmanager
def _service() -> Iterator[Any]:
    """The service, connected, from whatever thread; its errors become SchedulerErrors."""
    with _told_as_refusal():
        import pythoncom
        from win32com.client.dynamic import Dispatch

        pythoncom.CoInitialize()
        try:
            service = Dispatch("Schedule.Service")
            service.Connect()
            yield service
        finally:
            pythoncom.CoUninitialize()


@contextmanager
def _told_as_refusal() -> Iterator[None]:
    """Whatever Windows or pywin32 answers instead becomes a SchedulerError.

    A service that knows a call by no name is an AttributeError, an answer of another type a TypeError, a call
    that Windows refuses a `pywintypes.error`. None of them is passed on as the cause: the arguments of what failed
    may hold a password.
    """
    try:
        yield
    except Exception as error:
        raise _refusal(error) from None


def _refusal(error: Exception) -> SchedulerError:
    if hasattr(error, "hresult"):
        return refusal(_code(error))
    return SchedulerError(
        Said("Windows did not answer about the daily task ({error}).", error=type(error).__name__),
        Said("Does the Task Scheduler of this computer open, and show its tasks?"),
    )


def _find(service: Any, name: str) -> Any | None:
    import pythoncom

    try:
        return service.GetFolder("\\").GetTask(name)
    except pythoncom.com_error as error:
        if _code(error) in _NO_SUCH_TASK:
            return None
        raise


def _code(error: Any) -> int:
    """The HRESULT behind an error of COM: that of the object where it gives one, else that of the call."""
    inner = error.excepinfo[5] if error.excepinfo else 0
    return int(inner or error.hresult) & 0xFFFFFFFF


def _moment(time: datetime) -> datetime | None:
    """A time as COM gives it: of this computer's clock, though it may come labelled as UTC."""
    return None if time.year <= _NEVER else time.replace(tzinfo=None)
