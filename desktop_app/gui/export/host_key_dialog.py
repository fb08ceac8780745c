"""Whether to trust a server: its host key for the first time, or one that has changed."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.gui.widgets.dialog_size import grow_with_content
from desktop_app.gui.widgets.plain_label import PlainLabel, plain_labels
from desktop_app.gui.widgets.theme import GROUPS, set_role
from desktop_app.sftp.probe import HostKey


class _HostKeyDialog(QDialog):
    """A heading, what it means, fingerprints, and two buttons of which *Cancel* is the default."""

    def __init__(self, title: str, heading: str, text: str, trust: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("host_key_dialog")
        self.setWindowTitle(title)
        self.heading = _wrapped(heading)
        set_role(self.heading, "strong")
        self.keys = QFormLayout()
        self.keys.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.trust = QPushButton(trust)
        self.trust.setObjectName("trust")
        self.trust.setAutoDefault(False)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.addButton(self.trust, QDialogButtonBox.ButtonRole.ActionRole)
        self.trust.clicked.connect(self.accept)
        buttons.rejected.connect(self.reject)
        cancel = buttons.button(QDialogButtonBox.StandardButton.Cancel)
        cancel.setDefault(True)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(GROUPS, GROUPS, GROUPS, GROUPS)
        self.body.setSpacing(GROUPS // 2)
        self.body.addWidget(self.heading)
        self.body.addWidget(_wrapped(text))
        self.body.addLayout(self.keys)
        self.body.addWidget(buttons)
        cancel.setFocus()
        grow_with_content(self, self.body, 84)


class NewHostKeyDialog(_HostKeyDialog):
    """Shows the key of a server that is met for the first time; accepted when it is to be trusted."""

    def __init__(self, server: str, key: HostKey, parent: QWidget) -> None:
        super().__init__(
            self.tr("Host key"),
            self.tr("This is the first time that you connect to {server}.").format(server=server),
            self.tr(
                "Compare its fingerprint with the one that its administrator gave you, or that this command shows"
                " on the server:"
            ),
            self.tr("&Trust and continue"),
            parent,
        )
        self.keys.addRow(self.tr("Type"), _code(key.type, selectable=True))
        self.keys.addRow(self.tr("Fingerprint"), self._with_copy("copy_fingerprint", key.fingerprint))
        self.keys.addRow(self.tr("Command"), self._with_copy("copy_command", command_to_compare(key.type)))
        plain_labels(self)

    def _with_copy(self, name: str, text: str) -> QWidget:
        """A text, and a button that copies it."""
        button = QPushButton(self.tr("Copy"))
        button.setObjectName(name)
        button.setAccessibleName(self.tr("Copy {text}").format(text=text))
        button.setAutoDefault(False)
        set_role(button, "link")
        button.clicked.connect(lambda: QGuiApplication.clipboard().setText(text))
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(_code(text, selectable=True))
        layout.addWidget(button)
        layout.addStretch(1)
        return row


def command_to_compare(key_type: str) -> str:
    """What shows the fingerprint of a host key of a type such as `ssh-ed25519` on an OpenSSH server."""
    kind = next((each for each in ("ed25519", "ecdsa", "dsa") if each in key_type), "rsa")
    return f"ssh-keygen -lf /etc/ssh/ssh_host_{kind}_key.pub"


class ChangedHostKeyDialog(_HostKeyDialog):
    """Warns of another key than the accepted one. To trust it, its fingerprint must come from elsewhere."""

    def __init__(self, server: str, known: list[HostKey], key: HostKey, parent: QWidget) -> None:
        super().__init__(
            self.tr("The host key has changed"),
            self.tr("{server} has another host key than before.").format(server=server),
            self.tr(
                "Either it was set up again, or someone is in between and reads along. Nothing was sent."
                " Ask its administrator for the fingerprint of its host key before you go on."
            ),
            self.tr("&Trust the new key"),
            parent,
        )
        set_role(self.heading, "bad-strong")
        self._key = key
        for each in known:
            self.keys.addRow(self.tr("Until now"), _code(f"{each.type}\n{each.fingerprint}", selectable=True))
        # Not to be copied: what is typed below must come from the server's administrator.
        self.keys.addRow(self.tr("Now"), _code(f"{key.type}\n{key.fingerprint}", selectable=False))
        self.told = QLineEdit()
        self.told.setObjectName("told_fingerprint")
        self.told.setPlaceholderText("SHA256:…")
        self.told.setAccessibleName(self.tr("The fingerprint that the administrator gave you"))
        self.told.textChanged.connect(self._compare)
        self.verdict = _wrapped("")  # has its line also while empty: what is above never moves
        question = PlainLabel(self.tr("The &fingerprint that the administrator gave you:"))
        question.setBuddy(self.told)
        for place, widget in enumerate((question, self.told, self.verdict), start=3):
            self.body.insertWidget(place, widget)
        plain_labels(self)
        self._compare("")

    def _compare(self, told: str) -> None:
        same = told.strip() == self._key.fingerprint
        self.trust.setEnabled(same)
        set_role(self.verdict, "ok" if same else "bad" if told else "muted")
        self.verdict.setText(
            self.tr("✓ This is the key that the server has now.")
            if same
            else self.tr("✗ This is not the key that the server has now.")
            if told
            else ""
        )


def _wrapped(text: str) -> QLabel:
    label = PlainLabel(text)
    label.setWordWrap(True)
    return label


def _code(text: str, *, selectable: bool) -> QLabel:
    label = PlainLabel(text)
    label.setObjectName("code")
    label.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    if selectable:
        label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
    return label
