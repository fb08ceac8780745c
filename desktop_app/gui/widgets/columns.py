"""Widgets side by side where there is room, in as few rows as fit otherwise."""

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.widgets.theme import BETWEEN, GROUPS

_Row = list[QWidget]


class Columns(QWidget):
    """Its widgets, in their order: all in one row, else only the first and the others below, else one a row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GROUPS)
        self._grid.setVerticalSpacing(BETWEEN)
        self._columns: _Row = []
        self._placed: list[_Row] = []

    def set_columns(self, *columns: QWidget) -> None:
        """The widgets to place."""
        self._columns = list(columns)
        for column in columns:
            column.installEventFilter(self)
        self._place()

    @called_by_qt
    def minimumSizeHint(self) -> QSize:
        """As narrow as one below the other."""
        widest = max((widget.minimumSizeHint().width() for widget in self._columns), default=0)
        return QSize(widest, super().minimumSizeHint().height())

    @called_by_qt
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()
        super().resizeEvent(event)

    @called_by_qt
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        rows = next((rows for rows in self._shapes() if self._fits(rows)), [[each] for each in self._columns])
        if rows == self._placed:
            return
        self._placed = rows
        for each in self._columns:
            self._grid.removeWidget(each)
        longest = max(rows, key=len, default=[])
        for row, widgets in enumerate(rows):
            for column, widget in enumerate(widgets):
                span = len(longest) - column if column == len(widgets) - 1 else 1
                self._grid.addWidget(widget, row, column, 1, span)
        for column in range(len(self._columns)):
            width = longest[column].minimumSizeHint().width() if column < len(longest) else 0
            self._grid.setColumnStretch(column, width)
        self._grid.invalidate()
        self.updateGeometry()

    def _shapes(self) -> list[list[_Row]]:
        return [[self._columns], [self._columns[:1], self._columns[1:]]]

    def _fits(self, rows: list[_Row]) -> bool:
        def width(row: _Row) -> int:
            return sum(widget.minimumSizeHint().width() for widget in row) + GROUPS * (len(row) - 1)

        return max(map(width, rows)) <= self.width()
