"""The steps of a first configuration, side by side."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop_app.gui.widgets.plain_label import PlainLabel
from desktop_app.gui.widgets.theme import BETWEEN, set_role

if TYPE_CHECKING:
    from desktop_app.actions.first_steps import FirstSteps


class Stepper(QWidget):
    """Hidden unless there are steps left. What is done has a tick in place of its number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = (self.tr("Server"), self.tr("Events from"), self.tr("Switch on"))
        self._labels = [PlainLabel(self) for _ in self._names]
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(BETWEEN)
        for label in self._labels:
            if label is not self._labels[0]:
                between = PlainLabel("›", self)
                set_role(between, "muted")
                layout.addWidget(between)
            layout.addWidget(label)
        layout.addStretch(1)
        self.hide()

    @property
    def text(self) -> str:
        """What it says, from left to right."""
        return " › ".join(label.text() for label in self._labels)

    def show_steps(self, steps: "FirstSteps | None") -> None:
        """Show how far they are."""
        self.setVisible(steps is not None)
        if not steps:
            return
        for number, (step, name, label) in enumerate(
            zip(type(steps.current), self._names, self._labels, strict=True)
        ):
            is_done, is_current = step in steps.done, step is steps.current
            label.setText(f"{'✓' if is_done else number + 1} {name}")
            set_role(label, "ok" if is_done else "strong" if is_current else "muted")
