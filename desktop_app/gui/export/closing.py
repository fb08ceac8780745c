"""What is asked before the window closes: of changes that are not saved, and of an export that is running."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QMessageBox, QWidget

from desktop_app.gui.export.export_flow import ExportFlow
from desktop_app.gui.widgets.plain_label import plain_labels
from desktop_app.gui.widgets.theme import icon


class Closing(QObject):
    """What `page` has that keeps its window from closing unasked: `export`, and what was typed, which `discard`
    forgets, and closes the window then."""

    def __init__(self, page: QWidget, export: ExportFlow, discard: Callable[[], object]) -> None:
        super().__init__(page)
        self._page = page
        self._export = export
        self._discard = discard
        self._when_done = self._now = False
        export.ended.connect(self._on_export_ended)

    def asks(self, *, typed: bool) -> bool:
        """Ask what there is to ask before the window closes; False where that is nothing. `typed`: there is
        something that is not saved."""
        window = self._page.window()
        if typed:
            ask_to_discard(window, self._discard)
        elif self._export.running and not self._now:
            ask_about_export(window, self._close_when_done, self._close_now)
        else:
            return False
        return True

    def _close_when_done(self) -> None:
        self._when_done = True
        if not self._export.running:
            self._page.window().close()

    def _close_now(self) -> None:
        self._now = True
        self._page.window().close()

    def _on_export_ended(self) -> None:
        if self._when_done:
            self._page.window().close()


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


def ask_about_export(window: QWidget, when_done: Callable[[], object], stop: Callable[[], object]) -> None:
    """Ask over `window` what becomes of the export that it runs: `when_done` is called if the window is to close
    once that has ended, `stop` if at once."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("DiscardQuestion", text)

    box = QMessageBox(
        QMessageBox.Icon.NoIcon,
        tr("An export is running"),
        tr("An export is running in this window."),
        QMessageBox.StandardButton.Cancel,
        window,
    )
    box.setInformativeText(
        tr("What is delivered stays delivered. If you stop it, the next export goes on from there.")
    )
    waits = box.addButton(tr("Close when it is &done"), QMessageBox.ButtonRole.AcceptRole)
    stops = box.addButton(tr("&Stop it and close"), QMessageBox.ButtonRole.DestructiveRole)
    box.setIconPixmap(icon("help").pixmap(32, 32))
    box.setDefaultButton(waits)
    plain_labels(box)

    def answered(_: int) -> None:
        clicked = box.clickedButton()
        box.deleteLater()
        if clicked is waits:
            when_done()
        elif clicked is stops:
            stop()

    box.finished.connect(answered)
    box.open()
