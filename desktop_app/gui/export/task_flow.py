"""The daily task from the form: mended, tested, switched off; on a thread of its own.

The settings are those in their file at that time, which somebody else may have changed since the form read them.
"""

from typing import TYPE_CHECKING

from msgspec import structs
from PySide6.QtCore import QObject, Signal

from desktop_app.errors import UserError
from desktop_app.gui.worker import Done, Tell, Work, Worker
from desktop_app.settings.effective import load_settings
from desktop_app.settings.paths import Paths
from desktop_app.stop import Stop

if TYPE_CHECKING:
    from desktop_app.actions.save_settings import Saved
    from desktop_app.export.ledger import Run
    from desktop_app.schedule.task_state import TaskState


class TaskFlow(QObject):
    """One thing at a time. Each ends with a signal of its own, `failed`, `stopped` or `broke`; then `ended`."""

    began = Signal()
    mended = Signal(object)  # TaskState
    tested = Signal(object)  # Run
    switched_off = Signal(object)  # Saved
    failed = Signal(UserError)
    stopped = Signal()
    broke = Signal()  # a defect, which is told elsewhere
    ended = Signal()

    def __init__(self, paths: Paths, parent: QObject) -> None:
        super().__init__(parent)
        self._paths = paths
        self._worker = Worker(self)
        self._worker.failed.connect(self.failed)
        self._worker.stopped.connect(self.stopped)
        self._worker.broke.connect(self.broke)
        self._worker.ended.connect(self.ended)

    @property
    def running(self) -> bool:
        """Whether something is under way."""
        return self._worker.running

    def mend(self) -> None:
        """Bring the task to what the settings want."""

        def work(_stop: Stop, _tell: Tell) -> "TaskState":
            from desktop_app.schedule.daily_task import mend

            return mend(load_settings(self._paths), self._paths)

        self._start(work, self.mended.emit)

    def test(self) -> None:
        """Have the scheduler start the task now, and wait for its run."""

        def work(stop: Stop, _tell: Tell) -> "Run":
            from desktop_app.actions.run_daily_task import run_daily_task

            return run_daily_task(load_settings(self._paths), self._paths, stop.check)

        self._start(work, self.tested.emit)

    def switch_off(self) -> None:
        """Save that the export is off, and remove the task."""

        def work(_stop: Stop, _tell: Tell) -> "Saved":
            from desktop_app.actions.save_settings import prepare
            from desktop_app.settings.edits import edited

            return prepare(self._paths, edited(lambda now: structs.replace(now, enabled=False))).commit()

        self._start(work, self.switched_off.emit)

    def stop(self) -> None:
        """Wait no longer; `stopped` follows."""
        self._worker.stop()

    def end(self) -> None:
        """Tell nothing more: the window closes."""
        self._worker.end()

    def _start(self, work: Work, done: Done) -> None:
        if self._worker.start(work, done):
            self.began.emit()
