"""Work that may take long, on a thread of its own, so that the window stays alive."""

import threading
from collections.abc import Callable
from functools import cache
from typing import Any

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from desktop_app.errors import UserError
from desktop_app.stop import Stop, Stopped

Tell = Callable[[object], None]
Work = Callable[[Stop, Tell], Any]


class _Door(QObject):
    """Lets calls in to the window's thread, on which it is made. Threads hold on to it: no window deletes it."""

    _called = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._called.connect(self._answer)

    def call(self, do: Callable[[], None]) -> None:
        """Have `do` called on the window's thread, after all that was asked for before."""
        self._called.emit(do)

    def _answer(self, do: Callable[[], None]) -> None:
        do()


_door = cache(_Door)


class Worker(QObject):
    """One piece of work. Signals arrive on the window's thread, in order; `ended` is the last, and comes always
    but to a window that left, or is gone.

    `work` gets the handle by which it is stopped, and a callback for progress. What it raises besides
    UserError and Stopped is a defect: that it `broke` is told, and it is raised again on the window's thread, for
    the hook there.
    """

    progressed = Signal(object)
    succeeded = Signal(object)
    failed = Signal(UserError)
    stopped = Signal()
    broke = Signal()
    ended = Signal()

    def __init__(self, work: Work, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._stop = Stop()
        self._left = False
        self._thread: threading.Thread | None = None
        self.running = False
        self._door = _door()

    def start(self) -> "Worker":
        """Begin; returns itself."""
        self.running = True
        # A daemon: a name server that never answers must not keep the program from ending.
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Ask for the end; `stopped` and `ended` follow as soon as the work has undone what was half done."""
        self._stop.ask()

    def leave(self, patience: float = 5.0) -> None:
        """Ask for the end and hear no more of it, for a window that closes. Waits `patience` seconds at most."""
        self._left, self.running = True, False
        self._stop.ask()
        if self._thread:
            self._thread.join(patience)

    def _run(self) -> None:
        try:
            result, error = self._work(self._stop, self._tell), None
        except BaseException as raised:
            result, error = None, raised
        if not self._left:
            self._door.call(lambda: self._end(result, error))

    def _tell(self, progress: object) -> None:
        self._stop.check()
        if not self._left:
            self._door.call(lambda: self._forward(progress))

    def _forward(self, progress: object) -> None:
        if self._is_heard:
            self.progressed.emit(progress)

    @property
    def _is_heard(self) -> bool:
        """Whether the window is still there, and still wants to know."""
        return not self._left and isValid(self)

    def _end(self, result: object, error: BaseException | None) -> None:
        self.running = False
        if not self._is_heard:
            return
        try:
            if error is None:
                self.succeeded.emit(result)
            elif isinstance(error, Stopped):
                self.stopped.emit()
            elif isinstance(error, UserError):
                self.failed.emit(error)
            else:
                self.broke.emit()
                raise error
        finally:
            if isValid(self):
                self.ended.emit()
