"""The page *Export* as somebody with mouse and keyboard works with it."""

from typing import TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.gui.export.export_page import ExportPage
from desktop_app.gui.export.host_key_dialog import NewHostKeyDialog
from desktop_app.gui.sources.sources_page import SourcesPage
from desktop_app.gui.widgets.field_message import FieldMessage
from desktop_app.gui.window import MainWindow
from tests.servers import Server

WAIT = 30_000
D = TypeVar("D", bound=QDialog)
P = TypeVar("P", bound=QWidget)


def answer(button_text: str) -> None:
    """Click a button of the question that comes up next."""

    def click() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        next(button for button in box.buttons() if button.text() == button_text).click()

    QTimer.singleShot(0, click)


def open_page(window: MainWindow, kind: type[P]) -> P:
    """Show a page of a window."""
    room = kind.__name__.removesuffix("Page").lower()
    button = window.findChild(QPushButton, f"show_{room}")
    assert button is not None
    button.click()
    page = window.page(kind.__name__)
    assert isinstance(page, kind)
    return page


def add_source(page: SourcesPage, what: str = "folder") -> None:
    """Begin a new source: of a kind, or of a service that is known."""
    page.add.click()
    catalogue = page.catalogue.list
    for row in range(catalogue.topLevelItemCount()):
        item = catalogue.topLevelItem(row)
        offer = item.data(0, Qt.ItemDataRole.UserRole) if item else None
        if offer and what == (getattr(offer.source, "like", "") or offer.source.kind):
            catalogue.setCurrentItem(item)
            page.catalogue.choose.click()
            return
    raise AssertionError(what)


class FormUser:
    """Clicks and types in the page of a window."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self.qtbot = qtbot
        self.window = window
        page = window.page("ExportPage")
        assert isinstance(page, ExportPage)
        self.page = page

    def enter(self, name: str, text: str) -> None:
        """Type into a field, in place of what it has."""
        field = self.page.findChild(QLineEdit, name)
        assert field is not None and not field.isReadOnly(), name
        field.setFocus()
        field.selectAll()
        self.qtbot.keyClick(field, Qt.Key.Key_Delete)
        self.qtbot.keyClicks(field, text)

    def press(self, key: Qt.Key) -> None:
        """A key, wherever the focus is."""
        self.qtbot.keyClick(self._focused(), key)

    def click(self, name: str) -> None:
        """Click a button of the page or of a dialog over it, once it can be clicked."""
        top = QApplication.activeModalWidget() or self.page
        button = top.findChild(QWidget, name)
        assert button is not None, name
        self.qtbot.waitUntil(lambda: button.isEnabled() and button.isVisible(), timeout=WAIT)
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def export_now(self) -> None:
        """Export by hand, past the steps of a first configuration that come before that."""
        later = self.page.findChild(QWidget, "later")
        self.qtbot.waitUntil(lambda: self.page.export_now.isVisible() or later.isVisible(), timeout=WAIT)
        if not self.page.export_now.isVisible():
            self.click("later")
        self.click("export_now")

    def click_text(self, text: str) -> None:
        """Click the visible button that says `text`."""
        top = QApplication.activeModalWidget() or self.page

        def found() -> list[QPushButton]:
            return [each for each in top.findChildren(QPushButton) if each.text() == text and each.isVisible()]

        self.qtbot.waitUntil(lambda: bool(found()), timeout=WAIT)
        self.qtbot.mouseClick(found()[0], Qt.MouseButton.LeftButton)

    def fill(self, server: Server, path: str, password: str | None = None) -> None:
        """Fill in what has no default."""
        self.enter("host", f"127.0.0.1:{server.port}")
        self.enter("user", server.user)
        self.enter("password", server.password if password is None else password)
        self.enter("path", path)

    def dialog(self, kind: type[D]) -> D:
        """The dialog over the window, once it is there."""
        self.qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind), timeout=WAIT)
        found = QApplication.activeModalWidget()
        assert isinstance(found, kind)
        return found

    def trust(self) -> None:
        """Accept the key of a server met for the first time."""
        self.dialog(NewHostKeyDialog)
        self.click("trust")

    def configure(self, server: Server, path: str) -> None:
        """From an empty form to saved settings."""
        self.fill(server, path)
        self.click("test_and_save")
        self.trust()
        self.wait_for("Tested and saved.")

    def show_all(self) -> None:
        """All settings in place of their summary."""
        if not self.page.summary.show_all.isChecked():
            self.click("show_all")
            QApplication.processEvents()  # all get their places

    def wait_for(self, text: str) -> None:
        """Until a notice says `text`, or how the export stands is that."""
        self.qtbot.waitUntil(lambda: text in self.said, timeout=WAIT)

    @property
    def said(self) -> str:
        """What is said of the export as a whole, and of what was done last."""
        page = self.page
        standing = page.standing.text if page.standing.isVisible() else ""
        return "\n".join((standing, page.problem.text, page.result.text))

    def wait_at(self, name: str, text: str) -> None:
        """Until the message of a field says `text`."""
        self.qtbot.waitUntil(lambda: text in self.message(name), timeout=WAIT)

    def message(self, name: str) -> str:
        """What is said below a field."""
        message = self.page.findChild(FieldMessage, f"{name}_message")
        assert message is not None
        return message.text

    def focus(self) -> str:
        """The name of the widget that has the focus."""
        return self._focused().objectName()

    def _focused(self) -> QWidget:
        widget = (QApplication.activeModalWidget() or self.window).focusWidget()
        assert widget is not None
        return widget
