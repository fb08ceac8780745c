"""An icon that stands in a layout, in one of the named colours."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.widgets.theme import icon


class IconLabel(QWidget):
    """As high as a line of text. It says nothing to screen readers: the words beside it do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = ("dash", "muted")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_icon(self, name: str, color_name: str) -> None:
        """Show an icon of `resources/icons`."""
        self._icon = (name, color_name)
        self.update()

    @called_by_qt
    def sizeHint(self) -> QSize:
        side = self.fontMetrics().height()
        return QSize(side, side)

    @called_by_qt
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        square = QRect(QPoint(), self.sizeHint())
        square.moveCenter(self.rect().center())
        icon(*self._icon).paint(painter, square, Qt.AlignmentFlag.AlignCenter)
