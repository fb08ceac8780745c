"""How the table looks in which a source's mapping is typed."""

from PySide6.QtGui import Qt
from PySide6.QtWidgets import QHeaderView, QTableView

from desktop_app.gui.sources.mapping_model import KEY, PLACES, KeyPathEditor, MappingModel


def set_up_mapping(table: QTableView, mapping: MappingModel, key_paths: KeyPathEditor) -> None:
    """Show `mapping`; a click into a place begins to edit it, with `key_paths` to choose from."""
    table.setModel(mapping)
    table.setItemDelegateForColumn(PLACES, key_paths)
    table.verticalHeader().hide()
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    table.setEditTriggers(QTableView.EditTrigger.AllEditTriggers)
    mapping.modelReset.connect(lambda: fit_columns(table))


def fit_columns(table: QTableView) -> None:
    """Give the columns their share of the width, and the table the height of its rows."""
    header = table.horizontalHeader()
    header.setSectionResizeMode(KEY, QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(PLACES, QHeaderView.ResizeMode.Stretch)
    header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
    rows = table.verticalHeader().length() or 1
    table.setFixedHeight(header.sizeHint().height() + rows + 2 * table.frameWidth())
