"""A small chart of events per day; a day that is not on the server stands out by sign, word and colour."""

from collections import Counter
from collections.abc import Set
from datetime import date, timedelta

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QToolTip, QWidget

from desktop_app.actions.history import DayHistory, DayState
from desktop_app.gui import formats
from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.language import spoken
from desktop_app.gui.widgets.speak import announce
from desktop_app.gui.widgets.theme import color, icon

_NARROWEST_BAR = 9.0
_WIDEST_BAR = 28.0
_SIGN = 12
_COLORS = {
    DayState.DELIVERED: "ok",
    DayState.WAITING: "wait",
    DayState.FAILED: "bad",
    DayState.MISSING: "bad",
    DayState.TODAY: "muted",
}
_SIGNS = {DayState.WAITING: "waiting", DayState.FAILED: "cross", DayState.MISSING: "alert"}


class DayChart(QWidget):
    """One bar a day, today at the right. Mouse or arrow keys choose a day, whose facts `told` gives as a text
    (empty when none is chosen); Enter or a click gives it by `day_chosen`."""

    told = Signal(str)
    day_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._days: dict[date, DayHistory] = {}
        self._failed: Set[date] = frozenset()
        self._today = date.today()
        self._current: date | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Events per day"))

    def show_days(self, days: list[DayHistory], failed: Set[date] = frozenset()) -> None:
        """Show these days, the last of which is today; a run failed on the days `failed`."""
        self._failed = failed
        self._days = {date.fromisoformat(day.day): day for day in days}
        self._today = max(self._days, default=date.today())
        self._choose(None)
        self.setAccessibleDescription(summary(self.days_shown()))
        self.update()

    def days_shown(self) -> list[DayHistory]:
        """The days that there is room for and something to tell of, oldest first."""
        return [self._days[day] for day in self._dates() if day in self._days]

    def title(self) -> str:
        """What it shows, from which day to which."""
        days = self._dates()
        if len(days) < 2:
            return self.tr("Events per day")
        return self.tr("Events per day, {first} to {last}").format(first=days[0], last=days[-1])

    @called_by_qt
    def sizeHint(self) -> QSize:
        return QSize(480, self.fontMetrics().height() * 8)

    @called_by_qt
    def minimumSizeHint(self) -> QSize:
        return QSize(240, self.fontMetrics().height() * 6)

    @called_by_qt
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dates, plot, step = self._dates(), self._plot(), self._step()
        most = max((day.delivered + day.waiting for day in self.days_shown()), default=0)
        self._draw_scale(painter, plot, most)
        for place, day in enumerate(dates):
            left = plot.right() - (len(dates) - place) * step
            if day in self._days and self._days[day].state in (DayState.FAILED, DayState.MISSING):
                painter.fillRect(QRectF(left, plot.top(), step, plot.height()), self._shade("bad", 0.13))
            if day == self._current:
                painter.fillRect(
                    QRectF(left, plot.top(), step, self.height() - plot.top()), self._shade("accent", 0.18)
                )
            if day in self._days:
                self._draw_day(painter, QRectF(left, plot.top(), step, plot.height()), self._days[day], most)
        self._draw_dates(painter, dates, plot, step)
        if self.hasFocus():
            painter.setPen(QPen(color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)

    @called_by_qt
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and self._current:
            return True  # shown by the mouse's moves already
        return super().event(event)

    @called_by_qt
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._choose(self._date_at(event.position().x()))
        if self._current:
            QToolTip.showText(event.globalPosition().toPoint(), self.text_of_current(), self)
        else:
            QToolTip.hideText()

    @called_by_qt
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._give_day()

    @called_by_qt
    def leaveEvent(self, event: QEvent) -> None:
        if not self.hasFocus():
            self._choose(None)

    @called_by_qt
    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._choose(None)
        super().focusOutEvent(event)

    @called_by_qt
    def keyPressEvent(self, event: QKeyEvent) -> None:
        days = [date.fromisoformat(day.day) for day in self.days_shown()]
        key = Qt.Key(event.key())
        if not days or key not in _KEYS:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._give_day()
        elif key == Qt.Key.Key_Escape:
            if self._current is None:
                super().keyPressEvent(event)
            self._choose(None)
        else:
            place = days.index(self._current) if self._current in days else len(days)
            last = len(days) - 1
            places = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: last, Qt.Key.Key_Left: place - 1}
            self._choose(days[min(max(places.get(key, place + 1), 0), last)])

    def text_of_current(self) -> str:
        """The facts of the chosen day; empty when none is chosen."""
        day = self._days.get(self._current) if self._current else None
        if day is None:
            return ""
        caught_up = self._current in self._failed and day.state not in _SIGNS
        return day_text(day) + (f" · {self.tr('a run failed on this day')}" if caught_up else "")

    def _choose(self, day: date | None) -> None:
        if day not in self._days:
            day = None
        if day == self._current:
            return
        self._current = day
        text = self.text_of_current()
        self.setAccessibleDescription(text or summary(self.days_shown()))
        announce(self, text)
        self.told.emit(text)
        self.update()

    def _give_day(self) -> None:
        if self._current:
            self.day_chosen.emit(self._current.isoformat())

    def _dates(self) -> list[date]:
        """The days that there is room for, up to today, from the first that there is something to tell of."""
        first = min(self._days, default=self._today)
        count = min(int(self._plot().width() / _NARROWEST_BAR), (self._today - first).days + 1)
        return [self._today - timedelta(days=back) for back in reversed(range(max(count, 1)))]

    def _date_at(self, x: float) -> date | None:
        back = int((self._plot().right() - x) // self._step())
        return self._today - timedelta(days=back) if 0 <= back < len(self._dates()) else None

    def _plot(self) -> QRectF:
        """Where the bars are: below them the signs, then the dates; at the left the scale."""
        line = self.fontMetrics().height()
        left = QFontMetricsF(self.font()).horizontalAdvance(formats.count(888_888)) + 12
        return QRectF(
            left, 8, max(self.width() - left - 8, 1), max(self.height() - 8 - self._sign_room() - line - 6, 1)
        )

    def _sign_room(self) -> int:
        """The height of the row of signs, where there is any."""
        has_signs = any(day.state in _SIGNS for day in self._days.values()) or bool(
            self._failed & self._days.keys()
        )
        return _SIGN + 4 if has_signs else 0

    def _step(self) -> float:
        return min(self._plot().width() / len(self._dates()), _WIDEST_BAR)

    def _shade(self, name: str, opacity: float) -> QColor:
        shade = color(name)
        shade.setAlphaF(opacity)
        return shade

    def _draw_scale(self, painter: QPainter, plot: QRectF, most: int) -> None:
        painter.setPen(QPen(color("line"), 1))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        if most == 0:
            return
        top = _round_up(most)
        for part in (1, 2):
            y = round(plot.bottom() - plot.height() * part / 2) + 0.5
            if top * part % 2 == 0:
                painter.setPen(QPen(color("line"), 1, Qt.PenStyle.DotLine))
                painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
                painter.setPen(color("muted"))
                height = painter.fontMetrics().height()
                place = QRectF(0, max(y - height / 2, 0), plot.left() - 8, height)
                painter.drawText(place, Qt.AlignmentFlag.AlignRight, formats.count(top * part // 2))

    def _draw_day(self, painter: QPainter, slot: QRectF, day: DayHistory, most: int) -> None:
        gap = 1.5 if slot.width() < 14 else 3
        bar = slot.adjusted(gap, 0, -gap, 0)
        scale = slot.height() / _round_up(most) if most else 0.0
        painter.setPen(Qt.PenStyle.NoPen)
        bottom = slot.bottom()
        for count, name in ((day.delivered, "ok"), (day.waiting, _COLORS[day.state])):
            if count:
                height = max(count * scale, 2.0)
                part = QRectF(bar.left(), bottom - height, bar.width(), height)
                bottom -= height
                if name == "ok":
                    painter.setBrush(color("ok"))
                    painter.drawRect(part)
                else:
                    self._draw_waiting(painter, part, name)
        sign = QRectF(slot.center().x() - _SIGN / 2, slot.bottom() + 4, _SIGN, _SIGN)
        if day.state in _SIGNS:
            icon(_SIGNS[day.state], _COLORS[day.state]).paint(painter, sign.toRect())
        elif date.fromisoformat(day.day) in self._failed:
            icon("cross", "muted").paint(painter, sign.toRect())
        if day.state is DayState.DELIVERED and day.delivered == 0:
            # An archive without events was delivered: a line shows that nothing is missing.
            painter.setBrush(color("ok"))
            painter.drawRect(QRectF(bar.left(), slot.bottom() - 2, bar.width(), 2))

    def _draw_waiting(self, painter: QPainter, part: QRectF, name: str) -> None:
        """Hollow: these events are not on the server."""
        painter.setBrush(self._shade(name, 0.25))
        painter.setPen(QPen(color(name), 1))
        painter.drawRect(part.adjusted(0.5, 0.5, -0.5, 0))
        painter.setPen(Qt.PenStyle.NoPen)

    def _draw_dates(self, painter: QPainter, dates: list[date], plot: QRectF, step: float) -> None:
        painter.setPen(color("muted"))
        metrics = painter.fontMetrics()
        top = plot.bottom() + 4 + self._sign_room()
        free_up_to = plot.right() + 4
        for place in reversed(range(len(dates))):
            text = self.tr("Today") if dates[place] == self._today else formats.short_day(dates[place])
            width = metrics.horizontalAdvance(text)
            centre = plot.right() - (len(dates) - place - 0.5) * step
            left = min(centre - width / 2, plot.right() + 4 - width)
            if (dates[place] - self._today).days % 7 == 0 and left + width <= free_up_to and left >= 0:
                painter.drawText(QRectF(left, top, width + 2, metrics.height()), Qt.AlignmentFlag.AlignLeft, text)
                free_up_to = left - 12

    @called_by_qt
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self.update()
        super().changeEvent(event)


def day_text(day: DayHistory) -> str:
    """The facts of a day in one sentence or two."""
    events = (
        _tr("%Ln event(s) delivered", "", day.delivered)
        if day.delivered or day.state is DayState.DELIVERED
        else "",
        _tr("%Ln event(s) so far", "", day.waiting) if day.state is DayState.TODAY else "",
        _tr("%Ln event(s) waiting", "", day.waiting) if day.waiting and day.state is not DayState.TODAY else "",
    )
    facts = "; ".join(filter(None, [*events, state_word(day.state) if day.state in _SIGNS else ""]))
    message = f" – {spoken(day.message)}" if day.message else ""
    return f"{formats.day(date.fromisoformat(day.day))}: {facts}{message}"


def state_word(state: DayState) -> str:
    """What a day is called that stands so."""
    return {
        DayState.DELIVERED: _tr("delivered"),
        DayState.WAITING: _tr("waiting for the next run"),
        DayState.FAILED: _tr("the export failed"),
        DayState.MISSING: _tr("missing: no export ran"),
        DayState.TODAY: _tr("today"),
    }[state]


def summary(days: list[DayHistory]) -> str:
    """What the chart shows, in words: which days are not delivered comes first."""
    counts = Counter(day.state for day in days)
    texts = []
    for state in (DayState.FAILED, DayState.MISSING, DayState.WAITING):
        if counts[state]:
            named = [formats.short_day(date.fromisoformat(day.day)) for day in days if day.state is state]
            which = ", ".join(named) if len(named) <= 6 else f"{named[0]} … {named[-1]}"
            texts.append(f"{_days(state, len(named))} ({which})")
    delivered = [day for day in days if day.state is DayState.DELIVERED]
    if delivered:
        events = formats.count(sum(day.delivered for day in delivered))
        texts.append(_tr("%Ln day(s) delivered, {events} events", "", len(delivered)).format(events=events))
    return " · ".join(texts)


def _days(state: DayState, number: int) -> str:
    if state is DayState.FAILED:
        return _tr("%Ln day(s) failed", "", number)
    if state is DayState.MISSING:
        return _tr("%Ln day(s) missing", "", number)
    return _tr("%Ln day(s) waiting", "", number)


def _tr(text: str, comment: str = "", number: int = -1) -> str:
    return QCoreApplication.translate("DayChart", text, comment, number)


def _round_up(most: int) -> int:
    """The next round and even number: 2, 4, 6, 8, 10, 12, 16, 20, …"""
    unit = 1
    while True:
        for step in (10, 12, 16, 20, 24, 30, 40, 50, 60, 80, 100):
            if most <= step * unit // 10 and step * unit % 20 == 0:
                return step * unit // 10
        unit *= 10


_KEYS = (
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_Escape,
)
