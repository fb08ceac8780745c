"""Moves values between the fields of a page and the settings; a field's object name is its setting's."""

from collections.abc import Collection, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTime, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QTimeEdit, QWidget

from desktop_app.gui.export.algorithm_list import AlgorithmList
from desktop_app.gui.export.setting_texts import setting_help, setting_label
from desktop_app.gui.widgets.choice_box import ChoiceBox
from desktop_app.gui.widgets.theme import show_locked
from desktop_app.settings.keys import replace_value, value_at
from desktop_app.settings.model import Settings


class Binder(QObject):
    """The fields of `page` for `keys`. A choice box carries the values as its items' data, or is editable text."""

    changed = Signal(str)

    def __init__(self, page: QWidget, keys: Sequence[str]) -> None:
        super().__init__(page)
        self._fields = {key: _field(page, key) for key in keys}
        self._shown: dict[str, Any] = {}
        for key, field in self._fields.items():
            _describe(page, key, field)
            _on_change(field, lambda key=key: self.changed.emit(key))

    @property
    def keys(self) -> tuple[str, ...]:
        """The settings that are bound."""
        return tuple(self._fields)

    def field(self, key: str) -> QWidget:
        """The field of a setting."""
        return self._fields[key]

    def show(self, settings: Settings) -> None:
        """Put the values of `settings` into the fields. `changed` is not emitted."""
        for key in self._fields:
            self._show(key, settings)

    def show_beside_changes(self, settings: Settings) -> None:
        """The same, but what was changed in a field stays."""
        for key, field in self._fields.items():
            if _take(field) == self._shown[key]:
                self._show(key, settings)

    @property
    def is_changed(self) -> bool:
        """Whether a field has another value than it was given."""
        return bool(self.changed_values())

    def changed_values(self) -> dict[str, Any]:
        """The values of the fields that were changed, by their keys."""
        values = {key: _take(field) for key, field in self._fields.items()}
        return {key: value for key, value in values.items() if value != self._shown[key]}

    def read(self, settings: Settings) -> Settings:
        """`settings` with the values of the fields that were changed."""
        for key, value in self.changed_values().items():
            settings = replace_value(settings, key, value)
        return settings

    def lock(self, locked: bool, fixed: Collection[str]) -> None:
        """Make all fields read-only or editable; those in `fixed` are read-only always."""
        for key, field in self._fields.items():
            read_only = locked or key in fixed
            if isinstance(field, AlgorithmList):
                field.set_locked(read_only)
            else:
                field.setReadOnly(read_only)  # type: ignore[attr-defined]
            show_locked(field, read_only)

    def _show(self, key: str, settings: Settings) -> None:
        field = self._fields[key]
        blocked = field.blockSignals(True)
        _put(field, value_at(settings, key))
        field.blockSignals(blocked)
        self._shown[key] = _take(field)


def _field(page: QWidget, key: str) -> QWidget:
    field = page.findChild(QWidget, key.rpartition(".")[2])
    assert field is not None, key
    return field


def _describe(page: QWidget, key: str, field: QWidget) -> None:
    name, meaning = setting_label(key), setting_help(key)
    label = page.findChild(QLabel, f"{field.objectName()}_label")
    assert label is not None, key
    label.setText(name)
    label.setToolTip(meaning)
    field.setAccessibleName(name.replace("&", ""))
    field.setAccessibleDescription(meaning)


def _on_change(field: QWidget, tell: Any) -> None:
    match field:
        case QLineEdit():
            field.textChanged.connect(lambda _: tell())
        case ChoiceBox():
            field.currentTextChanged.connect(lambda _: tell())
        case QTimeEdit():
            field.timeChanged.connect(lambda _: tell())
        case AlgorithmList():
            field.ticksChanged.connect(tell)


def _put(field: QWidget, value: Any) -> None:
    match field:
        case QLineEdit():
            field.setText(value)
        case ChoiceBox():
            place = field.findData(value)
            if place >= 0 or not field.isEditable():
                field.setCurrentIndex(place)
            else:
                field.setEditText(value)
        case QTimeEdit():
            field.setTime(QTime.fromString(value, "HH:mm"))
        case AlgorithmList():
            field.tick(value)


def _take(field: QWidget) -> Any:
    match field:
        case QLineEdit():
            return field.text().strip()
        case ChoiceBox():
            typed = field.currentText().strip()
            place = field.findText(typed) if field.isEditable() else field.currentIndex()
            return field.itemData(place) if place >= 0 else typed
        case QTimeEdit():
            return field.time().toString("HH:mm")
        case AlgorithmList():
            return field.ticked()
    raise TypeError(type(field))
