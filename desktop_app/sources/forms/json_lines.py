"""JSON Lines: an object a line; or a line that has a list of them, as an array or within an envelope."""

from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, ClassVar

from msgspec import Struct
from msgspec.structs import replace

from desktop_app.sources.forms.form import Piece
from desktop_app.sources.forms.json_text import is_json, list_at, looks_whole, marked, repaired
from desktop_app.sources.forms.lines import read_lines

BETWEEN = b"\x1e, \t\r\n"  # RS before each is RFC 7464; Firehose and others put commas there


class JsonLines(Struct, frozen=True):
    """`path` is the key path of the list in a line that has one, or empty."""

    numbered: ClassVar[bool] = False

    path: str = ""

    def pieces(self, content: BinaryIO, position: int, takes_last: Callable[[bytes], bool]) -> Iterator[Piece]:
        """The lines."""
        return read_lines(content, position, takes_last)

    def is_whole(self, piece: bytes) -> bool:
        """Whether it is JSON."""
        return is_json(piece.strip(BETWEEN))

    def records(self, pieces: Sequence[Piece]) -> Iterator[Piece]:
        """The objects, and what is none."""
        for piece in pieces:
            if piece.unfit or (not self.path and _is_plain(piece.content)):
                yield piece
            else:
                yield from self._several(piece)

    def _several(self, piece: Piece) -> Iterator[Piece]:
        text = piece.content.strip(BETWEEN)
        if not text:
            return
        is_whole = looks_whole(text)
        if not is_whole:
            text = repaired(text)
        listed = list_at(text, self.path)
        if listed is not None:
            records = map(bytes, listed)
            for number, record in enumerate(records if is_whole else map(marked, records), start=1):
                yield replace(piece, content=record, number=number)
        elif is_whole and text == piece.content.strip():
            yield piece
        else:
            yield replace(piece, content=text if is_whole else marked(text))


def _is_plain(line: bytes) -> bool:
    """Whether it is nothing but an object."""
    return line[:1] == b"{" and line.endswith((b"}\n", b"}\r\n", b"}")) and looks_whole(line)
