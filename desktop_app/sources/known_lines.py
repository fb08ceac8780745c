"""The lines of a file by their digests: which of them are new since it was rewritten, wherever in it they are.

A file of lines may be written anew with the newest at its front, or as a window that moves on. What is only
appended to is read on where it was left, and no digest is looked at. Rewritten, it is another edition of the same
file: as many equal lines as it ever had are old ones.

An earlier version kept no digests. They are made up for when a file is looked at for the first time since; of one
that was rewritten meanwhile, `moved_lines.py` finds the old lines.
"""

import os
import sys
from array import array
from bisect import bisect_left
from collections import deque
from collections.abc import Sequence
from itertools import takewhile
from typing import BinaryIO
from uuid import uuid4

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from desktop_app.portions import portions
from desktop_app.settings.limits import limits
from desktop_app.sources.file_records import records_of
from desktop_app.sources.forms.form import Form, Piece, any_piece
from desktop_app.sources.kind import Record
from desktop_app.sources.known_files import KnownFiles, lines_name
from desktop_app.sources.moved_lines import moved_lines
from desktop_app.sources.reading_place import NOTHING_READ, Moved, ReadingPlace, tail_sha256
from desktop_app.sources.record_digests import DIGEST_BYTES, digests_of, remembered

_BATCH_BYTES, _BATCH_LINES = 1 << 24, 2000
_COMPARED = 64  # lines in a row that tell where in a file one is


class _Beyond(Struct, frozen=True):
    """Behind the lines with the digests `after` were `size` bytes more, of whose lines none is kept; the last of
    them had the SHA-256 `tail_sha256`."""

    after: bytes
    size: int
    tail_sha256: str


