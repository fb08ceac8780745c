"""Whether changes that are not saved may be lost."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from desktop_app.gui.widgets.plain_label import plain_labels
from desktop_app.gui.widgets.theme import icon


def ask_to_discard(window: QWidget, discard: Callable[[], object]) -> None:
    """Ask over `window`; `discard` is called if so."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("DiscardQuestion", text)

    box = QMessageBox(
        QMessageBox.Icon.NoIcon,
        tr("Unsaved changes"),
        tr("There are changes that are not saved."),
        QMessageBox.StandardButton.Discard | QMessageBox.StandardButton.Cancel,
        window,
    )
    box.setInformativeText(tr("Test Connection and Save keeps them."))
    box.setIconPixmap(icon("help").pixmap(32, 32))
    box.setDefaultButton(QMessageBox.StandardButton.Cancel)
    plain_labels(box)

    def answered(button: int) -> None:
        box.deleteLater()
        if button == QMessageBox.StandardButton.Discard:
            discard()

    box.finished.connect(answered)
    box.open()
