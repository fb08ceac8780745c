"""The page Audit trails: the events in the store, the newest first."""

from functools import partial

from PySide6.QtCore import QModelIndex, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QFontDatabase, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTableView,
    QTabWidget,
    QWidget,
)

from desktop_app.actions.event_state import EventState
from desktop_app.actions.find_events import Hits, Question, Range
from desktop_app.errors import LocalDiskError, UserError
from desktop_app.export.ledger import Archive
from desktop_app.gui import formats
from desktop_app.gui.language import spoken
from desktop_app.gui.trails.difference_model import DifferenceModel
from desktop_app.gui.trails.event_model import EventModel
from desktop_app.gui.trails.finding import Found, find
from desktop_app.gui.ui_files import load_ui
from desktop_app.gui.widgets.choice_box import ChoiceBox
from desktop_app.gui.widgets.icon_label import IconLabel
from desktop_app.gui.widgets.notice import Notice
from desktop_app.gui.widgets.speak import announce
from desktop_app.gui.widgets.table_look import dress
from desktop_app.gui.widgets.theme import icon
from desktop_app.gui.worker import Worker
from desktop_app.one_line import on_one_line
from desktop_app.settings.paths import Paths
from desktop_app.trails.differences import Change, differences_of
from desktop_app.trails.store.browse import EventRow, Key
from desktop_app.trails.store.search import search_words
from desktop_app.trails.store.store import open_store_to_read
from desktop_app.trails.values import NONE, event_values, text_of, whole_text

_NO_DAY = None


