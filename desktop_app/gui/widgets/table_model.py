"""What the tables of rows that are all at hand have in common."""

from collections.abc import Collection, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop_app.gui.called_by_qt import called_by_qt

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
ROLE = Qt.ItemDataRole
Row = TypeVar("Row")


class TableModel(QAbstractTableModel, Generic[Row]):
    """Rows under headings. `data` here only aligns: the columns of `numbers`, and their headings, to the right."""

    def __init__(self, parent: QObject | None, headings: Sequence[str], numbers: Collection[int] = ()) -> None:
        super().__init__(parent)
        self._headings = headings
        self._numbers = numbers
        self._rows: Sequence[Row] = ()

    def show(self, rows: Sequence[Row]) -> None:
        """Show these rows instead."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def at(self, row: int) -> Row:
        """What a row shows."""
        return self._rows[row]

    @called_by_qt
    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @called_by_qt
    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._headings)

    @called_by_qt
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = ROLE.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == ROLE.TextAlignmentRole:
            return self._alignment(section)
        return self._headings[section] if role == ROLE.DisplayRole else None

    @called_by_qt
    def data(self, index: Index, role: int = ROLE.DisplayRole) -> Any:
        return self._alignment(index.column()) if role == ROLE.TextAlignmentRole else None

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if column in self._numbers else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter
