"""The fields of a mailbox that failures are reported to."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from desktop_app.gui.widgets.choice_box import ChoiceBox
from desktop_app.gui.widgets.field_message import FieldMessage
from desktop_app.gui.widgets.password_edit import PasswordEdit
from desktop_app.gui.widgets.plain_label import PlainLabel
from desktop_app.gui.widgets.theme import BETWEEN, INSIDE
from desktop_app.notify.mail import Mail


class MailFields(QWidget):
    """A kept password never gets in here: left empty, it stays. `changed` tells that something was typed."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edits: dict[str, tuple[QWidget, FieldMessage]] = {}
        """Where each value is edited, and where is said what is wrong with it, by names as in `mail.server`."""
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * BETWEEN)
        self._grid.setVerticalSpacing(INSIDE)
        self._grid.setColumnStretch(1, 1)
        self._server = self._line("server", self.tr("Mail ser&ver"), "mail.example.com")
        self._security = ChoiceBox(self)
        for text, value in (
            (self.tr("STARTTLS (port 587)"), "starttls"),
            (self.tr("TLS (port 465)"), "tls"),
            (self.tr("not encrypted (port 25)"), "none"),
        ):
            self._security.addItem(text, value)
        self._security.currentIndexChanged.connect(lambda _: self.changed.emit())
        self._add("security", self.tr("&Encryption"), self._security)
        self._sender = self._line("sender", self.tr("&From"), "audit@example.com")
        self._recipients = self._line("recipients", self.tr("T&o"), "ann@example.com, bob@example.com")
        self._user = self._line("user", self.tr("&User"), "")
        self._password = PasswordEdit(self)
        self._add("password", self.tr("&Password"), self._password)
        self._password.textChanged.connect(lambda _: self._on_typed("password"))
        for line in (self._server, self._user):  # whose password it is
            line.textChanged.connect(lambda _: self._on_typed("password"))

    def show_kept(self, mail: Mail) -> None:
        """Show what is kept, whose password stays unless another is typed."""
        self._server.setText(mail.server)
        self._security.setCurrentIndex(self._security.findData(mail.security))
        self._sender.setText(mail.sender)
        self._recipients.setText(mail.recipients.replace(",", ", "))
        self._user.setText(mail.user)
        self._password.unlock(kept=bool(mail.user))
        self._password.clear()

    def mail(self) -> Mail:
        """What the fields say."""
        return Mail(
            server=self._server.text().strip(),
            security=self._security.currentData(),
            sender=self._sender.text().strip(),
            recipients=",".join(each.strip() for each in self._recipients.text().split(",")),
            user=self._user.text().strip(),
            password=self._password.typed() or "",
        )

    @property
    def is_begun(self) -> bool:
        """Whether anything is filled in."""
        return any(field.text().strip() for field in (self._server, self._sender, self._recipients, self._user))

    def _line(self, name: str, text: str, example: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setPlaceholderText(example)
        self._add(name, text, field)
        field.textChanged.connect(lambda _: self._on_typed(name))
        return field

    def _add(self, name: str, text: str, field: QWidget) -> None:
        field.setObjectName(f"mail_{name}")
        label = PlainLabel(text, self)
        label.setBuddy(field)
        field.setAccessibleName(text.replace("&", ""))
        message = FieldMessage(self)
        message.set_field(field, grows=True)
        self.edits[f"mail.{name}"] = field, message
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(field)
        column.addWidget(message)
        row = self._grid.rowCount()
        label.setFixedHeight(field.sizeHint().height())
        self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addLayout(column, row, 1)

    def _on_typed(self, name: str) -> None:
        _, message = self.edits[f"mail.{name}"]
        message.clear()
        self.changed.emit()
