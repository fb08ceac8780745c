"""What is no longer needed is freed on the window's thread; on a worker's, the two might wait for ever."""

import gc
import threading
from collections.abc import Iterator
from typing import ClassVar

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.gui import garbage, main


class Knot:
    """Only the collector frees it; it says on which thread."""

    freed_on: ClassVar[list[threading.Thread]] = []

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        self.freed_on.append(threading.current_thread())


@pytest.fixture
def collecting(qapp: QApplication) -> Iterator[None]:
    gc.enable()
    Knot.freed_on.clear()
    owner = QObject(qapp)
    garbage.collect_on_this_thread(owner)
    yield
    owner.deleteLater()


@pytest.mark.usefixtures("collecting")
def test_what_a_worker_leaves_is_freed_by_the_window(qtbot: QtBot) -> None:
    worker = threading.Thread(target=lambda: [Knot() for _ in range(20_000)])
    worker.start()
    worker.join()
    assert Knot.freed_on == []
    qtbot.waitUntil(lambda: len(Knot.freed_on) == 20_000)
    assert set(Knot.freed_on) == {threading.current_thread()}


def test_the_program_begins_with_it() -> None:
    assert main.main.callback and "collect_on_this_thread" in main.main.callback.__code__.co_names
