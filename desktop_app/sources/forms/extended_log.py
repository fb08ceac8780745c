"""Logs whose columns are named by a comment, `#Fields: …`: the extended log format of the W3C (IIS, CloudFront),
the same with commas (Exchange), and with tabs, as Zeek writes it (`#fields`). A line is an object of texts.

A program that restarts goes on with its file, and may name other columns from there on.
"""

import csv
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, ClassVar

from msgspec import Struct

from desktop_app.sources.forms.columns import distinct_names, row_record
from desktop_app.sources.forms.form import Piece
from desktop_app.sources.forms.lines import read_lines

_FIELDS = rb"#fields(?::[ \t]*|\t)([^\r\n]*)"
_NAMED = re.compile(rb"(?:^|\0)[ \t]*" + _FIELDS, re.IGNORECASE | re.MULTILINE)
_NAMED_ABOVE = re.compile(rb"(?:#[^\n]*\n\s*)*?" + _FIELDS, re.IGNORECASE)
_COMMENT = b"#"
_PIECE = 1 << 20


class _Columns(Struct, frozen=True):
    """Those of the lines behind byte `start`."""

    start: int
    names: tuple[str, ...]
    delimiter: str

    def cells(self, line: bytes) -> list[str]:
        """What is in a line: as in CSV, or, where that are others than there are columns, whatever the quotes."""
        text = line.decode("utf-8", "replace").strip("\r\n")
        delimiter = "\t" if "\t" in text and self.delimiter == " " else self.delimiter  # as CloudFront does
        if delimiter != "\t":
            try:
                cells = next(csv.reader([text], delimiter=delimiter, skipinitialspace=delimiter == " "), [])
            except csv.Error:
                cells = []
            if len(cells) == len(self.names):
                return cells
        return text.split() if delimiter == " " else text.split(delimiter)


class ExtendedLog:
    """A record a line, by the columns that were named last above it; `named` are the first."""

    numbered: ClassVar[bool] = False

    def __init__(self, named: bytes) -> None:
        self._columns = [_columns(0, named)]
        self._looked_upto = 0

    def pieces(self, content: BinaryIO, position: int, takes_last: Callable[[bytes], bool]) -> Iterator[Piece]:
        """The lines, and the comments among them."""
        self._look(content, position)
        for line in read_lines(content, position, takes_last):
            if line.end > self._looked_upto:
                if named := _NAMED.match(line.content):
                    self._columns.append(_columns(line.start, named[1]))
                self._looked_upto = line.end
            yield line

    def is_whole(self, piece: bytes) -> bool:
        """Whether it has all columns."""
        columns = self._columns[-1]
        return not _is_comment(piece) and len(columns.cells(piece)) == len(columns.names)

    def records(self, pieces: Sequence[Piece]) -> Iterator[Piece]:
        """An object a line; none of a comment."""
        for piece in pieces:
            if piece.unfit:
                yield piece
            elif piece.content.strip() and not _is_comment(piece.content):
                columns = self._columns[bisect_right(self._columns, piece.start, key=lambda each: each.start) - 1]
                yield row_record(piece, columns.names, columns.cells(piece.content))

    def _look(self, content: BinaryIO, upto: int) -> None:
        """Find the columns that are named before a byte, from which on the lines are read."""
        content.seek(self._looked_upto)
        while (start := self._looked_upto) < upto:
            some = content.read(min(_PIECE, upto - start))
            some += content.readline() if start + len(some) < upto else b""
            for named in _NAMED.finditer(some):
                self._columns.append(_columns(start + named.start(), named[1]))
            self._looked_upto = start + len(some) if some else upto


def find_log(text: bytes) -> ExtendedLog | None:
    """The log that begins so, where one of the comments above all else has the names of its columns."""
    named = _NAMED_ABOVE.match(text)
    return ExtendedLog(named[1]) if named else None


def _columns(start: int, named: bytes) -> _Columns:
    text = named.decode("utf-8", "replace").strip()
    delimiter = next((each for each in ",\t" if each in text), " ")
    names = [name.strip() for name in (text.split() if delimiter == " " else text.split(delimiter))]
    return _Columns(start, distinct_names(names), delimiter)


def _is_comment(line: bytes) -> bool:
    return line.lstrip().startswith(_COMMENT)
