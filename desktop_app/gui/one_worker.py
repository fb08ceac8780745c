"""One piece of work at a time, each by a worker of its own."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop_app.errors import UserError
from desktop_app.gui.worker import Work, Worker


class OneWorker(QObject):
    """Tells of its workers what they tell of themselves; what work has as its result goes to whoever began it."""

    progressed = Signal(object)
    failed = Signal(UserError)
    stopped = Signal()
    broke = Signal()
    ended = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._worker: Worker | None = None

    @property
    def running(self) -> bool:
        """Whether something is under way; no longer when its end is told."""
        return self._worker is not None and self._worker.running

    def start(self, work: Work, done: Callable[[Any], object]) -> None:
        """Begin; `done` gets the result."""
        worker = Worker(work, self)
        worker.progressed.connect(self.progressed)
        worker.succeeded.connect(done)
        worker.failed.connect(self.failed)
        worker.stopped.connect(self.stopped)
        worker.broke.connect(self.broke)
        worker.ended.connect(self.ended)
        worker.ended.connect(worker.deleteLater)
        self._worker = worker.start()

    def stop(self) -> None:
        """End what is under way; `stopped` follows."""
        if self._worker:
            self._worker.stop()

    def leave(self) -> None:
        """End what is under way and tell nothing more: the window closes."""
        if self._worker:
            self._worker.leave()
