"""The rows of a form for the fields that a kind of source has, made from the kind's entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal
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
from desktop_app.gui.widgets.field_message import FieldMessage
from desktop_app.gui.widgets.password_edit import PasswordEdit
from desktop_app.gui.widgets.plain_label import PlainLabel
from desktop_app.gui.widgets.theme import BETWEEN, INSIDE, icon, set_role
from desktop_app.gui.widgets.tool_tip import tool_tip
from desktop_app.settings.source_kinds import KindField, KindSecret, SourceKindEntry

Edit = QLineEdit | QCheckBox


@dataclass(frozen=True)
class _Row:
    field: KindField
    edit: Edit
    message: FieldMessage
    whole: QWidget


@dataclass(frozen=True)
class _SecretRow:
    edit: PasswordEdit
    message: FieldMessage
    whole: QWidget


class KindRows(QObject):
    """The rows of one kind at a time: key paths at the end of a form, all else above the row of the label `above`,
    the secret last.

    `edited` follows each edit by a person, `entered` the Enter key, `folder_chosen` the choice of a folder.
    """

    edited = Signal()
    entered = Signal()
    folder_chosen = Signal(str)

    def __init__(self, form: QFormLayout, above: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._form, self._above, self._window = form, above, parent
        self._rows: dict[str, _Row] = {}
        self._secret: _SecretRow | None = None

    def show_kind(
        self, kind: SourceKindEntry, before: QWidget, between: Sequence[QWidget], after: QWidget
    ) -> None:
        """Have the rows of a kind in place of those that were there; the Tab key goes to them between these."""
        for whole in [
            *(row.whole for row in self._rows.values()),
            *([self._secret.whole] if self._secret else []),
        ]:
            self._form.removeRow(whole)
        self._rows = {field.key: self._insert(field) for field in kind.fields}
        self._secret = self._insert_secret(kind.secret) if kind.secret else None
        stops: list[QWidget] = [before]
        for row in self._rows.values():
            stops += [] if row.field.type == "key-path" else _stops(row.whole)
        stops += [self._secret.edit, *between] if self._secret else between
        for row in self._rows.values():
            stops += _stops(row.whole) if row.field.type == "key-path" else []
        for one, other in pairwise([*stops, after]):
            QWidget.setTabOrder(one, other)

    def show_values(self, source: object) -> None:
        """Show the values that a source of the kind has."""
        for key, row in self._rows.items():
            value = getattr(source, key)
            if isinstance(row.edit, QCheckBox):
                row.edit.setChecked(value)
            else:
                row.edit.setText(value if isinstance(value, str) else ", ".join(value))

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

    def _insert(self, field: KindField) -> _Row:
        at = self._form.rowCount()
        if field.type != "key-path":
            at = next(row for row in range(at) if self._label_at(row) is self._above)
        label = spoken(field.name)
        whole = QWidget(self._window)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(INSIDE)
        edit: Edit
        if field.type == "flag":
            edit = QCheckBox(label, whole)
            edit.setToolTip(tool_tip(spoken(field.explanation)))
            edit.clicked.connect(self.edited)
            column.addWidget(edit)
            self._form.insertRow(at, PlainLabel(whole.parentWidget()), whole)
        else:
            edit = QLineEdit(whole)
            edit.setAccessibleName(label.replace("&", ""))
            edit.textEdited.connect(self.edited)
            edit.returnPressed.connect(self.entered)
            named = PlainLabel(label, self._window)
            named.setBuddy(edit)
            if field.type == "folder":
                column.addLayout(self._with_choice(edit))
            else:
                column.addWidget(edit)
                column.addWidget(_hint(spoken(field.explanation), whole))
            self._form.insertRow(at, named, whole)
        edit.setObjectName(field.key)
        message = FieldMessage(whole)
        column.addWidget(message)
        return _Row(field, edit, message, whole)

    def _insert_secret(self, secret: KindSecret) -> _SecretRow:
        label = spoken(secret.name)
        whole = QWidget(self._window)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(INSIDE)
        edit = PasswordEdit(whole)
        edit.setObjectName("secret")
        edit.setAccessibleName(label.replace("&", ""))
        edit.textEdited.connect(self.edited)
        edit.returnPressed.connect(self.entered)
        named = PlainLabel(label, self._window)
        named.setBuddy(edit)
        message = FieldMessage(whole)
        for widget in (edit, _hint(spoken(secret.explanation), whole), message):
            column.addWidget(widget)
        above = next(row for row in range(self._form.rowCount()) if self._label_at(row) is self._above)
        self._form.insertRow(above, named, whole)
        return _SecretRow(edit, message, whole)

    def _label_at(self, row: int) -> QWidget | None:
        item = self._form.itemAt(row, QFormLayout.ItemRole.LabelRole)
        return item.widget() if item else None

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
    text = row.edit.text().strip()
    if row.field.type == "choices":
        return tuple(name.strip() for name in text.split(",") if name.strip())
    return str(Path(text).absolute()) if text and row.field.type == "folder" else text


def _stops(whole: QWidget) -> list[QWidget]:
    """Where the Tab key stops in a row."""
    return [*whole.findChildren(QLineEdit), *whole.findChildren(QPushButton), *whole.findChildren(QCheckBox)]


def _hint(text: str, parent: QWidget) -> PlainLabel:
    hint = PlainLabel(text, parent)
    hint.setWordWrap(True)
    set_role(hint, "hint")
    return hint
