"""Where the lines are now that an earlier version read of a file, and of which it kept no digests.

It kept the SHA-256 of the first bytes of the file, and of the last ones that it read. Of a file that is
rewritten with the newest at its front, those first bytes are further back now, but for the header of a table,
which stays where it is; of a window that moves on, the last ones are further in front.
"""

import hashlib
import os
from typing import BinaryIO

from desktop_app.sources.reading_place import TAIL, Moved, ReadingPlace

_PIECE = 1 << 20


def moved_lines(content: BinaryIO, before: ReadingPlace, header: int) -> Moved | None:
    """Where in `content`, whose lines are behind `header` bytes, all is, or what is left of it, that was read of
    the file `before`; None where that does not show."""
    read, size = before.position, content.seek(0, os.SEEK_END)
    head, tail = before.head_size - header, min(TAIL, read)
    if head <= 0 or not tail:
        return None
    content.seek(0)
    start = content.read(header)
    for found in (size - read + header, _place_of(content, before.head_sha256, head, 0, start)):
        if found is not None and found > header and _has(content, found, head, before.head_sha256, start):
            by = found - header
            is_all = _has(content, by + read - tail, tail, before.tail_sha256)
            return Moved(found, min(size, by + read), by, is_all)
    end = _place_of(content, before.tail_sha256, tail, -tail)
    return None if end is None else Moved(max(0, end - read), end, end - read, False)


def _has(content: BinaryIO, at: int, size: int, sha256: str, start: bytes = b"") -> bool:
    content.seek(at)
    some = content.read(size)
    return len(some) == size and hashlib.sha256(start + some).hexdigest() == sha256


def _place_of(content: BinaryIO, sha256: str, size: int, behind: int, before: bytes = b"") -> int | None:
    """The end of the first line so many bytes `behind` which there are `size` bytes that have, with those `before`
    them, that SHA-256."""
    known = bytes.fromhex(sha256)
    content.seek(0)
    window, first, looked_at = b"", 0, 0
    while piece := content.read(_PIECE):
        window += piece
        while (line_break := window.find(b"\n", looked_at)) >= 0:
            start = line_break + 1 + behind
            if start + size > len(window):
                break
            looked_at = line_break + 1
            if start >= 0 and hashlib.sha256(before + window[start : start + size]).digest() == known:
                return first + looked_at
        looked_at = line_break if line_break >= 0 else len(window)
        gone = max(0, looked_at - size)
        window, first, looked_at = window[gone:], first + gone, looked_at - gone
    return None
