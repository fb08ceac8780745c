"""The embedded store: the SQLite database that every audit event passes through."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import Struct

from desktop_app.errors import LocalDiskError
from desktop_app.settings.paths import make_private_file, make_private_folder
from desktop_app.trails.event import AuditEvent
from desktop_app.wording import Said

SCHEMA_VERSION = 1
HOUR_MS = 3_600_000
_CACHE_KIB = 8_000
_BATCH_ROWS = 1000
_BATCH_BYTES = 1 << 19
_INSERT_ROWS = 100
_FLOOR_HOUR = f"(created_ms - (created_ms % {HOUR_MS} + {HOUR_MS}) % {HOUR_MS}) / {HOUR_MS}"
_SCHEMA = """
CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    created_ms INTEGER NOT NULL,
    id BLOB NOT NULL UNIQUE,
    line BLOB NOT NULL
);
CREATE INDEX events_by_time ON events (created_ms);
CREATE TABLE hours (
    hour INTEGER PRIMARY KEY,
    events INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    last_seq INTEGER NOT NULL
);
CREATE TABLE source_files (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    path TEXT NOT NULL,
    member TEXT NOT NULL,
    size INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    head_size INTEGER NOT NULL,
    head_sha256 TEXT NOT NULL,
    position INTEGER NOT NULL,
    tail_sha256 TEXT NOT NULL
);
CREATE INDEX source_files_by_path ON source_files (source, path, member);
CREATE INDEX source_files_by_head ON source_files (source, head_sha256);
CREATE TABLE set_aside (
    source TEXT NOT NULL,
    path TEXT NOT NULL,
    place TEXT NOT NULL,
    reason TEXT NOT NULL,
    UNIQUE (source, path, place)
);
"""


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
        remaining = iter(events)
        with self.transaction():
            while batch := list(islice(remaining, _BATCH_ROWS)):
                total += self._append_batch(batch)
        return total

    def _append_batch(self, batch: list[AuditEvent]) -> Appended:
        before = self.last_seq()
        stored = sum(self._insert(batch[n : n + _INSERT_ROWS]) for n in range(0, len(batch), _INSERT_ROWS))
        self.db.execute(
            f"""INSERT INTO hours (hour, events, bytes, last_seq)
                SELECT {_FLOOR_HOUR}, count(*), sum(length(line)), max(seq) FROM events WHERE seq > ? GROUP BY 1
                ON CONFLICT (hour) DO UPDATE SET events = events + excluded.events,
                bytes = bytes + excluded.bytes, last_seq = max(last_seq, excluded.last_seq)""",
            (before,),
        )
        return Appended(stored, len(batch) - stored)

    def _insert(self, events: list[AuditEvent]) -> int:
        """Insert with one statement, which halves the cost of a row; returns how many were not there yet."""
        values: list[int | bytes] = []
        for event in events:
            values += event.created_ms, _id_key(event.id), event.line
        rows = ",".join(["(?, ?, ?)"] * len(events))
        return self.db.execute(
            f"INSERT OR IGNORE INTO events (created_ms, id, line) VALUES {rows}", values
        ).rowcount

    def last_seq(self) -> int:
        """The arrival number of the last event, also when it was pruned since; 0 before the first."""
        row = self.db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'events'").fetchone()
        return int(row[0]) if row else 0

    def hours(self) -> list[HourCount]:
        """The hours that have events, in order of time."""
        return [HourCount(*row) for row in self.db.execute("SELECT * FROM hours ORDER BY hour")]

    def count(self, start_ms: int, end_ms: int, after_seq: int, upto_seq: int) -> tuple[int, int]:
        """Number and bytes of the events that `lines` gives for the same arguments."""
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
            """SELECT count(*), ifnull(sum(length(line)), 0) FROM events
               WHERE created_ms >= ? AND created_ms < ? AND seq > ? AND seq <= ?""",
            (start_ms, end_ms, after_seq, upto_seq),
        ).fetchone()
        return int(row[0]), int(row[1])

    def lines(self, start_ms: int, end_ms: int, after_seq: int, upto_seq: int) -> Iterator[list[bytes]]:
        """The lines of events created from `start_ms` up to `end_ms` (excluded) that arrived after number
        `after_seq` and up to `upto_seq`, by createdAt and then arrival, in batches of half a MB and the line
        that exceeds it."""
        rows = self.db.execute(
            """SELECT line FROM events INDEXED BY events_by_time
               WHERE created_ms >= ? AND created_ms < ? AND seq > ? AND seq <= ? ORDER BY created_ms, seq""",
            (start_ms, end_ms, after_seq, upto_seq),
        )
        batch: list[bytes] = []
        size = 0
        for (line,) in rows:
            batch.append(line)
            size += len(line)
            if size >= _BATCH_BYTES:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    def prune(self, start_ms: int, end_ms: int, upto_seq: int) -> int:
        """Delete the events created from `start_ms` up to `end_ms` (excluded) that arrived up to `upto_seq`.

        Returns their number. Raises LocalDiskError.
        """
        place = "created_ms >= ? AND created_ms < ? AND seq <= ?"
        values = (start_ms, end_ms, upto_seq)
        with self.transaction():
            self.db.execute(
                f"""UPDATE hours SET events = events - gone.n, bytes = bytes - gone.size FROM
                    (SELECT {_FLOOR_HOUR} AS hour, count(*) AS n, sum(length(line)) AS size
                     FROM events WHERE {place} GROUP BY 1) AS gone WHERE hours.hour = gone.hour""",
                values,
            )
            self.db.execute("DELETE FROM hours WHERE events = 0")
            return self.db.execute(f"DELETE FROM events WHERE {place}", values).rowcount

    def set_aside(self, source: str, path: str, place: str, reason: str) -> None:
        """Note a record that can't be an event, once."""
        self.db.execute("INSERT OR IGNORE INTO set_aside VALUES (?, ?, ?, ?)", (source, path, place, reason))

    def set_aside_count(self, source: str) -> int:
        """How many records of a source were set aside."""
        row = self.db.execute("SELECT count(*) FROM set_aside WHERE source = ?", (source,)).fetchone()
        return int(row[0])


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
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == 0:
            _create(connection)
    except (sqlite3.Error, OSError) as error:
        raise unusable(path, error) from error
    if version > SCHEMA_VERSION:
        connection.close()
        raise _too_new(path)
    return Store(connection, path)


def open_store_to_read(path: Path) -> Store:
    """The store at `path`, to read alone: it holds up nobody who writes. Where there is none, an empty one.

    It may be used in one thread at a time. Raises LocalDiskError as `open_store` does.
    """
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
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.Error as error:
        raise unusable(path, error) from error
    if version > SCHEMA_VERSION:
        connection.close()
        raise _too_new(path)
    return Store(connection if version else _empty(), path)


def _empty() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    _create(connection)
    return connection


def unusable(path: Path, error: Exception) -> LocalDiskError:
    """What to tell when the store can't be opened or read."""
    return LocalDiskError(
        Said("The store {path} can't be used ({reason}).", path=path, reason=error),
        Said("If the file is damaged, put back a copy of it; it holds the events that wait for export."),
    )


def _too_new(path: Path) -> LocalDiskError:
    return LocalDiskError(
        Said("The store {path} was written by a newer version of this program.", path=path),
        Said("Install that version again."),
    )


def _create(connection: sqlite3.Connection) -> None:
    """Make the tables, unless another process did so in the meantime."""
    connection.execute("BEGIN IMMEDIATE")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == 0:
        for statement in _SCHEMA.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    connection.execute("COMMIT")


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
