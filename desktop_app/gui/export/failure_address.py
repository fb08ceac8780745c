"""Who hears of a failed export besides this desktop, in one line of the page."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop_app.errors import UserError
from desktop_app.gui.language import spoken
from desktop_app.gui.widgets.plain_label import PlainLabel
from desktop_app.gui.widgets.theme import BETWEEN, set_role
from desktop_app.gui.worker import Tell, Worker
from desktop_app.settings.paths import Paths
from desktop_app.stop import Stop


class FailureAddress(QWidget):
    """Shows the kept address without its secret, once it was asked to `look`; *Change* opens its dialog."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = PlainLabel("…", self)
        self._text.setObjectName("failure_address_text")
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._change = QPushButton(self.tr("Change"), self)
        self._change.setObjectName("change_failure_address")
        self._change.setAccessibleName(self.tr("Change whom failures are reported to"))
        set_role(self._change, "link")
        self._change.clicked.connect(self._open)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(BETWEEN)
        layout.addWidget(self._text)
        layout.addWidget(self._change)
        layout.addStretch(1)
        self._paths: Paths | None = None
        self._worker = Worker(self)
        self._worker.failed.connect(self._show_error)

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def look(self, paths: Paths) -> None:
        """Find out, on a thread of its own, which address is kept."""
        self._paths = paths

        def work(_stop: Stop, _tell: Tell) -> str | None:
            from desktop_app.notify.address import shown_address

            return shown_address(paths)

        self._worker.follow(work, self._show)

    def end(self) -> None:
        """Tell nothing more: the window closes."""
        self._worker.end()

    def _show(self, address: str | None) -> None:
        self._text.setText(address or self.tr("This desktop only"))
        set_role(self._text, "" if address else "muted")

    def _show_error(self, error: UserError) -> None:
        self._text.setText(spoken(error.message))
        set_role(self._text, "bad")

    def _open(self) -> None:
        from desktop_app.gui.export.failure_address_dialog import FailureAddressDialog

        if self._paths:
            paths = self._paths
            dialog = FailureAddressDialog(paths, self.window())
            dialog.finished.connect(lambda _: self.look(paths))
            dialog.open()
