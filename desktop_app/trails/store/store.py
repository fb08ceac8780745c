"""The embedded store: the SQLite database that every audit event passes through."""

from collections.abc import Callable, Iterable
from pathlib import Path

from desktop_app.database import Database, DatabaseDamaged, Kind
from desktop_app.portions import portions
from desktop_app.trails.event import AuditEvent
from desktop_app.trails.store.append import Appended, Appender, line_size
from desktop_app.trails.store.identity import RECORDED, early_key, keys_of_source
from desktop_app.trails.store.schema import SCHEMA_VERSION, upgrade
from desktop_app.wording import Said

_BATCH_EVENTS = 1000
_BATCH_BYTES = 1 << 18


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

    def append(
        self,
        events: Iterable[AuditEvent],
        source: int = RECORDED,
        differs: Callable[[AuditEvent], object] = lambda _: None,
    ) -> Appended:
        """Store events of a source, by its number, in one transaction.

        One whose id is there already, from the same source, is not stored again; where it is not the same event,
        `differs` is told of it, within the transaction.
        """
        total = Appended(0, 0)
        with self.transaction():
            appender = Appender(self.db, source, differs)
            for batch in portions(events, line_size, _BATCH_BYTES, _BATCH_EVENTS):
                total += appender.append(self.last_seq() + 1, batch)
        return total

    def enlarge_cache(self) -> None:
        """Hold twice as much of the file in memory, 16 MB, until it is closed: that has room for the ids of half a
        million events, among which each that is appended is looked for."""
        self.db.execute("PRAGMA cache_size = -16000")  # KiB

    def has(self, event_id: str) -> bool:
        """Whether there is an event with this id that was recorded, or that the program recorded itself.

        Raises StoreDamaged.
        """
        keys = (keys_of_source(RECORDED)(event_id), early_key(event_id))
        with self.reading():
            row = self.db.execute("SELECT 1 FROM events WHERE id IN (?, ?)", keys).fetchone()
        return row is not None

    def times_since(self, seq: int) -> tuple[int, int] | None:
        """The earliest and the latest time of the events behind an arrival number, in milliseconds; None without
        any. Raises StoreDamaged."""
        with self.reading():
            earliest, latest = self.db.execute(
                "SELECT min(+created_ms), max(+created_ms) FROM events WHERE seq > ?", (seq,)
            ).fetchone()
            return None if earliest is None else (earliest, latest)

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


def open_store(path: Path) -> Store:
    """Open the store at `path`, creating it where there is none.

    Raises LocalDiskError when it can't be opened, is no store, or is of a newer version.
    """
    return Store.open(path)


def open_passing_store(path: Path) -> Store:
    """A store that nobody opens again: nothing of it is made durable. Raises LocalDiskError."""
    store = Store.open(path)
    store.db.execute("PRAGMA synchronous = OFF")
    return store


def open_store_to_read(path: Path) -> Store:
    """The store at `path`, read-only: it holds up nobody who writes. Where there is none, an empty one.

    It may be used in one thread at a time. Raises LocalDiskError as `open_store` does.
    """
    return Store.open_to_read(path)
