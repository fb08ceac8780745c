"""What chooses events on the page Events."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import Enum

from PySide6.QtCore import QDate, QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QDateEdit, QLineEdit, QWidget

from desktop_app.actions.event_state import EventState
from desktop_app.actions.find_events import EventSource, Question, Range
from desktop_app.gui import formats
from desktop_app.gui.ui_files import load_ui
from desktop_app.gui.widgets.choice_box import ChoiceBox
from desktop_app.one_line import on_one_line
from desktop_app.trails.store.identity import RECORDED
from desktop_app.trails.store.search import Sought


class Period(Enum):
    """The choices of days that are no single day."""

    ALL = 0
    TODAY = 1
    YESTERDAY = 2
    LAST_7_DAYS = 3
    SPAN = 4


class EventFilters(QWidget):
    """Words, days, state, actor, action, entity and source; `changed` says that another question is asked."""

    changed = Signal()

    search: QLineEdit
    day: QComboBox
    state: QComboBox
    span: QWidget
    first: QDateEdit
    last: QDateEdit
    actor: QLineEdit
    action: QLineEdit
    entity: QLineEdit
    source: QComboBox

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui("event_filters", self, ChoiceBox)
        for text, period in (
            (self.tr("All days"), Period.ALL),
            (self.tr("Today"), Period.TODAY),
            (self.tr("Yesterday"), Period.YESTERDAY),
            (self.tr("Last 7 days"), Period.LAST_7_DAYS),
            (self.tr("From … to …"), Period.SPAN),
        ):
            self.day.addItem(text, period)
        for text, state in (
            (self.tr("All"), None),
            (self.tr("Delivered"), EventState.DELIVERED),
            (self.tr("Waiting"), EventState.WAITING),
        ):
            self.state.addItem(text, state)
        self._show_sources([])
        self.last.setDate(QDate.currentDate())
        self.first.setDate(QDate.currentDate().addDays(-6))
        for field in self._fields:
            field.textChanged.connect(self.changed)
        for choice in (self.day, self.state, self.source):
            choice.currentIndexChanged.connect(self._choose)
        for edit in (self.first, self.last):
            edit.dateChanged.connect(self.changed)

    @property
    def _fields(self) -> tuple[QLineEdit, ...]:
        return self.search, self.actor, self.action, self.entity

    def question(self, today: date) -> Question:
        """What is asked for, on a day of the export's time zone."""
        first, last = self._days(today)
        text, actor, action, entity = (field.text() for field in self._fields)
        sought = Sought(text, actor, action, entity, self.source.currentData())
        return Question(sought, first, last, self.state.currentData())

    def fill(self, told: Range) -> None:
        """Offer the days and the sources that there are; what is chosen stays, if it is still there."""
        self._show_days(told.days)
        self._show_sources(told.sources)

    def clear(self) -> None:
        """Choose all events, which is no change that is told."""
        with QSignalBlocker(self):
            for field in self._fields:
                field.clear()
            for choice in (self.day, self.state, self.source):
                choice.setCurrentIndex(0)
        self.search.setFocus()

    def _days(self, today: date) -> tuple[date | None, date | None]:
        match self.day.currentData():
            case Period.TODAY:
                return today, today
            case Period.YESTERDAY:
                return today - timedelta(days=1), today - timedelta(days=1)
            case Period.LAST_7_DAYS:
                return today - timedelta(days=6), today
            case Period.SPAN:
                return _date(self.first), _date(self.last)
            case date() as day:
                return day, day
            case _:
                return None, None

    def _choose(self) -> None:
        self.span.setVisible(self.day.currentData() is Period.SPAN)
        self.changed.emit()

    def _show_days(self, days: Sequence[date]) -> None:
        periods = len(Period)
        if [self.day.itemData(row) for row in range(periods + 1, self.day.count())] == days:
            return
        chosen = self.day.currentData()
        with QSignalBlocker(self.day):
            while self.day.count() > periods:
                self.day.removeItem(periods)
            if days:
                self.day.insertSeparator(periods)
            for day in days:
                self.day.addItem(formats.day(day), day)
            self.day.setCurrentIndex(_row(self.day, chosen))

    def _show_sources(self, sources: Sequence[EventSource]) -> None:
        numbers = [None, *(each.number for each in sources)]
        if [self.source.itemData(row) for row in range(self.source.count())] == numbers:
            return
        chosen = self.source.currentData()
        with QSignalBlocker(self.source):
            self.source.clear()
            self.source.addItem(self.tr("All sources"), None)
            for each in sources:
                name = self.tr("Recorded here") if each.number == RECORDED else on_one_line(each.name)
                self.source.addItem(name, each.number)
            self.source.setCurrentIndex(_row(self.source, chosen))


def _row(choices: QComboBox, data: object) -> int:
    """The row with some data, compared as Python does; else the first."""
    rows = (row for row in range(choices.count()) if choices.itemData(row) == data)
    return next(rows, 0)


def _date(edit: QDateEdit) -> date:
    at = edit.date()
    return date(at.year(), at.month(), at.day())
