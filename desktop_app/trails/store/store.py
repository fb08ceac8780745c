"""The embedded store: the SQLite database that every audit event passes through."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count, groupby
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import Struct
from msgspec.structs import astuple

from desktop_app.database_errors import KEEP_THE_FILE, means_damage, sound
from desktop_app.errors import LocalDiskError
from desktop_app.files import make_private_file, make_private_folder, require_no_link
from desktop_app.kept_sentence import kept
from desktop_app.portions import portions
from desktop_app.settings.limits import limits
from desktop_app.trails.event import AuditEvent
from desktop_app.trails.store.block import SEPARATOR, Block, crc32_of, pack, unpack
from desktop_app.trails.store.schema import SCHEMA_VERSION, bring_up_to_date, schema_version
from desktop_app.wording import Said

HOUR_MS = 3_600_000
_CACHE_KIB = 8_000
_BATCH_EVENTS = 1000
_BATCH_BYTES = 1 << 18
_LEAST_OF_A_BLOCK = 1 << 14
_INSERT_ROWS = 100
_FLOOR_HOUR = f"(created_ms - (created_ms % {HOUR_MS} + {HOUR_MS}) % {HOUR_MS}) / {HOUR_MS}"


class Appended(Struct, frozen=True):
    """How many events were stored, and how many were there already."""

    stored: int
    repeated: int

    def __add__(self, other: "Appended") -> "Appended":
        return Appended(self.stored + other.stored, self.repeated + other.repeated)


class HourCount(Struct, frozen=True):
    """The events created in one hour of UTC (`hour` since 1970), the bytes of their lines, and the arrival
    number of the last of them to arrive."""

    hour: int
    events: int
    bytes: int
    last_seq: int


class Store:
    """`trails.db`, open. Every event has an arrival number, `seq`, that grows and is never used again.

    What SQLite can't read within its `with` ends that with LocalDiskError.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.db = connection
        self._path = path
        self._set_aside: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.db.close()
        if isinstance(error, sqlite3.DatabaseError):
            raise unusable(self._path, error) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is stored together, or not at all. Raises LocalDiskError.

        Inside of another transaction it is a part of that one.
        """
        if self.db.in_transaction:
            yield
            return
        try:
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self.db.in_transaction:  # SQLite may have ended it by itself
                    self.db.execute("ROLLBACK")
                raise
            self.db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise LocalDiskError(
                Said("The store could not be written ({reason}).", reason=error),
                Said("Is the disk full or read-only?"),
            ) from error
        except sqlite3.DatabaseError as error:
            raise unusable(self._path, error) from error

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
                SELECT {_FLOOR_HOUR}, count(*), sum(size), max(seq) FROM events WHERE seq > ? GROUP BY 1
                ON CONFLICT (hour) DO UPDATE SET events = events + excluded.events,
                bytes = bytes + excluded.bytes, last_seq = max(last_seq, excluded.last_seq)""",
            (before,),
        )
        return Appended(stored, len(batch) - stored)

    def _append_hour(self, first_seq: int, events: list[AuditEvent]) -> int:
        """Store events of an hour, in order of time, as a block where they can be one; return how many are new."""
        first_ms, last_ms = events[0].created_ms, events[-1].created_ms
        if sum(map(_size, events)) < _LEAST_OF_A_BLOCK or self._is_amid_blocks(first_ms, last_ms):
            return self._insert(first_seq, events, [event.line for event in events])
        stored = self._insert(first_seq, events, [None] * len(events))
        if stored == len(events):
            block = pack(event.line for event in events)
            values = (first_seq, first_seq + stored - 1, first_ms, last_ms, *astuple(block))
            self.db.execute("INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        elif stored:
            # Some were there already, and a block has no gaps.
            self._set_lines(first_seq, (event.line for event in events))
        return stored

    def _is_amid_blocks(self, first_ms: int, last_ms: int) -> bool:
        """Whether events of that time would lie between the events of a block, or those between them."""
        row = self.db.execute(
            "SELECT last_ms FROM blocks WHERE first_ms <= ? ORDER BY first_ms DESC, first_seq DESC LIMIT 1",
            (last_ms,),
        ).fetchone()
        return row is not None and row[0] > first_ms

    def _insert(self, first_seq: int, events: list[AuditEvent], lines: Sequence[bytes | None]) -> int:
        """Insert many with one statement, which halves the cost of a row; return how many were not there yet."""
        stored = 0
        numbered = list(zip(count(first_seq), events, lines, strict=False))
        for start in range(0, len(numbered), _INSERT_ROWS):
            some = numbered[start : start + _INSERT_ROWS]
            values: list[int | bytes | None] = []
            for seq, event, line in some:
                crc32 = None if line is None else crc32_of(line)
                values += seq, event.created_ms, _id_key(event.id), len(event.line), line, crc32
            rows = ",".join(["(?, ?, ?, ?, ?, ?)"] * len(some))
            stored += self.db.execute(f"INSERT OR IGNORE INTO events VALUES {rows}", values).rowcount
        return stored

    def has(self, event_id: str) -> bool:
        """Whether there is an event with this id."""
        return self.db.execute("SELECT 1 FROM events WHERE id = ?", (_id_key(event_id),)).fetchone() is not None

    def last_seq(self) -> int:
        """The arrival number of the last event, also when it was pruned since; 0 before the first."""
        # The sequence and the numbers in use are two records of one fact: the larger loses nothing.
        row = self.db.execute(
            """SELECT max((SELECT ifnull(max(seq), 0) FROM sqlite_sequence WHERE name = 'events'),
               (SELECT ifnull(max(seq), 0) FROM events))"""
        ).fetchone()
        return int(row[0])

    def hours(self) -> list[HourCount]:
        """The hours that have events, in order of time."""
        rows = self.db.execute("SELECT * FROM hours ORDER BY hour")
        return list(sound(HourCount(*map(int, row)) for row in rows))

    def require_counted(self) -> None:
        """Make sure that `hours` has every hour with events: one look into the index for each gap.

        Raises sqlite3.DatabaseError.
        """
        start_ms = -(1 << 62)
        ends = [*(hour.hour * HOUR_MS for hour in self.hours()), 1 << 62]
        for end_ms in ends:
            if (
                start_ms < end_ms
                and self.db.execute(
                    "SELECT 1 FROM events WHERE created_ms >= ? AND created_ms < ? LIMIT 1", (start_ms, end_ms)
                ).fetchone()
            ):
                raise sqlite3.DatabaseError("there are events that are not counted")
            start_ms = end_ms + HOUR_MS

    def count(self, start_ms: int, end_ms: int, after_seq: int, upto_seq: int) -> tuple[int, int]:
        """Number and bytes (of their lines) of the events that `timeline.batches` gives for the same arguments."""
        if after_seq >= upto_seq:
            return 0, 0
        if after_seq == 0 and start_ms % HOUR_MS == end_ms % HOUR_MS == 0:
            events, size, last_seq = self.db.execute(
                """SELECT ifnull(sum(events), 0), ifnull(sum(bytes), 0), ifnull(max(last_seq), 0)
                   FROM hours WHERE hour >= ? AND hour < ?""",
                (start_ms // HOUR_MS, end_ms // HOUR_MS),
            ).fetchone()
            if last_seq <= upto_seq:
                return int(events), int(size)
        row = self.db.execute(
            """SELECT count(*), ifnull(sum(size), 0) FROM events
               WHERE created_ms >= ? AND created_ms < ? AND seq > ? AND seq <= ?""",
            (start_ms, end_ms, after_seq, upto_seq),
        ).fetchone()
        return int(row[0]), int(row[1])

    def prune(self, start_ms: int, end_ms: int, upto_seq: int) -> int:
        """Delete the events created from `start_ms` up to `end_ms` (excluded) that arrived up to `upto_seq`.

        Returns their number. Raises LocalDiskError.
        """
        place = "created_ms >= ? AND created_ms < ? AND seq <= ?"
        values = (start_ms, end_ms, upto_seq)
        with self.transaction():
            self.db.execute(
                "DELETE FROM blocks WHERE first_ms >= ? AND first_ms < ? AND last_ms < ? AND last_seq <= ?",
                (start_ms, end_ms, end_ms, upto_seq),
            )
            self._split_blocks(start_ms, end_ms, upto_seq)
            self.db.execute(
                f"""UPDATE hours SET events = events - gone.n, bytes = bytes - gone.size FROM
                    (SELECT {_FLOOR_HOUR} AS hour, count(*) AS n, sum(size) AS size
                     FROM events WHERE {place} GROUP BY 1) AS gone WHERE hours.hour = gone.hour""",
                values,
            )
            hours = (start_ms // HOUR_MS, end_ms // HOUR_MS)
            self.db.execute("DELETE FROM hours WHERE events = 0 AND hour BETWEEN ? AND ?", hours)
            return self.db.execute(f"DELETE FROM events WHERE {place}", values).rowcount

    def _split_blocks(self, start_ms: int, end_ms: int, upto_seq: int) -> None:
        """Make single events of the blocks that have one created from `start_ms` up to `end_ms` (excluded)."""
        blocks = self.db.execute(
            """SELECT first_seq, size, crc32, deflated FROM blocks
               WHERE first_ms > ? AND first_ms < ? AND last_ms >= ? AND first_seq <= ?""",
            (start_ms - HOUR_MS, end_ms, start_ms, upto_seq),  # no block is longer
        ).fetchall()
        for block in blocks:
            self._make_single(*block)

    def split_block_of(self, seq: int) -> None:
        """Make single events of the block that has an event, if there is one. To be done in a transaction."""
        block = self.db.execute(
            """SELECT first_seq, size, crc32, deflated FROM blocks
               WHERE first_seq = (SELECT max(first_seq) FROM blocks WHERE first_seq <= ?) AND last_seq >= ?""",
            (seq, seq),
        ).fetchone()
        if block:
            self._make_single(*block)

    def _make_single(self, first_seq: int, size: int, crc32: int, deflated: bytes) -> None:
        self._set_lines(first_seq, unpack(Block(size, crc32, deflated)).split(SEPARATOR))
        self.db.execute("DELETE FROM blocks WHERE first_seq = ?", (first_seq,))

    def _set_lines(self, first_seq: int, lines: Iterable[bytes]) -> None:
        """Give the events from number `first_seq` on, as far as they are there, their lines in their own rows."""
        numbered = ((line, crc32_of(line), seq) for seq, line in enumerate(lines, first_seq))
        self.db.executemany("UPDATE events SET line = ?, crc32 = ? WHERE seq = ?", numbered)

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
        """How many records of a source were set aside of which only the number is kept."""
        row = self.db.execute(
            "SELECT reason FROM set_aside WHERE source = ? AND path = '' AND place = ''", (source,)
        ).fetchone()
        return int(row[0]) if row else 0

    def set_aside_count(self, source: str) -> int:
        """How many records of a source were set aside."""
        row = self.db.execute(
            "SELECT count(*) FROM set_aside WHERE source = ? AND path != ''", (source,)
        ).fetchone()
        return int(row[0]) + self.set_aside_beyond(source)


def open_store(path: Path) -> Store:
    """Open the store at `path`, creating it where there is none.

    Raises LocalDiskError when it can't be opened, is no store, or is of a newer version.
    """
    try:
        make_private_folder(path.parent)
        make_private_file(path, "-wal", "-shm")
        connection = sqlite3.connect(path, timeout=60, isolation_level=None)
        connection.execute("PRAGMA page_size = 8192")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        version = schema_version(connection)
    except (sqlite3.Error, OSError) as error:
        raise unusable(path, error) from error
    if version > SCHEMA_VERSION:
        connection.close()
        raise _too_new(path)
    store = Store(connection, path)
    if version < SCHEMA_VERSION:
        with store.transaction():
            bring_up_to_date(connection)
    return store


def open_store_to_read(path: Path) -> Store:
    """The store at `path`, to read alone: it holds up nobody who writes. Where there is none, an empty one.

    It may be used in one thread at a time. Raises LocalDiskError as `open_store` does.
    """
    require_no_link(path)
    if not path.exists():
        return Store(_empty(), path)
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro",
            uri=True,
            timeout=5,
            isolation_level=None,
            check_same_thread=False,
        )
        version = schema_version(connection)
    except sqlite3.Error as error:
        raise unusable(path, error) from error
    if version > SCHEMA_VERSION:
        connection.close()
        raise _too_new(path)
    if version == SCHEMA_VERSION:
        return Store(connection, path)
    connection.close()
    if version == 0:
        return Store(_empty(), path)
    open_store(path).db.close()  # which brings it up to date
    return open_store_to_read(path)


def _empty() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    bring_up_to_date(connection)
    return connection


def unusable(path: Path, error: Exception) -> LocalDiskError:
    """What to tell when the store can't be opened or read."""
    return LocalDiskError(
        Said("The store {path} can't be used ({reason}).", path=path, reason=error),
        Said(
            "The file is damaged: put back a copy of it. What was delivered since then is known by its archives"
            " on the server and not exported again; what was recorded since then has to be recorded again."
        )
        if means_damage(error)
        else KEEP_THE_FILE,
    )


def _too_new(path: Path) -> LocalDiskError:
    return LocalDiskError(
        Said("The store {path} was written by a newer version of this program.", path=path),
        Said("Install that version again."),
    )


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
