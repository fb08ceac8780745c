"""How far each file of a source was read; a file is known by its content, whatever its name became."""

import hashlib
import os
from bisect import bisect_right, insort
from collections.abc import Callable, Collection, Iterator, Sequence, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from pathlib import Path
from typing import BinaryIO

from desktop_app.sources.documents import UNREADABLE
from desktop_app.trails.store.store import Store

_HEAD = 4096
_TAIL = 1024
_DIGITS = 5
# The size in the row that says up to when files were forgotten.
_FORGOTTEN = -1
_NEVER_NS = -(1 << 62)
_MEMBERS_COMPARED = 20
_NOTHING_READ = hashlib.sha256().hexdigest()
_COLUMNS = (
    "path, member, size, modified_ns, head_size, head_sha256, position, tail_sha256,"
    " records, records_sha256, origin, id"
)


@dataclass(frozen=True)
class ReadingPlace:
    """A file was read up to byte `position` of its decompressed content.

    `head_sha256` is of its first `head_size` bytes, `tail_sha256` of the last 1,024 bytes (at most) that were
    read. `size` and `modified_ns` are of the file itself when it was last looked at. Of a document, the first
    `records` records were read; `records_sha256` is of those. `origin` is the path under which the file was
    first seen, and part of the id of records without one; it is empty for files from before it was kept.
    """

    path: str
    member: str
    size: int
    modified_ns: int
    head_size: int = 0
    head_sha256: str = ""
    position: int = 0
    tail_sha256: str = _NOTHING_READ
    records: int = 0
    records_sha256: str = ""
    origin: str = ""
    id: int | None = None


Opener = Callable[[ReadingPlace], AbstractContextManager[BinaryIO]]


