"""The embedded store: the SQLite database that every audit event passes through."""

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain, groupby
from operator import attrgetter
from pathlib import Path

from msgspec import Struct
from msgspec.structs import astuple

from desktop_app.database import Database, DatabaseDamaged, Kind
from desktop_app.kept_sentence import kept
from desktop_app.portions import portions
from desktop_app.settings.limits import limits
from desktop_app.trails.event import AuditEvent
from desktop_app.trails.store.block import crc32_of, pack
from desktop_app.trails.store.schema import SCHEMA_VERSION, upgrade
from desktop_app.trails.store.single_rows import set_lines
from desktop_app.wording import Said

HOUR_MS = 3_600_000
_BATCH_EVENTS = 1000
_BATCH_BYTES = 1 << 18
_LEAST_OF_A_BLOCK = 1 << 14
_INSERT_ROWS = 100
FLOOR_HOUR = f"(created_ms - (created_ms % {HOUR_MS} + {HOUR_MS}) % {HOUR_MS}) / {HOUR_MS}"


class Appended(Struct, frozen=True):
    """How many events were stored, and how many were there already."""

    stored: int
    repeated: int

    def __add__(self, other: "Appended") -> "Appended":
        return Appended(self.stored + other.stored, self.repeated + other.repeated)


class StoreDamaged(DatabaseDamaged):
    """The store can't be read."""


_KIND = Kind(
    version=SCHEMA_VERSION,
    upgrade=upgrade,
    damaged=StoreDamaged,
    unusable=lambda path, reason: Said("The store {path} can't be used ({reason}).", path=path, reason=reason),
    put_back=Said(
        "The file is damaged: put back a copy of it. What was delivered since then is known by its archives"
        " on the server and not exported again; what was recorded since then has to be recorded again."
    ),
    not_written=lambda reason: Said("The store could not be written ({reason}).", reason=reason),
    too_new=lambda path: Said("The store {path} was written by a newer version of this program.", path=path),
    timeout=60,
    pragmas=("page_size = 8192", "cache_size = -8000"),  # bytes, KiB
)


