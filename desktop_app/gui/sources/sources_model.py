"""The table of the sources."""

from typing import Any

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from desktop_app.actions.list_sources import ListedSource
from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.formats import count, near, zone_of
from desktop_app.gui.widgets.table_model import ROLE, Index, TableModel
from desktop_app.gui.widgets.theme import color, icon
from desktop_app.gui.widgets.tool_tip import tool_tip
from desktop_app.settings.source_kinds import address_of

NAME, PLACE, WHEN, STORED, ASIDE = range(5)


class SourcesModel(TableModel[ListedSource]):
    """The sources, with what was read of them; times are those of `zone`."""

    def __init__(self, parent: QWidget) -> None:
        counts = (self.tr("Stored"), self.tr("Set aside"))
        headings = (self.tr("Name"), self.tr("Where"), self.tr("Last read"), *counts)
        super().__init__(parent, headings, (STORED, ASIDE))
        self.zone = zone_of("local")

    @called_by_qt
    def data(self, index: Index, role: int = ROLE.DisplayRole) -> Any:
        row, column = self.at(index.row()), index.column()
        if role == ROLE.DisplayRole:
            n = row.counts
            when = near(row.last.at_ms, self.zone) if row.last.at_ms else self.tr("not yet")
            return (row.source.name, address_of(row.source), when, count(n.stored), count(n.set_aside))[column]
        if role == ROLE.ToolTipRole and column == PLACE:
            return tool_tip(address_of(row.source))
        if role == ROLE.DecorationRole and column == WHEN and (row.last.why or row.running_out):
            return icon("alert", "wait")
        if role == ROLE.ForegroundRole and column == ASIDE:
            return _warning_color(row)
        return super().data(index, role)


def _warning_color(row: ListedSource) -> QColor | None:
    return color("wait") if row.counts.set_aside else None
