"""A combo box that can be locked, and still be read and reached then."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QWidget

from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.widgets.theme import BETWEEN, icon


class ChoiceBox(QComboBox):
    """Locked, it shows its value and opens no list. The wheel never changes a value: it scrolls the page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._read_only = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def isReadOnly(self) -> bool:
        return self._read_only

    def setReadOnly(self, read_only: bool) -> None:
        """Lock or unlock it."""
        self._read_only = read_only
        self.update()
        if edit := self.lineEdit():
            edit.setReadOnly(read_only)

    @called_by_qt
    def showPopup(self) -> None:
        if not self._read_only:
            super().showPopup()

    @called_by_qt
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._read_only:  # a style sheet can't give the arrow the colour of the text
            side = self.fontMetrics().height()
            place = QRect(self.width() - side - BETWEEN, (self.height() - side) // 2, side, side)
            icon("chevron-down").paint(QPainter(self), place)

    @called_by_qt
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._read_only:
            super().mousePressEvent(event)

    @called_by_qt
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._read_only:
            event.ignore()
        else:
            super().keyPressEvent(event)

    @called_by_qt
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