class Store(Database):
    """`trails.db`, open. Every event has an arrival number, `seq`, that grows and is never used again."""

    kind = _KIND

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        super().__init__(connection, path)
        self._set_aside: dict[str, int] = {}

    def append(self, events: Iterable[AuditEvent]) -> Appended:
        """Store events in one transaction. One whose id is there already is the same event, and is left out."""
        total = Appended(0, 0)
        with self.transaction():
            for batch in portions(events, _size, _BATCH_BYTES, _BATCH_EVENTS):
                total += self._append_batch(batch)
        return total

    def _append_batch(self, batch: list[AuditEvent]) -> Appended:
        before = self.last_seq()
        first_seq, stored = before + 1, 0
        for _, group in groupby(sorted(_once(batch), key=attrgetter("created_ms")), key=_hour):
            hour = list(group)
            stored += self._append_hour(first_seq, hour)
            first_seq += len(hour)
        self.db.execute(
            f"""INSERT INTO hours (hour, events, bytes, last_seq)
                SELECT {FLOOR_HOUR}, count(*), sum(size), max(seq) FROM events WHERE seq > ? GROUP BY 1
                ON CONFLICT (hour) DO UPDATE SET events = events + excluded.events,
                bytes = bytes + excluded.bytes, last_seq = max(last_seq, excluded.last_seq)""",
            (before,),
        )
        return Appended(stored, len(batch) - stored)

    def _append_hour(self, first_seq: int, events: list[AuditEvent]) -> int:
        """Store events of an hour, in order of time, as a block where they can be one; return how many are new."""
        first_ms, last_ms = events[0].created_ms, events[-1].created_ms
        if sum(map(_size, events)) < _LEAST_OF_A_BLOCK or self._is_amid_blocks(first_ms, last_ms):
            return self._insert_single(first_seq, events)
        stored = self._insert_in_block(first_seq, events)
        if stored == len(events):
            block = pack(event.line for event in events)
            values = (first_seq, first_seq + stored - 1, first_ms, last_ms, *astuple(block))
            self.db.execute("INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        elif stored:
            # Some were there already, and a block has no gaps.
            set_lines(self.db, first_seq, (event.line for event in events))
        return stored

    def _is_amid_blocks(self, first_ms: int, last_ms: int) -> bool:
        """Whether events of that time would lie between the events of a block, or those between them."""
        row = self.db.execute(
            "SELECT last_ms FROM blocks WHERE first_ms <= ? ORDER BY first_ms DESC, first_seq DESC LIMIT 1",
            (last_ms,),
        ).fetchone()
        return row is not None and row[0] > first_ms

    def _insert_single(self, first_seq: int, events: list[AuditEvent]) -> int:
        """Insert events with their lines; return how many were not there yet."""
        rows = [
            (seq, event.created_ms, _id_key(event.id), len(event.line), event.line, crc32_of(event.line))
            for seq, event in enumerate(events, first_seq)
        ]
        return self._insert("seq, created_ms, id, size, line, crc32", rows)

    def _insert_in_block(self, first_seq: int, events: list[AuditEvent]) -> int:
        """Insert events whose lines a block has; return how many were not there yet."""
        rows = [
            (seq, event.created_ms, _id_key(event.id), len(event.line))
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
            stored += self.db.execute(statement, list(chain.from_iterable(some))).rowcount
        return stored

    def has(self, event_id: str) -> bool:
        """Whether there is an event with this id. Raises StoreDamaged."""
        with self.reading():
            row = self.db.execute("SELECT 1 FROM events WHERE id = ?", (_id_key(event_id),)).fetchone()
        return row is not None

    def last_seq(self) -> int:
        """The arrival number of the last event, also when it was pruned since; 0 before the first.

        Raises StoreDamaged.
        """
        # The sequence and the numbers in use are two records of one fact: the larger loses nothing.
        with self.reading():
            row = self.db.execute(
                """SELECT max((SELECT ifnull(max(seq), 0) FROM sqlite_sequence WHERE name = 'events'),
                   (SELECT ifnull(max(seq), 0) FROM events))"""
            ).fetchone()
            return int(row[0])

    def set_aside(self, source: str, path: str, place: str, reason: str) -> None:
        """Note a record that can't be an event, once. Beyond the limit of a source, they are counted alone."""
        if source not in self._set_aside:
            self._set_aside[source] = self.set_aside_count(source)
        if self._set_aside[source] < limits().set_aside_records:
            # An earlier version kept it with its place in English.
            self._set_aside[source] -= self.db.execute(
                "DELETE FROM set_aside WHERE source = ? AND path = ? AND place = ?", (source, path, str(place))
            ).rowcount
            self._set_aside[source] += self.db.execute(
                "INSERT OR IGNORE INTO set_aside VALUES (?, ?, ?, ?)", (source, path, kept(place), kept(reason))
            ).rowcount
        else:
            self.db.execute(
                """INSERT INTO set_aside VALUES (?, '', '', '1')
                   ON CONFLICT (source, path, place) DO UPDATE SET reason = reason + 1""",
                (source,),
            )

    def set_aside_beyond(self, source: str) -> int:
        """How many records of a source were set aside of which only the number is kept. Raises StoreDamaged."""
        with self.reading():
            row = self.db.execute(
                "SELECT reason FROM set_aside WHERE source = ? AND path = '' AND place = ''", (source,)
            ).fetchone()
            return int(row[0]) if row else 0

    def set_aside_count(self, source: str) -> int:
        """How many records of a source were set aside. Raises StoreDamaged."""
        with self.reading():
            row = self.db.execute(
                "SELECT count(*) FROM set_aside WHERE source = ? AND path != ''", (source,)
            ).fetchone()
            return int(row[0]) + self.set_aside_beyond(source)


def open_store(path: Path) -> Store:
    """Open the store at `path`, creating it where there is none.

    Raises LocalDiskError when it can't be opened, is no store, or is of a newer version.
    """
    return Store.open(path)


def open_store_to_read(path: Path) -> Store:
    """The store at `path`, to read alone: it holds up nobody who writes. Where there is none, an empty one.

    It may be used in one thread at a time. Raises LocalDiskError as `open_store` does.
    """
    return Store.open_to_read(path)


def _size(event: AuditEvent) -> int:
    return len(event.line)


def _once(batch: list[AuditEvent]) -> list[AuditEvent]:
    """Of events with one id the first alone, before they are put in order of time."""
    if len(set(map(attrgetter("id"), batch))) == len(batch):
        return batch
    first = {event.id: event for event in reversed(batch)}
    return list(reversed(first.values()))


def _hour(event: AuditEvent) -> int:
    return event.created_ms // HOUR_MS


def _id_key(event_id: str) -> bytes:
    """An id as the unique index has it: 16 bytes for a UUID in its usual form, else the text."""
    if len(event_id) == 36 and event_id[8] == event_id[13] == event_id[18] == event_id[23] == "-":
        try:
            packed = bytes.fromhex(event_id.replace("-", ""))
        except ValueError:
            return event_id.encode()
        if len(packed) == 16 and event_id == event_id.lower():
            return packed
    return event_id.encode()
