"""*Test Connection and Save*, from the click to its end, with the questions that come up on the way."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from desktop_app.errors import UserError
from desktop_app.gui.worker import Tell, Worker
from desktop_app.settings.edits import edited
from desktop_app.settings.keys import replace_value
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.sftp.steps import Step
from desktop_app.stop import Stop

if TYPE_CHECKING:
    from desktop_app.actions.probe_and_save import ProbedSave
    from desktop_app.sftp.probe import ProbeReport


class ConnectionFlow(QObject):
    """One test at a time. It ends with `saved` (a ProbedSave) or `passed`, `failed` (error, report or None),
    `stopped` or `broke`.
    """

    began = Signal()
    stepped = Signal(Step)
    saved = Signal(object, Settings)
    passed = Signal(object)  # ProbeReport of a test without saving
    failed = Signal(UserError, object)
    stopped = Signal()
    broke = Signal()  # a defect, which is told elsewhere

    def __init__(self, paths: Paths, window: QWidget) -> None:
        super().__init__(window)
        self._paths = paths
        self._window = window
        self._worker = Worker(self)
        self._worker.progressed.connect(self.stepped)
        self._worker.failed.connect(lambda error: self.failed.emit(error, None))
        self._worker.stopped.connect(self.stopped)
        self._worker.broke.connect(self.broke)
        self._question: QDialog | None = None

    @property
    def running(self) -> bool:
        """Whether a test is under way, or waits for an answer."""
        return self._worker.running or self._question is not None

    def start(self, values: Mapping[str, Any], password: str | None, accept: str | None = None) -> None:
        """Test the saved settings with `values` in place of theirs, and `password` where a new one was typed; save
        both if all steps passed. The settings are read now: somebody else may have saved others since the form
        read them.
        """

        def change(settings: Settings) -> Settings:
            for key, value in values.items():
                settings = replace_value(settings, key, value)
            return settings

        def work(stop: Stop, tell: Tell) -> "tuple[ProbedSave, Settings]":
            from desktop_app.actions.probe_and_save import probe_and_save
            from desktop_app.actions.save_settings import prepare

            prepared = prepare(self._paths, edited(change))
            return probe_and_save(prepared, password, accept, tell, stop), prepared.after

        def trust(fingerprint: str) -> None:
            self.start(values, password, fingerprint)

        def done(tested: "tuple[ProbedSave, Settings]") -> None:
            result, after = tested
            if result.report.error is None:
                self.saved.emit(result, after)
            elif not self._asks(result.report, after.server.host, trust):
                self.failed.emit(result.report.error, result.report)

        if self._worker.start(work, done):
            self.began.emit()

    def test(self, accept: str | None = None) -> None:
        """Test the settings as they are saved, with the password that is kept, and save nothing. A host key with
        the fingerprint `accept` is trusted from then on."""

        def work(stop: Stop, tell: Tell) -> "tuple[ProbeReport, Settings]":
            from desktop_app.actions.probe_server import try_connection
            from desktop_app.settings.effective import load_settings

            settings = load_settings(self._paths)
            return try_connection(settings, self._paths, accept, tell, None, stop), settings

        def done(tested: "tuple[ProbeReport, Settings]") -> None:
            report, settings = tested
            if report.error is None:
                self.passed.emit(report)
            elif not self._asks(report, settings.server.host, self.test):
                self.failed.emit(report.error, report)

        if self._worker.start(work, done):
            self.began.emit()

    def stop(self) -> None:
        """End the test; `stopped` follows."""
        self._worker.stop()

    def end(self) -> None:
        """End the test and tell nothing more: the window closes."""
        self._worker.end()

    def _asks(self, report: "ProbeReport", server: str, trust: Callable[[str], None]) -> bool:
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
