"""A strip across the page: what happened, what to do, and buttons for that."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from desktop_app.gui.widgets.button_row import ButtonRow, Choice
from desktop_app.gui.widgets.icon_label import IconLabel
from desktop_app.gui.widgets.plain_label import PlainLabel
from desktop_app.gui.widgets.speak import announce
from desktop_app.gui.widgets.theme import AROUND, BETWEEN, INSIDE, icon, set_role

_ICONS = {"ok": "check", "wait": "alert", "bad": "alert", "muted": "info"}


class Notice(QFrame):
    """Hidden while there is nothing to say. `kind` is the named colour: ok, wait, bad or muted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "notice")
        self._icon = IconLabel(self)
        self._title, self._text = PlainLabel(self), PlainLabel(self)
        for label in (self._title, self._text):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_role(self._title, "strong")
        self._close = QToolButton(self)
        self._close.setIcon(icon("cross", "muted"))
        self._close.setAutoRaise(True)
        self._close.setAccessibleName(self.tr("Close this message"))
        self._close.clicked.connect(self.hide)
        line = self._close.sizeHint().height()  # sign, title and button stand on one line
        self._icon.setFixedHeight(line)
        self._title.setMinimumHeight(line)
        self._buttons = ButtonRow(self)
        words = QVBoxLayout()
        words.setSpacing(INSIDE)
        words.addWidget(self._title)
        words.addWidget(self._text)
        words.addWidget(self._buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(AROUND, BETWEEN, BETWEEN, BETWEEN)
        layout.setSpacing(BETWEEN)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        layout.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    @property
    def text(self) -> str:
        """All that it says; empty while hidden."""
        return "" if self.isHidden() else "\n".join(filter(None, (self._title.text(), self._text.text())))

    @property
    def first_button(self) -> QWidget | None:
        """Where the keyboard goes here, if there is a choice."""
        return self._buttons.first

    def tell(
        self, kind: str, title: str, text: str = "", choices: Sequence[Choice] = (), *, stays: bool = False
    ) -> None:
        """Say something, also to screen readers; what stays has no button that closes it."""
        self._icon.show_icon(_ICONS[kind], kind)
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self._close.setVisible(not stays)
        self._buttons.set_choices(choices)
        is_news = self.isHidden() or self.property("told") != (title, text)
        self.setProperty("told", (title, text))
        self.show()
        if is_news:
            announce(self, " ".join(filter(None, (title, text))), urgent=kind == "bad")
