"""The window, and the folder that its pictures go to."""

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton, QWidget

from desktop_app.gui import build_window
from desktop_app.gui.window import MainWindow
from tests.screenshots.faults import faults


class Camera:
    """Works the window as a user does, and takes pictures of it; `faults` is what is wrong in them."""

    def __init__(self, app: QApplication, folder: Path, size: tuple[int, int]) -> None:
        self.app = app
        self.folder = folder
        self.size = size
        self.faults: list[str] = []
        self._hidden: list[MainWindow] = []
        self.window = self.open()

    def open(self) -> MainWindow:
        window = build_window()
        assert isinstance(window, MainWindow)
        window.resize(*self.size)
        window.show()
        self.window = window
        return window

    def reopen(self) -> None:
        """Another window, without what was typed."""
        self.window.hide()
        self._hidden.append(self.window)
        self.open()

    def page(self, name: str) -> QWidget:
        self.find(QPushButton, f"show_{name}").click()
        page = self.window.page(f"{name.title()}Page")
        assert page is not None
        self.pause(0.4)
        return page

    def find(self, kind: type, name: str) -> QWidget:
        found = self.window.findChild(kind, name)
        assert isinstance(found, QWidget), name
        return found

    def enter(self, name: str, text: str) -> None:
        field = self.find(QLineEdit, name)
        field.selectAll()
        QTest.keyClick(field, Qt.Key.Key_Delete)
        QTest.keyClicks(field, text)

    def wait(self, condition: Callable[[], bool], seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while not condition() and time.monotonic() < end:
            self.pause(0.02)
        self.pause(0.2)

    def pause(self, seconds: float) -> None:
        loop = QEventLoop()  # QTest.qWait would keep Python's lock from what works in the background
        QTimer.singleShot(int(seconds * 1000), loop.quit)
        loop.exec()

    def take(self, name: str, widget: QWidget | None = None) -> None:
        self.pause(0.2)
        shown = widget or self.window
        shown.grab().save(str(self.folder / f"{name}.png"))
        self.wait(lambda: not faults(shown), seconds=2)  # a layout may not have settled
        self.faults += [f"{self.folder.name} {name}: {fault}" for fault in faults(shown)]

    def during(self, deed: Callable[[], object], name: str) -> None:
        """Take the picture of the question that `deed` waits for the answer of, and answer with no."""

        def look() -> None:
            question = self.dialog()
            self.take(name, question)
            question.reject()

        QTimer.singleShot(200, look)
        deed()

    def dialog(self) -> QDialog:
        """The dialog over the window, once it is there."""
        self.wait(lambda: isinstance(self.app.activeModalWidget(), QDialog))
        found = self.app.activeModalWidget()
        assert isinstance(found, QDialog)
        return found

    def scroll(self, page: QWidget, value: int) -> None:
        """Move what a page shows; to its end by a large value."""
        self.pause(0.3)  # the page may have grown
        page.scroll_area.verticalScrollBar().setValue(value)  # type: ignore[attr-defined]