class KnownFiles:
    """The files of a source, as far as they are known."""

    def __init__(self, store: Store, source: str) -> None:
        self._store, self._source = store, source

    def at(self, path: str, member: str) -> ReadingPlace | None:
        """The place in the file that was last seen at this path."""
        row = self._store.db.execute(
            f"SELECT {_COLUMNS} FROM source_files WHERE source = ? AND path = ? AND member = ?",
            (self._source, path, member),
        ).fetchone()
        return ReadingPlace(*row) if row else None

    def begun_alike(self, seen: ReadingPlace, content: BinaryIO) -> list[ReadingPlace]:
        """Those that `content` goes on with, the longest first: it begins with the same bytes, and has the same
        bytes before their place.

        What ends before that place may be a copy that is cut short, if it is long: it is to be read from 0 on.
        """
        content.seek(0)
        head = content.read(_HEAD)
        found: list[ReadingPlace] = []
        tail_at = cache(partial(tail_sha256, content))
        for known in self._alike("head_sha256", self._known_beginnings(head), seen):
            tail = tail_at(known.position)
            if tail == known.tail_sha256:
                found.append(known)
            elif tail is None and known.head_size == _HEAD:
                found.append(replace(known, position=0, tail_sha256=_NOTHING_READ, id=None))
        return sorted(found, key=lambda known: known.position, reverse=True)

    def grown(self, seen: ReadingPlace, records: Sequence[bytes]) -> list[ReadingPlace]:
        """The documents whose records `records` begins with, the longest first."""
        return self._alike("records_sha256", set(_digests(records, self._record_counts)), seen)

    def save(self, place: ReadingPlace) -> ReadingPlace:
        """Keep a place, in the transaction of the events that were read up to it."""
        if place.head_size and place.head_size not in self._head_sizes:
            insort(self._head_sizes, place.head_size)
        self._maybe_known[int(place.head_sha256[:_DIGITS] or "0", 16)] = 1
        self._record_counts.add(place.records)
        return _save(self._store, self._source, place)

    def may_be_forgotten(self, seen: ReadingPlace) -> bool:
        """Whether a file may have been read long ago, which is no longer known."""
        return seen.modified_ns <= self._forgotten_ns

    def forget(self, there: Collection[str], before_ns: int) -> None:
        """Forget files that were last written before that instant (nanoseconds since 1970) and are not `there`:
        else what is known would grow for ever. Kept is from when they were, so that none of them is read again."""
        rows = self._store.db.execute(
            "SELECT id, path, modified_ns FROM source_files WHERE source = ? AND modified_ns < ? AND size >= 0",
            (self._source, before_ns),
        )
        gone = [(key, modified_ns) for key, path, modified_ns in rows if path not in there]
        if not gone:
            return
        newest_ns = max(self._forgotten_ns, *(modified_ns for _, modified_ns in gone))
        with self._store.transaction():
            self._store.db.executemany("DELETE FROM source_files WHERE id = ?", ((key,) for key, _ in gone))
            self._store.db.execute("DELETE FROM source_files WHERE source = ? AND size < 0", (self._source,))
            _save(self._store, self._source, ReadingPlace("", "", _FORGOTTEN, newest_ns))
        self.__dict__.pop("_forgotten_ns", None)

    @cached_property
    def _forgotten_ns(self) -> int:
        """When the newest of the files that were forgotten was written."""
        row = self._store.db.execute(
            "SELECT modified_ns FROM source_files WHERE source = ? AND size = ?", (self._source, _FORGOTTEN)
        ).fetchone()
        return int(row[0]) if row else _NEVER_NS

    def _known_beginnings(self, head: bytes) -> list[str]:
        """SHA-256 of the first so many bytes, where a known file may have that."""
        found: list[str] = []
        digest, at = hashlib.sha256(), 0
        for size in self._head_sizes[: bisect_right(self._head_sizes, len(head))]:
            digest.update(head[at:size])
            at = size
            beginning = digest.hexdigest()
            if self._maybe_known[int(beginning[:_DIGITS], 16)]:
                found.append(beginning)
        return found

    @cached_property
    def _maybe_known(self) -> bytearray:
        """By the first digits of its SHA-256, whether a head may be known: most are not."""
        flags = bytearray(16**_DIGITS)
        rows = self._store.db.execute(
            f"SELECT DISTINCT substr(head_sha256, 1, {_DIGITS}) FROM source_files WHERE source = ? AND head_size",
            (self._source,),
        )
        for (digits,) in rows:
            flags[int(digits, 16)] = 1
        return flags

    @cached_property
    def _head_sizes(self) -> list[int]:
        """Asked once: the answer takes as long as there are files."""
        return sorted(self._numbers("head_size") - {0})

    @cached_property
    def _record_counts(self) -> set[int]:
        return self._numbers("records")

    def _numbers(self, column: str) -> set[int]:
        rows = self._store.db.execute(
            f"SELECT DISTINCT {column} FROM source_files WHERE source = ?", (self._source,)
        )
        return {number for (number,) in rows}

    def _alike(self, column: str, digests: Collection[str], seen: ReadingPlace) -> list[ReadingPlace]:
        """Of the other members of the .zip that is read, a few will do: all of them are there."""
        if not digests:
            return []
        same_archive = "path = ? AND member != ? AND size = ? AND modified_ns = ?"
        these = f"source = ? AND {column} IN ({','.join('?' * len(digests))})"
        values = (self._source, *digests, seen.path, seen.member, seen.size, seen.modified_ns)
        queries = (
            f"SELECT {_COLUMNS} FROM source_files WHERE {these} AND NOT ({same_archive}) ORDER BY position DESC",
            f"SELECT {_COLUMNS} FROM source_files WHERE {these} AND {same_archive} LIMIT {_MEMBERS_COMPARED}",
        )
        found = [ReadingPlace(*row) for query in queries for row in self._store.db.execute(query, values)]
        return sorted(found, key=lambda known: known.position, reverse=True)


def with_head(seen: ReadingPlace, content: BinaryIO) -> ReadingPlace:
    """The place at the beginning of a file."""
    content.seek(0)
    head = content.read(_HEAD)
    return replace(seen, head_size=len(head), head_sha256=_sha256(head))


def records_sha256(records: Sequence[bytes]) -> str:
    """SHA-256 of the records of a document; empty where it has none."""
    return next(_digests(records, {len(records)}), "")


