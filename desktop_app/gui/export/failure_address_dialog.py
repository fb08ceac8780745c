"""The mailbox, web hook or chat that is told of failed exports: set, tried, removed."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.errors import UserError
from desktop_app.gui.language import spoken
from desktop_app.gui.widgets.field_message import FieldMessage
from desktop_app.gui.widgets.notice import Notice
from desktop_app.gui.widgets.password_edit import PasswordEdit
from desktop_app.gui.widgets.plain_label import PlainLabel
from desktop_app.gui.widgets.theme import BETWEEN, GROUPS, set_role
from desktop_app.gui.worker import Done, Tell, Work, Worker
from desktop_app.settings.paths import Paths
from desktop_app.stop import Stop

if TYPE_CHECKING:
    from desktop_app.secrets.keeper import Protection


class FailureAddressDialog(QDialog):
    """What is typed is kept once it took a message. The field never shows what is kept: it holds a secret."""

    def __init__(self, paths: Paths, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("When an export fails"))
        self._paths = paths
        self._worker = Worker(self)
        self._worker.failed.connect(self._tell_error)
        self._worker.ended.connect(self._update)
        explains = PlainLabel(
            self.tr(
                "A failed daily export shows on this desktop, once for each cause. It can also tell a mailbox, "
                "a web hook or a chat, by its address for apprise."
            )
        )
        explains.setWordWrap(True)
        label = PlainLabel(self.tr("&Address"))
        self.address = PasswordEdit(self)
        self.address.setObjectName("failure_address")
        self.address.setPlaceholderText("mailto://user:password@mail.example.com")
        self.address.setAccessibleName(label.text().replace("&", ""))
        label.setBuddy(self.address)
        self.message = FieldMessage(self)
        self.notice = Notice(self)
        examples = PlainLabel(
            "mailto://user:password@mail.example.com\njsons://example.com/hook\nslack://token/channel"
        )
        examples.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_role(examples, "hint")
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
        body = QVBoxLayout(self)
        body.setContentsMargins(GROUPS, GROUPS, GROUPS, GROUPS)
        body.setSpacing(BETWEEN)
        for widget in (explains, label, self.address, self.message, examples, self.notice):
            body.addWidget(widget)
        body.addSpacing(BETWEEN)
        body.addLayout(buttons)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 84)
        self.address.textChanged.connect(lambda _: self._on_typed())
        self._kept: str | None = None
        self._look()
        self._update()

    def done(self, result: int) -> None:
        """Close, and tell nothing more of what is under way; an address that is still being tried isn't kept."""
        self._worker.forget()
        super().done(result)

    def _button(self, name: str, text: str, do: Callable[[], object]) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: do())
        return button

    def _update(self) -> None:
        busy = self._worker.running
        for button in (self._remove, self._send):
            button.setVisible(self._kept is not None)
            button.setEnabled(not busy)
        self._save.setEnabled(not busy and bool(self.address.typed()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        """Grow with what is said: a layout asks for no more height by itself where texts wrap."""
        if body := self.layout():
            self.setMinimumHeight(body.totalHeightForWidth(self.width()))

    def _on_typed(self) -> None:
        self.message.clear()
        self._update()

    def _look(self) -> None:
        def work(_stop: Stop, _tell: Tell) -> str | None:
            from desktop_app.notify.address import shown_address

            return shown_address(self._paths)

        self._worker.replace(work, self._show_kept)

    def _show_kept(self, kept: str | None) -> None:
        self._kept = kept
        note = self.tr("Told now: {address}").format(address=kept) if kept else ""
        self.message.set_note(note)

    def _on_save(self) -> None:
        url = (self.address.typed() or "").strip()

        def work(stop: Stop, _tell: Tell) -> "tuple[Protection, str | None]":
            from desktop_app.actions.failure_address import keep_tried_address
            from desktop_app.notify.address import shown_address

            # Who closed the dialog meanwhile doesn't want it kept.
            return keep_tried_address(self._paths, url, stop), shown_address(self._paths)

        def done(saved: "tuple[Protection, str | None]") -> None:
            protection, kept = saved
            self.address.clear()
            self._show_kept(kept)
            where = self.tr("It is in {place}.").format(place=spoken(protection.name))
            self.notice.tell("ok", self.tr("A message was sent, and the address saved."), where)

        self.notice.tell("muted", self.tr("Sending a message …"), stays=True)
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
            self._show_kept(None)
            self.notice.tell("muted", self.tr("The address is removed."))

        self._do(work, done)

    def _do(self, work: Work, done: Done) -> None:
        self._worker.start(work, done)
        self._update()

    def _tell_error(self, error: UserError) -> None:
        self.notice.hide()
        self.message.show_error(error)
        self.address.setAccessibleDescription(self.message.text.replace("\n", " "))
        self.address.setFocus(Qt.FocusReason.OtherFocusReason)
