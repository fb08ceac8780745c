"""CSV (RFC 4180) with a header, also with semicolons, tabs or bars: a row is a JSON object, its values are
texts."""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from itertools import islice
from typing import BinaryIO, ClassVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from desktop_app.settings.limits import limits
from desktop_app.sources.forms.form import NotRecords, Piece, any_piece
from desktop_app.sources.forms.json_text import REPLACED
from desktop_app.sources.forms.lines import read_lines
from desktop_app.wording import Said

_DELIMITERS = (",", ";", "\t", "|")
_ROWS_LOOKED_AT = 20
# What Excel, and PowerShell's Export-Csv, write before the header.
_BEFORE_HEADER = re.compile(rb"sep=.\s*|#TYPE .*", re.IGNORECASE | re.DOTALL)
_NO_NAME = re.compile(
    r"[-+]?[\d.,:]+%?"  # a number, a time of day, an IPv4 address
    r"|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ].*)?"  # a date
    r"|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    r"|[^@\s]+@[^@\s]+\.[^@\s]+|https?://.*|[{\[].*",
    re.DOTALL,
)
_VALUE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")  # what stands above no column
# A line that ends within a field in quotes; a quote within a field without, is a character like others.
_ENDS_OPEN = rb'(?:(?:"(?:[^"]++|"")*+"[^%(d)b]*+|[^"%(d)b][^%(d)b]*+|)[%(d)b])*+"(?:[^"]++|"")*+'
_NO_HEADER = Said("this is CSV without a header")
_OPEN_QUOTE = Said("a quote in it is not closed")
_REPLACEMENT = "\ufffd"

csv.field_size_limit(limits().line_bytes)


class CsvTable(Struct, frozen=True):
    """`header` are the names of the columns, `start` is the byte behind them."""

    numbered: ClassVar[bool] = False

    header: tuple[str, ...]
    delimiter: str
    start: int

    def pieces(self, content: BinaryIO, position: int, takes_last: Callable[[bytes], bool]) -> Iterator[Piece]:
        """The rows: lines, and what is more than one since a quote is open at its end."""
        return _rows(content, max(position, self.start), self.delimiter, takes_last)

    def is_whole(self, piece: bytes) -> bool:
        """Whether it has all columns, or is a row that has an end."""
        return piece.endswith(b"\n") or len(_cells(piece, self.delimiter)) == len(self.header)

    def records(self, pieces: Sequence[Piece]) -> Iterator[Piece]:
        """An object a row."""
        for piece in pieces:
            if piece.unfit:
                yield piece
                continue
            cells = _cells(piece.content, self.delimiter)
            if not any(cells):
                continue
            if len(cells) != len(self.header):
                there, asked = len(cells), len(self.header)
                why = Said("it has {there} columns, and the header has {asked}", there=there, asked=asked)
                yield replace(piece, unfit=why)
                continue
            values: dict[str, object] = dict(zip(self.header, cells, strict=True))
            if replaced := sum(cell.count(_REPLACEMENT) for cell in cells):
                replaced -= piece.content.count(_REPLACEMENT.encode())
                values |= {REPLACED: replaced} if replaced else {}
            yield replace(piece, content=msgspec.json.encode(values))


def find_table(content: BinaryIO, head: bytes, position: int, is_named: bool) -> CsvTable | None:
    """The table that is in a file from byte `position` on, where it begins with `head`; None where none is. Where
    the file `is_named` as one, fewer rows (but two) have to look like the header, and that may be alone.

    Raises NotRecords where it is one without a header.
    """
    first = next(read_lines(content, position, any_piece), None)
    if first and _BEFORE_HEADER.fullmatch(first.content):
        position, head = first.end, head[first.end - position :]
    best: tuple[int, str, list[list[str]]] | None = None
    for delimiter in _DELIMITERS:
        rows = [_cells(row.content, delimiter) for row in _whole_rows(head, delimiter)[:_ROWS_LOOKED_AT]]
        rows = [row for row in rows if any(row)]
        width = len(rows[0]) if rows else 0
        alike, others = sum(len(row) == width for row in rows[1:]), len(rows) - 1
        enough = alike * 3 >= 2 * others or (is_named and alike > 1 and alike * 3 >= others)
        if width > max(1, best[0] if best else 0) and enough and (alike or (is_named and width > 2)):
            best = width, delimiter, rows
    if best is None:
        return None
    width, delimiter, rows = best
    names = [name.strip() for name in rows[0]]
    has_names = sum(bool(name) and not _NO_NAME.fullmatch(name) for name in names) * 3 >= width * 2
    if not has_names or any(map(_VALUE.fullmatch, names)) or _repeats(names):
        if len(rows) < 3:
            return None
        raise NotRecords(_NO_HEADER)
    header = next(_rows(content, position, delimiter, any_piece))
    return CsvTable(_distinct(names), delimiter, header.end)


def _repeats(names: list[str]) -> bool:
    """Whether more than a few names are there again."""
    return (len(names) - len(set(names))) * 3 > len(names)


def _distinct(names: list[str]) -> tuple[str, ...]:
    """A name for each column that only it has; of one without, its number."""
    times = Counter[str]()
    found: list[str] = []
    for number, name in enumerate(names, start=1):
        new = name or f"column {number}"
        while new in found:
            times[name] += 1
            new = f"{name} ({times[name] + 1})"
        found.append(new)
    return tuple(found)


def _whole_rows(head: bytes, delimiter: str) -> list[Piece]:
    """Those at the beginning of a file; but for the last one, if that is cut."""
    rows = list(_rows(BytesIO(head), 0, delimiter, any_piece))
    return rows if head.endswith(b"\n") or len(rows) < 3 else rows[:-1]


def _rows(
    content: BinaryIO, position: int, delimiter: str, takes_last: Callable[[bytes], bool]
) -> Iterator[Piece]:
    ends_open = re.compile(_ENDS_OPEN % {b"d": re.escape(delimiter.encode())}).fullmatch
    while True:
        first: Piece | None = None
        for line in read_lines(content, position, takes_last):
            if line.content.count(b'"') % 2 and ends_open(line.content):
                first = line
                break
            yield line
        row = first and _row_of_lines(content, first, takes_last)
        if row is None:
            return
        yield row
        position = row.end


def _row_of_lines(content: BinaryIO, first: Piece, takes_last: Callable[[bytes], bool]) -> Piece | None:
    """The row that begins with a line in which a quote is open; None where its end is not written yet. Where the
    quote is never closed, only that line is set aside."""
    end = first.end
    for line in islice(read_lines(content, end, any_piece), limits().csv_row_lines):
        end = line.end
        if line.content.count(b'"') % 2:
            row = Piece(_read(content, first.start, end), first.start, end)
            return row if row.content.endswith(b"\n") or takes_last(row.content) else None
        if end - first.start > limits().line_bytes:
            break
    else:
        if not content.read(1) and not takes_last(_read(content, first.start, end)):
            return None
    return replace(first, unfit=_OPEN_QUOTE)


def _read(content: BinaryIO, start: int, end: int) -> bytes:
    content.seek(start)
    return content.read(end - start)


def _cells(row: bytes, delimiter: str) -> list[str]:
    text = row.decode("utf-8", "replace").rstrip("\r\n")
    try:
        return next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:
        return [text]
