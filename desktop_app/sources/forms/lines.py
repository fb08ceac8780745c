"""The lines of a file, one at a time, whatever it holds: endless lines are passed over, and so are empty ones, and
the bytes 0 that `copytruncate` of logrotate, or a power failure, leaves before what is written next: they end a
line."""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from desktop_app.settings.limits import limits
from desktop_app.sources.forms.form import Piece
from desktop_app.wording import NOTHING, Said

_PIECE = 1 << 20
_FIRST_PIECE = 64
_BOM = b"\xef\xbb\xbf"


def read_lines(content: BinaryIO, position: int, takes_last: Callable[[bytes], bool]) -> Iterator[Piece]:
    """The lines from `position` on; of some without anything in them one after another, one without content.

    `takes_last` says of a line without its end whether it counts. What reads on elsewhere in `content` between two
    lines does no harm.
    """
    while True:
        content.seek(position)
        line = content.readline(_PIECE)
        zero = line.find(b"\0")
        if zero == 0:
            position = after_zeros(content, position)
            content.seek(position)
            line = content.readline(_PIECE)
            zero = line.find(b"\0")
        size = len(line)
        unfit = NOTHING
        if zero > 0:
            line, size = line[:zero], zero
            ended = _goes_on(content, position + zero)
        elif size == _PIECE and not line.endswith(b"\n"):
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
        yield Piece(line.removeprefix(_BOM), position, end, unfit)
        position = end


def _long_line(content: BinaryIO, start: bytes) -> tuple[bytes, int, bool]:
    """A line that begins with `start`, its length, and whether it has an end. No content of one that is too long:
    it is passed over by the piece."""
    pieces, size, ended = [start], len(start), False
    while not ended and (piece := content.readline(_PIECE)):
        before_zero, zero, _ = piece.partition(b"\0")
        size += len(before_zero)
        ended = bool(zero) or piece.endswith(b"\n")
        if size <= limits().line_bytes:
            pieces.append(before_zero)
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


def after_zeros(content: BinaryIO, position: int) -> int:
    """Where a run of bytes 0 ends that begins at `position`; it may be the rest of the disk."""
    content.seek(position)
    while piece := content.read(_PIECE):
        rest = piece.lstrip(b"\0")
        position += len(piece) - len(rest)
        if rest:
            break
    return position


def _goes_on(content: BinaryIO, position: int) -> bool:
    """Whether anything follows the run of bytes 0 at `position`. What ends in one may have been made that long
    before it is written."""
    content.seek(after_zeros(content, position))
    return bool(content.read(1))
