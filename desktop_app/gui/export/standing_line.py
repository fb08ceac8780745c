"""How the export stands, at the head of the page: a sentence, why, and buttons of which the first helps now."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.gui.export.stepper import Stepper
from desktop_app.gui.language import spoken
from desktop_app.gui.widgets.icon_label import IconLabel
from desktop_app.gui.widgets.plain_label import PlainLabel
from desktop_app.gui.widgets.speak import announce
from desktop_app.gui.widgets.theme import BETWEEN, INSIDE, set_role

if TYPE_CHECKING:
    from desktop_app.actions.first_steps import FirstSteps
    from desktop_app.actions.standing import Standing

_ICONS = {"ok": "check", "wait": "alert", "bad": "alert", "muted": "info"}


class StandingLine(QWidget):
    """Empty until it is told how the export stands. `helps`: the first button; `details`: see the run itself;
    `putOff`: a step of the first configuration is for later."""

    helps = Signal()
    details = Signal()
    putOff = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = IconLabel(self)
        self._sentence, self._why = PlainLabel(self), PlainLabel(self)
        for label in (self._sentence, self._why):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.help_now = QPushButton(self)
        self.help_now.setObjectName("help_now")
        self.help_now.clicked.connect(self.helps)
        self._details = QPushButton(self.tr("Details"), self)
        self._details.setObjectName("details")
        self._details.clicked.connect(self.details)
        self._later = QPushButton(self.tr("Later"), self)
        self._later.setObjectName("later")
        set_role(self._later, "link")
        self._later.clicked.connect(self.putOff)
        self._steps = Stepper(self)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(BETWEEN)
        self._buttons.addWidget(self.help_now)
        self._buttons.addWidget(self._details)
        self._buttons.addWidget(self._later)
        self._buttons.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(INSIDE)
        words.addWidget(self._steps)
        words.addWidget(self._sentence)
        words.addWidget(self._why)
        words.addSpacing(BETWEEN)
        words.addLayout(self._buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(BETWEEN)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        set_role(self._sentence, "headline-muted")
        set_role(self._icon, "headline")
        for widget in (self._icon, self._why, self.help_now, self._details, self._later):
            widget.hide()

    @property
    def text(self) -> str:
        """All that it says."""
        steps = "" if self._steps.isHidden() else self._steps.text
        return "\n".join(filter(None, (steps, self._sentence.text(), self._why.text())))

    def add_button(self, button: QWidget) -> None:
        """Put a button of the page behind the first one."""
        self._buttons.insertWidget(1, button)
        QWidget.setTabOrder(self.help_now, button)
        QWidget.setTabOrder(button, self._details)

    def show_standing(self, standing: "Standing", help_text: str, steps: "FirstSteps | None" = None) -> None:
        """Say it, also to screen readers where it is news. `help_text` is for the first button; none if empty.
        `steps`: the first configuration, while that lasts."""
        was = self.text
        self._icon.show_icon(_ICONS[standing.kind], standing.kind)
        self._icon.setVisible(steps is None)
        self._steps.show_steps(steps)
        self._later.setVisible(steps is not None)
        self._sentence.setText(spoken(standing.sentence))
        set_role(self._sentence, f"headline-{standing.kind}")
        self._why.setText(spoken(standing.detail))
        self._why.setVisible(bool(standing.detail))
        self.help_now.setText(help_text)
        self._details.setVisible(standing.is_failure)
        if was and was != self.text:
            announce(self, self.text.replace("\n", " "), urgent=standing.kind == "bad")
