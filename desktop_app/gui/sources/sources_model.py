"""The table of the sources."""

from typing import Any

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from desktop_app.actions.list_sources import ListedSource
from desktop_app.gui.widgets.table_model import ROLE, Index, TableModel
from desktop_app.gui.widgets.theme import color
from desktop_app.gui.widgets.tool_tip import tool_tip
from desktop_app.settings.source_kinds import address_of

NAME, PLACE, READ, STORED, REPEATED, ASIDE = range(6)


class SourcesModel(TableModel[ListedSource]):
    """The sources, with what was read of them."""

    def __init__(self, parent: QWidget) -> None:
        counts = (self.tr("Read"), self.tr("Stored"), self.tr("Repeated"), self.tr("Set aside"))
        headings = (self.tr("Name"), self.tr("Where"), *counts)
        super().__init__(parent, headings, (READ, STORED, REPEATED, ASIDE))

    def data(self, index: Index, role: int = ROLE.DisplayRole) -> Any:
        row, column = self.at(index.row()), index.column()
        if role == ROLE.DisplayRole:
            n = row.counts
            numbers = (f"{each:n}" for each in (n.read, n.stored, n.repeated, n.set_aside))
            return (row.source.name, address_of(row.source), *numbers)[column]
        if role == ROLE.ToolTipRole and column == PLACE:
            return tool_tip(address_of(row.source))
        if role == ROLE.ForegroundRole and column == ASIDE:
            return _warning_color(row)
        return super().data(index, role)


def _warning_color(row: ListedSource) -> QColor | None:
    return color("wait") if row.counts.set_aside else None
