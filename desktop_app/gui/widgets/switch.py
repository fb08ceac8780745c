"""A switch that shows OFF or ON."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QStyle, QWidget

from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.widgets.theme import color

_QUICK = 120  # milliseconds


class Switch(QAbstractButton):
    """A checkable button; to a screen reader it is a check box."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._at = 0.0
        self._motion = QVariantAnimation(self)
        self._motion.valueChanged.connect(self._move)
        self.toggled.connect(self._slide)

    @called_by_qt
    def sizeHint(self) -> QSize:
        height = self._track_height()
        return QSize(int(height + 2.2 * height), height + 6)

    @called_by_qt
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height = self._track_height()
        track = QRectF(3, (self.height() - height) / 2, self.width() - 6, height)
        on = self.isChecked()
        if self.hasFocus():
            painter.setPen(QPen(color("accent"), 1.5))
            painter.drawRoundedRect(track.adjusted(-2.2, -2.2, 2.2, 2.2), height / 2 + 2, height / 2 + 2)
        ink = color("on_accent" if on else "muted") if self.isEnabled() else color("muted")
        painter.setPen(QPen(color("edge") if self.isEnabled() else color("line"), 1))
        painter.setBrush(color("raised"))
        if on and self.isEnabled():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("accent"))
        painter.drawRoundedRect(track, height / 2, height / 2)
        knob = height - 8
        left = track.left() + 4 + self._at * (track.width() - knob - 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawEllipse(QRectF(left, track.top() + 4, knob, knob))
        font = self.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(ink)
        room = track.adjusted(10, 0, -knob - 8, 0) if on else track.adjusted(knob + 8, 0, -10, 0)
        text = self.tr("ON") if on else self.tr("OFF")
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)

    @called_by_qt
    def changeEvent(self, event: QEvent) -> None:
        self.update()
        super().changeEvent(event)

    def _track_height(self) -> int:
        return self.fontMetrics().height() + 8

    def _slide(self, on: bool) -> None:
        quick = self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self) > 0
        if not (quick and self.isVisible()):
            self._motion.stop()
            self._move(float(on))
            return
        self._motion.setDuration(_QUICK)
        self._motion.setStartValue(self._at)
        self._motion.setEndValue(float(on))
        self._motion.start()

    def _move(self, at: float) -> None:
        self._at = at
        self.update()
