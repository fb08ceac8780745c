"""The events of the store as a table, however many: rows are read by the page when they are looked at."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimeZone, Signal

from desktop_app.actions.event_state import EventState, archive_of, state_of
from desktop_app.export.coverage import Coverage
from desktop_app.export.due import coverage_of
from desktop_app.export.ledger import Archive
from desktop_app.gui import formats
from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.widgets.theme import icon
from desktop_app.gui.widgets.tool_tip import tool_tip
from desktop_app.one_line import on_one_line
from desktop_app.trails.store.browse import EventRow, FoundEvents, Key, Listing, Section, event_line
from desktop_app.trails.store.store import Store, StoreDamaged

PAGE = 128
_PAGES_KEPT = 64
_NOWHERE = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex
_ROLE = Qt.ItemDataRole
_ROLES = (_ROLE.DisplayRole, _ROLE.ToolTipRole, _ROLE.DecorationRole, _ROLE.AccessibleTextRole)


class ShownEvent(Struct, frozen=True):
    """A row of the table, and whether its event is delivered."""

    event: EventRow
    state: EventState


class EventModel(QAbstractTableModel):
    """Columns: time (with the sign of its state), actor, action, entity, export.

    Emits `unreadable` when the store can't be read (any more).
    """

    TIME, ACTOR, ACTION, ENTITY, STATE = range(5)
    unreadable = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store: Store | None = None
        self._events: Listing | FoundEvents | None = None
        self._rows = 0
        self._pages: OrderedDict[int, list[ShownEvent]] = OrderedDict()
        self._delivered: list[Archive] = []
        self._coverage = Coverage([])
        self.zone = formats.zone_of("local")

    def show_range(
        self, store: Store, parts: Sequence[Section], delivered: list[Archive], zone: QTimeZone
    ) -> None:
        """Show all events of some sections. The model closes `store` when it shows another, or is closed."""
        self._show(store, Listing(store, parts), delivered, zone)

    def show_found(self, store: Store, delivered: list[Archive], zone: QTimeZone) -> None:
        """Show no event yet; what is found comes by `add_found`."""
        self._show(store, FoundEvents(store, []), delivered, zone)

    def add_found(self, keys: list[Key]) -> None:
        """More events that were found, older than those before."""
        if keys and isinstance(self._events, FoundEvents):
            self.beginInsertRows(_NOWHERE, self._rows, self._rows + len(keys) - 1)
            self._pages.pop(self._rows // PAGE, None)
            self._events.keys += keys
            self._rows += len(keys)
            self.endInsertRows()

    def close(self) -> None:
        """Show nothing, and leave the store."""
        self.beginResetModel()
        if self._store:
            self._store.close()
        self._store = self._events = None
        self._rows = 0
        self._pages.clear()
        self.endResetModel()

    def event_at(self, row: int) -> ShownEvent | None:
        """The event in a row, or None where there is no such row, or it was pruned since."""
        if not 0 <= row < self._rows:
            return None
        page = self._page(row // PAGE)
        place = row % PAGE
        return page[place] if place < len(page) else None

    def keys(self, first: int, count: int) -> list[Key]:
        """The places of the events in some rows."""
        try:
            return self._events.places(first, count) if self._events is not None else []
        except StoreDamaged as error:
            self.unreadable.emit(error)
            return []

    def row_of(self, key: Key) -> int | None:
        """The row of an event, or None where it is not shown."""
        try:
            return self._events.row_of(key) if self._events is not None else None
        except StoreDamaged as error:
            self.unreadable.emit(error)
            return None

    def line_of(self, event: EventRow) -> bytes | None:
        """The whole event, as JSON; None where it was pruned since."""
        try:
            return event_line(self._store, event.seq) if self._store else None
        except StoreDamaged as error:
            self.unreadable.emit(error)
            return None

    def archive_of(self, event: EventRow) -> Archive | None:
        """The archive in which an event was delivered."""
        return archive_of(self._delivered, event.created_ms, event.seq)

    @property
    def store(self) -> Store | None:
        return self._store

    @called_by_qt
    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self._rows

    @called_by_qt
    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else 5

    @called_by_qt
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == _ROLE.DisplayRole:
            time = f"{self.tr('Time')} ({formats.zone_name(self.zone)})"
            names = (time, self.tr("Actor"), self.tr("Action"), self.tr("Entity"), self.tr("Export"))
            return names[section]
        return None

    @called_by_qt
    def data(self, index: _Index, role: int = _ROLE.DisplayRole) -> Any:
        if role not in _ROLES or not index.isValid():
            return None
        shown, column = self.event_at(index.row()), index.column()
        if shown is None:
            return None
        if role == _ROLE.AccessibleTextRole and column != self.TIME:
            return None
        if role == _ROLE.DecorationRole:
            return self._sign(shown.state) if column == self.TIME else None
        text = self._text(shown, column, exact=role != _ROLE.DisplayRole)
        return tool_tip(text) if role == _ROLE.ToolTipRole else text

    def _text(self, shown: ShownEvent, column: int, *, exact: bool) -> str:
        event = shown.event
        if column == self.TIME:
            if not exact:
                return formats.moment(event.created_ms, self.zone)
            return f"{formats.exact_moment(event.created_ms, self.zone)} · {self._word(shown.state)}"
        if column == self.ACTOR:
            return on_one_line(event.actor)
        if column == self.ACTION:
            return on_one_line(event.action)
        if column == self.ENTITY:
            return on_one_line(f"{event.entity_name} · {event.entity_type}")
        return self._word(shown.state)

    def _word(self, state: EventState) -> str:
        return self.tr("Delivered") if state is EventState.DELIVERED else self.tr("Waiting")

    def _sign(self, state: EventState) -> Any:
        return icon("check", "ok") if state is EventState.DELIVERED else icon("waiting", "wait")

    def _show(
        self, store: Store, events: Listing | FoundEvents, delivered: list[Archive], zone: QTimeZone
    ) -> None:
        self.close()
        self.beginResetModel()
        self._store, self._events, self._delivered, self.zone = store, events, delivered, zone
        self._coverage = coverage_of(delivered)
        self._rows = len(events)
        self.endResetModel()

    def _page(self, number: int) -> list[ShownEvent]:
        if number in self._pages:
            self._pages.move_to_end(number)
            return self._pages[number]
        try:
            rows = self._events.rows(number * PAGE, PAGE) if self._events is not None else []
        except StoreDamaged as error:
            self.unreadable.emit(error)
            return []
        page = [ShownEvent(row, state_of(self._coverage, row.created_ms, row.seq)) for row in rows]
        self._pages[number] = page
        if len(self._pages) > _PAGES_KEPT:
            self._pages.popitem(last=False)
        return page
