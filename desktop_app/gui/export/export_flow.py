"""*Export now*, on a thread of its own, with how far it is and how it ended in the page."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.errors import UserError
from desktop_app.gui.export import result_strip
from desktop_app.gui.export.run_progress import RunProgress
from desktop_app.gui.widgets.notice import Notice
from desktop_app.gui.worker import Tell, Worker
from desktop_app.settings.paths import Paths
from desktop_app.stop import Stop

if TYPE_CHECKING:
    from desktop_app.actions.run import RunResult


class ExportFlow(QObject):
    """One run at a time, shown in `progress`. What it delivered is told in `strip`; what failed, by `failed`."""

    began = Signal()
    failed = Signal(UserError)
    ended = Signal()  # the last, however it ended

    def __init__(self, paths: Paths, progress: RunProgress, strip: Notice, parent: QObject) -> None:
        super().__init__(parent)
        self._paths = paths
        self._progress = progress
        self._strip = strip
        self._worker = Worker(self)
        self._worker.progressed.connect(progress.show_progress)
        self._worker.failed.connect(self.failed)
        self._worker.ended.connect(self._end)
        progress.stopAsked.connect(self._worker.stop)

    @property
    def running(self) -> bool:
        """Whether this window runs an export."""
        return self._worker.running

    def start(self) -> None:
        """Export all that waits, today's events so far included, with the settings as they are in their file."""
        if self._worker.start(self._work, self._tell):
            self._strip.hide()
            self._progress.begin()
            self.began.emit()

    def end(self) -> None:
        """End the run and tell nothing more: the window closes."""
        self._worker.end()

    def _tell(self, result: "RunResult") -> None:
        if result.error:
            self.failed.emit(result.error)
        else:
            result_strip.tell_exported(self._strip, result)

    def _end(self) -> None:
        self._progress.end()
        self.ended.emit()

    def _work(self, stop: Stop, tell: Tell) -> "RunResult":
        from desktop_app.actions.run import Request, run_once
        from desktop_app.export.ledger import StartedBy
        from desktop_app.secrets.login_secret import login_secret
        from desktop_app.settings.effective import load_settings

        settings = load_settings(self._paths)
        request = Request(StartedBy.FORM, today_too=True)
        return run_once(
            settings, self._paths, request, lambda: login_secret(self._paths, settings.server), tell, stop=stop
        )
