"""What the tables of the pages have in common."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QApplication, QHeaderView, QTableView

from desktop_app.gui.called_by_qt import called_by_qt

_ROW_PADDING = 8
_CELL_PADDING = 24
_FRAME = 2  # with the focus, or with what keeps its room


def dress(
    table: QTableView, samples: Mapping[int, str], stretched: Sequence[int], left_out: Sequence[int] = ()
) -> None:
    """Rows of one height, columns as wide as what they show at first, those `stretched` share what is left.

    Until there is something, and to know what there is room for, columns have the width of their sample texts; no
    content makes one wider than twice that.

    Where that is less than their samples need, the columns `left_out` go, one by one. Copying copies the cells
    of the chosen row, with tabs between them. Call it when the model is set.
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
    widths = {column: metrics.horizontalAdvance(sample) + _CELL_PADDING for column, sample in samples.items()}
    for column, width in widths.items():
        table.setColumnWidth(column, width)
    for column in stretched:
        columns.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
    table.installEventFilter(_Look(table, widths, left_out))


class _Look(QObject):
    """Leaves columns out where there is no room for them, and copies the chosen row as a text."""

    def __init__(self, table: QTableView, widths: Mapping[int, int], left_out: Sequence[int]) -> None:
        super().__init__(table)
        self._table = table
        self._widths = widths
        self._left_out = left_out
        table.horizontalHeader().setResizeContentsPrecision(0)  # what is seen: rows may be read when looked at
        model = table.model()
        model.modelReset.connect(self._forget)
        model.modelReset.connect(self._fit_content)
        model.rowsInserted.connect(self._fit_content)
        self._fitted = False

    @called_by_qt
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QResizeEvent):
            self._fit(event.size().width() - self._table.verticalScrollBar().sizeHint().width() - 2 * _FRAME)
        return isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._take(event)

    def _fit(self, room: int) -> None:
        needed = sum(self._widths.values())
        for column in self._left_out:
            self._table.setColumnHidden(column, needed > room)
            if needed > room:
                needed -= self._widths[column]

    def _forget(self) -> None:
        self._fitted = False

    def _fit_content(self) -> None:
        """To what is there first: columns that move while one scrolls are worse than a text cut off."""
        if self._fitted or not self._table.model().rowCount():
            return
        self._fitted = True
        header = self._table.horizontalHeader()
        for column, sample in self._widths.items():
            if header.sectionResizeMode(column) != QHeaderView.ResizeMode.Stretch:
                shown = self._table.sizeHintForColumn(column) + _CELL_PADDING // 2
                heading = header.sectionSizeHint(column)
                self._table.setColumnWidth(column, max(heading, min(shown, 2 * sample)))

    def _take(self, key: QKeyEvent) -> bool:
        """Copy, if that was the key."""
        if not key.matches(QKeySequence.StandardKey.Copy):
            return False
        row, model = self._table.currentIndex().row(), self._table.model()
        cells = (model.index(row, column).data() for column in range(model.columnCount()))
        QApplication.clipboard().setText("\t".join(str(cell or "") for cell in cells))
        return True
