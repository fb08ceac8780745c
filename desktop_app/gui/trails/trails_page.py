"""The page Events: the events in the store, the newest first."""

from datetime import datetime
from functools import partial

from msgspec import Struct, field
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QProgressBar,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTableView,
    QWidget,
)

from desktop_app.actions.find_events import Hits, Question
from desktop_app.errors import LocalDiskError, UserError
from desktop_app.gui import formats
from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.keys import FIND, with_key
from desktop_app.gui.language import spoken
from desktop_app.gui.trails.event_details import EventDetails
from desktop_app.gui.trails.event_filters import EventFilters
from desktop_app.gui.trails.event_model import EventModel
from desktop_app.gui.trails.finding import Found, find
from desktop_app.gui.trails.hand_over_menu import Chosen, HandOverMenu
from desktop_app.gui.ui_files import load_ui
from desktop_app.gui.widgets.beside import show_beside
from desktop_app.gui.widgets.nothing_found import NothingFound
from desktop_app.gui.widgets.notice import Notice
from desktop_app.gui.widgets.speak import announce
from desktop_app.gui.widgets.table_look import dress
from desktop_app.gui.worker import Worker
from desktop_app.settings.paths import Paths
from desktop_app.settings.time_zone import find_zone
from desktop_app.trails.store.browse import Key
from desktop_app.trails.store.store import open_store_to_read

_KEPT_ROWS = 500
_ROWS = QItemSelectionModel.SelectionFlag.Rows
_CURRENT = QItemSelectionModel.SelectionFlag.NoUpdate
_ADD_ROW = QItemSelectionModel.SelectionFlag.Select | _ROWS


class _Kept(Struct):
    """What comes back after a refresh: the event whose details are shown, the one at the top, those that are
    chosen."""

    current: Key | None = None
    top: Key | None = None
    rows: list[Key] = field(default_factory=list)


