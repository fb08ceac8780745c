"""The archives that a run delivered, as a table."""

from typing import Any

from PySide6.QtCore import QObject

from desktop_app.export.ledger import Archive
from desktop_app.gui import formats
from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.widgets.table_model import ROLE, Index, TableModel


class ArchiveModel(TableModel[Archive]):
    """Columns: name, events, bytes, SHA-256."""

    NAME, EVENTS, BYTES, SHA256 = range(4)

    def __init__(self, parent: QObject | None = None) -> None:
        headings = (self.tr("Archive"), self.tr("Events"), self.tr("Size"), "SHA-256")
        super().__init__(parent, headings, (self.EVENTS, self.BYTES))

    @called_by_qt
    def data(self, index: Index, role: int = ROLE.DisplayRole) -> Any:
        if index.isValid() and role in (ROLE.DisplayRole, ROLE.ToolTipRole):
            archive = self.at(index.row())
            return (
                archive.name, formats.count(archive.events), formats.size(archive.bytes), archive.sha256,
            )[index.column()]  # fmt: skip
        return super().data(index, role)
