"""Choosing the folder on the server: its folders are listed as the user that logs in sees them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.errors import UserError
from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.sources.host_key_flow import HostKeyFlow
from desktop_app.gui.widgets.dialog_size import grow_with_content
from desktop_app.gui.widgets.field_message import FieldMessage
from desktop_app.gui.widgets.plain_label import PlainLabel
from desktop_app.gui.widgets.theme import BETWEEN, GROUPS, icon, set_role
from desktop_app.gui.worker import Tell, Work, Worker
from desktop_app.settings.model import ServerSettings
from desktop_app.settings.paths import Paths
from desktop_app.stop import Stop

if TYPE_CHECKING:
    from desktop_app.actions.browse_server import ServerFolder

_HOME = ""


class BrowseDialog(QDialog):
    """`chosen` is the folder that was shown when the dialog was accepted. Nothing is saved but a host key that was
    trusted, as in a test."""

    def __init__(self, server: ServerSettings, paths: Paths, password: str | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("browse_dialog")
        self.setWindowTitle(self.tr("Folders on the server"))
        self._server, self._paths, self._password = server, paths, password
        self._folder: ServerFolder | None = None
        self._wanted = server.path
        self._worker = Worker(self)
        self._worker.failed.connect(self._show_error)
        self._worker.ended.connect(self._update)
        self._host_key = HostKeyFlow(paths, self)
        self._host_key.trusted.connect(lambda: self._look(self._wanted))
        self._host_key.failed.connect(self._show_error)
        self._build()
        self.finished.connect(self._end)
        self._look(server.path)

    @property
    def chosen(self) -> str:
        """The full path on the server; empty before anything was listed."""
        return self._folder.path if self._folder else ""

    @called_by_qt
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens a folder, or makes one; only on a button of the dialog's end is it that button."""
        focused = self.focusWidget()
        ends = isinstance(focused, QPushButton) and focused.autoDefault()
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or ends:
            super().keyPressEvent(event)

    def _build(self) -> None:
        self._path = PlainLabel(self)
        self._path.setWordWrap(True)
        set_role(self._path, "strong")
        self._list = QListWidget(self)
        self._list.setObjectName("folders")
        self._list.setAccessibleName(self.tr("Folders"))
        self._list.itemActivated.connect(self._enter)
        self._none = PlainLabel(self.tr("There are no folders in here."))
        set_role(self._none, "muted")
        QVBoxLayout(self._list.viewport()).addWidget(self._none, 0, Qt.AlignmentFlag.AlignCenter)
        self._none.hide()
        self._up = self._button("folder_above", self.tr("&Up"))
        self._up.clicked.connect(lambda: self._look(self._folder.above if self._folder else _HOME))
        self._home = self._button("home_folder", self.tr("My &home folder"))
        self._home.clicked.connect(lambda: self._look(_HOME))
        self._name = QLineEdit(self)
        self._name.setObjectName("new_folder_name")
        self._name.setPlaceholderText(self.tr("Name of a new folder"))
        self._name.setAccessibleName(self.tr("Name of a new folder"))
        self._name.textChanged.connect(self._update)
        self._create = self._button("create_folder", self.tr("&Create"))
        self._create.clicked.connect(self._make)
        self._name.returnPressed.connect(self._create.click)
        self.message = FieldMessage(self)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._use = QPushButton(self.tr("Use &this folder"))
        self._use.setObjectName("use_folder")
        set_role(self._use, "primary")
        buttons.addButton(self._use, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        body = QVBoxLayout(self)
        body.setContentsMargins(GROUPS, GROUPS, GROUPS, GROUPS)
        body.setSpacing(BETWEEN)
        body.addWidget(self._path)
        body.addLayout(_row(self._up, self._home, None))
        body.addWidget(self._list, 1)
        body.addLayout(_row(self._name, self._create))
        body.addWidget(self.message)
        body.addWidget(buttons)
        self._list.setMinimumHeight(self.fontMetrics().height() * 12)
        grow_with_content(self, body, 70)

    def _button(self, name: str, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAutoDefault(False)
        return button

    def _look(self, path: str) -> None:
        self._wanted = path

        def work(stop: Stop, _tell: Tell) -> "ServerFolder":
            from desktop_app.actions.browse_server import look_into

            return look_into(self._server, self._paths, path, self._password, stop)

        self._start(work)

    def _make(self) -> None:
        folder, name = self._folder, self._name.text().strip()
        if not folder or not name:
            return

        def work(stop: Stop, _tell: Tell) -> "ServerFolder":
            from desktop_app.actions.browse_server import make_folder

            return make_folder(self._server, self._paths, folder.path, name, self._password, stop)

        self._start(work)

    def _start(self, work: Work) -> None:
        if self._worker.start(work, self._show):
            self.message.clear()
            self._path.setText(self.tr("Looking …"))
            self._update()

    def _enter(self, item: QListWidgetItem) -> None:
        if self._folder and not self._worker.running:
            self._look(f"{self._folder.path.rstrip('/')}/{item.text()}")

    def _show(self, folder: "ServerFolder") -> None:
        self._folder = folder
        self._name.clear()
        self._list.clear()
        for name in folder.folders:
            self._list.addItem(QListWidgetItem(icon("folder"), name))
        self._none.setVisible(not folder.folders)
        if folder.folders:
            self._list.setCurrentRow(0)
        self._list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_error(self, error: UserError) -> None:
        from desktop_app.sftp.errors import HostKeyChanged, HostKeyUnknown

        if (
            isinstance(error, HostKeyUnknown | HostKeyChanged)
            and self._folder is None
            and not self.message.is_error
        ):
            self.message.show_error(error)
            self._host_key.ask(self._server)
            return
        self.message.show_error(error)
        if error.field != "server.path":  # another try might count as another wrong password
            self._folder = None
            self._list.clear()
            for widget in (self._up, self._home, self._none, self._name, self._create):
                widget.hide()

    def _update(self) -> None:
        free = not self._worker.running
        self._home.setEnabled(free)
        self._up.setEnabled(free and self._folder is not None)
        self._use.setEnabled(free and self._folder is not None)
        name = self._name.text().strip()
        self._name.setEnabled(self._folder is not None)
        self._create.setEnabled(free and self._folder is not None and bool(name) and "/" not in name)
        if free:
            self._path.setText(self.chosen)

    def _end(self) -> None:
        self._worker.end()
        self._host_key.end()


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    """Side by side; None for what takes the rest."""
    row = QHBoxLayout()
    row.setSpacing(BETWEEN)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return row
