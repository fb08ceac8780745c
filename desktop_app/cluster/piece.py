"""A piece: the events of one day that one reading of files has found, in the order in which they were read.

It is a sequence of frames: the length of what follows in 4 bytes (little-endian), and that many bytes, deflated
(RFC 1950), of MessagePack: a list of entries.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
from isal import isal_zlib
from msgspec import Struct

from desktop_app.cluster.storage import PieceLost
from desktop_app.trails.event import AuditEvent

_FRAME_BYTES = 1 << 20
_LEVEL = 1


class Entry(NamedTuple):
    """An event, and which of its record's it is: the record has that number in its reading."""

    created_ms: int
    id: str
    line: bytes
    record: int
    number: int

    @property
    def event(self) -> AuditEvent:
        return AuditEvent(self.id, self.created_ms, self.line)


class Piece(Struct, frozen=True):
    """A piece as it is kept: its name, its SHA-256, how many events it has and the bytes of their lines."""

    name: str
    sha256: str
    events: int
    bytes: int


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Entry]).decode


class PieceFile:
    """A piece that is being written to `path`, to be kept in a folder; `about` makes it another than any of the
    same events. Between two writes no file is open: there may be a piece for each day of ten years."""

    def __init__(self, path: Path, folder: str, about: bytes) -> None:
        self.path, self._folder = path, folder
        self._sha256 = hashlib.sha256()
        self._entries: list[Entry] = []
        self.pending = self._events = self._bytes = 0
        self._write(len(about).to_bytes(4, "little") + about)

    def add(self, entry: Entry) -> None:
        """Have one more; it is written with those that follow."""
        self._entries.append(entry)
        self._events += 1
        self._bytes += len(entry.line)
        self.pending += len(entry.line)
        if self.pending >= _FRAME_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write what is pending."""
        if self._entries:
            packed = isal_zlib.compress(_encode(self._entries), _LEVEL)
            self._write(len(packed).to_bytes(4, "little") + packed)
        self._entries, self.pending = [], 0

    def end(self) -> Piece:
        """Write the rest, and say what is in it."""
        self.flush()
        sha256 = self._sha256.hexdigest()
        return Piece(f"{self._folder}/{sha256}.events", sha256, self._events, self._bytes)

    def _write(self, some: bytes) -> None:
        self._sha256.update(some)
        with self.path.open("ab") as file:
            file.write(some)


def entries_of(path: Path) -> Iterator[list[Entry]]:
    """The events of a piece, some at a time. Raises PieceLost where it is none."""
    with path.open("rb") as file:
        file.read(int.from_bytes(file.read(4), "little"))
        while length := file.read(4):
            try:
                entries = _decode(isal_zlib.decompress(file.read(int.from_bytes(length, "little"))))
            except (isal_zlib.error, msgspec.MsgspecError) as error:  # type: ignore[misc]
                raise PieceLost(path.name) from error
            yield entries
