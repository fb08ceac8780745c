"""*Export now*, on a thread of its own."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.errors import UserError
from desktop_app.gui.one_worker import OneWorker
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
        self._worker = OneWorker(self)
        self._worker.progressed.connect(self.progressed)
        self._worker.failed.connect(self.failed)
        self._worker.broke.connect(self.broke)

    @property
    def running(self) -> bool:
        """Whether this window runs an export."""
        return self._worker.running

    def start(self) -> None:
        """Export all that waits, today's events so far included, with the settings as they are in their file."""
        if not self.running:
            self._worker.start(self._work, self.ended.emit)
            self.began.emit()

    def stop(self) -> None:
        """End the run; `ended` follows, with what was delivered until then."""
        self._worker.stop()

    def leave(self) -> None:
        """End the run and tell nothing more: the window closes."""
        self._worker.leave()

    def _work(self, stop: Stop, tell: "Tell") -> "RunResult":
        from desktop_app.export.exporter import Request, run_export
        from desktop_app.secrets.keepers import require_password
        from desktop_app.settings.effective import load_settings

        settings = load_settings(self._paths)
        request = Request("form", today_too=True)
        return run_export(
            settings, self._paths, request, lambda: require_password(self._paths, settings.server), tell, stop=stop
        )
