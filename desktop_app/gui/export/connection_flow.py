"""*Test Connection and Save*, from the click to its end, with the questions that come up on the way."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from desktop_app.errors import UserError
from desktop_app.gui.one_worker import OneWorker
from desktop_app.settings.effective import load_settings
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.sftp.steps import Step
from desktop_app.stop import Stop

if TYPE_CHECKING:
    from desktop_app.actions.test_and_save import TestedSave
    from desktop_app.gui.worker import Tell
    from desktop_app.sftp.probe import TestReport

Change = Callable[[Settings], Settings]


class ConnectionFlow(QObject):
    """One test at a time. It ends with `saved` (a TestedSave), `failed` (error, report or None), `stopped` or
    `broke`.
    """

    began = Signal()
    stepped = Signal(Step)
    saved = Signal(object, Settings)
    failed = Signal(UserError, object)
    stopped = Signal()
    broke = Signal()  # a defect, which is told elsewhere

    def __init__(self, paths: Paths, window: QWidget) -> None:
        super().__init__(window)
        self._paths = paths
        self._window = window
        self._worker = OneWorker(self)
        self._worker.progressed.connect(self.stepped)
        self._worker.failed.connect(lambda error: self.failed.emit(error, None))
        self._worker.stopped.connect(self.stopped)
        self._worker.broke.connect(self.broke)
        self._question: QDialog | None = None

    @property
    def running(self) -> bool:
        """Whether a test is under way, or waits for an answer."""
        return self._worker.running or self._question is not None

    def start(self, change: Change, password: str | None, accept: str | None = None) -> None:
        """Test what `change` makes of the saved settings, with `password` where a new one was typed; save both if
        all steps passed. The settings are read now: somebody else may have saved others since the form read them.
        """
        try:
            before = load_settings(self._paths)
            after = change(before)
        except UserError as error:
            self.failed.emit(error, None)
            return

        def work(stop: Stop, tell: "Tell") -> "TestedSave":
            from desktop_app.actions.test_and_save import test_and_save

            return test_and_save(self._paths, before, after, password, accept, tell, stop)

        def trust(fingerprint: str) -> None:
            self.start(change, password, fingerprint)

        def done(result: "TestedSave") -> None:
            if result.report.error is None:
                self.saved.emit(result, after)
            elif not self._asks(result.report, after.server.host, trust):
                self.failed.emit(result.report.error, result.report)

        self._worker.start(work, done)
        self.began.emit()

    def stop(self) -> None:
        """End the test; `stopped` follows."""
        self._worker.stop()

    def leave(self) -> None:
        """End the test and tell nothing more: the window closes."""
        self._worker.leave()

    def _asks(self, report: "TestReport", server: str, trust: Callable[[str], None]) -> bool:
        """Whether the failure is a question for the user: then the answer goes on, or fails."""
        from desktop_app.gui.export.host_key_dialog import ChangedHostKeyDialog, NewHostKeyDialog
        from desktop_app.sftp.errors import HostKeyChanged, HostKeyUnknown

        key, error = report.host_key, report.error
        if key is None or error is None:
            return False
        dialog: QDialog
        if isinstance(error, HostKeyUnknown):
            dialog = NewHostKeyDialog(server, key, self._window)
        elif isinstance(error, HostKeyChanged):
            dialog = ChangedHostKeyDialog(server, report.known_before, key, self._window)
        else:
            return False

        def answered(result: int) -> None:
            self._question = None
            dialog.deleteLater()
            if result == QDialog.DialogCode.Accepted:
                trust(key.fingerprint)
            else:
                self.failed.emit(error, report)

        dialog.finished.connect(answered)
        self._question = dialog
        dialog.open()
        return True
