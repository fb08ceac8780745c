"""The field of the password: hidden, with a button that shows what is typed."""

from PySide6.QtCore import QEvent, QMargins, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.widgets.theme import INSIDE, icon, show_locked

# As many for every password: their number tells nothing.
DOTS = "•" * 12
_KEYS = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease)


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
        # Not an action of the field: the button that Qt makes of one never shows that it has the focus.
        self._show = QToolButton(self)
        self._show.setObjectName("show_password")
        self._show.setCheckable(True)
        self._show.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._show.setCursor(Qt.CursorShape.ArrowCursor)
        self._show.toggled.connect(self._reveal)
        self._reveal(False)

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

    @called_by_qt
    def event(self, event: QEvent) -> bool:
        """Take no key that the button had and left: Qt passes that on to what the button is in."""
        if event.type() in _KEYS and self._show.hasFocus():
            event.ignore()
            return False
        return super().event(event)

    @called_by_qt
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.contentsRect()
        size = self._show.sizeHint().boundedTo(room.size().shrunkBy(QMargins(INSIDE, INSIDE, INSIDE, INSIDE)))
        left = room.right() - size.width() - INSIDE
        self._show.setGeometry(left, room.center().y() - size.height() // 2, size.width(), size.height())
        self.setTextMargins(0, 0, size.width() + INSIDE, 0)

    def _reveal(self, shown: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._show.setIcon(icon("eye-off" if shown else "eye", "muted"))
        does = self.tr("Hide the password") if shown else self.tr("Show the password")
        self._show.setToolTip(does)
        self._show.setAccessibleName(does)
