"""Who hears of failed exports: a mailbox, a web hook or a chat, and a monitor; set, tried, removed."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.errors import BadSetting, UserError
from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.export.mail_fields import MailFields
from desktop_app.gui.language import spoken
from desktop_app.gui.widgets.dialog_size import grow_with_content
from desktop_app.gui.widgets.field_message import FieldMessage
from desktop_app.gui.widgets.notice import Notice
from desktop_app.gui.widgets.password_edit import PasswordEdit
from desktop_app.gui.widgets.plain_label import PlainLabel
from desktop_app.gui.widgets.speak import announce
from desktop_app.gui.widgets.theme import BETWEEN, GROUPS, set_role
from desktop_app.gui.worker import Done, Tell, Work, Worker
from desktop_app.notify.mail import Mail
from desktop_app.settings.model import NotifySettings
from desktop_app.settings.paths import Paths
from desktop_app.stop import Stop

if TYPE_CHECKING:
    from desktop_app.actions.failure_address import Reports


class FailureAddressDialog(QDialog):
    """What is typed is kept once it took a message. The field never shows what is kept: it holds a secret."""

    def __init__(self, paths: Paths, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Report failures"))
        self._paths = paths
        self._kept: Reports | None = None
        self._worker = Worker(self)
        self._worker.failed.connect(self._tell_error)
        self._worker.ended.connect(self._update)
        explains = PlainLabel(
            self.tr(
                "A failed daily export shows on this desktop while you are signed in. Choose who else gets a "
                "message that says which computer it is, what happened and what to do."
            )
        )
        explains.setWordWrap(True)
        self._by_mail = self._choice("report_by_mail", self.tr("By &mail"))
        self._by_address = self._choice("report_by_address", self.tr("To a &web hook or a chat"))
        self.mail = MailFields(self)
        self._other = QWidget(self)
        self.address = self._address_field(self._other)
        self.message = FieldMessage(self)
        """What is kept now, and what is wrong with no single field."""
        self.weekly = QCheckBox(self.tr("Also report each week while &all is well"), self)
        self.weekly.setObjectName("report_weekly")
        ping_label = PlainLabel(self.tr("P&ing a monitor after each daily run"))
        self.ping = QLineEdit(self)
        self.ping.setObjectName("ping_url")
        self.ping.setPlaceholderText("https://hc-ping.com/…")
        self.ping.setAccessibleName(ping_label.text().replace("&", ""))
        ping_label.setBuddy(self.ping)
        self.ping_message = FieldMessage(self)
        self.ping_message.set_field(self.ping, grows=True)
        self._edits: dict[str, tuple[QWidget, FieldMessage]] = {
            **self.mail.edits,
            "notify.address": (self.address, self.address_message),
            "notify.ping_url": (self.ping, self.ping_message),
        }
        self.notice = Notice(self)
        body = QVBoxLayout(self)
        body.setContentsMargins(GROUPS, GROUPS, GROUPS, GROUPS)
        body.setSpacing(BETWEEN)
        ways = QHBoxLayout()
        ways.setSpacing(GROUPS)
        for button in (self._by_mail, self._by_address):
            ways.addWidget(button)
        ways.addStretch(1)
        body.addWidget(explains)
        body.addSpacing(BETWEEN)
        body.addLayout(ways)
        for widget in (self.mail, self._other, self.message):
            body.addWidget(widget)
        body.addSpacing(BETWEEN)
        for widget in (self.weekly, ping_label, self.ping, self.ping_message, self.notice):
            body.addWidget(widget)
        body.addSpacing(BETWEEN)
        body.addStretch(1)  # for what is shown less
        body.addLayout(self._buttons())
        grow_with_content(self, body, 84)
        self._by_mail.setChecked(True)
        self._show_way()
        self.address.textChanged.connect(lambda _: self.address_message.clear())
        self.ping.textChanged.connect(lambda _: self.ping_message.clear())
        for changed in (self.mail.changed, self.address.textChanged, self.ping.textChanged, self.weekly.toggled):
            changed.connect(lambda *_: self._on_typed())
        self._by_mail.toggled.connect(lambda _: self._show_way())
        self._look()
        self._update()

    @called_by_qt
    def done(self, result: int) -> None:
        """Close, and tell nothing more of what is under way; an address that is still being tried isn't kept."""
        self._worker.forget()
        super().done(result)

    def _choice(self, name: str, text: str) -> QRadioButton:
        button = QRadioButton(text, self)
        button.setObjectName(name)
        return button

    def _address_field(self, place: QWidget) -> PasswordEdit:
        label = PlainLabel(self.tr("A&ddress, as Apprise writes it"))
        field = PasswordEdit(place)
        field.setObjectName("failure_address")
        field.setPlaceholderText("jsons://example.com/hook")
        field.setAccessibleName(label.text().replace("&", ""))
        label.setBuddy(field)
        examples = PlainLabel("jsons://example.com/hook\nslack://token/channel\nmsteams://team/token")
        examples.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_role(examples, "hint")
        self.address_message = FieldMessage(place)
        self.address_message.set_field(field, grows=True)
        body = QVBoxLayout(place)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(BETWEEN)
        for widget in (label, field, self.address_message, examples):
            body.addWidget(widget)
        return field

    def _buttons(self) -> QHBoxLayout:
        self._remove = self._button("remove_address", self.tr("&Remove"), self._on_remove)
        self._send = self._button("send_test", self.tr("Send a &test"), self._on_send)
        self._close = self._button("close_dialog", self.tr("&Close"), self.accept)
        self._save = self._button("test_and_keep", self.tr("Test and &save"), self._on_save)
        set_role(self._save, "primary")
        self._save.setDefault(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(BETWEEN)
        for button in (self._remove, self._send):
            buttons.addWidget(button)
        buttons.addStretch(1)
        for button in (self._close, self._save):
            buttons.addWidget(button)
        return buttons

    def _button(self, name: str, text: str, do: Callable[[], object]) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: do())
        return button

    def _show_way(self) -> None:
        by_mail = self._by_mail.isChecked()
        self.mail.setVisible(by_mail)
        self._other.setVisible(not by_mail)
        self._on_typed()

    def _update(self) -> None:
        busy = self._worker.running
        for button in (self._remove, self._send):
            button.setVisible(bool(self._kept and self._kept.address))
        self._remove.setEnabled(not busy)
        self._send.setEnabled(not busy and self._wanted() is None)  # to what is kept, not to what is typed
        self._save.setEnabled(not busy and (self._wanted() is not None or self._settings_changed()))

    def _wanted(self) -> Mail | str | None:
        """Where failures are to be reported to, if that is another place than before."""
        if self._by_address.isChecked():
            return (self.address.typed() or "").strip() or None
        mail = self.mail.mail()
        return mail if self.mail.is_begun and (self._kept is None or mail != self._kept.mail) else None

    def _settings(self) -> NotifySettings:
        return NotifySettings(weekly=self.weekly.isChecked(), ping_url=self.ping.text().strip())

    def _settings_changed(self) -> bool:
        return self._kept is not None and self._settings() != self._kept.settings

    def _on_typed(self) -> None:
        self.message.clear()
        self._update()

    def _look(self) -> None:
        def work(_stop: Stop, _tell: Tell) -> "Reports":
            from desktop_app.actions.failure_address import reports

            return reports(self._paths)

        self._worker.replace(work, self._show_first)

    def _show_first(self, kept: "Reports") -> None:
        """Show what is kept, unless somebody was faster in typing."""
        if kept.mail and not self.mail.is_begun:
            self.mail.show_kept(kept.mail)
        elif kept.address and not self.mail.is_begun:
            self._by_address.setChecked(True)
        self.weekly.setChecked(kept.settings.weekly)
        self.ping.setText(self.ping.text() or kept.settings.ping_url)
        for key, widget in (("notify.weekly", self.weekly), ("notify.ping_url", self.ping)):
            widget.setEnabled(key not in kept.fixed)
        self._show_kept(kept)

    def _show_kept(self, kept: "Reports") -> None:
        self._kept = kept
        note = self.tr("Reports go to {address} now.").format(address=kept.address) if kept.address else ""
        self.message.set_note(note)
        self._update()

    def _on_save(self) -> None:
        to, settings = self._wanted(), self._settings()
        for _, message in self._edits.values():
            message.clear()

        def work(stop: Stop, _tell: Tell) -> "Reports | list[BadSetting]":
            from desktop_app.actions.failure_address import keep_reports, report_problems

            # Who closed the dialog meanwhile doesn't want it kept.
            return report_problems(self._paths, to, settings) or keep_reports(self._paths, to, settings, stop)

        def done(kept: "Reports | list[BadSetting]") -> None:
            if isinstance(kept, list):
                self._tell_problems(kept)
                return
            self.address.clear()
            if kept.mail:
                self.mail.show_kept(kept.mail)
            self._show_kept(kept)
            self.notice.tell("ok", self.tr("A message was sent. Saved.") if to else self.tr("Saved."))

        self.notice.tell("muted", self.tr("Sending a message …") if to else self.tr("Saving …"), stays=True)
        self._do(work, done)

    def _on_send(self) -> None:
        def work(_stop: Stop, _tell: Tell) -> None:
            from desktop_app.notify.address import try_address

            try_address(self._paths)

        self.notice.tell("muted", self.tr("Sending a message …"), stays=True)
        self._do(work, lambda _: self.notice.tell("ok", self.tr("A message was sent.")))

    def _on_remove(self) -> None:
        def work(_stop: Stop, _tell: Tell) -> None:
            from desktop_app.notify.address import remove_address

            remove_address(self._paths)

        def done(_: object) -> None:
            if self._kept:
                self._show_kept(structs.replace(self._kept, address=None, mail=None))
            self.notice.tell("muted", self.tr("The address is removed."))

        self._do(work, done)

    def _do(self, work: Work, done: Done) -> None:
        self._worker.start(work, done)
        self._update()

    def _tell_error(self, error: UserError) -> None:
        self._tell_problems([error])

    def _tell_problems(self, problems: Sequence[UserError]) -> None:
        """Say each at its field, where the focus goes to the first."""
        self.notice.hide()
        for problem in reversed(problems):
            field, message = self._place_of(problem)
            message.show_error(problem)
            if field:
                field.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, " ".join(f"{spoken(each.message)} {spoken(each.hint)}" for each in problems), urgent=True)

    def _place_of(self, problem: UserError) -> tuple[QWidget | None, FieldMessage]:
        """The field that a problem is about, if it is about a single one, and where it is shown."""
        is_typed = self._by_address.isChecked() and self.address.typed()
        if problem.field in self._edits and (is_typed or problem.field != "notify.address"):
            return self._edits[problem.field]
        return None, self.message
