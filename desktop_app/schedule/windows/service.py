"""The Task Scheduler's own interface (COM, `Schedule.Service`): what `schtasks` can't do.

`schtasks` takes a password only in its arguments or from a console, translates what it prints, and loses
characters that the console's code page lacks. Here a password goes to the service in memory, and everything
comes back as numbers, times and Unicode. Windows only.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

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
ANSWER_SECONDS = 60  # how long the service may take for an answer; it has one within a second

Answer = TypeVar("Answer")


class RegisteredTask(NamedTuple):
    """A task as it stands. Times are of this computer's clock, None for never; `result` is the last run's."""

    xml: str
    next_run: datetime | None
    is_running: bool
    last_run: datetime | None
    result: int


def find_task(name: str) -> RegisteredTask | None:
    """The task `name` of the root folder, or None. Raises SchedulerError."""

    def ask(service: Any) -> RegisteredTask | None:
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

    return _answer_of_service(ask)


def all_tasks() -> list[tuple[str, str]]:
    """Name and definition of every task of the root folder that this account may see. Raises SchedulerError."""

    def ask(service: Any) -> list[tuple[str, str]]:
        tasks = service.GetFolder("\\").GetTasks(_ALSO_HIDDEN)
        found = [tasks.Item(number) for number in range(1, tasks.Count + 1)]
        return [(task.Name, task.Xml) for task in found]

    return _answer_of_service(ask)


def register_with_password(name: str, xml: str, account: Account, password: str) -> None:
    """Register a task that runs whether or not its account is signed in. Raises SchedulerError."""

    def ask(service: Any) -> None:
        folder = service.GetFolder("\\")
        folder.RegisterTask(name, xml, _CREATE_OR_UPDATE, account.names[0], password, _LOGON_PASSWORD, "")

    _answer_of_service(ask)


def start(name: str) -> None:
    """Start the task now. Raises SchedulerError."""

    def ask(service: Any) -> None:
        service.GetFolder("\\").GetTask(name).Run(None)

    _answer_of_service(ask)


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


def _answer_of_service(ask: Callable[[Any], Answer]) -> Answer:
    """What `ask` gets from the connected service, on a thread of its own: nothing else ends a call that hangs.

    Raises SchedulerError.
    """
    answer: Future[Answer] = Future()

    def call() -> None:
        try:
            with _told_as_refusal(), _service() as service:
                answer.set_result(ask(service))
        except SchedulerError as error:
            answer.set_exception(error)

    threading.Thread(target=call, daemon=True).start()
    try:
        return answer.result(ANSWER_SECONDS)
    except TimeoutError:
        raise SchedulerError(
            Said(
                "The Task Scheduler of this computer has not answered for {seconds} seconds.",
                seconds=ANSWER_SECONDS,
            ),
            Said('Restart the computer, or the service "Task Scheduler", then try again.'),
        ) from None


@contextmanager
def _service() -> Iterator[Any]:
    """The service, connected, for this thread."""
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
