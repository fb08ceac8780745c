"""Rows of a table as JSON objects: the name of a column to the text in its cell."""

from collections import Counter
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from desktop_app.sources.forms.form import Piece
from desktop_app.sources.forms.json_text import REPLACED
from desktop_app.wording import Said

_REPLACEMENT = "\ufffd"


def distinct_names(names: Sequence[str]) -> tuple[str, ...]:
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


def row_record(row: Piece, names: Sequence[str], cells: Sequence[str]) -> Piece:
    """What a row says in its cells; it is unfit where it has others than the columns with these names."""
    if len(cells) != len(names):
        why = Said("it has {there} columns, and the header has {asked}", there=len(cells), asked=len(names))
        return replace(row, unfit=why)
    values: dict[str, object] = dict(zip(names, cells, strict=True))
    replaced = sum(cell.count(_REPLACEMENT) for cell in cells)
    if replaced and (replaced := replaced - row.content.count(_REPLACEMENT.encode())):
        values[REPLACED] = replaced
    return replace(row, content=msgspec.json.encode(values))