def find_place(
    seen: ReadingPlace, content: BinaryIO, known: Sequence[ReadingPlace], open_known: Opener
) -> ReadingPlace | None:
    """Where to read on in `content`, which is that of the file `seen` and goes on with the `known` files.

    A known file that is not where it was is this one: renamed, copied and truncated, or compressed. Beside a
    known file that is still there, this is another, unless all of it is in that as well. Then a long one is a
    copy. A short one may be so by chance, or while a rotation is going on: None, let it be seen a second time.
    """
    copied: ReadingPlace | None = None
    undecided = False
    for each in known:
        if copied and each.position == 0:
            break  # seen half written before: nothing was read of it
        here = replace(
            each,
            path=seen.path,
            member=seen.member,
            size=seen.size,
            modified_ns=seen.modified_ns,
            head_size=seen.head_size,
            head_sha256=seen.head_sha256,
        )
        if not _is_beside(each, seen, open_known):
            return here
        is_long = each.head_size == _HEAD
        if copied if is_long else undecided:
            continue  # it would change nothing
        if _begins_with(each, content, open_known):
            if is_long:
                copied = copied or replace(here, id=None)
            else:
                undecided = True
    return copied or (None if undecided else seen)


def _save(store: Store, source: str, place: ReadingPlace) -> ReadingPlace:
    values = (
        source, place.path, place.member, place.size, place.modified_ns, place.head_size, place.head_sha256,
        place.position, place.tail_sha256, place.records, place.records_sha256, place.origin,
    )  # fmt: skip
    # Another file may have had this path before: what was read of it is known by its content when it turns up
    # elsewhere.
    others = "source = ? AND path = ? AND member = ? AND id IS NOT ?"
    this = (source, place.path, place.member, place.id)
    store.db.execute(f"DELETE FROM source_files WHERE {others} AND position = 0", this)
    store.db.execute(f"UPDATE source_files SET path = '' WHERE {others}", this)
    if place.id is None:
        cursor = store.db.execute(
            "INSERT INTO source_files (source, path, member, size, modified_ns, head_size, head_sha256,"
            " position, tail_sha256, records, records_sha256, origin) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )
        return replace(place, id=cursor.lastrowid)
    store.db.execute(
        "UPDATE source_files SET source = ?, path = ?, member = ?, size = ?, modified_ns = ?, head_size = ?,"
        " head_sha256 = ?, position = ?, tail_sha256 = ?, records = ?, records_sha256 = ?, origin = ?"
        " WHERE id = ?",
        (*values, place.id),
    )
    return place


def tail_sha256(content: BinaryIO, position: int) -> str | None:
    """SHA-256 of the last bytes before `position`; None where the content does not reach that far."""
    start = max(0, position - _TAIL)
    content.seek(start)
    tail = content.read(position - start)
    return _sha256(tail) if len(tail) == position - start else None


def _digests(records: Sequence[bytes], counts: Set[int]) -> Iterator[str]:
    """SHA-256 of the first so many records; with their lengths, which tell where one ends."""
    digest = hashlib.sha256()
    for count, record in enumerate(records, start=1):
        digest.update(b"%d:%b" % (len(record), record))
        if count in counts:
            yield digest.hexdigest()


def _is_beside(known: ReadingPlace, seen: ReadingPlace, open_known: Opener) -> bool:
    """Whether a known file is still where it was, and is not the one seen, under this or another name."""
    if not known.path or (known.path, known.member) == (seen.path, seen.member):
        return False
    if is_same_archive(known, seen):
        return True
    try:
        if known.member == seen.member and Path(known.path).samefile(seen.path):
            return False
        with open_known(known) as content:
            head = content.read(known.head_size)
            tail = tail_sha256(content, known.position)
    except (KeyError, *UNREADABLE):
        return False  # what is not in a .zip is a KeyError
    return (_sha256(head), tail) == (known.head_sha256, known.tail_sha256)


def is_same_archive(known: ReadingPlace, seen: ReadingPlace) -> bool:
    """Whether a known file is another member of the .zip that is read now."""
    return (known.path, known.size, known.modified_ns) == (seen.path, seen.size, seen.modified_ns)


def _begins_with(known: ReadingPlace, content: BinaryIO, open_known: Opener) -> bool:
    """Whether a known file, as it is now, begins with all of `content`, with which it shares the head."""
    end = content.seek(0, os.SEEK_END)
    with open_known(known) as other:
        return tail_sha256(other, end) == tail_sha256(content, end)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
