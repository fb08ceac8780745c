"""The field of the password: hidden, with a button that shows what is typed."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from desktop_app.gui.widgets.theme import icon, show_locked

# As many for every password: their number tells nothing.
DOTS = "•" * 12


class PasswordEdit(QLineEdit):
    """Holds what is typed. A kept password never gets in here: locked, the field shows dots in its place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._locked = False
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self._show = QAction(icon("eye", "muted"), self.tr("Show the password"), self)
        self._show.setCheckable(True)
        self._show.toggled.connect(self._reveal)
        self.addAction(self._show, QLineEdit.ActionPosition.TrailingPosition)
        for button in self.findChildren(QToolButton):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setObjectName("show_password")
            button.setAccessibleName(self._show.text())

    def typed(self) -> str | None:
        """What is typed, or None where nothing is."""
        return None if self._locked else self.text() or None

    def lock(self, kept: bool) -> None:
        """Forget what was typed; show dots where a password is kept."""
        self._locked = True
        self.setText(DOTS if kept else "")
        self.setPlaceholderText("")
        self.freeze(True)

    def unlock(self, kept: bool) -> None:
        """Let a password be typed; where one is kept, an empty field leaves it as it is."""
        if self._locked:
            self.clear()
        self._locked = False
        self.setPlaceholderText(self.tr("unchanged") if kept else "")
        self.freeze(False)

    def freeze(self, frozen: bool) -> None:
        """Keep what is typed from being changed or shown, while it is being tested."""
        self.setReadOnly(frozen)
        self._show.setVisible(not frozen)
        show_locked(self, frozen)
        if frozen:
            self._show.setChecked(False)

    def _reveal(self, shown: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._show.setIcon(icon("eye-off" if shown else "eye", "muted"))
        self._show.setText(self.tr("Hide the password") if shown else self.tr("Show the password"))
