"""How the form logs in: with a password, a key in a file, or an SSH agent; each has rows of its own."""

from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QPushButton, QWidget

from desktop_app.errors import BadSetting
from desktop_app.gui.widgets.choice_box import ChoiceBox
from desktop_app.gui.widgets.password_edit import PasswordEdit
from desktop_app.secrets.login_secret import login_account
from desktop_app.settings.model import ServerSettings
from desktop_app.wording import Said

_Widget = TypeVar("_Widget", bound=QWidget)


class LoginRows(QObject):
    """Works on the widgets of `page`: `auth`, `key_file` and the row of the password, which is that of the
    passphrase where the login is by key."""

    def __init__(self, page: QWidget, password: PasswordEdit) -> None:
        super().__init__(page)
        self._page = page
        self._password = password
        auth = self._part(ChoiceBox, "auth")
        self._key_file = self._part(QLineEdit, "key_file")
        self._choose = self._part(QPushButton, "choose_key_file")
        for text, name in (
            (self.tr("Password"), "password"),
            (self.tr("SSH key in a file"), "key"),
            (self.tr("SSH agent"), "agent"),
        ):
            auth.addItem(text, name)
        self._choose.clicked.connect(self._choose_file)

    def show_for(self, auth: str, *, locked: bool) -> None:
        """Show what a way to log in needs."""
        for name in ("key_file_label", "key_file"):
            self._part(QWidget, name).setVisible(auth != "password")
        self._choose.setVisible(auth != "password" and not locked and not self._key_file.isReadOnly())
        for name in ("password_label", "password"):
            self._part(QWidget, name).setVisible(auth != "agent")
        label = self._part(QLabel, "password_label")
        text, meaning = _words(auth)
        label.setText(text)
        self._password.setAccessibleName(text.replace("&", ""))
        self._password.setAccessibleDescription(meaning)

    def _choose_file(self) -> None:
        dialog = QFileDialog(self._page, self.tr("Choose the private key"), str(Path.home() / ".ssh"))
        dialog.setObjectName("key_file_dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._key_file.setText)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _part(self, kind: type[_Widget], name: str) -> _Widget:
        part = self._page.findChild(kind, name)
        assert part is not None, name
        return part


def _words(auth: str) -> tuple[str, str]:
    """The label of the secret, and what it is."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("ExportPage", text)

    if auth == "key":
        return tr("Passp&hrase"), tr("The passphrase of the key; empty where it has none.")
    return tr("Pass&word"), tr("The password of the user on the server.")


def account_of(server: ServerSettings) -> object:
    """What a kept secret belongs to; two that are equal have one secret."""
    try:
        return login_account(server)
    except BadSetting:
        return server.auth, server.user, server.host, server.key_file


def missing_secret(kept: bool | None, saved: ServerSettings, now: ServerSettings) -> BadSetting | None:
    """What is wrong where no password was typed: `kept` is whether there is one for `saved`, None if not known."""
    if now.auth != "password":
        return None
    if account_of(now) != account_of(saved):
        is_of_another = kept and saved.auth == "password" and bool(saved.host)
        said = Said("The password that is kept is of another user or server.")
        return BadSetting(said if is_of_another else Said("This is needed."), field="server.password")
    return BadSetting(Said("This is needed."), field="server.password") if kept is False else None
