"""Buttons side by side, for one message after the other."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop_app.gui.widgets.theme import BETWEEN, set_role

# A button's text, and what it does.
Choice = tuple[str, Callable[[], object]]


class ButtonRow(QWidget):
    """Hidden while there is no button."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(BETWEEN)
        self._layout.addStretch()
        self._made: list[QPushButton] = []
        self._does: list[Callable[[], object]] = []
        self.hide()

    @property
    def first(self) -> QPushButton | None:
        """The first button, if there is any."""
        return self._made[0] if self._made else None

    @property
    def buttons(self) -> tuple[QPushButton, ...]:
        """All of them."""
        return tuple(self._made)

    def set_choices(self, choices: Sequence[Choice], *, as_links: bool = False) -> None:
        """Show these buttons, and no others; as links they stand back."""
        self._does = [do for _, do in choices]
        if [button.text() for button in self._made] == [label for label, _ in choices]:
            return  # one of them may have the focus
        for button in self._made:
            self._layout.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._made = []
        for place, (label, _) in enumerate(choices):
            button = QPushButton(label, self)
            if as_links:
                set_role(button, "link")
            button.clicked.connect(lambda _=False, place=place: self._does[place]())
            self._layout.insertWidget(len(self._made), button)
            before = self._made[-1] if self._made else self.previousInFocusChain() or self
            self.setTabOrder(before, button)  # a new button would come last in the window
            self._made.append(button)
        self.setVisible(bool(choices))
