"""How far each file of a source was read; a file is known by its content, whatever its name became."""

import hashlib
import os
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import BinaryIO, Protocol

from msgspec import Struct
from msgspec.structs import replace

from desktop_app.sources.forms.form import NotRecords
from desktop_app.sources.forms.packed import UNREADABLE

HEAD = 4096
TAIL = 1024
NOTHING_READ = hashlib.sha256().hexdigest()


class Moved(Struct, frozen=True):
    """The lines from byte `first` up to byte `upto` were `by` bytes further in front when an earlier version read
    the file; where `is_all` of what it read is there, none of them is new."""

    first: int
    upto: int
    by: int
    is_all: bool


class ReadingPlace(Struct, frozen=True, omit_defaults=True):
    """A file was read up to byte `position` of its decompressed content.

    `head_sha256` is of its first `head_size` bytes, `tail_sha256` of the last 1,024 bytes (at most) that were
    read. `size` and `modified_ns` are of the file itself when it was last looked at. Of a document, the first
    `records` records were read; `records_sha256` is of those. `origin` is the path under which the file was
    first seen, and part of the id of records without one; it is empty for files from before it was kept.
    `more` says that reading was going on: there is more of it; `whole`, that this was over, and the end of the
    file reached (an earlier version did not say so). `key` is under which it is remembered; empty where it is not.

    The digests of its lines, up to byte `digested`, are kept under `lines` (`known_lines.py`): so many `digests`;
    0 where that was not counted. The file was rewritten, and not only appended to, `edition` times; all up to
    byte `old_upto` was in it before. `moved` is where lines are of which no digests were kept (`moved_lines.py`).
    """

    path: str = ""
    member: str = ""
    size: int = 0
    modified_ns: int = 0
    head_size: int = 0
    head_sha256: str = ""
    position: int = 0
    tail_sha256: str = NOTHING_READ
    records: int = 0
    records_sha256: str = ""
    origin: str = ""
    more: bool = False
    whole: bool = False
    lines: str = ""
    digested: int = 0
    digests: int = 0
    edition: int = 0
    old_upto: int = 0
    moved: Moved | None = None
    key: str = ""

    @property
    def seed(self) -> str:
        """What tells the records of the file, as it is now, from those of others that are at the same place."""
        return f"{self.origin}~{self.edition}" if self.edition else self.origin

    @property
    def lacks_lines(self) -> bool:
        """Whether an earlier version read lines of it, if it has any, of which it kept no digests."""
        return bool(self.position and not self.records and not self.lines) and self.tail_sha256 != NOTHING_READ

    @property
    def was_read_whole(self) -> bool:
        """Whether there is nothing behind `position`, as far as it was seen."""
        return self.whole or self.position >= (1 if self.path.lower().endswith((".gz", ".zip")) else self.size)


class Beside(Protocol):
    """The file that is seen, and the others that are known."""

    def open_known(self, known: ReadingPlace) -> AbstractContextManager[BinaryIO]:
        """What is in a known file. Raises KeyError where it has no such member, and what is UNREADABLE."""

    def is_same(self, path: str) -> bool:
        """Whether what is at a path is the file that is seen. Raises OSError."""


def with_head(seen: ReadingPlace, content: BinaryIO) -> ReadingPlace:
    """The place at the beginning of a file."""
    content.seek(0)
    head = content.read(HEAD)
    return replace(seen, head_size=len(head), head_sha256=_sha256(head))


def find_place(
    seen: ReadingPlace, content: BinaryIO, known: Sequence[ReadingPlace], beside: Beside
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
        if not _is_beside(each, seen, beside):
            return here
        is_long = each.head_size == HEAD
        if copied if is_long else undecided:
            continue  # it would change nothing
        if _begins_with(each, content, beside):
            if is_long:
                copied = copied or replace(here, key="")
            else:
                undecided = True
    return copied or (None if undecided else seen)


def tail_sha256(content: BinaryIO, position: int) -> str | None:
    """SHA-256 of the last bytes before `position`; None where the content does not reach that far."""
    start = max(0, position - TAIL)
    content.seek(start)
    tail = content.read(position - start)
    return _sha256(tail) if len(tail) == position - start else None


def _is_beside(known: ReadingPlace, seen: ReadingPlace, beside: Beside) -> bool:
    """Whether a known file is still where it was, and is not the one seen, under this or another name."""
    if not known.path or (known.path, known.member) == (seen.path, seen.member):
        return False
    if is_same_archive(known, seen):
        return True
    try:
        if known.member == seen.member and beside.is_same(known.path):
            return False
        with beside.open_known(known) as content:
            head = content.read(known.head_size)
            tail = tail_sha256(content, known.position)
    except (KeyError, NotRecords, *UNREADABLE):
        return False  # what is not in a .zip is a KeyError
    return (_sha256(head), tail) == (known.head_sha256, known.tail_sha256)


def is_same_archive(known: ReadingPlace, seen: ReadingPlace) -> bool:
    """Whether a known file is another member of the .zip that is read now."""
    return (known.path, known.size, known.modified_ns) == (seen.path, seen.size, seen.modified_ns)


def _begins_with(known: ReadingPlace, content: BinaryIO, beside: Beside) -> bool:
    """Whether a known file, as it is now, begins with all of `content`, with which it shares the head."""
    end = content.seek(0, os.SEEK_END)
    with beside.open_known(known) as other:
        return tail_sha256(other, end) == tail_sha256(content, end)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
