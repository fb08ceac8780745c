"""The rows of a form for the fields of a source, made from what its kind or its service asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QRegularExpression, Signal
from PySide6.QtGui import QIntValidator, QRegularExpressionValidator
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.gui.language import spoken
from desktop_app.gui.widgets.choice_box import ChoiceBox
from desktop_app.gui.widgets.field_message import FieldMessage
from desktop_app.gui.widgets.password_edit import PasswordEdit
from desktop_app.gui.widgets.plain_label import PlainLabel
from desktop_app.gui.widgets.theme import BETWEEN, icon, set_role
from desktop_app.gui.widgets.tool_tip import tool_tip
from desktop_app.settings.field_values import shown_value
from desktop_app.settings.model import SourceSettings
from desktop_app.settings.source_kinds import KindField, KindSecret

Edit = QLineEdit | QCheckBox | ChoiceBox
_MOST = 1_000_000  # of what is a number
_NUMBERS = "[0-9, ]*"  # of what are several


@dataclass(frozen=True)
class _Row:
    field: KindField
    edit: Edit
    message: FieldMessage
    whole: QWidget
    heading: QWidget | None


@dataclass(frozen=True)
class _SecretRow:
    edit: PasswordEdit
    message: FieldMessage
    whole: QWidget


class KindRows(QObject):
    """The rows of one source at a time: key paths at the end of a form, what is seldom changed between the button
    `more`, which shows it, and the row of `end`, all else above that button, the secret last, or at the end of the
    first group.

    `edited` follows each edit by a person, `entered` the Enter key, `folder_chosen` the choice of a folder.
    """

    edited = Signal()
    entered = Signal()
    folder_chosen = Signal(str)

    def __init__(self, form: QFormLayout, more: QPushButton, end: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._form, self._more, self._end, self._window = form, more, end, parent
        self._rows: dict[str, _Row] = {}
        self._secret: _SecretRow | None = None
        more.toggled.connect(self._show_more)

    def show_fields(
        self,
        fields: Sequence[KindField],
        secret: KindSecret | None,
        before: QWidget,
        between: Sequence[QWidget],
        after: QWidget,
    ) -> None:
        """Have rows for these in place of those that were there; the Tab key goes to them between these."""
        for whole in [
            *(each for row in self._rows.values() for each in (row.heading, row.whole)),
            *([self._secret.whole] if self._secret else []),
        ]:
            if whole:
                self._form.removeRow(whole)
        self._rows = {field.key: self._insert(field) for field in fields}
        self._secret = self._insert_secret(secret) if secret else None
        self._show_more(self._more.isChecked())
        self._set_tab_order(before, between, after)

    def _set_tab_order(self, before: QWidget, between: Sequence[QWidget], after: QWidget) -> None:
        rows = list(self._rows.values())
        first = [row for row in rows if not row.field.more and row.field.type != "key-path"]
        with_secret = [*(row.whole for row in first), self._more]
        if self._secret:
            end = next(number for number, row in enumerate([*first, None]) if row is None or row == self._behind())
            with_secret.insert(end, self._secret.edit)
        stops = [before, *(stop for whole in with_secret for stop in _stops(whole) or [whole])]
        stops += [*(stop for row in rows if row.field.more for stop in _stops(row.whole)), *between]
        stops += [stop for row in rows if row.field.type == "key-path" for stop in _stops(row.whole)]
        for one, other in pairwise([*stops, after]):
            QWidget.setTabOrder(one, other)

    def _show_more(self, shown: bool) -> None:
        heading, is_needed = None, False
        for row in self._rows.values():
            is_shown = (shown or not row.field.more) and self._is_meant(row.field)
            self._form.setRowVisible(row.whole, is_shown)
            if row.field.group:
                heading, is_needed = row.heading, False
            is_needed = is_needed or is_shown
            if heading:
                self._form.setRowVisible(heading, is_needed)
        has_more = any(row.field.more for row in self._rows.values())
        self._form.setRowVisible(self._more, has_more)
        self._more.setIcon(icon("chevron-down" if shown else "chevron-right", "accent"))

    def _is_meant(self, field: KindField) -> bool:
        """Whether what else is chosen leaves a field any meaning."""
        return all(_value(self._rows[key]) in values for key, values in field.only.items())

    def _chosen(self) -> None:
        self._show_more(self._more.isChecked())
        self.edited.emit()

    def reveal(self, key: str) -> None:
        """Have the row of a field shown, if there is one."""
        if key in self._rows and self._rows[key].field.more:
            self._more.setChecked(True)

    def is_filled_in(self) -> bool:
        """Whether all that is needed has a value."""
        return all(_value(row) for row in self._rows.values() if row.field.needed)

    def fields(self) -> list[KindField]:
        """The fields that there are rows for."""
        return [row.field for row in self._rows.values()]

    def show_values(self, source: SourceSettings) -> None:
        """Show the values that a source of the kind has."""
        for row in self._rows.values():
            value = shown_value(source, row.field)
            if isinstance(row.edit, QCheckBox):
                row.edit.setChecked(bool(value))
            elif isinstance(row.edit, ChoiceBox):
                row.edit.setCurrentIndex(max(0, row.edit.findData(value)))
            else:
                row.edit.setText(str(value))
        self._show_more(self._more.isChecked())

    def values(self) -> Mapping[str, Any]:
        """The values in the form, by the keys of the kind's fields."""
        return {key: _value(row) for key, row in self._rows.items()}

    def typed_secret(self) -> str | None:
        """What is typed as the secret; None where nothing is."""
        return self._secret.edit.typed() if self._secret else None

    def show_kept(self, kept: bool) -> None:
        """Show whether a secret is kept: an empty field leaves it as it is then."""
        if self._secret:
            self._secret.edit.unlock(kept)

    def edits(self) -> dict[str, tuple[Edit, FieldMessage]]:
        """Where each value is edited, and where is said what is wrong with it."""
        edits: dict[str, tuple[Edit, FieldMessage]] = {k: (row.edit, row.message) for k, row in self._rows.items()}
        return edits | ({"secret": (self._secret.edit, self._secret.message)} if self._secret else {})

    def edit(self, key: str) -> Edit:
        """Where the value of a field is edited."""
        return self._rows[key].edit

    def first_edit(self) -> Edit | None:
        """The first in which something can be typed."""
        return next((row.edit for row in self._rows.values()), None)

    def _insert(self, field: KindField) -> _Row:
        at = self._form.rowCount()
        if field.type != "key-path":
            at = self._row_of(self._end if field.more else self._more)
        heading = self._heading(field, at) if field.group else None
        at += heading is not None
        label = spoken(field.name)
        whole = QWidget(self._window)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        edit: Edit
        if field.type == "flag":
            edit = QCheckBox(label, whole)
            edit.setToolTip(tool_tip(spoken(field.explanation)))
            edit.clicked.connect(self.edited)
            column.addWidget(edit)
            self._form.insertRow(at, PlainLabel(whole.parentWidget()), whole)
        else:
            edit = self._choice(field, whole) if field.type == "one" else self._line(field, whole)
            edit.setAccessibleName(label.replace("&", ""))
            named = PlainLabel(label, self._window)
            named.setBuddy(edit)
            if field.type == "folder" and isinstance(edit, QLineEdit):
                column.addLayout(self._with_choice(edit))
            else:
                column.addWidget(edit)
            self._form.insertRow(at, named, whole)
        edit.setObjectName(field.key)
        hint = spoken(field.explanation) if field.type not in ("flag", "folder") else ""
        message = _message(edit, hint, whole)
        column.addWidget(message)
        return _Row(field, edit, message, whole, heading)

    def _heading(self, field: KindField, at: int) -> QWidget:
        heading = PlainLabel(spoken(field.heading), self._window)
        set_role(heading, "strong")
        heading.setContentsMargins(0, BETWEEN, 0, 0)
        self._form.insertRow(at, heading)
        return heading

    def _line(self, field: KindField, whole: QWidget) -> QLineEdit:
        edit = QLineEdit(whole)
        if field.type == "number":
            edit.setValidator(QIntValidator(0, _MOST, edit))
        elif field.type == "numbers":
            edit.setValidator(QRegularExpressionValidator(QRegularExpression(_NUMBERS), edit))
        edit.textEdited.connect(self.edited)
        edit.returnPressed.connect(self.entered)
        return edit

    def _choice(self, field: KindField, whole: QWidget) -> ChoiceBox:
        box = ChoiceBox(whole)
        for value, label in field.labels:
            box.addItem(spoken(label), value)
        box.activated.connect(self._chosen)
        return box

    def _insert_secret(self, secret: KindSecret) -> _SecretRow:
        label = spoken(secret.name)
        whole = QWidget(self._window)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        edit = PasswordEdit(whole)
        edit.setObjectName("secret")
        edit.setAccessibleName(label.replace("&", ""))
        edit.textEdited.connect(self.edited)
        edit.returnPressed.connect(self.entered)
        named = PlainLabel(label, self._window)
        named.setBuddy(edit)
        message = _message(edit, spoken(secret.explanation), whole)
        for widget in (edit, message):
            column.addWidget(widget)
        behind = self._behind()
        self._form.insertRow(self._row_of((behind and behind.heading) or self._more), named, whole)
        return _SecretRow(edit, message, whole)

    def _behind(self) -> _Row | None:
        """The row below that of the secret; None where that is the last one."""
        grouped = [row for row in self._rows.values() if row.heading and not row.field.more]
        return grouped[1] if len(grouped) > 1 else None

    def _row_of(self, widget: QWidget) -> int:
        return next(row for row in range(self._form.rowCount()) if widget in self._widgets_in(row))

    def _widgets_in(self, row: int) -> list[QWidget | None]:
        roles = QFormLayout.ItemRole.LabelRole, QFormLayout.ItemRole.FieldRole
        return [item.widget() for role in roles if (item := self._form.itemAt(row, role))]

    def _with_choice(self, edit: QLineEdit) -> QHBoxLayout:
        choose = QPushButton(QCoreApplication.translate("KindRows", "Ch&oose…"), edit.parentWidget())
        choose.setIcon(icon("folder"))
        choose.clicked.connect(lambda: self._choose_folder(edit))
        line = QHBoxLayout()
        line.setSpacing(BETWEEN)
        line.addWidget(edit)
        line.addWidget(choose)
        return line

    def _choose_folder(self, edit: QLineEdit) -> None:
        folder = QFileDialog.getExistingDirectory(
            self._window,
            QCoreApplication.translate("KindRows", "The folder of the records"),
            edit.text() or str(Path.home()),
        )
        if folder:
            edit.setText(str(Path(folder)))
            self.folder_chosen.emit(str(Path(folder)))


def _value(row: _Row) -> Any:
    if isinstance(row.edit, QCheckBox):
        return row.edit.isChecked()
    if isinstance(row.edit, ChoiceBox):
        return row.edit.currentData()
    text = row.edit.text()
    if row.field.type == "exact":
        return text
    text = text.strip()
    if row.field.type == "choices":
        return tuple(name.strip() for name in text.split(",") if name.strip())
    return str(Path(text).absolute()) if text and row.field.type == "folder" else text


def _stops(whole: QWidget) -> list[QWidget]:
    """Where the Tab key stops in a row."""
    kinds = QLineEdit, QPushButton, QCheckBox, ChoiceBox
    return [each for kind in kinds for each in whole.findChildren(kind)]


def _message(edit: QWidget, hint: str, parent: QWidget) -> FieldMessage:
    """What is said below a field; the hint while nothing else is."""
    message = FieldMessage(parent)
    is_word = hint.partition(" ")[0].isalpha()  # and no address
    message.set_field(edit, hint=hint[:1].upper() + hint[1:] if is_word else hint)
    return message
