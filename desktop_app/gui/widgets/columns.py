"""Widgets side by side where there is room, in as few rows as fit otherwise, with what is said of each."""

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop_app.gui.widgets.field_message import FieldMessage
from desktop_app.gui.widgets.theme import AROUND, GROUPS, INSIDE

_Row = list[tuple[QWidget, FieldMessage]]
_CHANGES = (QEvent.Type.LayoutRequest, QEvent.Type.ShowToParent, QEvent.Type.HideToParent)


class Columns(QWidget):
    """Its widgets, in their order: all in one row, else only the first and the others below, else one a row.

    A note stands below its widget. An error, which is longer, has the whole width below the row.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GROUPS)
        self._grid.setVerticalSpacing(INSIDE)
        self._columns: _Row = []
        self._placed: object = None

    def set_columns(self, *columns: tuple[QWidget, FieldMessage]) -> None:
        """The widgets to place, each with the message that is about it."""
        self._columns = list(columns)
        for column in columns:
            for each in column:
                each.installEventFilter(self)
        self._place()

    def minimumSizeHint(self) -> QSize:
        """As narrow as one below the other."""
        widest = max((widget.minimumSizeHint().width() for widget, _ in self._columns), default=0)
        return QSize(widest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()
        super().resizeEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _CHANGES:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        rows = next((rows for rows in self._shapes() if self._fits(rows)), [[each] for each in self._columns])
        wanted = rows, [message.is_error for _, message in self._columns]
        if wanted == self._placed:
            return
        self._placed = wanted
        for each in (each for column in self._columns for each in column):
            self._grid.removeWidget(each)
        for row in range(self._grid.rowCount()):
            self._grid.setRowMinimumHeight(row, 0)
        longest = max(rows, key=len, default=[])
        for row, columns in enumerate(rows):
            self._place_row(row * (len(self._columns) + 3), columns, len(longest))
        for column in range(len(self._columns)):
            width = longest[column][0].minimumSizeHint().width() if column < len(longest) else 0
            self._grid.setColumnStretch(column, width)
        self._grid.invalidate()
        self.updateGeometry()

    def _place_row(self, top: int, columns: _Row, width: int) -> None:
        """In the grid: a gap to the row above, the widgets, their notes, and the errors one below the other."""
        if top:
            self._grid.setRowMinimumHeight(top, AROUND - 2 * INSIDE)
        for column, (widget, message) in enumerate(columns):
            span = width - column if column == len(columns) - 1 else 1
            self._grid.addWidget(widget, top + 1, column, 1, span)
            if message.is_error:
                self._grid.addWidget(message, top + 3 + column, 0, 1, width)
            else:
                self._grid.addWidget(message, top + 2, column, 1, span)

    def _shapes(self) -> list[list[_Row]]:
        return [[self._columns], [self._columns[:1], self._columns[1:]]]

    def _fits(self, rows: list[_Row]) -> bool:
        def width(row: _Row) -> int:
            return sum(widget.minimumSizeHint().width() for widget, _ in row) + GROUPS * (len(row) - 1)

        return max(map(width, rows)) <= self.width()
