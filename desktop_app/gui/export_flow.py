"""*Export now*, on a thread of its own."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.errors import UserError
from desktop_app.gui.worker import Worker
from desktop_app.settings.paths import Paths
from desktop_app.stop import Stop

if TYPE_CHECKING:
    from desktop_app.export.exporter import RunResult
    from desktop_app.gui.worker import Tell


class ExportFlow(QObject):
    """One run at a time. It ends with `ended` (a RunResult), `failed` where nothing could be run, or `broke`."""

    began = Signal()
    progressed = Signal(object)
    ended = Signal(object)
    failed = Signal(UserError)
    broke = Signal()  # a defect, which is told elsewhere

    def __init__(self, paths: Paths, parent: QObject) -> None:
        super().__init__(parent)
        self._paths = paths
        self._worker: Worker | None = None

    @property
    def running(self) -> bool:
        """Whether this window runs an export."""
        return self._worker is not None

    def start(self) -> None:
        """Export all that waits, today's events so far included, with the settings as they are in their file."""
        if self._worker:
            return
        worker = Worker(self._work, self)
        worker.progressed.connect(self.progressed)
        worker.succeeded.connect(self._end)
        worker.failed.connect(self._fail)
        worker.broke.connect(self._break)
        worker.ended.connect(worker.deleteLater)
        self._worker = worker
        self.began.emit()
        worker.start()

    def stop(self) -> None:
        """End the run; `ended` follows, with what was delivered until then."""
        if self._worker:
            self._worker.stop()

    def leave(self) -> None:
        """End the run and tell nothing more: the window closes."""
        if self._worker:
            self._worker.leave()
            self._worker = None

    def _work(self, stop: Stop, tell: "Tell") -> "RunResult":
        from desktop_app.export.exporter import Request, run_export
        from desktop_app.settings.effective import load_settings
        from desktop_app.settings.secrets import require_password

        settings = load_settings(self._paths)
        request = Request("form", today_too=True)
        return run_export(
            settings, self._paths, request, lambda: require_password(self._paths, settings.server), tell, stop=stop
        )

    def _end(self, result: "RunResult") -> None:
        self._worker = None
        self.ended.emit(result)

    def _fail(self, error: UserError) -> None:
        self._worker = None
        self.failed.emit(error)

    def _break(self) -> None:
        self._worker = None
        self.broke.emit()
