"""What is wrong with a field, or worth knowing about it: below the field, with a button for the likely cure."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.errors import UserError
from desktop_app.gui.language import spoken
from desktop_app.gui.widgets.button_row import ButtonRow, Choice
from desktop_app.gui.widgets.icon_label import IconLabel
from desktop_app.gui.widgets.plain_label import PlainLabel
from desktop_app.gui.widgets.theme import INSIDE, set_role, show_wrong


class FieldMessage(QWidget):
    """Hidden while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = IconLabel(self)
        self._text = PlainLabel(self)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._buttons = ButtonRow(self)
        words = QVBoxLayout()
        words.setSpacing(INSIDE)
        words.addWidget(self._text)
        words.addWidget(self._buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, INSIDE)
        layout.setSpacing(INSIDE)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        self._field: QWidget | None = None
        self._note = ""
        self._note_choices: tuple[Choice, ...] = ()
        self.hide()

    @property
    def text(self) -> str:
        """What it says; empty while hidden."""
        return "" if self.isHidden() else self._text.text()

    @property
    def is_error(self) -> bool:
        """Whether it says that something is wrong."""
        return not self.isHidden() and self._text.text() != self._note

    def set_field(self, field: QWidget) -> None:
        """The field that it is about: it has a red frame while something is wrong."""
        self._field = field

    def set_note(self, note: str, *choices: Choice) -> None:
        """What is worth knowing of the field, whenever nothing is wrong with it; empty for nothing."""
        if (note, [text for text, _ in choices]) == (self._note, [text for text, _ in self._note_choices]):
            return  # a button that has the focus stays
        was_error, self._note, self._note_choices = self.is_error, note, choices
        if not was_error:
            self.clear()

    def show_error(self, error: UserError, *cures: Choice) -> None:
        """Say what happened and what to do, with a button for each cure."""
        self._show("alert", "bad", "\n".join(filter(None, (spoken(error.message), spoken(error.hint)))), cures)

    def clear(self) -> None:
        """Nothing is wrong: go back to the note."""
        if self._note:
            self._show("info", "muted", self._note, self._note_choices)
        else:
            self.hide()
            self._frame(False)

    def _frame(self, wrong: bool) -> None:
        if self._field:
            show_wrong(self._field, wrong)

    def _show(self, icon_name: str, color_name: str, text: str, cures: tuple[Choice, ...]) -> None:
        self._icon.show_icon(icon_name, color_name)
        set_role(self._text, color_name)
        self._text.setText(text)
        self._buttons.set_choices(cures, as_links=text == self._note)
        self._frame(color_name == "bad")
        self.show()
