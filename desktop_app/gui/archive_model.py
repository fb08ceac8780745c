"""The archives that a run delivered, as a table."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop_app.export.ledger import Archive
from desktop_app.gui import formats

_NOWHERE = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex
_ROLE = Qt.ItemDataRole


class ArchiveModel(QAbstractTableModel):
    """Columns: name, events, bytes, SHA-256."""

    NAME, EVENTS, BYTES, SHA256 = range(4)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._archives: list[Archive] = []

    def show(self, archives: list[Archive]) -> None:
        """Show these archives."""
        self.beginResetModel()
        self._archives = archives
        self.endResetModel()

    def archive_at(self, row: int) -> Archive:
        """The archive in a row."""
        return self._archives[row]

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._archives)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else 4

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == _ROLE.TextAlignmentRole:
            return _alignment(section)
        if role == _ROLE.DisplayRole:
            return (self.tr("Archive"), self.tr("Events"), self.tr("Size"), "SHA-256")[section]
        return None

    def data(self, index: _Index, role: int = _ROLE.DisplayRole) -> Any:
        if not index.isValid():
            return None
        archive, column = self._archives[index.row()], index.column()
        if role in (_ROLE.DisplayRole, _ROLE.ToolTipRole):
            return (
                archive.name, formats.count(archive.events), formats.size(archive.bytes), archive.sha256,
            )[column]  # fmt: skip
        if role == _ROLE.TextAlignmentRole:
            return _alignment(column)
        return None


def _alignment(column: int) -> Qt.AlignmentFlag:
    numbers = (ArchiveModel.EVENTS, ArchiveModel.BYTES)
    side = Qt.AlignmentFlag.AlignRight if column in numbers else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
