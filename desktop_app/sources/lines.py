"""The lines of a file, one at a time, whatever it holds: endless lines are passed over, and so are empty ones."""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from msgspec import Struct

from desktop_app.settings.limits import limits
from desktop_app.wording import NOTHING, Said

_PIECE = 1 << 20
_FIRST_PIECE = 64
_BOM = b"\xef\xbb\xbf"


class Line(Struct, frozen=True, gc=False):
    """A line, the byte at which it is, and the one at which it ends.

    `unfit` says why it can't be a record, where that is known already; it has no content then.
    """

    content: bytes
    start: int
    end: int
    unfit: Said = NOTHING


def read_lines(content: BinaryIO, position: int, takes_last: Callable[[bytes], bool]) -> Iterator[Line]:
    """The lines from `position` on; of some without anything in them one after another, one without content.

    `takes_last` says of a line without its end whether it counts. What reads on elsewhere in `content` between two
    lines does no harm.
    """
    while True:
        content.seek(position)
        line = content.readline(_PIECE)
        size = len(line)
        unfit = NOTHING
        if size == _PIECE and not line.endswith(b"\n"):
            line, size, ended = _long_line(content, line)
            if size > limits().line_bytes:
                unfit = Said("the line is longer than {size} MB", size=limits().line_bytes >> 20)
        else:
            ended = line.endswith(b"\n")
        if not size or not (ended or takes_last(line)):
            return
        end = position + size
        if ended and not unfit and line.isspace():
            line, end = b"", _after_blank_lines(content, end)
        yield Line(line.removeprefix(_BOM), position, end, unfit)
        position = end


def any_line(line: bytes) -> bool:
    """For `takes_last`: of a file to which nothing is appended."""
    return True


def no_line(line: bytes) -> bool:
    """For `takes_last`: of a file that is being written."""
    return False


def _long_line(content: BinaryIO, start: bytes) -> tuple[bytes, int, bool]:
    """A line that begins with `start`, its length, and whether it has an end. No content of one that is too long:
    it is passed over by the piece."""
    pieces, size, ended = [start], len(start), False
    while not ended and (piece := content.readline(_PIECE)):
        size += len(piece)
        ended = piece.endswith(b"\n")
        if size <= limits().line_bytes:
            pieces.append(piece)
        else:
            pieces.clear()
    return b"".join(pieces), size, ended


def _after_blank_lines(content: BinaryIO, position: int) -> int:
    """Where the lines end that have nothing in them, from `position` on; they may be the rest of the disk."""
    at, size = position, _FIRST_PIECE
    while piece := content.read(size):
        blank = len(piece) - len(piece.lstrip())
        if line_break := piece.rfind(b"\n", 0, blank) + 1:
            position = at + line_break
        if blank < len(piece):
            break
        at += len(piece)
        size = min(2 * size, _PIECE)
    return position
