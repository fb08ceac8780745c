"""CSV (RFC 4180) with a header, also with semicolons, tabs or bars: a row is a JSON object, its values are
texts. Lines that begin with `#` above the header are comments, and then also those below that are no rows."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from io import BytesIO
from itertools import islice
from typing import BinaryIO, ClassVar

from msgspec import Struct
from msgspec.structs import replace

from desktop_app.settings.limits import limits
from desktop_app.sources.forms.columns import distinct_names, row_record
from desktop_app.sources.forms.form import NotRecords, Piece, any_piece
from desktop_app.sources.forms.lines import read_lines
from desktop_app.wording import Said

_DELIMITERS = (",", ";", "\t", "|")
_BLANK = " "  # as in AWS VPC flow logs
_NAMES_BETWEEN_BLANKS = re.compile(r"(?=.*[-_])[a-z][\w-]*(?: [a-z][\w-]*){4,}\s*")
_ROWS_LOOKED_AT = 20
_SEPARATOR = re.compile(rb"sep=.\s*", re.IGNORECASE)  # Excel writes that above the header
_COMMENT = b"#"
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

csv.field_size_limit(limits().line_bytes)


class CsvTable(Struct, frozen=True):
    """`header` are the names of the columns, `start` is the byte behind them."""

    numbered: ClassVar[bool] = False

    header: tuple[str, ...]
    delimiter: str
    start: int
    has_comments: bool = False

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
            if self.has_comments and piece.content.startswith(_COMMENT) and len(cells) != len(self.header):
                continue
            yield row_record(piece, self.header, cells)


def find_table(content: BinaryIO, head: bytes, position: int, is_named: bool) -> CsvTable | None:
    """The table that is in a file from byte `position` on, where it begins with `head`; None where none is. Where
    the file `is_named` as one, fewer rows (but two) have to look like the header, and that may be alone.

    Raises NotRecords where it is one without a header.
    """
    begin = position
    comment: Piece | None = None
    for line in read_lines(content, position, any_piece):
        if line.content.startswith(_COMMENT):
            comment = line
        elif line.content.strip() and not (line.start == begin and _SEPARATOR.fullmatch(line.content)):
            break
        position = line.end
    if comment is not None:
        with suppress(NotRecords):  # it has the names of the columns, where it has as many of them
            if table := _table_at(content, head[comment.start - begin :], comment.start, is_named):
                return replace(table, has_comments=True)
    table = _table_at(content, head[position - begin :], position, is_named)
    return table and replace(table, has_comments=comment is not None)


def _table_at(content: BinaryIO, head: bytes, position: int, is_named: bool) -> CsvTable | None:
    """The same, where the header is at that byte."""
    best: tuple[int, str, list[list[str]]] | None = None
    first, _, _ = head.partition(b"\n")
    has_blanks = _NAMES_BETWEEN_BLANKS.fullmatch(first.decode("utf-8", "replace"))
    for delimiter in (_BLANK,) if has_blanks else _DELIMITERS:
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
    if not has_names or any(map(_VALUE.fullmatch, names)) or _repeats(names) or _is_a_row(*rows[:2]):
        if len(rows) < 3:
            return None
        raise NotRecords(_NO_HEADER)
    header = next(row for row in _rows(content, position, delimiter, any_piece) if row.content.strip())
    return CsvTable(distinct_names(names), delimiter, header.end)


def _is_a_row(first: list[str], second: Sequence[str] = ()) -> bool:
    """Whether what should be a header says what the row below it says, in most columns; a header may be there
    twice."""
    same = sum(a == b != "" for a, b in zip(first, second, strict=False))
    return first != second and same * 2 > len(first)


def _repeats(names: list[str]) -> bool:
    """Whether more than a few names are there again."""
    return (len(names) - len(set(names))) * 3 > len(names)


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
