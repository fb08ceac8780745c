"""What is wrong with a field, or worth knowing about it: below the field, with a button for the likely cure."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.errors import UserError
from desktop_app.gui.language import spoken
from desktop_app.gui.widgets.button_row import ButtonRow, Choice
from desktop_app.gui.widgets.icon_label import IconLabel
from desktop_app.gui.widgets.plain_label import PlainLabel
from desktop_app.gui.widgets.theme import INSIDE, set_role, show_wrong

_FOLLOWED = (QEvent.Type.ShowToParent, QEvent.Type.HideToParent)


class FieldMessage(QWidget):
    """A line, seen as long as its field is, so that nothing below moves when there is something to say. It has the
    height of its hint or note also while an error takes their place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = IconLabel(self)
        self._room, self._text = PlainLabel(" ", self), PlainLabel(self)
        for label in (self._text, self._room):
            label.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        policy = self._room.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._room.setSizePolicy(policy)
        self._buttons = ButtonRow(self)
        said = QGridLayout()
        for label in (self._text, self._room):
            said.addWidget(label, 0, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(INSIDE)
        words.addLayout(said)
        words.addWidget(self._buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, INSIDE // 2, 0, INSIDE)
        layout.setSpacing(INSIDE)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        self._field: QWidget | None = None
        self._wrong = False
        self._hint = self._note = ""
        self._note_choices: tuple[Choice, ...] = ()
        self.clear()

    @property
    def text(self) -> str:
        """What it says of the value that the field has now: an error, or a note."""
        return "" if self._text.isHidden() else self._text.text()

    @property
    def is_error(self) -> bool:
        """Whether it says that something is wrong."""
        return self._wrong

    def set_field(self, field: QWidget) -> None:
        """The field that it is about: it has a red frame while something is wrong, and is not always shown."""
        self._field = field
        field.installEventFilter(self)
        self.setHidden(field.isHidden())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _FOLLOWED and self._field:
            self.setHidden(self._field.isHidden())
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Keep the height that the text needs at this width: some layouts share what is missing among all rows."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize) and (layout := self.layout()):
            self.setMinimumHeight(layout.totalHeightForWidth(self.width()))
        return super().event(event)

    def set_hint(self, hint: str) -> None:
        """What the field is for, in small print, whenever there is nothing else to say."""
        self._hint = hint
        set_role(self._room, "hint" if hint else "")
        self._show_room()

    def set_note(self, note: str, *choices: Choice) -> None:
        """What is worth knowing of its value, whenever nothing is wrong with it; empty for nothing."""
        if (note, [text for text, _ in choices]) == (self._note, [text for text, _ in self._note_choices]):
            return  # a button that has the focus stays
        self._note, self._note_choices = note, choices
        if not self._wrong:
            self.clear()
        self._show_room()

    def show_error(self, error: UserError, *cures: Choice) -> None:
        """Say what happened and what to do, with a button for each cure."""
        self._show("alert", "bad", " ".join(filter(None, (spoken(error.message), spoken(error.hint)))), cures)

    def clear(self) -> None:
        """Nothing is wrong: go back to the note, or else to the hint."""
        self._show("info", "muted", self._note, self._note_choices)

    def _show(self, icon_name: str, color_name: str, text: str, choices: tuple[Choice, ...]) -> None:
        self._wrong = color_name == "bad"
        self._icon.show_icon(icon_name, color_name)
        self._icon.setVisible(bool(text))
        set_role(self._text, color_name)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self._show_room()
        self._buttons.set_choices(choices, as_links=not self._wrong)
        if self._field:
            show_wrong(self._field, self._wrong)

    def _show_room(self) -> None:
        """Keep the room of what is said while nothing is wrong."""
        self._room.setText(self._hint or self._note or " ")
        self._room.setMinimumHeight(self.fontMetrics().height())  # a hint's letters are smaller
        self._room.setVisible(bool(self._hint) and self._text.isHidden())
