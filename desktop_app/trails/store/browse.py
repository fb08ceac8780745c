"""Read the store for people: newest first, by row number, within spans of time and arrival.

A page of rows is found by the count of every hour, then by the key (created_ms, seq) of the page before: no
query walks more of the index than what one hour has.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from itertools import accumulate
from operator import attrgetter

import msgspec
from msgspec import Raw, Struct

from desktop_app.trails.store.hours import HourCount, hours
from desktop_app.trails.store.single_lines import SingleLines
from desktop_app.trails.store.snapshot import snapshot
from desktop_app.trails.store.span import Span
from desktop_app.trails.store.store import Store
from desktop_app.trails.values import NONE, event_values, text_of, values_of

_KEYS_OF_A_NAME = ("user", "email", "userName", "username", "name", "displayName", "arn", "id")
_BETWEEN = "created_ms >= ? AND created_ms < ? AND seq > ? AND seq <= ?"
_NEWEST_FIRST = "ORDER BY created_ms DESC, seq DESC"


class Section(Struct, frozen=True):
    """A part of `span` that begins at `start_ms`, ends at `end_ms` (excluded) and has `events` events."""

    span: Span
    start_ms: int
    end_ms: int
    events: int


class EventRow(Struct, frozen=True):
    """What a table shows of an event; `actor` is a short text, empty where the event has no actor."""

    seq: int
    created_ms: int
    entity_type: str
    entity_name: str
    action: str
    actor: str


class Key(Struct, frozen=True, order=True):
    """The place of an event in the order of time, then arrival."""

    created_ms: int
    seq: int


def sections(store: Store, spans: Iterable[Span]) -> list[Section]:
    """The parts of `spans` (in order of time, none overlapping) that have events, newest first, each within
    one hour. What arrives later is in none of them. Raises StoreDamaged, as all here."""
    with store.reading(), snapshot(store):
        last_seq, counts = store.last_seq(), hours(store)
        found: list[Section] = []
        first = 0
        for span in spans:
            span = msgspec.structs.replace(span, upto_seq=min(span.upto_seq, last_seq))
            first = bisect_right(counts, span.start_ms, lo=first, key=attrgetter("end_ms")) if counts else 0
            last = bisect_left(counts, span.end_ms, lo=first, key=attrgetter("start_ms"))
            found += (s for hour in counts[first:last] if (s := _section(store, span, hour)).events)
            first = max(first - 1, 0)
    found.reverse()
    return found


class Listing:
    """The events of some sections by row number, 0 for the newest."""

    def __init__(self, store: Store, parts: Sequence[Section]) -> None:
        self._store = store
        self._lines = SingleLines(store)
        self._parts = parts
        self._ends = list(accumulate(part.events for part in parts))
        self._known_rows: list[int] = []
        self._known: dict[int, Key] = {}

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def rows(self, first: int, count: int) -> list[EventRow]:
        """Up to `count` rows from number `first` on. Fewer where events were pruned since."""
        found: list[EventRow] = []
        while len(found) < count and first + len(found) < len(self):
            row = first + len(found)
            few = self._rows_of_one_span(row, count - len(found))
            if not few:
                break
            found += few
            self._note(row + len(few), Key(few[-1].created_ms, few[-1].seq))
        return found

    def places(self, first: int, count: int) -> list[Key]:
        """The places of up to `count` events from row `first` on."""
        found: list[Key] = []
        while len(found) < count and first + len(found) < len(self):
            row = first + len(found)
            keys = self._keys_of_one_span(row, count - len(found))
            if not keys:
                break
            found += keys
            self._note(row + len(keys), keys[-1])
        return found

    def row_of(self, key: Key) -> int | None:
        """The row of an event, or None where it is in no section."""
        for number, part in enumerate(self._parts):
            if part.start_ms <= key.created_ms < part.end_ms and (
                part.span.after_seq < key.seq <= part.span.upto_seq
            ):
                with self._store.reading():
                    newer = self._store.db.execute(
                        f"SELECT count(*) FROM events WHERE {_BETWEEN} AND (created_ms, seq) > (?, ?)",
                        (key.created_ms, part.end_ms, part.span.after_seq, part.span.upto_seq, *_values(key)),
                    ).fetchone()[0]
                return (self._ends[number - 1] if number else 0) + int(newer)
        return None

    def _rows_of_one_span(self, row: int, count: int) -> list[EventRow]:
        """Rows from `row` on, of the span that it is in."""
        with self._store.reading():
            return _shown_rows(self._keys_of_one_span(row, count), self._lines)

    def _keys_of_one_span(self, row: int, count: int) -> list[Key]:
        """The places of events from `row` on, of the span that it is in."""
        number = bisect_right(self._ends, row)
        part = self._parts[number]
        begins = self._ends[number - 1] if number else 0
        same_span = number + 1
        while same_span < len(self._parts) and self._parts[same_span].span is part.span:
            if self._ends[same_span - 1] - row >= count:
                break
            same_span += 1
        count = min(count, self._ends[same_span - 1] - row)
        newest = Key(part.end_ms, -1)
        known = bisect_right(self._known_rows, row) - 1
        if known >= 0 and self._known_rows[known] > begins:
            begins = self._known_rows[known]
            newest = self._known[begins]
        # SQLite walks the index by the first bounds of created_ms alone.
        bounds = (part.span.start_ms, newest.created_ms + 1, part.span.after_seq, part.span.upto_seq)
        with self._store.reading():
            rows = self._store.db.execute(
                f"""SELECT created_ms, seq FROM events INDEXED BY events_by_time
                    WHERE {_BETWEEN} AND (created_ms, seq) < (?, ?) {_NEWEST_FIRST} LIMIT ? OFFSET ?""",
                (*bounds, *_values(newest), count, row - begins),
            )
            return [Key(*row) for row in rows]

    def _note(self, row: int, last: Key) -> None:
        """Remember that the events from `row` on come after `last`."""
        if row not in self._known:
            insort(self._known_rows, row)
            self._known[row] = last


class FoundEvents:
    """Events by their arrival numbers, in the order given; the list may grow."""

    def __init__(self, store: Store, keys: list[Key]) -> None:
        self._store = store
        self._lines = SingleLines(store)
        self.keys = keys

    def __len__(self) -> int:
        return len(self.keys)

    def rows(self, first: int, count: int) -> list[EventRow]:
        """Up to `count` rows from number `first` on. Fewer where events were pruned since."""
        some = self.keys[first : first + count]
        with self._store.reading():
            return _shown_rows(some, self._lines)

    def places(self, first: int, count: int) -> list[Key]:
        """The places of up to `count` events from row `first` on."""
        return self.keys[first : first + count]

    def row_of(self, key: Key) -> int | None:
        """The row of an event, or None where it was not found."""
        at = bisect_left(self.keys, (-key.created_ms, -key.seq), key=lambda k: (-k.created_ms, -k.seq))
        return at if at < len(self.keys) and self.keys[at] == key else None


def event_line(store: Store, seq: int) -> bytes | None:
    """The whole event as it is exported, or None where it was pruned."""
    return SingleLines(store).line(seq)


def _shown_rows(keys: Iterable[Key], lines: SingleLines) -> list[EventRow]:
    """What a table shows of events, without those that were pruned since."""
    return [event_row(key.seq, key.created_ms, line) for key in keys if (line := lines.line(key.seq)) is not None]


def event_row(seq: int, created_ms: int, line: bytes) -> EventRow:
    """What a table shows of an event."""
    shown = event_values(line)
    return EventRow(seq, created_ms, shown.entityType, shown.entityName, shown.actionType, actor_text(shown.actor))


def actor_text(actor: Raw) -> str:
    """An actor in a few words: what names it, or else all of it as JSON."""
    whole = bytes(actor)
    if whole.startswith(b"{"):
        values = values_of(actor)
        named = (text_of(values[key]) for key in _KEYS_OF_A_NAME if bytes(values.get(key, NONE))[:1] == b'"')
        return next(filter(None, named), whole.decode())
    return "" if whole == b"null" else text_of(whole)


def _section(store: Store, span: Span, hour: HourCount) -> Section:
    start, end = max(hour.start_ms, span.start_ms), min(hour.end_ms, span.end_ms)
    if hour.last_seq <= span.after_seq or span.upto_seq <= span.after_seq:
        events = 0
    elif (start, end) == (hour.start_ms, hour.end_ms) and span.after_seq == 0 and hour.last_seq <= span.upto_seq:
        events = hour.events
    else:
        row = store.db.execute(
            f"SELECT count(*) FROM events WHERE {_BETWEEN}", (start, end, span.after_seq, span.upto_seq)
        ).fetchone()
        events = int(row[0])
    return Section(span, start, end, events)


def _values(key: Key) -> tuple[int, int]:
    return key.created_ms, key.seq
