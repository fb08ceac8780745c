"""What every form of files has: how it is cut into pieces, and which records are in them."""

from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, ClassVar, Protocol

from msgspec import Struct

from desktop_app.wording import NOTHING, Said

OWN_NUMBER = -1


class NotRecords(ValueError):
    """There are no records in what was read; `reason` says why."""

    def __init__(self, reason: Said) -> None:
        super().__init__(reason)
        self.reason = reason


class Piece(Struct, frozen=True, gc=False):
    """A piece of a file (a line, a row of a table), or a record in one: the byte at which the piece is, and the
    one at which it ends.

    `number` is the record's in its piece, from 1 on, or 0 where the piece is the record; where `start` is
    OWN_NUMBER, it is one that the record has by itself, wherever it is. `unfit` says why it can't be a record,
    where that is known already.
    """

    content: bytes
    start: int
    end: int
    unfit: Said = NOTHING
    number: int = 0


class Form(Protocol):
    """A form that is read piece by piece, and to which more may be appended. It may say that its records are
    `numbered` by themselves, wherever in the file they are."""

    numbered: ClassVar[bool]

    def pieces(self, content: BinaryIO, position: int, takes_last: Callable[[bytes], bool]) -> Iterator[Piece]:
        """Those from byte `position` on, where a piece begins. `takes_last` says of one that has no end yet
        whether it counts. What reads on elsewhere in `content` between two pieces does no harm."""

    def is_whole(self, piece: bytes) -> bool:
        """Whether a last piece without its end is whole, as far as can be seen."""

    def records(self, pieces: Sequence[Piece]) -> Iterator[Piece]:
        """The records in the pieces, as JSON objects."""


def any_piece(piece: bytes) -> bool:
    """For `takes_last`: of a file to which nothing is appended."""
    return True


def no_piece(piece: bytes) -> bool:
    """For `takes_last`: of a file that is being written."""
    return False


class Whole(Struct, frozen=True):
    """A form that is read whole each time: `read` gives its records, as JSON objects, or raises NotRecords."""

    read: Callable[[BinaryIO], list[bytes]]
