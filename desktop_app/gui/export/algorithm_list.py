"""A list of algorithms to tick: full names, a mark on the weak ones, and one on those that the server offers."""

from collections.abc import Collection, Iterable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.language import spoken
from desktop_app.gui.widgets.theme import BETWEEN, INSIDE, color, icon
from desktop_app.settings.algorithms import Algorithm

_WEAK, _OFFERED = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
_CHECKABLE = Qt.ItemFlag.ItemIsUserCheckable
_Index = QModelIndex | QPersistentModelIndex


class AlgorithmList(QListWidget):
    """As high as its choices, and as wide as the longest name with its marks: nothing is scrolled or cut."""

    ticksChanged = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setTabKeyNavigation(False)
        self.setItemDelegate(_Delegate(self))
        self.itemChanged.connect(lambda _: self.ticksChanged.emit())
        self._locked = False

    def set_choices(self, choices: Iterable[Algorithm]) -> None:
        """Fill the list; nothing is ticked."""
        self.clear()
        for choice in choices:
            item = QListWidgetItem(choice.name)
            item.setCheckState(Qt.CheckState.Unchecked)
            item.setData(_WEAK, bool(choice.weak))
            item.setToolTip(spoken(choice.weak) if choice.weak else "")
            self.addItem(item)
        self.set_offered(None)
        self.setCurrentRow(0)

    def ticked(self) -> tuple[str, ...]:
        """The names that are ticked, in the order of the list."""
        return tuple(item.text() for item in self._items() if item.checkState() == Qt.CheckState.Checked)

    def tick(self, names: Collection[str]) -> None:
        """Tick these, and no others."""
        for item in self._items():
            item.setCheckState(Qt.CheckState.Checked if item.text() in names else Qt.CheckState.Unchecked)

    def set_locked(self, locked: bool) -> None:
        """Whether ticks can be changed."""
        self._locked = locked
        self.blockSignals(True)
        for item in self._items():
            item.setFlags(item.flags() & ~_CHECKABLE if locked else item.flags() | _CHECKABLE)
        self.blockSignals(False)
        self.viewport().update()

    @property
    def locked(self) -> bool:
        return self._locked

    def set_offered(self, names: Collection[str] | None) -> None:
        """Mark the choices that the server was seen to offer; None takes the marks away."""
        self.blockSignals(True)
        for item in self._items():
            item.setData(_OFFERED, names is not None and item.text() in names)
            said = [item.text()]
            said += [self.tr("weak")] if item.data(_WEAK) else []
            said += [self.tr("this server offers it")] if item.data(_OFFERED) else []
            item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(said))
        self.blockSignals(False)
        self.viewport().update()

    @called_by_qt
    def sizeHint(self) -> QSize:
        margins = self.contentsMargins()
        height = sum(self.sizeHintForRow(row) for row in range(self.count()))
        return QSize(
            self.sizeHintForColumn(0) + margins.left() + margins.right() + 2,
            height + margins.top() + margins.bottom() + 2,
        )

    @called_by_qt
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @called_by_qt
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    @called_by_qt
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def _items(self) -> list[QListWidgetItem]:
        return [self.item(row) for row in range(self.count())]


class _Delegate(QStyledItemDelegate):
    """Draws the box, the name, and the marks behind the name."""

    def __init__(self, view: AlgorithmList) -> None:
        super().__init__(view)
        self._view = view

    @called_by_qt
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        self.initStyleOption(option, index)
        focused = bool(option.state & QStyle.StateFlag.State_Selected) and self._view.hasFocus()
        rect: QRect = option.rect
        style = QApplication.style()
        box = style.subElementRect(QStyle.SubElement.SE_ItemViewItemCheckIndicator, option, self._view)
        text = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, option, self._view)
        ticked = option.checkState == Qt.CheckState.Checked
        self._paint_box(painter, ticked, box)
        painter.setPen(color("muted" if self._view.locked and not ticked else "text"))
        painter.drawText(text.adjusted(INSIDE, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, index.data())
        left = text.left() + option.fontMetrics.horizontalAdvance(index.data()) + 2 * BETWEEN
        painter.save()
        if index.data(_WEAK):
            left = self._write(painter, option, left, self._weak(), "wait")
        if index.data(_OFFERED):
            side = option.fontMetrics.height()
            place = QRect(left, rect.center().y() - side // 2, side, side)
            icon("offered", "ok").paint(painter, place)
        if focused:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(color("accent"))
            painter.drawRoundedRect(rect.adjusted(1, 1, -2, -2), INSIDE, INSIDE)
        painter.restore()

    def _paint_box(self, painter: QPainter, ticked: bool, box: QRect) -> None:
        """A box to tick, in our colours: the style's can't be seen on dark. Locked, a tick alone."""
        if self._view.locked:
            if ticked:
                icon("check").paint(painter, box)
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(color("accent" if ticked else "edge"))
        painter.setBrush(color("accent" if ticked else "raised"))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.restore()
        if ticked:
            icon("check", "on_accent").paint(painter, box)

    @called_by_qt
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        metrics = self._view.fontMetrics()
        marks = metrics.height() + BETWEEN + 2 * BETWEEN
        if index.data(_WEAK):
            marks += metrics.horizontalAdvance(self._weak()) + BETWEEN
        size = super().sizeHint(option, index)
        return QSize(size.width() + marks, max(size.height(), metrics.height() + BETWEEN))

    def _weak(self) -> str:
        return self.tr("weak")

    @staticmethod
    def _write(painter: QPainter, option: QStyleOptionViewItem, left: int, text: str, name: str) -> int:
        rect: QRect = option.rect
        painter.setPen(color(name))
        painter.drawText(
            QRect(left, rect.top(), rect.right() - left, rect.height()), Qt.AlignmentFlag.AlignVCenter, text
        )
        return left + option.fontMetrics.horizontalAdvance(text) + BETWEEN
