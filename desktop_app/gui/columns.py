"""Widgets side by side where there is room, in as few rows as fit otherwise."""

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop_app.gui.theme import AROUND, GROUPS


class Columns(QWidget):
    """Its children, in their order: all in one row, else the first alone and the others below, else one a row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GROUPS)
        self._grid.setVerticalSpacing(AROUND)
        self._children: list[QWidget] = []
        self._shape: list[list[QWidget]] = []

    def set_columns(self, *children: QWidget) -> None:
        """The widgets to place."""
        self._children = list(children)
        for child in children:
            child.installEventFilter(self)
        self._place()

    def minimumSizeHint(self) -> QSize:
        """As narrow as one below the other."""
        widest = max((child.minimumSizeHint().width() for child in self._children), default=0)
        return QSize(widest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()
        super().resizeEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        shape = next((rows for rows in self._shapes() if self._fits(rows)), [[each] for each in self._children])
        if shape == self._shape:
            return
        self._shape = shape
        for child in self._children:
            self._grid.removeWidget(child)
        longest = max(shape, key=len, default=[])
        for row, widgets in enumerate(shape):
            for column, widget in enumerate(widgets):
                span = len(longest) - column if widget is widgets[-1] else 1
                self._grid.addWidget(widget, row, column, 1, span)
        for column in range(len(self._children)):
            width = longest[column].minimumSizeHint().width() if column < len(longest) else 0
            self._grid.setColumnStretch(column, width)
        self._grid.invalidate()
        self.updateGeometry()

    def _shapes(self) -> list[list[list[QWidget]]]:
        return [[self._children], [self._children[:1], self._children[1:]]]

    def _fits(self, rows: list[list[QWidget]]) -> bool:
        def width(row: list[QWidget]) -> int:
            return sum(each.minimumSizeHint().width() for each in row) + GROUPS * (len(row) - 1)

        return max(map(width, rows)) <= self.width()
