"""How the table of the sources looks."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableView

from desktop_app.gui.sources.sources_model import PLACE, SourcesModel

_FEWEST_ROWS, _MOST_ROWS = 3, 8


def set_up_sources(table: QTableView, sources: SourcesModel) -> None:
    """Show `sources`: what says where they are takes the room that the other columns leave."""
    table.setModel(sources)
    table.verticalHeader().hide()
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(PLACE, QHeaderView.ResizeMode.Stretch)
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


def fit_height(table: QTableView) -> None:
    """As high as its rows, up to some; beyond that it scrolls."""
    header = table.horizontalHeader().sizeHint().height()
    row = table.verticalHeader().defaultSectionSize()
    rows = max(_FEWEST_ROWS, min(table.model().rowCount(), _MOST_ROWS))
    table.setFixedHeight(header + row * rows + 2 * table.frameWidth())
