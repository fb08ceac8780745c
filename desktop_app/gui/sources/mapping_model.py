"""The mapping of a source as an editable table: the keys of an event, their key paths in a record, an example."""

from collections.abc import Mapping
from typing import Any

from msgspec import Raw
from PySide6.QtCore import QAbstractItemModel, QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.language import spoken
from desktop_app.gui.widgets.theme import color
from desktop_app.gui.widgets.tool_tip import tool_tip
from desktop_app.one_line import on_one_line
from desktop_app.settings.field_text import line_of, parse_places
from desktop_app.settings.model import FieldPlaces
from desktop_app.trails.event_keys import event_keys
from desktop_app.trails.values import text_of

Index = QModelIndex | QPersistentModelIndex
Fields = Mapping[str, FieldPlaces]
KEY, PLACES, EXAMPLE = range(3)
_LONGEST_EXAMPLE = 200
_LONGEST_OFFERED = 60
_PATH = Qt.ItemDataRole.UserRole
_DISPLAY = Qt.ItemDataRole.DisplayRole


class MappingModel(QAbstractTableModel):
    """Row by row the keys of an event, then those besides that a source maps. `changed` follows every edit."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._keys: list[str] = []
        self._places: dict[str, str] = {}
        self._example: Mapping[str, Raw] = {}

    def set_fields(self, fields: Fields) -> None:
        """Show a mapping."""
        self.beginResetModel()
        known = [key.name for key in event_keys()]
        self._keys = [*known, *(key for key in fields if key not in known)]
        self._places = {key: line_of(places) for key, places in fields.items()}
        self.endResetModel()

    def fields(self) -> dict[str, FieldPlaces]:
        """The mapping as it is in the table; what can't be read stays a key path, which finds nothing."""
        mapped: dict[str, FieldPlaces] = {}
        for key in self._keys:
            line = self._places.get(key, "")
            try:
                places = parse_places(line)
            except ValueError:
                places = line
            if places:
                mapped[key] = places
        return mapped

    def set_example(self, event: Mapping[str, Raw]) -> None:
        """Show what the keys are in an event; an empty one shows nothing."""
        self._example = event
        self.dataChanged.emit(self.index(0, EXAMPLE), self.index(len(self._keys) - 1, EXAMPLE))

    @called_by_qt
    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._keys)

    @called_by_qt
    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else 3

    @called_by_qt
    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == PLACES else flags

    @called_by_qt
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == _DISPLAY:
            return (self.tr("Event"), self.tr("Key path in the record"), self.tr("First value"))[section]
        return None

    @called_by_qt
    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        key = self._keys[index.row()]
        known = next((each for each in event_keys() if each.name == key), None)
        if role == _DISPLAY:
            return self._text(key, index.column(), needed=known is not None and known.needed)
        if role == Qt.ItemDataRole.EditRole and index.column() == PLACES:
            return self._places.get(key, "")
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(self._text(key, index.column(), needed=False) if index.column() else _help(key))
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._color(key, index.column())
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return _help(key)
        return None

    @called_by_qt
    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or index.column() != PLACES:
            return False
        key = self._keys[index.row()]
        if str(value).strip() != self._places.get(key, ""):
            self._places[key] = str(value).strip()
            self.dataChanged.emit(index, index)
            self.changed.emit()
        return True

    def _text(self, key: str, column: int, needed: bool) -> str:
        if column == KEY:
            return self.tr("{key} (needed)").format(key=key) if needed else key
        if column == PLACES:
            return self._places.get(key) or self.tr("its own key {key}").format(key=key)
        return text_of(self._example[key])[:_LONGEST_EXAMPLE] if key in self._example else ""

    def _color(self, key: str, column: int) -> QColor | None:
        return color("muted") if column == EXAMPLE or (column == PLACES and not self._places.get(key)) else None


class KeyPathEditor(QStyledItemDelegate):
    """Edits key paths with commas between them, and offers those that the first records have."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.offered: Mapping[str, str] = {}

    @called_by_qt
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setFrame(False)
        editor.setCompleter(_LastPartCompleter(self.offered, editor))
        return editor

    @called_by_qt
    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        assert isinstance(editor, QLineEdit)
        model.setData(index, editor.text(), Qt.ItemDataRole.EditRole)


class _LastPartCompleter(QCompleter):
    """Completes what comes after the last comma."""

    def __init__(self, paths: Mapping[str, str], editor: QLineEdit) -> None:
        super().__init__(editor)
        self._editor = editor
        self.setModel(_with_examples(paths, self))
        self.setCompletionRole(_PATH)
        self.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)

    @called_by_qt
    def splitPath(self, path: str) -> list[str]:
        return [path.rpartition(",")[2].strip()]

    @called_by_qt
    def pathFromIndex(self, index: Index) -> str:
        path = str(index.data(_PATH))
        before, comma, _ = self._editor.text().rpartition(",")
        return f"{before}{comma} {path}".strip() if comma else path


def _with_examples(paths: Mapping[str, str], parent: QCompleter) -> QStandardItemModel:
    """The key paths, each shown with what is there in the first record that has it."""
    model = QStandardItemModel(parent)
    for path, value in paths.items():
        item = QStandardItem(f"{path}    {on_one_line(value[:_LONGEST_OFFERED])}" if value else path)
        item.setData(path, _PATH)
        model.appendRow(item)
    return model


def _help(key: str) -> str:
    return next((spoken(each.explanation) for each in event_keys() if each.name == key), "")
