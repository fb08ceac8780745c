"""What is asked before a source, or what was typed of one, is gone."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from desktop_app.actions.earlier_source import before_removing
from desktop_app.actions.list_sources import ListedSource
from desktop_app.gui.language import spoken
from desktop_app.gui.widgets.plain_label import plain_labels
from desktop_app.gui.widgets.theme import icon


def ask_to_discard(window: QWidget) -> bool:
    """Ask whether what was typed of a source may go."""
    box, discard = discard_box(window)
    box.exec()
    return box.clickedButton() is discard


def ask_to_remove(listed: ListedSource, window: QWidget) -> bool:
    """Ask whether a source is to be removed, and say what that means."""
    box, remove = remove_box(listed, window)
    box.exec()
    return box.clickedButton() is remove


def discard_box(window: QWidget) -> tuple[QMessageBox, QPushButton]:
    """The question whether what was typed of a source may go, and the button that says yes."""
    box = QMessageBox(window)
    box.setIconPixmap(icon("alert", "wait").pixmap(32, 32))
    box.setText(_tr("The source is not saved."))
    discard = box.addButton(_tr("&Discard the changes"), QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(box.addButton(_tr("Keep &editing"), QMessageBox.ButtonRole.RejectRole))
    plain_labels(box)
    return box, discard


def remove_box(listed: ListedSource, window: QWidget) -> tuple[QMessageBox, QPushButton]:
    """The question whether a source is to be removed, and the button that says yes."""
    box = QMessageBox(window)
    box.setIconPixmap(icon("help").pixmap(32, 32))
    box.setText(_tr("Remove the source {name}?").format(name=listed.source.name))
    box.setInformativeText(f"{spoken(before_removing(listed))} {_tr('Its files stay as they are.')}")
    remove = box.addButton(_tr("&Remove"), QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    plain_labels(box)
    return box, remove


def _tr(text: str) -> str:
    return QCoreApplication.translate("SourcesPage", text)
