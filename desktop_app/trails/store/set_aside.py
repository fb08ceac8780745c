"""Records that can't be events: kept as they were read, to be shown, and to be tried again."""

import hashlib
import sqlite3
import zlib
from collections.abc import Iterable, Sequence
from enum import Enum, auto

from msgspec import Struct

from desktop_app.kept_sentence import kept, said
from desktop_app.settings.limits import limits
from desktop_app.trails.store.known_sources import known_as
from desktop_app.trails.store.store import Store
from desktop_app.wording import Said

_COLUMNS = "number, events, path, place, seed, reason, again, content"
_OF_SOURCE = "+source = ?"  # by number, not by the index of marks, which would have to be sorted
_LEVEL = 1
_MARK_BYTES = 16


class SetAside(Struct, frozen=True):
    """A record that is no event: in what it was (`path`, a file), where there, and why. The latter are `Said`, but
    for what an earlier version kept.

    `content` is the record as it was read, None where it is not kept; `again` the key of what its reader remembers
    of it, which is forgotten to have it read again. It stands for so many `events`, `number` is that of its row.
    """

    path: str
    place: str
    reason: str
    content: bytes | None = None
    seed: str = ""
    again: str = ""
    events: int = 1
    number: int = 0


def other_content(event_id: str) -> Said:
    """Why an event is set aside that has the id of another."""
    return Said("an event with the id {id} and other content is there already", id=event_id[:60])


class Kept(Enum):
    """What became of a record that is to be set aside."""

    NEW = auto()
    THERE = auto()
    BEYOND = auto()


def set_aside(store: Store, source: int, record: SetAside) -> Kept:
    """Keep a record, in the transaction of what was read with it, unless it is there already.

    Beyond the limits of a source, records are only counted.
    """
    mark = _mark(record)
    if store.db.execute("SELECT 1 FROM set_aside WHERE source = ? AND mark = ?", (source, mark)).fetchone():
        return Kept.THERE
    content = zlib.compress(record.content, _LEVEL) if record.content else None
    size = len(content or b"")
    row = store.db.execute("SELECT kept, kept_bytes FROM sources WHERE number = ?", (source,)).fetchone()
    if row[0] >= limits().set_aside_records or row[1] + size > limits().set_aside_bytes:
        store.db.execute("UPDATE sources SET beyond = beyond + ? WHERE number = ?", (record.events, source))
        return Kept.BEYOND
    store.db.execute(
        "INSERT INTO set_aside VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            source, mark, record.events, record.path, kept(record.place), record.seed, kept(record.reason),
            record.again, content,
        ),
    )  # fmt: skip
    _count(store, source, record.events, size)
    return Kept.NEW


def take_back(store: Store, source: int, record: SetAside) -> None:
    """Keep a record no longer, in the transaction of what became of it."""
    row = store.db.execute(
        "DELETE FROM set_aside WHERE number = ? RETURNING events, ifnull(length(content), 0)", (record.number,)
    ).fetchone()
    _count(store, source, -row[0], -row[1])


def take_back_what_is_read_again(store: Store, source: int, keys: Iterable[str]) -> int:
    """Keep no longer what was set aside as a whole and is read again, by the keys of what its reader remembers;
    return how many records that were."""
    if not _records(store, "source = ? AND again != ''", (source,), 1):
        return 0
    gone = [
        record
        for key in keys
        for record in _records(store, "source = ? AND again = ? AND again != ''", (source, key), -1)
    ]
    for record in gone:
        take_back(store, source, record)
    return sum(record.events for record in gone)


def next_set_aside(store: Store, source: int, after: int) -> SetAside | None:
    """The record of a source that was set aside first after the one with number `after`. Raises StoreDamaged."""
    found = _records(store, f"{_OF_SOURCE} AND number > ? ORDER BY number", (source, after), 1)
    return next(iter(found), None)


def without_content(store: Store, source: int, limit: int = -1) -> list[SetAside]:
    """What an earlier version set aside of a source without keeping its content: so many of it, or all (-1).

    Raises StoreDamaged.
    """
    return _records(store, "source = ? AND content IS NULL AND again = '' AND seed = ''", (source,), limit)


def last_set_aside(store: Store, source: int) -> int:
    """The number of the record of a source that was set aside last; 0 where there is none. Raises StoreDamaged."""
    with store.reading():
        row = store.db.execute(
            "SELECT ifnull(max(number), 0) FROM set_aside WHERE source = ?", (source,)
        ).fetchone()
        return int(row[0])


def set_aside_records(store: Store, source: str, limit: int, most_bytes: int = 0) -> list[SetAside]:
    """The latest records of a source, by its name, that were set aside, newest first; before them, of how many the
    only the number is kept. Of each, so many bytes of content, or all (0). Raises StoreDamaged.
    """
    known = known_as(store, source)
    if known is None:
        return []
    found = _records(store, f"{_OF_SOURCE} ORDER BY number DESC", (known.number,), limit, most_bytes)
    told = Said("{count} more were set aside, of which only the number is kept", count=known.beyond)
    return [*([SetAside("", "", told)] if known.beyond else []), *found]


def _records(
    store: Store, which: str, values: Sequence[object], limit: int, most_bytes: int = 0
) -> list[SetAside]:
    with store.reading():
        rows = store.db.execute(f"SELECT {_COLUMNS} FROM set_aside WHERE {which} LIMIT ?", (*values, limit))
        return [
            SetAside(
                path, said(place), said(reason), _unpacked(content, most_bytes), seed, again, events, number
            )
            for number, events, path, place, seed, reason, again, content in rows
        ]  # fmt: skip


def _count(store: Store, source: int, events: int, size: int) -> None:
    store.db.execute(
        "UPDATE sources SET kept = kept + ?, kept_bytes = kept_bytes + ? WHERE number = ?", (events, size, source)
    )


def _mark(record: SetAside) -> bytes:
    """By what it is known that a record was set aside already: where it has content, wherever it is now."""
    first, second = (record.seed.encode(), record.content) if record.content else _where(record)
    digest = hashlib.sha256(b"%d:%b" % (len(first), first))
    digest.update(second)
    return digest.digest()[:_MARK_BYTES]


def _where(record: SetAside) -> tuple[bytes, bytes]:
    return record.path.encode(), str(record.place).encode()


def _unpacked(content: bytes | None, most_bytes: int) -> bytes | None:
    if not content:
        return None
    unpacking, damaged = zlib.decompressobj(), sqlite3.DatabaseError("a record that was set aside is damaged")
    try:
        unpacked = unpacking.decompress(content, most_bytes)
    except zlib.error as error:
        raise damaged from error
    if not (most_bytes or unpacking.eof):
        raise damaged
    return unpacked
