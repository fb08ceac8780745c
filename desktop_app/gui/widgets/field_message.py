"""What is wrong with a field, or worth knowing about it: below the field, with a button for the likely cure."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.errors import UserError
from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.language import spoken
from desktop_app.gui.widgets.button_row import ButtonRow, Choice
from desktop_app.gui.widgets.fitting_text import fitting_height, fitting_text
from desktop_app.gui.widgets.icon_label import IconLabel
from desktop_app.gui.widgets.plain_label import PlainLabel
from desktop_app.gui.widgets.theme import INSIDE, set_role, show_wrong
from desktop_app.gui.widgets.tool_tip import tool_tip

_FOLLOWED = (QEvent.Type.ShowToParent, QEvent.Type.HideToParent)
_ANOTHER_ROOM = (QEvent.Type.LayoutRequest, QEvent.Type.Resize, QEvent.Type.FontChange)


class FieldMessage(QWidget):
    """A line, seen as long as its field is, so that nothing below moves when there is something to say: an error
    takes no more than the room of the hint or note whose place it takes. What has no room there, *More* shows.

    Where it need not keep to that, as in a dialog that grows, it says all at once.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = IconLabel(self)
        self._small, self._text = PlainLabel(self), PlainLabel(self)
        for label in (self._text, self._small):
            label.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_role(self._small, "hint")
        self._below, self._beside = ButtonRow(self), ButtonRow(self)
        self._more = QPushButton(self)
        self._more.setAutoDefault(False)
        self._more.clicked.connect(self._toggle)
        set_role(self._more, "link")
        said = QGridLayout()
        for label in (self._text, self._small):
            said.addWidget(label, 0, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(INSIDE)
        words.addLayout(said)
        words.addWidget(self._below)
        layout = QHBoxLayout(self)
        words.setContentsMargins(0, INSIDE // 2, 0, INSIDE // 2)  # as high as a button beside it, frame and all
        layout.setContentsMargins(0, 0, 0, INSIDE // 2)
        layout.setSpacing(INSIDE)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        for buttons in (self._beside, self._more):
            layout.addWidget(buttons, 0, Qt.AlignmentFlag.AlignTop)
        self._field: QWidget | None = None
        self._keeps_room = self._grows = self._wrong = self._is_whole = False
        self._name = self._said = self._note = ""
        self._meaning: str | None = None  # of the field, while something is wrong with it
        self._note_choices: tuple[Choice, ...] = ()
        self.clear()

    @property
    def text(self) -> str:
        """What it says of the value that the field has now, whole: an error, or a note."""
        return self._said

    @property
    def is_error(self) -> bool:
        """Whether it says that something is wrong."""
        return self._wrong

    def set_field(self, field: QWidget, *, name: str = "", hint: str = "", grows: bool = False) -> None:
        """The field that it is about, which has a red frame while something is wrong with it; `hint` is what it is
        for, in small print. The message stands right below it and is hidden with it; or elsewhere, where an error
        begins with a `name`, and the Tab key leads from the field to the buttons of a cure.

        As it `grows`, it takes the room that an error needs, and none while it has nothing to say.
        """
        self._field, self._name, self._grows = field, name, grows
        self._keeps_room = not grows
        if not name:
            field.installEventFilter(self)
            self.setHidden(field.isHidden())
        self._small.setText(hint)
        self.clear()

    @called_by_qt
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _FOLLOWED:
            self._follow()
        return super().eventFilter(watched, event)

    @called_by_qt
    def event(self, event: QEvent) -> bool:
        """Keep the height that the text needs at this width: some layouts share what is missing among all rows."""
        if event.type() in _ANOTHER_ROOM and (layout := self.layout()):
            self._fit()
            layout.invalidate()
            least = layout.totalMinimumSize().height()
            self.setMinimumHeight(max(least, layout.totalHeightForWidth(self.width())))
        return super().event(event)

    def set_note(self, note: str, *choices: Choice) -> None:
        """What is worth knowing of its value, whenever nothing is wrong with it; empty for nothing."""
        if (note, [text for text, _ in choices]) == (self._note, [text for text, _ in self._note_choices]):
            return  # a button that has the focus stays
        self._note, self._note_choices = note, choices
        if not self._wrong:
            self.clear()
        self._fit()

    def show_error(self, error: UserError, *cures: Choice) -> None:
        """Say what happened and what to do, with a button for each cure."""
        told = " ".join(filter(None, (spoken(error.message), spoken(error.hint))))
        self._show("alert", "bad", f"{self._name}: {told}" if self._name else told, cures)

    def clear(self) -> None:
        """Nothing is wrong: go back to the note, or else to the hint."""
        self._show("info", "muted", self._note, ())

    def _show(self, icon_name: str, color_name: str, text: str, cures: tuple[Choice, ...]) -> None:
        self._wrong, self._said, self._is_whole = color_name == "bad", text, False
        self._icon.show_icon(icon_name, color_name)
        self._icon.setVisible(bool(text))
        set_role(self._text, color_name)
        self._text.setAccessibleName(text)
        is_hint = bool(self._small.text()) and not text
        self._small.setVisible(is_hint)
        self._text.setVisible(not is_hint)  # with nothing to say, too: its line stays
        self._below.set_choices(() if self._wrong else self._note_choices, as_links=True)
        self._beside.set_choices(cures, as_links=True)
        self._fit()
        if self._field:
            show_wrong(self._field, self._wrong)
            self._describe(self._field)
            if self._grows:
                self._follow()
            if self._name and self._wrong:
                self._lead_here(self._field)

    def _describe(self, field: QWidget) -> None:
        """What a screen reader says of the field: while it is wrong, what is wrong with it."""
        if self._wrong:
            if self._meaning is None:
                self._meaning = field.accessibleDescription()
            field.setAccessibleDescription(self._said.replace("\n", " "))
        elif self._meaning is not None:
            field.setAccessibleDescription(self._meaning)
            self._meaning = None

    def _follow(self) -> None:
        """Be seen as long as the field is; one that grows, only with something to say."""
        assert self._field
        self.setHidden(self._field.isHidden() or (self._grows and not (self._said or self._small.text())))

    def _lead_here(self, field: QWidget) -> None:
        """Have the Tab key lead from a field that stands elsewhere to the buttons."""
        before = field
        for button in (*self._beside.buttons, self._more):
            QWidget.setTabOrder(before, button)
            before = button

    def _fit(self) -> None:
        """Show as much of an error as has room, and the button for the rest."""
        self._more.setText(self.tr("Less") if self._is_whole else self.tr("More"))
        self._more.ensurePolished()  # or its size would not be that by the style sheet
        self._icon.setFixedHeight(self._more.sizeHint().height())
        line = self.fontMetrics().height()  # a hint's letters are smaller
        self._small.setMinimumHeight(line)
        self._text.setMinimumHeight(self._room() if self._wrong else line)
        fits = self._is_given_room() or self._fitting(0) == self._said
        cut = "" if fits or self._is_whole else self._fitting(self._more.sizeHint().width() + INSIDE)
        self._more.setVisible(not fits)
        self._text.setText(cut or self._said)
        self._text.setToolTip(tool_tip(self._said) if cut else "")

    def _is_given_room(self) -> bool:
        """Whether all has room as it is: what has none of a field's, and what the room is made for."""
        return not (self._keeps_room and self._wrong)

    def _room(self) -> int:
        """How high a hint or note is, or would be; a line at least."""
        beside = 0 if self._small.text() else self._icon.sizeHint().width() + INSIDE
        label, text = (self._small, self._small.text()) if self._small.text() else (self._text, self._note)
        label.ensurePolished()
        return max(self.fontMetrics().height(), fitting_height(text, label.font(), max(1, self.width() - beside)))

    def _fitting(self, button: int) -> str:
        """What has room beside the cures and a button of a width, in as many lines as a hint or note has."""
        cures = self._beside.sizeHint().width() + INSIDE if self._beside.first else 0
        width = self.width() - self._icon.sizeHint().width() - INSIDE - cures - button
        line = self._text.fontMetrics().lineSpacing()
        lines = max(1, self._room() // line)
        return fitting_text(self._said, self._text.font(), max(width, line), lines)

    def _toggle(self) -> None:
        self._is_whole = not self._is_whole
        self._fit()
