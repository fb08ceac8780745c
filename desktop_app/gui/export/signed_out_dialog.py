"""Whether the daily task runs also while its user is signed out of Windows, and what that means."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QRadioButton, QVBoxLayout, QWidget

from desktop_app.errors import UserError
from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.widgets.dialog_size import grow_with_content
from desktop_app.gui.widgets.field_message import FieldMessage
from desktop_app.gui.widgets.password_edit import PasswordEdit
from desktop_app.gui.widgets.plain_label import PlainLabel
from desktop_app.gui.widgets.theme import BETWEEN, GROUPS, INSIDE, set_role
from desktop_app.gui.worker import Tell, Worker
from desktop_app.settings.effective import load_settings
from desktop_app.settings.paths import Paths
from desktop_app.stop import Stop

if TYPE_CHECKING:
    from desktop_app.schedule.task_state import TaskState


class SignedOutDialog(QDialog):
    """Registers the task as chosen, tells it with `registered` (a TaskState), and closes; what Windows refuses is
    said here. The Windows password goes to the Task Scheduler, and nowhere else.
    """

    registered = Signal(object)

    def __init__(self, paths: Paths, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("signed_out_dialog")
        self.setWindowTitle(self.tr("When the daily export runs"))
        self._paths = paths
        self._worker = Worker(self)
        self._worker.failed.connect(self._tell_error)
        self._worker.ended.connect(self._update)
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(GROUPS, GROUPS, GROUPS, GROUPS)
        self._body.setSpacing(INSIDE)
        self._choice("run_signed_in", self.tr("Run &only while I am signed in"))
        self._explain(
            self.tr(
                "A night on which you are not signed in is missed. Nothing is lost: the next run also exports the "
                "days that were missed."
            )
        )
        self._signed_out = self._choice("run_signed_out", self.tr("Run &also while I am signed out"))
        self._explain(
            self.tr(
                "The export runs every night on which this computer is on. For that, Windows wants your password "
                "and keeps it; this program does not. When you change your password in Windows, type the new one "
                "here as well: until then, nights on which you are signed out are missed."
            )
        )
        label = PlainLabel(self.tr("Your &Windows password (not the PIN)"))
        self.password = PasswordEdit(self)
        self.password.setObjectName("windows_password")
        self.password.setAccessibleName(label.text().replace("&", ""))
        self.password.textChanged.connect(lambda _: self._on_typed())
        label.setBuddy(self.password)
        self.message = FieldMessage(self)
        self.message.set_field(self.password, grows=True)
        for widget in (label, self.password, self.message):
            self._body.addWidget(widget)
        self._add_buttons()
        self._signed_out.setChecked(True)
        self._signed_out.toggled.connect(lambda _: self._on_typed())
        grow_with_content(self, self._body, 84)
        self._update()
        self.password.setFocus()

    @called_by_qt
    def done(self, result: int) -> None:
        """Close, and tell nothing more of what is under way."""
        self._worker.forget()
        super().done(result)

    def _choice(self, name: str, text: str) -> QRadioButton:
        button = QRadioButton(text, self)
        button.setObjectName(name)
        self._body.addWidget(button)
        return button

    def _explain(self, text: str) -> None:
        label = PlainLabel(text)
        label.setWordWrap(True)
        label.setIndent(GROUPS)
        set_role(label, "muted")
        self._body.addWidget(label)
        self._body.addSpacing(BETWEEN)

    def _add_buttons(self) -> None:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._set_up = buttons.addButton(self.tr("&Set up"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._set_up.setObjectName("set_up_task")
        set_role(self._set_up, "primary")
        buttons.accepted.connect(self._register)
        buttons.rejected.connect(self.reject)
        self._body.addSpacing(BETWEEN)
        self._body.addWidget(buttons)
        self._set_up.setDefault(True)  # only once it is in the dialog, or Enter presses Cancel

    def _update(self) -> None:
        signed_out, busy = self._signed_out.isChecked(), self._worker.running
        self.password.setEnabled(signed_out and not busy)
        self._set_up.setEnabled(not busy and (not signed_out or bool(self.password.typed())))

    def _on_typed(self) -> None:
        self.message.clear()
        self._update()

    def _register(self) -> None:
        password = self.password.typed() or "" if self._signed_out.isChecked() else None

        def work(_stop: Stop, _tell: Tell) -> "TaskState":
            from desktop_app.schedule.daily_task import install_signed_in, install_signed_out

            settings = load_settings(self._paths)
            if password is None:
                return install_signed_in(settings, self._paths)
            return install_signed_out(settings, self._paths, password)

        self._worker.start(work, self._on_registered)
        self._update()

    def _on_registered(self, task: "TaskState") -> None:
        self.password.clear()
        self.registered.emit(task)
        self.accept()

    def _tell_error(self, error: UserError) -> None:
        self._update()
        self.message.show_error(error)
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)
