"""Work on a thread of its own, whatever becomes of the window."""

import gc
import threading

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from desktop_app.gui.worker import Tell, Worker
from desktop_app.stop import Stop


def test_what_outlives_its_window_tells_nobody(qtbot: QtBot) -> None:
    go_on, raised = threading.Event(), []

    def work(_stop: Stop, tell: Tell) -> int:
        go_on.wait(20)
        tell("half")
        return 1

    window, heard = QObject(), []
    worker = Worker(work, window).start()
    worker.succeeded.connect(heard.append)
    worker.progressed.connect(heard.append)
    thread = worker._thread
    assert thread is not None
    before, threading.excepthook = threading.excepthook, raised.append
    try:
        delete(window)
        go_on.set()
        thread.join(20)
    finally:
        threading.excepthook = before
    gc.collect()
    qtbot.wait(1)
    assert (raised, heard) == ([], [])


def test_signals_come_in_order(qtbot: QtBot) -> None:
    heard: list[object] = []
    worker = Worker(lambda _stop, tell: [tell(number) for number in range(100)] and "done")
    worker.progressed.connect(heard.append)
    worker.succeeded.connect(heard.append)
    with qtbot.waitSignal(worker.ended):
        worker.start()
    assert heard == [*range(100), "done"]
