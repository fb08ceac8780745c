"""Choose where the password is kept: what works here is found out by trying, on a thread of its own."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from desktop_app.errors import UserError
from desktop_app.gui.worker import Tell, Worker
from desktop_app.settings.effective import load_settings
from desktop_app.settings.paths import Paths
from desktop_app.stop import Stop

if TYPE_CHECKING:
    from desktop_app.schedule.password_at_night import TriedKeeper
    from desktop_app.secrets.keeper import KeeperName, Protection


class KeeperFlow(QObject):
    """One question at a time. It ends with `kept` (a Protection), `failed` or `broke`; declined, with none. Then
    `ended`.
    """

    began = Signal()
    asked = Signal()
    kept = Signal(object)
    failed = Signal(UserError)
    broke = Signal()  # a defect, which is told elsewhere
    ended = Signal()

    def __init__(self, paths: Paths, window: QWidget) -> None:
        super().__init__(window)
        self._paths = paths
        self._window = window
        self._worker = Worker(self)
        self._worker.failed.connect(self.failed)
        self._worker.broke.connect(self.broke)
        self._worker.ended.connect(self._end)
        self._question: QDialog | None = None

    @property
    def running(self) -> bool:
        """Whether something is being tried, asked or moved."""
        return self._worker.running or self._question is not None

    def start(self) -> None:
        """Find out what can keep the password, then ask, then move it there."""
        if self.running:
            return

        def work(_stop: Stop, _tell: Tell) -> "list[TriedKeeper]":
            from desktop_app.schedule.password_at_night import keepers

            return keepers(load_settings(self._paths), self._paths)

        self._worker.replace(work, self._ask)
        self.began.emit()

    def end(self) -> None:
        """Tell nothing more: the window closes."""
        self._worker.end()

    def _ask(self, found: "list[TriedKeeper]") -> None:
        from desktop_app.gui.export.keeper_dialog import KeeperDialog

        self.asked.emit()
        dialog = KeeperDialog(found, self._window)

        def answered(result: int) -> None:
            self._question = None
            dialog.deleteLater()
            if result == QDialog.DialogCode.Accepted:
                self._keep(dialog.chosen)
            else:
                self.ended.emit()

        dialog.finished.connect(answered)
        self._question = dialog
        dialog.open()

    def _keep(self, keeper: "KeeperName") -> None:
        def work(_stop: Stop, _tell: Tell) -> "Protection":
            from desktop_app.actions.keep_password import move_password

            return move_password(self._paths, keeper).protection

        self._worker.start(work, self.kept.emit)

    def _end(self) -> None:
        if not self.running:  # after the try, the question is open
            self.ended.emit()