class TrailsPage(QWidget):
    """All events of the store, searched as one types."""

    title: QLabel
    problem: Notice
    handed: Notice
    states: QStackedWidget
    filled: QWidget
    empty: QWidget
    filters: EventFilters
    progress: QProgressBar
    facts: QLabel
    clear: QPushButton
    hand_over: QPushButton
    split: QSplitter
    events: QTableView
    details: EventDetails
    go_to_sources: QPushButton

    asked_for = Signal(str)

    def __init__(self, paths: Paths, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.paths = paths
        load_ui("trails_page", self, Notice, EventFilters, EventDetails)
        self._finding = Worker(self)
        self._finding.progressed.connect(self._take)
        self._finding.failed.connect(self._tell_problem)
        self._finding.ended.connect(self._tell_end)
        self._asked = Question()
        self._found: Found | None = None
        self._kept = _Kept()
        self._model = EventModel(self)
        self._set_up_table()
        self.go_to_sources.clicked.connect(lambda: self.asked_for.emit("sources"))
        show_beside(self, self.filled, self.split)
        self.filters.changed.connect(self._ask)
        self.filters.search.setToolTip(with_key(self.tr("Find events"), FIND))
        self.clear.clicked.connect(self._clear_filters)
        self.nothing = NothingFound(self.events, self.tr("No event matches."), self.clear.text())
        self.nothing.all_wanted.connect(self._clear_filters)
        self._hand_over = HandOverMenu(paths, self.hand_over, self.handed, self._chosen)
        self.details.asked_to_close.connect(self._close_details)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self.split, self._close_details)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def refresh(self) -> None:
        """Show the events as they are now; what is chosen and looked at stays so.

        What was searched for is searched for again only when the page is shown again.
        """
        if self._asked.sought.anything:
            self._ask_again()

    @called_by_qt
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._asked.sought.anything:
            self._ask_again()

    def begin_search(self) -> None:
        """Put the focus into the search, with its text selected."""
        self.filters.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filters.search.selectAll()

    def search_again(self) -> None:
        """Show what matches now."""
        self._ask_again()

    def end(self) -> None:
        """End what is under way, and tell nothing more."""
        self._finding.end()
        self._hand_over.end()
        self._model.close()

    def _set_up_table(self) -> None:
        self.events.setModel(self._model)
        samples = {
            EventModel.TIME: "MM" + formats.moment(1_795_478_399_000),
            EventModel.ACTOR: "anna@example.com",
            EventModel.ACTION: "Assign role",
            EventModel.ENTITY: "Configuration settings",
            EventModel.STATE: self.tr("Delivered"),
        }
        dress(self.events, samples, [EventModel.ACTOR, EventModel.ENTITY], left_out=[EventModel.STATE])
        self.events.selectionModel().currentRowChanged.connect(self._show_event)
        self.events.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.events.customContextMenuRequested.connect(self._show_menu)
        self._model.unreadable.connect(self._tell_problem)
        self.events.setMinimumHeight(self.events.verticalHeader().defaultSectionSize() * 5)
        self.split.setStretchFactor(0, 1)

    def _ask(self) -> None:
        """Ask for the events that the filters choose; an answer that is still under way is of no interest."""
        self._asked = question = self._question()
        self._finding.replace(partial(find, self.paths, question), lambda _: None)

    def _ask_again(self) -> None:
        """Ask the same, once the answer that is under way is there; today may be another day by now."""
        self._asked = self._question()
        self._finding.follow(partial(find, self.paths, self._asked), lambda _: None)

    def _question(self) -> Question:
        zone = find_zone(self._found.zone if self._found else "local")
        return self.filters.question(datetime.now(zone).date())

    def _take(self, told: Found | Hits) -> None:
        if isinstance(told, Found):
            self._show_range(told)
        else:
            self._model.add_found(told.keys)
            if self._found and self._found.range.events:
                self.progress.setValue(1000 * told.scanned // self._found.range.events)
            self._restore()
        self._tell_facts(running=True)

    def _show_range(self, found: Found) -> None:
        searching = not self._asked.sought.anything
        if found == self._found and not searching and self._model.store:
            self.problem.hide()
            return
        if self._found and found.question == self._found.question:
            self._kept = self._keep()
        try:
            store = open_store_to_read(self.paths.store)
        except LocalDiskError as error:
            self._tell_problem(error)
            return
        self.problem.hide()
        self._found, told = found, found.range
        self.filters.fill(told)
        zone = formats.zone_of(found.zone)
        if searching:
            self._model.show_found(store, told.delivered, zone)
        else:
            self._model.show_range(store, told.parts, told.delivered, zone)
            self._restore()
        if not self.events.currentIndex().isValid():  # a reset takes the choice away without a signal
            self._show_event(QModelIndex())
        self.progress.setValue(0)
        self.progress.setVisible(searching)
        self.states.setCurrentWidget(self.filled if told.days or self._is_filtered() else self.empty)

    def _tell_end(self) -> None:
        self.progress.hide()
        self._kept = _Kept()
        self._tell_facts(running=False)
        if self._is_filtered():
            announce(self.facts, self.facts.text())

    def _tell_facts(self, running: bool) -> None:
        if self._found is None:
            return
        shown = self._model.rowCount()
        searched = self.tr("%Ln event(s) searched", "", self._found.range.events)
        if self._asked.sought.anything:
            text = self.tr("%Ln event(s)", "", shown)
        elif running:
            text = self.tr("Searching … %Ln found so far", "", shown)
        elif shown:
            text = self.tr("%Ln found", "", shown) + " · " + searched
        else:
            text = searched
        self.facts.setText(text)
        self.clear.setVisible(self._is_filtered() and shown > 0)
        self.nothing.show_if(self._is_filtered() and not shown and not running)

    def _tell_problem(self, error: UserError) -> None:
        self.problem.tell("bad", spoken(error.message), spoken(error.hint), stays=True)

    def _is_filtered(self) -> bool:
        return self._asked != Question()

    def _clear_filters(self) -> None:
        self.filters.clear()
        self.filters.search.setFocus()
        self._ask()

    def _first_row(self) -> int:
        """The row at the top of what is seen; -1 for the very first, which gives way to newer ones."""
        row = self.events.rowAt(0)
        return row if row > 0 else -1

    def _key_of(self, row: int) -> Key | None:
        shown = self._model.event_at(row)
        return Key(shown.event.created_ms, shown.event.seq) if shown else None

    def _keep(self) -> "_Kept":
        ranges = self._ranges()
        few = ranges if sum(count for _, count in ranges) <= _KEPT_ROWS else []
        rows = [key for first, count in few for key in self._model.keys(first, count)]
        return _Kept(self._key_of(self.events.currentIndex().row()), self._key_of(self._first_row()), rows)

    def _restore(self) -> None:
        """Choose and scroll to what was chosen and seen before the last refresh, as soon as it is there again."""
        kept = self._kept
        if kept.top is not None and (row := self._model.row_of(kept.top)) is not None:
            self.events.scrollTo(self._model.index(row, 0), QTableView.ScrollHint.PositionAtTop)
            kept.top = None
        choice, place = self.events.selectionModel(), self.events.verticalScrollBar().value()
        if kept.current is not None and (row := self._model.row_of(kept.current)) is not None:
            choice.setCurrentIndex(self._model.index(row, 0), _CURRENT)
            kept.current = None
        for key in list(kept.rows):
            if (row := self._model.row_of(key)) is not None:
                choice.select(self._model.index(row, 0), _ADD_ROW)
                kept.rows.remove(key)
        self.events.verticalScrollBar().setValue(place)

    def _close_details(self) -> None:
        had_focus = self.details.isAncestorOf(QApplication.focusWidget() or self)
        self.events.setCurrentIndex(QModelIndex())
        self.events.clearSelection()
        if had_focus:
            self.events.setFocus()

    def _show_event(self, current: QModelIndex, _: QModelIndex | None = None) -> None:
        shown = self._model.event_at(current.row()) if current.isValid() else None
        line = self._model.line_of(shown.event) if shown else None
        if shown is None or line is None:
            self.details.hide()
        else:
            archive = self._model.archive_of(shown.event)
            self.details.show_event(shown.event, line, archive, self._model.zone)

    def _chosen(self) -> Chosen:
        """The rows that are chosen; where there are none, or all are, everything that is asked for."""
        number = sum(count for _, count in self._ranges())
        if not 0 < number < self._model.rowCount():
            return Chosen(self._asked, self._model.rowCount())
        return Chosen([key for first, count in self._ranges() for key in self._model.keys(first, count)], number)

    def _ranges(self) -> list[tuple[int, int]]:
        """The rows that are chosen, as first rows and numbers of rows."""
        chosen = self.events.selectionModel().selection()
        ranges = map(chosen.at, range(chosen.count()))
        return [(each.top(), each.bottom() - each.top() + 1) for each in ranges]

    def _show_menu(self, at: QPoint) -> None:
        self._hand_over.menu.popup(self.events.viewport().mapToGlobal(at))
