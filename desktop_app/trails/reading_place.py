"""How far each file of a source was read; a file is known by its content, whatever its name became."""

import hashlib
from dataclasses import dataclass, replace
from typing import BinaryIO

from desktop_app.trails.store import Store

HEAD = 4096
_TAIL = 1024
_COLUMNS = "path, member, size, modified_ns, head_size, head_sha256, position, tail_sha256, id"


@dataclass(frozen=True)
class ReadingPlace:
    """A file was read up to byte `position` of its decompressed content.

    `head_sha256` is of its first `head_size` bytes, `tail_sha256` of the last 1,024 bytes (at most) that were
    read. `size` and `modified_ns` are of the file itself when it was last looked at.
    """

    path: str
    member: str
    size: int
    modified_ns: int
    head_size: int = 0
    head_sha256: str = ""
    position: int = 0
    tail_sha256: str = ""
    id: int | None = None


def place_at(store: Store, source: str, path: str, member: str) -> ReadingPlace | None:
    """The place in the file that was last seen at this path."""
    row = store.db.execute(
        f"SELECT {_COLUMNS} FROM source_files WHERE source = ? AND path = ? AND member = ?",
        (source, path, member),
    ).fetchone()
    return ReadingPlace(*row) if row else None


def find_place(store: Store, source: str, seen: ReadingPlace, content: BinaryIO) -> ReadingPlace:
    """Where to read on in `content`, which is that of the file `seen`.

    It is the place in the known file that began with the same bytes and had the same bytes before its
    place; else the beginning. So a file is known again after a rename, a copy that is truncated, and when
    it was compressed; and two files are two although they begin alike.
    """
    head = content.read(HEAD)
    new = replace(seen, head_size=len(head), head_sha256=_sha256(head))
    sizes = store.db.execute("SELECT DISTINCT head_size FROM source_files WHERE source = ?", (source,))
    digests = {_sha256(head[:size]) for (size,) in sizes if 0 < size <= len(head)}
    rows = store.db.execute(
        f"SELECT {_COLUMNS} FROM source_files WHERE source = ? AND head_sha256 IN"
        f" ({','.join('?' * len(digests))}) ORDER BY position DESC",
        (source, *digests),
    ).fetchall()
    for known in (ReadingPlace(*row) for row in rows):
        if tail_sha256(content, known.position) == known.tail_sha256:
            return replace(new, position=known.position, tail_sha256=known.tail_sha256, id=known.id)
    return new


def save_place(store: Store, source: str, place: ReadingPlace) -> ReadingPlace:
    """Keep a place, in the transaction of the events that were read up to it."""
    values = (
        source, place.path, place.member, place.size, place.modified_ns,
        place.head_size, place.head_sha256, place.position, place.tail_sha256,
    )  # fmt: skip
    # Another file may have had this path before: it is known by its content when it turns up elsewhere.
    store.db.execute(
        "UPDATE source_files SET path = '' WHERE source = ? AND path = ? AND member = ? AND id IS NOT ?",
        (source, place.path, place.member, place.id),
    )
    if place.id is None:
        cursor = store.db.execute(
            "INSERT INTO source_files (source, path, member, size, modified_ns, head_size, head_sha256,"
            " position, tail_sha256) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )
        return replace(place, id=cursor.lastrowid)
    store.db.execute(
        "UPDATE source_files SET source = ?, path = ?, member = ?, size = ?, modified_ns = ?, head_size = ?,"
        " head_sha256 = ?, position = ?, tail_sha256 = ? WHERE id = ?",
        (*values, place.id),
    )
    return place


def tail_sha256(content: BinaryIO, position: int) -> str | None:
    """SHA-256 of the last bytes before `position`; None where the content does not reach that far."""
    start = max(0, position - _TAIL)
    content.seek(start)
    tail = content.read(position - start)
    return _sha256(tail) if len(tail) == position - start else None


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
