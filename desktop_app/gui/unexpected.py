"""What nobody foresaw: it goes to the log, and the user reads a plain sentence."""

import logging
import sys
from types import TracebackType

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from desktop_app.gui.widgets.plain_label import plain_labels
from desktop_app.gui.widgets.theme import icon
from desktop_app.settings.paths import Paths


def tell_unexpected(paths: Paths) -> None:
    """From now on, log exceptions that nothing handles, and show that something went wrong, one box at a time."""
    shown = False

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        nonlocal shown
        logging.getLogger(__name__).critical("not foreseen", exc_info=(kind, error, trace))
        if shown or not any(widget.isVisible() for widget in QApplication.topLevelWidgets()):
            return
        shown = True
        box = unexpected_box(paths, QApplication.activeWindow())
        box.exec()
        shown = False

    sys.excepthook = hook


def unexpected_box(paths: Paths, window: QWidget | None) -> QMessageBox:
    """That something went wrong, and where the log is."""
    box = QMessageBox(
        QMessageBox.Icon.NoIcon,
        QApplication.applicationDisplayName(),
        QCoreApplication.translate("Unexpected", "Something went wrong inside this program."),
        QMessageBox.StandardButton.Close,
        window,
    )
    box.setIconPixmap(icon("alert", "bad").pixmap(32, 32))
    box.setInformativeText(
        QCoreApplication.translate(
            "Unexpected",
            "Nothing that was saved or delivered is lost. What happened is in the log:\n{log}",
        ).format(log=paths.log_file)
    )
    plain_labels(box)
    return box