class TrailsPage(QWidget):
    """All events of the store, searched as one types."""

    title: QLabel
    problem: Notice
    states: QStackedWidget
    filled: QWidget
    empty: QWidget
    search: QLineEdit
    day: QComboBox
    state: QComboBox
    progress: QProgressBar
    facts: QLabel
    clear: QPushButton
    split: QSplitter
    events: QTableView
    details: QWidget
    event_title: QLabel
    close_details: QPushButton
    event_facts: QLabel
    delivery_sign: IconLabel
    delivery_text: QLabel
    copy_sha256: QPushButton
    tabs: QTabWidget
    changes: QLabel
    only_changes: QCheckBox
    differences: QTableView
    json: QPlainTextEdit
    copy_json: QPushButton
    copy_line: QPushButton

    def __init__(self, paths: Paths, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.paths = paths
        load_ui("trails_page", self, Notice, IconLabel, ChoiceBox)
        self._finding = Worker(self)
        self._finding.progressed.connect(self._take)
        self._finding.failed.connect(self._tell_problem)
        self._finding.ended.connect(self._tell_end)
        self._asked = Question()
        self._found: Found | None = None
        self._kept: tuple[Key | None, Key | None] = (None, None)
        self._line = b""
        self._archive: Archive | None = None
        self._model = EventModel(self)
        self._differences = DifferenceModel(self)
        self._set_up_tables()
        self._set_up_filters()
        self._set_up_details()

    def refresh(self) -> None:
        """Show the events as they are now; what is chosen and looked at stays so.

        What was searched for is searched for again only when the page is shown again.
        """
        if not search_words(self._asked.text):
            self._ask_again()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if search_words(self._asked.text):
            self._ask_again()

    def end(self) -> None:
        """End what is under way, and tell nothing more."""
        self._finding.end()
        self._model.close()

    def _set_up_tables(self) -> None:
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
        self._model.unreadable.connect(self._tell_problem)
        self.events.setMinimumHeight(self.events.verticalHeader().defaultSectionSize() * 5)
        self.differences.setModel(self._differences)
        samples = {DifferenceModel.SIGN: "≠", DifferenceModel.PATH: "distribution[0].name.and.more"}
        dress(self.differences, samples, [DifferenceModel.BEFORE, DifferenceModel.AFTER])
        self.split.setStretchFactor(0, 1)

    def _set_up_filters(self) -> None:
        self.day.addItem(self.tr("All days"), _NO_DAY)
        for text, state in (
            (self.tr("All"), None),
            (self.tr("Delivered"), EventState.DELIVERED),
            (self.tr("Waiting"), EventState.WAITING),
        ):
            self.state.addItem(text, state)
        self.search.textChanged.connect(self._ask)
        self.day.currentIndexChanged.connect(self._ask)
        self.state.currentIndexChanged.connect(self._ask)
        self.clear.clicked.connect(self._clear_filters)

    def _set_up_details(self) -> None:
        self.close_details.setIcon(icon("cross"))
        self.close_details.setIconSize(QSize(16, 16))
        self.close_details.clicked.connect(self._close_details)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self.split, self._close_details)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.json.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.only_changes.toggled.connect(self._differences.show_only_changes)
        self.copy_json.clicked.connect(lambda: QApplication.clipboard().setText(self.json.toPlainText()))
        self.copy_line.clicked.connect(lambda: QApplication.clipboard().setText(self._line.decode()))
        self.copy_sha256.clicked.connect(self._copy_sha256)

    def _ask(self) -> None:
        """Ask for the events that the filters choose; an answer that is still under way is of no interest."""
        self._asked = question = Question(self.search.text(), self.day.currentData(), self.state.currentData())
        self._finding.replace(partial(find, self.paths, question), lambda _: None)

    def _ask_again(self) -> None:
        """Ask the same, once the answer that is under way is there."""
        self._finding.follow(partial(find, self.paths, self._asked), lambda _: None)

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
        searching = bool(search_words(self._asked.text))
        if found == self._found and not searching and self._model.store:
            self.problem.hide()
            return
        if self._found and found.question == self._found.question:
            self._kept = (self._key_of(self.events.currentIndex().row()), self._key_of(self._first_row()))
        try:
            store = open_store_to_read(self.paths.store)
        except LocalDiskError as error:
            self._tell_problem(error)
            return
        self.problem.hide()
        self._found, told = found, found.range
        self._fill_days(told)
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
        self._kept = (None, None)
        self._tell_facts(running=False)
        if self._is_filtered():
            announce(self.facts, self.facts.text())

    def _tell_facts(self, running: bool) -> None:
        if self._found is None:
            return
        shown = self._model.rowCount()
        searched = self.tr("%Ln event(s) searched", "", self._found.range.events)
        if not search_words(self._asked.text):
            text = self.tr("%Ln event(s)", "", shown) if shown else self.tr("No event matches.")
        elif running:
            text = self.tr("Searching … %Ln found so far", "", shown)
        elif shown:
            text = self.tr("%Ln found", "", shown) + " · " + searched
        else:
            text = self.tr("No event matches.") + " " + searched
        self.facts.setText(text)
        self.clear.setVisible(self._is_filtered())

    def _tell_problem(self, error: UserError) -> None:
        self.problem.tell("bad", spoken(error.message), spoken(error.hint), stays=True)

    def _fill_days(self, told: Range) -> None:
        if [self.day.itemData(row) for row in range(1, self.day.count())] == told.days:
            return
        chosen = self.day.currentData()
        with QSignalBlocker(self.day):
            self.day.clear()
            self.day.addItem(self.tr("All days"), _NO_DAY)
            for day in told.days:
                self.day.addItem(formats.day(day), day)
            self.day.setCurrentIndex(max(self.day.findData(chosen), 0) if chosen else 0)

    def _is_filtered(self) -> bool:
        return self._asked != Question()

    def _clear_filters(self) -> None:
        with QSignalBlocker(self.search), QSignalBlocker(self.day), QSignalBlocker(self.state):
            self.search.clear()
            self.day.setCurrentIndex(0)
            self.state.setCurrentIndex(0)
        self._ask()
        self.search.setFocus()

    def _first_row(self) -> int:
        """The row at the top of what is seen; -1 for the very first, which gives way to newer ones."""
        row = self.events.rowAt(0)
        return row if row > 0 else -1

    def _key_of(self, row: int) -> Key | None:
        shown = self._model.event_at(row)
        return Key(shown.event.created_ms, shown.event.seq) if shown else None

    def _restore(self) -> None:
        """Choose and scroll to what was chosen and seen before the last refresh, as soon as it is there again."""
        chosen, top = self._kept
        if top is not None and (row := self._model.row_of(top)) is not None:
            self.events.scrollTo(self._model.index(row, 0), QTableView.ScrollHint.PositionAtTop)
            self._kept = (chosen, None)
        if chosen is not None and (row := self._model.row_of(chosen)) is not None:
            place = self.events.verticalScrollBar().value()
            self.events.setCurrentIndex(self._model.index(row, 0))
            self.events.verticalScrollBar().setValue(place)
            self._kept = (None, self._kept[1])

    def _close_details(self) -> None:
        had_focus = self.details.isAncestorOf(QApplication.focusWidget() or self)
        self.events.setCurrentIndex(QModelIndex())
        if had_focus:
            self.events.setFocus()

    def _show_event(self, current: QModelIndex, _: QModelIndex | None = None) -> None:
        shown = self._model.event_at(current.row()) if current.isValid() else None
        line = self._model.line_of(shown.event) if shown else None
        self.details.setVisible(line is not None)
        if shown is None or line is None:
            return
        self._line = line
        event = shown.event
        self.event_title.setText(on_one_line(f"{event.action} · {event.entity_name}"))
        self.event_facts.setText(self._facts_of(event, line))
        self._show_delivery(event)
        found = differences_of(line)
        self._differences.show(found)
        self._tell_changes()
        self.json.setPlainText(whole_text(line))

    def _facts_of(self, event: EventRow, line: bytes) -> str:
        values = event_values(line)
        entity, severity = values.entityId, values.severity
        texts = [
            formats.exact_moment(event.created_ms, self._model.zone),
            event.actor,
            event.entity_type,
            "" if entity == NONE else self.tr("entity {id}").format(id=text_of(entity)),
            "" if severity == NONE else self.tr("severity {severity}").format(severity=text_of(severity)),
        ]
        return on_one_line(" · ".join(filter(None, texts)))

    def _show_delivery(self, event: EventRow) -> None:
        self._archive = archive = self._model.archive_of(event)
        self.copy_sha256.setVisible(archive is not None)
        self.delivery_sign.show_icon(*(("check", "ok") if archive else ("waiting", "wait")))
        if archive is None:
            self.delivery_text.setText(self.tr("Waiting: no delivered archive has this event yet."))
        elif archive.delivered_ms is None:
            self.delivery_text.setText(self.tr("Delivered in {archive}").format(archive=archive.name))
        else:
            self.delivery_text.setText(
                self.tr("Delivered in {archive}, {when}").format(
                    archive=archive.name, when=formats.moment(archive.delivered_ms)
                )
            )

    def _copy_sha256(self) -> None:
        if self._archive:
            QApplication.clipboard().setText(self._archive.sha256)

    def _tell_changes(self) -> None:
        counts = self._differences.counts()
        told = [
            text
            for change, text in (
                (Change.CHANGED, self.tr("%Ln changed", "", counts[Change.CHANGED])),
                (Change.ADDED, self.tr("%Ln added", "", counts[Change.ADDED])),
                (Change.REMOVED, self.tr("%Ln removed", "", counts[Change.REMOVED])),
                (Change.SAME, self.tr("%Ln the same", "", counts[Change.SAME])),
            )
            if counts[change]
        ]
        self.changes.setText(" · ".join(told) or self.tr("This event has no state before or after it."))
        self.only_changes.setVisible(counts[Change.SAME] > 0)
        self.differences.setVisible(bool(told))
