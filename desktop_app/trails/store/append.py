"""Append events to the store: each once within the source that it came from."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import chain, groupby
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import astuple

from desktop_app.trails.event import AuditEvent
from desktop_app.trails.store.block import crc32_of, pack
from desktop_app.trails.store.identity import early_key, keys_of_source, packed_uuid
from desktop_app.trails.store.open_block import OpenBlock, find_block
from desktop_app.trails.store.single_rows import set_lines
from desktop_app.trails.store.span import FLOOR_HOUR, HOUR_MS

_LEAST_OF_A_BLOCK = 1 << 14
_INSERT_ROWS = 100
_KEYS_AT_ONCE = 500


class Appended(Struct, frozen=True):
    """How many events were stored, how many were there already, and how many have the id of one that is there and
    is another."""

    stored: int
    repeated: int
    differing: int = 0

    def __add__(self, other: "Appended") -> "Appended":
        return Appended(
            self.stored + other.stored, self.repeated + other.repeated, self.differing + other.differing
        )


_Found = tuple[int, int, bytes | None]  # of an event that is there: seq, size and line


class Appender:
    """Appends the events of one source, in a transaction. What differs from an event of the same id is handed to
    `differs`."""

    def __init__(self, db: sqlite3.Connection, source: int, differs: Callable[[AuditEvent], object]) -> None:
        self._db, self._differs = db, differs
        self._key = keys_of_source(source)
        self._early_ms = _newest_of_early_events(db)
        self._block: OpenBlock | None = None

    def append(self, first_seq: int, batch: Sequence[AuditEvent]) -> Appended:
        """Store some events under numbers from `first_seq` on."""
        once, there = _once(batch)
        differing: list[AuditEvent] = []
        if self._early_ms is not None:
            once, differing = self._without_early(once, self._early_ms)
        seq, stored = first_seq, 0
        for _, group in groupby(sorted(once, key=attrgetter("created_ms")), key=_hour):
            hour = list(group)
            new = self._append_hour(seq, hour)
            if new < len(hour):
                there += self._left_out(seq, hour)
            stored += new
            seq += len(hour)
        self._db.execute(
            f"""INSERT INTO hours (hour, events, bytes, last_seq)
                SELECT {FLOOR_HOUR}, count(*), sum(size), max(seq) FROM events WHERE seq >= ? GROUP BY 1
                ON CONFLICT (hour) DO UPDATE SET events = events + excluded.events,
                bytes = bytes + excluded.bytes, last_seq = max(last_seq, excluded.last_seq)""",
            (first_seq,),
        )
        differing += self._differing(there)
        for event in differing:
            self._differs(event)
        return Appended(stored, len(batch) - stored - len(differing), len(differing))

    def _append_hour(self, first_seq: int, events: list[AuditEvent]) -> int:
        """Store events of an hour, in order of time, as a block where they can be one; return how many are new."""
        first_ms, last_ms = events[0].created_ms, events[-1].created_ms
        if sum(map(line_size, events)) < _LEAST_OF_A_BLOCK or self._is_amid_blocks(first_ms, last_ms):
            return self._insert_single(first_seq, events)
        stored = self._insert_in_block(first_seq, events)
        if stored == len(events):
            block = pack(event.line for event in events)
            values = (first_seq, first_seq + stored - 1, first_ms, last_ms, *astuple(block))
            self._db.execute("INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        elif stored:
            # Some were there already, and a block has no gaps.
            set_lines(self._db, first_seq, (event.line for event in events))
        return stored

    def _is_amid_blocks(self, first_ms: int, last_ms: int) -> bool:
        """Whether events of that time would lie between the events of a block, or those between them."""
        row = self._db.execute(
            "SELECT last_ms FROM blocks WHERE first_ms <= ? ORDER BY first_ms DESC, first_seq DESC LIMIT 1",
            (last_ms,),
        ).fetchone()
        return row is not None and row[0] > first_ms

    def _insert_single(self, first_seq: int, events: list[AuditEvent]) -> int:
        """Insert events with their lines; return how many were not there yet."""
        rows = [
            (seq, event.created_ms, self._key(event.id), len(event.line), event.line, crc32_of(event.line))
            for seq, event in enumerate(events, first_seq)
        ]
        return self._insert("seq, created_ms, id, size, line, crc32", rows)

    def _insert_in_block(self, first_seq: int, events: list[AuditEvent]) -> int:
        """Insert events whose lines a block has; return how many were not there yet."""
        rows = [
            (seq, event.created_ms, self._key(event.id), len(event.line))
            for seq, event in enumerate(events, first_seq)
        ]
        return self._insert("seq, created_ms, id, size", rows)

    def _insert(self, columns: str, rows: Sequence[tuple[int | bytes, ...]]) -> int:
        """Insert many with one statement, which halves the cost of a row."""
        stored = 0
        row = f"({','.join('?' * len(rows[0]))})"
        for start in range(0, len(rows), _INSERT_ROWS):
            some = rows[start : start + _INSERT_ROWS]
            statement = f"INSERT OR IGNORE INTO events ({columns}) VALUES {','.join([row] * len(some))}"
            stored += self._db.execute(statement, list(chain.from_iterable(some))).rowcount
        return stored

    def _left_out(self, first_seq: int, events: list[AuditEvent]) -> list[AuditEvent]:
        """Those of events that were to have numbers from `first_seq` on that have none: their ids were there."""
        numbers = self._db.execute("SELECT seq FROM events WHERE seq >= ?", (first_seq,))
        stored = {seq for (seq,) in numbers}
        return [event for seq, event in enumerate(events, first_seq) if seq not in stored]

    def _without_early(self, events: list[AuditEvent], early_ms: int) -> tuple[list[AuditEvent], list[AuditEvent]]:
        """Of events those to be stored, beside events of unknown sources, and those that differ from one of them.

        The same event is not stored again. Any other of the same id is another source's, unless the id is a UUID,
        which no two sources give.
        """
        there, differing = set[str](), list[AuditEvent]()
        maybe = [event for event in events if event.created_ms <= early_ms]
        for found, event in self._find(maybe, early_key):
            if self._is(found, event):
                there.add(event.id)
            elif packed_uuid(event.id):
                there.add(event.id)
                differing.append(event)
        return [event for event in events if event.id not in there] if there else events, differing

    def _differing(self, events: Sequence[AuditEvent]) -> list[AuditEvent]:
        """Those of events whose ids are there that are not what is there."""
        early = () if self._early_ms is None else self._find(events, early_key)
        found = chain(self._find(events, self._key), early)
        same = {id(event) for there, event in found if self._is(there, event)}
        return [event for event in events if id(event) not in same]

    def _find(self, events: Sequence[AuditEvent], key: Callable[[str], bytes]) -> list[tuple[_Found, AuditEvent]]:
        """Those of the events whose key is there, each with what is there, in the order in which that arrived."""
        by_key: dict[bytes, list[AuditEvent]] = {}
        for event in events:
            by_key.setdefault(key(event.id), []).append(event)
        keys = list(by_key)
        pairs: list[tuple[_Found, AuditEvent]] = []
        for start in range(0, len(keys), _KEYS_AT_ONCE):
            some = keys[start : start + _KEYS_AT_ONCE]
            marks = ",".join("?" * len(some))
            rows = self._db.execute(f"SELECT seq, size, line, id FROM events WHERE id IN ({marks})", some)
            pairs += [((seq, size, line), event) for seq, size, line, id_ in rows for event in by_key[id_]]
        pairs.sort(key=lambda pair: pair[0][0])
        return pairs

    def _is(self, found: _Found, event: AuditEvent) -> bool:
        """Whether an event is the one that is there. One that is damaged there can't be known to be."""
        seq, size, line = found
        if size != len(event.line):
            return False
        if line is not None:
            return line == event.line
        if self._block is None or seq not in self._block:
            self._block = None
            with suppress(sqlite3.DatabaseError):
                self._block = find_block(self._db, seq)
        return self._block is not None and self._block.line(seq) == event.line


def _newest_of_early_events(db: sqlite3.Connection) -> int | None:
    """When the newest of the events from before version 5 was created, where there are any."""
    row: tuple[int] | None = db.execute("SELECT newest_ms FROM early_events").fetchone()
    return row[0] if row else None


def _once(batch: Sequence[AuditEvent]) -> tuple[list[AuditEvent], list[AuditEvent]]:
    """Of events with one id only the first, before they are put in order of time; and the others."""
    if len(set(map(attrgetter("id"), batch))) == len(batch):
        return list(batch), []
    seen: set[str] = set()
    once: list[AuditEvent] = []
    again: list[AuditEvent] = []
    for event in batch:
        (again if event.id in seen else once).append(event)
        seen.add(event.id)
    return once, again


def line_size(event: AuditEvent) -> int:
    """The bytes of its line."""
    return len(event.line)


def _hour(event: AuditEvent) -> int:
    return event.created_ms // HOUR_MS
