"""Which form a file has: its content says so, its name only where that leaves it open."""

import re
from functools import partial
from typing import BinaryIO

from desktop_app.sources.forms.csv_table import find_table
from desktop_app.sources.forms.evtx_log import HEADER, MAGIC, EvtxLog
from desktop_app.sources.forms.extended_log import find_log
from desktop_app.sources.forms.form import Form, NotRecords, Whole, any_piece
from desktop_app.sources.forms.json_document import document_records
from desktop_app.sources.forms.json_lines import BETWEEN, JsonLines
from desktop_app.sources.forms.json_text import BOM, is_json, list_at, repaired
from desktop_app.sources.forms.json_values import JsonValues, cut_values
from desktop_app.sources.forms.lines import after_zeros
from desktop_app.sources.forms.log_lines import LogLines, log_record
from desktop_app.sources.forms.signatures import LEEF, is_named, what_it_is

_HEAD = 1 << 16
_LINES_LOOKED_AT = 20
_LONGEST_FIRST_LINE = 16 << 20
# Rotation adds a number or a time, or `.old` or `.bak`.
_LINES_NAME = re.compile(r"\.(jsonl|ndjson)([-._]\d[-._:\dtz]*)?(\.old|\.bak)?(\.gz|\.zst)?\Z", re.IGNORECASE)
_TABLE_NAME = re.compile(r"\.(csv|tsv)\b", re.IGNORECASE)
_OPENED = (b"{", b"[", b",")  # a line of something pretty-printed ends so


def form_of(content: BinaryIO, name: str, path: str) -> Form | Whole:
    """The form of what is in a file, or in a member of a .zip, of that name. `path` is the key path of the list of
    records in it, or empty.

    Raises NotRecords, which says what it is instead.
    """
    start = after_zeros(content, 0)
    content.seek(start)
    head = content.read(_HEAD)
    if head.startswith(MAGIC):
        return EvtxLog(head[:HEADER])
    if is_named(head):
        raise NotRecords(what_it_is(head))
    text = head.removeprefix(BOM).lstrip(BETWEEN)
    if text.startswith((b"{", b"[")):
        return _json_form(content, name, path, text)
    if text.startswith(LEEF):
        raise NotRecords(what_it_is(text))
    if log := find_log(text):
        return log
    lines = text.splitlines(keepends=True)[:_LINES_LOOKED_AT]
    is_empty = not text and len(head) < _HEAD
    if any(isinstance(log_record(line.strip()), bytes) for line in lines if not line.startswith(b"{")):
        return LogLines()
    if is_empty or any(map(_is_object, lines)):
        return JsonLines(path)
    if table := find_table(content, head, start, bool(_TABLE_NAME.search(name))):
        return table
    if _LINES_NAME.search(name):
        return JsonLines(path)
    raise NotRecords(what_it_is(head))


def values_instead(content: BinaryIO, path: str) -> Form | None:
    """The form of what is no single JSON document; None where it is not several either."""
    pieces = cut_values(content, 0, any_piece)
    first, second = next(pieces, None), next(pieces, None)
    return JsonValues(path) if first and second and is_json(repaired(first.content)) else None


def _json_form(content: BinaryIO, name: str, path: str, text: bytes) -> Form | Whole:
    document = Whole(partial(document_records, path=path))
    if b"\n" not in text:
        text += content.readline(_LONGEST_FIRST_LINE)
    first, line_break, rest = text.partition(b"\n")
    first, zero, _ = first.partition(b"\0")
    first = first.strip(BETWEEN)
    if (line_break or zero) and is_json(repaired(first)):
        has_list = list_at(repaired(first), path) is not None
        return document if has_list and not (rest + content.read(_HEAD)).strip(BETWEEN) else JsonLines(path)
    return JsonLines(path) if _LINES_NAME.search(name) and not first.endswith(_OPENED) else document


def _is_object(line: bytes) -> bool:
    """Whether a line is one of JSON Lines, and whole."""
    text = line.strip(BETWEEN)
    return line.endswith(b"\n") and text.startswith(b"{") and is_json(text)