class KnownLines:
    """Of one file, which is read from `place` on. `last` is the place in the file that was at its path before;
    `is_new` says that it goes on with none that is known."""

    def __init__(
        self,
        known: KnownFiles,
        place: ReadingPlace,
        last: ReadingPlace | None,
        is_new: bool,
        form: Form,
        content: BinaryIO,
    ) -> None:
        self._known, self._form = known, form
        self.place = self._named(place, last, is_new, content)
        self._left = _Left(b"")
        self._beyond: _Beyond | None = None
        self._latest = deque[bytes](maxlen=_COMPARED)
        self._count = self.place.digests
        if self.place.edition or (self.place.digested and not self._count):
            kept = b"".join(known.values(_key("lines", self.place)))
            self._count = len(kept) // DIGEST_BYTES
            if self.place.edition:
                self._look_back(kept)
        elif self.place.position and not self.place.digested:
            self._make_up_for(content)

    def take(self, batch: Sequence[Piece], content: BinaryIO) -> tuple[list[Piece], int]:
        """The new ones among some lines, and the byte from which on to read: behind them, or behind what follows
        them and was read before."""
        digests = digests_of([_known_by(piece) for piece in batch])
        new = list(batch) if not self.place.edition else self._new_ones(batch, digests, content)
        end = batch[-1].end
        if not self._keep(batch, digests):
            end = max(end, self.place.old_upto)
        return new, end

    def records(self, pieces: Sequence[Piece], within: str) -> list[Record]:
        """Those in some new lines. What an earlier version read is known by where it was then."""
        moved, place = self.place.moved, self.place
        if not moved:
            return records_of(self._form, pieces, within, place.seed)
        before = [piece for piece in pieces if piece.start < moved.first]
        behind = [piece for piece in pieces if piece.end > moved.upto]
        known = [
            replace(piece, start=piece.start - moved.by, end=piece.end - moved.by)
            for piece in pieces[len(before) : len(pieces) - len(behind)]
        ]
        return [
            *records_of(self._form, before, within, place.seed),
            *records_of(self._form, known, within, place.origin),
            *records_of(self._form, behind, within, place.seed),
        ]

    def _make_up_for(self, content: BinaryIO) -> None:
        """Keep the digests of the lines that were read and have none."""
        pieces = takewhile(
            lambda piece: piece.end <= self.place.position, self._form.pieces(content, 0, any_piece)
        )
        for batch in portions(pieces, lambda piece: len(piece.content), _BATCH_BYTES, _BATCH_LINES):
            if not self._keep(batch, digests_of([_known_by(piece) for piece in batch])):
                return

    def _new_ones(self, batch: Sequence[Piece], digests: bytes, content: BinaryIO) -> list[Piece]:
        new: list[Piece] = []
        for number, piece in enumerate(batch):
            if piece.end <= self.place.old_upto or _is_known(self.place.moved, piece):
                continue
            digest = digests[number * DIGEST_BYTES : (number + 1) * DIGEST_BYTES]
            if not self._left.take(digest):
                new.append(piece)
            self._latest.append(digest)
            if self._beyond and (old_upto := self._end_of(self._beyond, piece.end, content)):
                self.place = replace(self.place, old_upto=old_upto)
                self._beyond = None
        return new

    def _named(
        self, place: ReadingPlace, last: ReadingPlace | None, is_new: bool, content: BinaryIO
    ) -> ReadingPlace:
        """A place with the name under which its lines are kept; from the beginning, where the file was written
        anew since it was at `last`."""
        if is_new and last and last.lines:
            return self._next_edition(place, last)
        if is_new:
            moved = moved_lines(content, last, self._header(content)) if last and last.lacks_lines else None
            return replace(place, lines=_new_name(), edition=1 if moved else 0, moved=moved)
        if place.lines and last and last.lines == place.lines and last.key != place.key:
            return self._next_edition(place, last)  # it is shorter now, or was so before, and otherwise since
        if not place.lines or not place.key:  # from an earlier version, or a copy
            return replace(place, lines=_new_name(), digested=0, digests=0)
        return place if place.position else self._next_edition(place, place)

    def _header(self, content: BinaryIO) -> int:
        """How many bytes are above the lines."""
        return next((piece.start for piece in self._form.pieces(content, 0, any_piece)), 0)

    def _next_edition(self, place: ReadingPlace, before: ReadingPlace) -> ReadingPlace:
        kept = b"".join(self._known.values(_key("lines", before)))
        digests = remembered(kept, b"".join(self._known.values(_key("before", before))))
        after = replace(
            place,
            position=0,
            tail_sha256=NOTHING_READ,
            more=False,
            whole=False,
            lines=before.lines,
            digested=0,
            digests=0,
            old_upto=0,
            moved=None,
            edition=before.edition + bool(digests),
        )
        self._known.forget_lines(before)
        if digests:
            self._known.remember(_key("before", after), digests)
        if 0 < before.digested < before.position:
            size, last = before.position - before.digested, kept[-_COMPARED * DIGEST_BYTES :]
            beyond = msgspec.json.encode(_Beyond(last, size, before.tail_sha256))
            self._known.remember(_key("beyond", after), beyond)
        return after

    def _look_back(self, kept: bytes) -> None:
        """Have at hand what the file had before, and of that what was not met again."""
        self._left = _Left(b"".join(self._known.values(_key("before", self.place))))
        for at in range(0, len(kept), DIGEST_BYTES):
            self._left.take(kept[at : at + DIGEST_BYTES])
        for value in self._known.values(_key("beyond", self.place)):
            self._beyond = msgspec.json.decode(value, type=_Beyond)
        if self.place.digested == self.place.position:
            latest = kept[-_COMPARED * DIGEST_BYTES :]
            self._latest.extend(latest[at : at + DIGEST_BYTES] for at in range(0, len(latest), DIGEST_BYTES))

    def _keep(self, batch: Sequence[Piece], digests: bytes) -> bool:
        """Keep the digests of some lines; whether there was room for all."""
        count = min(len(batch), limits().document_digests - self._count)
        if count > 0:
            self._count += count
            end = batch[count - 1].end
            self.place = replace(self.place, digested=end, digests=self._count)
            self._known.remember(f"{_key('lines', self.place)}{end:016}", digests[: count * DIGEST_BYTES])
        return count == len(batch)

    def _end_of(self, beyond: _Beyond, at: int, content: BinaryIO) -> int:
        """Where what follows byte `at` and was read before ends; 0 where that is not there."""
        if not beyond.after.endswith(self._latest[-1]) or not b"".join(self._latest).endswith(beyond.after):
            return 0
        end = at + beyond.size
        tail = tail_sha256(content, end)
        if tail is None:  # there is less of it now
            size = content.seek(0, os.SEEK_END)
            content.seek(max(0, size - 1))
            return size if content.read(1) == b"\n" else 0
        return end if tail == beyond.tail_sha256 else 0


class _Left:
    """Digests of which each can be taken as often as it is there."""

    def __init__(self, digests: bytes) -> None:
        self._digests = array("Q", sorted(_numbers(digests)))
        self._taken = array("L", bytes(array("L").itemsize * len(self._digests)))

    def take(self, digest: bytes) -> bool:
        """Whether it was there; it is there once less."""
        number = int.from_bytes(digest, sys.byteorder)
        first = bisect_left(self._digests, number)
        if first == len(self._digests):
            return False
        at = first + self._taken[first]
        if at == len(self._digests) or self._digests[at] != number:
            return False
        self._taken[first] += 1
        return True


def _is_known(moved: Moved | None, piece: Piece) -> bool:
    """Whether a line is among those that are there as they were read."""
    return moved is not None and moved.is_all and moved.first <= piece.start and piece.end <= moved.upto


def _key(kind: str, place: ReadingPlace) -> str:
    """How the keys begin of what is remembered of the lines of a file."""
    return f"{kind}:{lines_name(place)}:"


def _numbers(digests: bytes) -> "array[int]":
    numbers = array("Q")
    numbers.frombytes(digests)
    return numbers


def _known_by(piece: Piece) -> bytes:
    """What tells a line from others; one that is too long by its length alone."""
    return piece.content.strip() if piece.content else b"\0%d" % (piece.end - piece.start)


def _new_name() -> str:
    return uuid4().hex[:16]
