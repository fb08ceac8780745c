"""What the tables of the pages have in common."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QHeaderView, QTableView

_ROW_PADDING = 8


def dress(table: QTableView, samples: dict[int, str], *stretched: int) -> None:
    """Rows of one height, columns as wide as their sample texts, and those stretched that take what is left.

    Call it when the model is set. Copying copies the cells of the chosen row, with tabs between them.
    """
    metrics = table.fontMetrics()
    rows = table.verticalHeader()
    rows.setVisible(False)
    rows.setMinimumSectionSize(1)
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(metrics.height() + _ROW_PADDING)
    columns = table.horizontalHeader()
    columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    columns.setHighlightSections(False)
    columns.setMinimumSectionSize(metrics.averageCharWidth() * 4)
    for column, sample in samples.items():
        table.setColumnWidth(column, metrics.horizontalAdvance(sample) + 24)
    for column in stretched:
        columns.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
    table.installEventFilter(_CopyRow(table))


class _CopyRow(QObject):
    """Copies the chosen row as a text."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not (isinstance(watched, QTableView) and isinstance(event, QKeyEvent)):
            return False
        if event.type() != QEvent.Type.KeyPress or not event.matches(QKeySequence.StandardKey.Copy):
            return False
        row = watched.currentIndex().row()
        model = watched.model()
        cells = (model.index(row, column).data() for column in range(model.columnCount()))
        QApplication.clipboard().setText("\t".join(str(cell or "") for cell in cells))
        return True
