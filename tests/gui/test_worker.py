"""Work in the background, on one thing at a time, whatever becomes of the window."""

import gc
import threading
from collections.abc import Callable, Iterator
from typing import NoReturn

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from desktop_app.errors import UserError
from desktop_app.gui import worker as worker_module
from desktop_app.gui.worker import Tell, Worker, something_was_done
from desktop_app.stop import Stop, Stopped
from desktop_app.wording import Said
from tests.gui.threads import workers

Heard = list[object]


class Held:
    """Work that goes on until it is let go, and cannot be stopped before; then it has the result `name`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.begun, self.go_on = threading.Event(), threading.Event()

    def __call__(self, _stop: Stop, tell: Tell) -> str:
        self.begun.set()
        assert self.go_on.wait(20)
        tell(f"half of {self.name}")
        return self.name


@pytest.fixture
def heard() -> Heard:
    return []


@pytest.fixture
def worker(qtbot: QtBot, heard: Heard) -> Iterator[Worker]:
    """A worker, of whose signals the list `heard` is told."""
    worker = Worker()
    worker.progressed.connect(heard.append)
    worker.failed.connect(heard.append)
    worker.stopped.connect(lambda: heard.append("stopped"))
    worker.broke.connect(lambda: heard.append("broke"))
    worker.ended.connect(lambda: heard.append("ended"))
    yield worker
    worker.end()


def wait_for(qtbot: QtBot, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition, timeout=20_000)


def test_signals_come_in_order(qtbot: QtBot, worker: Worker, heard: Heard) -> None:
    assert worker.start(lambda _stop, tell: [tell(number) for number in range(100)] and "done", heard.append)
    wait_for(qtbot, lambda: "ended" in heard)
    assert heard == [*range(100), "done", "ended"]


def test_a_deed_is_not_begun_while_another_is_under_way(qtbot: QtBot, worker: Worker, heard: Heard) -> None:
    first, second = Held("first"), Held("second")
    assert worker.start(first, heard.append) and not worker.start(second, heard.append)
    assert worker.running
    first.go_on.set()
    wait_for(qtbot, lambda: not worker.running)
    assert heard == ["half of first", "first", "ended"] and not second.begun.is_set()


def test_a_replaced_question_is_not_heard_of(qtbot: QtBot, worker: Worker, heard: Heard) -> None:
    first, second = Held("first"), Held("second")
    worker.replace(first, heard.append)
    assert first.begun.wait(20)
    worker.replace(second, heard.append)  # at once, though the first can't be stopped
    second.go_on.set()
    wait_for(qtbot, lambda: "ended" in heard)
    first.go_on.set()
    wait_for(qtbot, lambda: not workers())
    qtbot.wait(1)
    assert heard == ["half of second", "second", "ended"]


def test_a_replaced_question_is_asked_to_stop(qtbot: QtBot, worker: Worker, heard: Heard) -> None:
    stops: list[Stop] = []

    def work(stop: Stop, _tell: Tell) -> None:
        stops.append(stop)
        stop.sleep(20)

    for number in range(15):
        worker.replace(work, heard.append)
        wait_for(qtbot, lambda number=number: len(stops) == number + 1)
    worker.stop()
    wait_for(qtbot, lambda: not worker.running and not workers())
    assert heard == ["stopped", "ended"] and all(stop.asked for stop in stops)
    assert not worker.children()


def test_a_question_that_follows_waits_and_the_newest_is_asked_alone(
    qtbot: QtBot, worker: Worker, heard: Heard
) -> None:
    first, second, third = Held("first"), Held("second"), Held("third")
    worker.replace(first, heard.append)
    worker.follow(second, heard.append)
    worker.follow(third, heard.append)
    third.go_on.set()
    first.go_on.set()
    wait_for(qtbot, lambda: heard.count("ended") == 2)
    assert heard == ["half of first", "first", "ended", "half of third", "third", "ended"]
    assert not second.begun.is_set()


@pytest.mark.parametrize("error", [UserError(Said("No.")), Stopped(), ValueError("a defect")])
def test_how_it_can_fail(qtbot: QtBot, worker: Worker, heard: Heard, error: Exception) -> None:
    def work(_stop: Stop, _tell: Tell) -> NoReturn:
        raise error

    with qtbot.capture_exceptions() as raised:
        worker.start(work, heard.append)
        wait_for(qtbot, lambda: "ended" in heard)
    told = {UserError: error, Stopped: "stopped", ValueError: "broke"}[type(error)]
    assert heard == [told, "ended"] and not worker.running
    assert [each[1] for each in raised] == ([error] if told == "broke" else [])


def test_deeds_are_told_and_questions_are_not(qtbot: QtBot, worker: Worker, heard: Heard) -> None:
    told: list[bool] = []
    something_was_done().told.connect(lambda: told.append(worker.running))
    worker.replace(lambda _stop, _tell: None, heard.append)
    wait_for(qtbot, lambda: "ended" in heard)
    assert told == []

    def fail(_stop: Stop, _tell: Tell) -> NoReturn:
        raise UserError(Said("No."))  # after half of it was done

    for deed in (lambda _stop, _tell: None, fail):
        told.clear()
        worker.start(deed, heard.append)
        wait_for(qtbot, lambda: bool(told))
        assert told == [False]


class Page:
    """What work holds on to; it notes on which thread it went."""

    def __init__(self, freed_on: list[str]) -> None:
        self._freed_on = freed_on

    def take(self, _result: object) -> None: ...

    def __del__(self) -> None:
        self._freed_on.append(threading.current_thread().name)


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("forgotten", [False, True])
def test_what_work_holds_on_to_is_let_go_on_the_windows_thread(qtbot: QtBot, forgotten: bool, fails: bool) -> None:
    """Even where the work outlives all else that knows it: Qt crashed where a page went on another thread."""
    freed_on: list[str] = []
    held, worker = Held("x"), Worker()

    def begin() -> None:
        page = Page(freed_on)

        def work(stop: Stop, tell: Tell) -> Page:
            held(stop, tell)
            if fails:
                raise UserError(Said("No."))
            return page

        worker.start(work, page.take)

    begin()
    assert held.begun.wait(20)
    (thread,) = workers()
    if forgotten:
        worker.forget()
    held.go_on.set()
    thread.join(20)  # its end is known before the window's thread hears of it
    assert freed_on == []
    wait_for(qtbot, lambda: bool(freed_on))
    assert freed_on == [threading.main_thread().name]


def test_what_outlives_its_window_tells_nobody(qtbot: QtBot) -> None:
    held, raised, heard = Held("x"), [], []
    window = QObject()
    worker = Worker(window)
    worker.progressed.connect(heard.append)
    worker.start(held, heard.append)
    (thread,) = workers()
    before, threading.excepthook = threading.excepthook, raised.append
    try:
        delete(window)
        held.go_on.set()
        thread.join(20)
    finally:
        threading.excepthook = before
    gc.collect()
    qtbot.wait(1)
    assert (raised, heard) == ([], [])


def test_what_outlives_the_program_prints_nothing(
    qtbot: QtBot, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Qt goes before the threads do, and takes what they tell by along."""
    door = worker_module._Door()
    monkeypatch.setattr(worker_module, "_door", lambda: door)
    held, raised = Held("x"), []
    monkeypatch.setattr(threading, "excepthook", raised.append)
    worker = Worker()
    worker.start(held, heard.append)
    (thread,) = workers()
    delete(door)
    held.go_on.set()
    thread.join(20)
    qtbot.wait(1)
    assert (raised, heard) == ([], [])


def test_the_end_waits_and_is_the_end(qtbot: QtBot, worker: Worker, heard: Heard) -> None:
    worker.start(lambda stop, _tell: stop.sleep(20), heard.append)
    worker.follow(Held("next"), heard.append)
    worker.end(20)
    assert not workers() and not worker.running
    qtbot.wait(1)
    assert heard == []
