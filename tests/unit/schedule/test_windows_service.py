"""What the Task Scheduler's own interface answers other than it should; pywin32 is a stand-in."""

import sys
import threading
import traceback
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any, NoReturn

import pytest

from desktop_app.schedule.task_state import SchedulerError
from desktop_app.schedule.windows import service as task_service
from desktop_app.schedule.windows.definition import Account

SECRET = "windows' secret"
ANNA = Account("S-1-5-21-1-2-3-1001", ("DESK\\anna",))


class ComError(Exception):
    """As pythoncom's: the code of the call, and that of the object, where it gives one."""

    def __init__(self, hresult: int, inner: int | None = None) -> None:
        super().__init__(hresult)
        self.hresult = hresult
        self.excepinfo = (0, None, None, None, 0, inner) if inner else None


class Service:
    """Each call fails with `error`."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Callable[..., NoReturn]:
        def fail(*_: object) -> NoReturn:
            raise self._error

        return fail


class LateService(Service):
    """The same, once it is connected."""

    def Connect(self) -> None:
        pass


@pytest.fixture
def dispatch(monkeypatch: pytest.MonkeyPatch) -> Callable[[object], None]:
    """What `Dispatch` gives."""

    def give(service: object) -> None:
        com: Any = ModuleType("pythoncom")
        com.com_error, com.CoInitialize, com.CoUninitialize = ComError, lambda: None, lambda: None
        dynamic = SimpleNamespace(Dispatch=lambda _: service)
        monkeypatch.setitem(sys.modules, "pythoncom", com)
        monkeypatch.setitem(sys.modules, "win32com", SimpleNamespace())
        monkeypatch.setitem(sys.modules, "win32com.client", SimpleNamespace(dynamic=dynamic))
        monkeypatch.setitem(sys.modules, "win32com.client.dynamic", dynamic)

    return give


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ComError(-2147023174), "service is not running"),  # 0x800706BA
        (ComError(-2147352567, -2147024891), "does not let this account"),  # 0x80070005 behind DISP_E_EXCEPTION
        (ComError(-2147352567), "(0x80020009)"),
        (AttributeError("Schedule.Service.Connect"), "did not answer about the daily task (AttributeError)"),
        (TypeError("The Python instance can not be converted"), "(TypeError)"),
        (OverflowError(), "(OverflowError)"),
    ],
)
@pytest.mark.parametrize("kind", [Service, LateService], ids=["at first", "then"])
def test_whatever_is_answered_is_an_error_that_one_can_read(
    dispatch: Callable[[object], None], kind: type[Service], error: Exception, said: str
) -> None:
    dispatch(kind(error))
    calls: list[Callable[[], object]] = [
        lambda: task_service.find_task("task"),
        lambda: task_service.start("task"),
        lambda: task_service.register_with_password("task", "<Task/>", ANNA, SECRET),
    ]
    for call in calls:
        with pytest.raises(SchedulerError) as caught:
            call()
        assert said in str(caught.value)
        assert SECRET not in "".join(traceback.format_exception(caught.value, chain=True))


def test_a_task_that_is_not_there_is_none(dispatch: Callable[[object], None]) -> None:
    def missing(name: str) -> NoReturn:
        raise ComError(-2147352567, -2147024894)  # 0x80070002

    dispatch(SimpleNamespace(Connect=lambda: None, GetFolder=lambda _: SimpleNamespace(GetTask=missing)))
    assert task_service.find_task("task") is None


def test_a_service_that_never_answers_is_waited_for_so_long_and_no_longer(
    dispatch: Callable[[object], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    monkeypatch.setattr(task_service, "ANSWER_SECONDS", 0.01)
    dispatch(SimpleNamespace(Connect=over.wait))
    with pytest.raises(SchedulerError, match="has not answered"):
        task_service.find_task("task")
    over.set()
