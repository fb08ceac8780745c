"""What tells records of a service apart that have no id: their content, and how many equal ones came before."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec
from msgspec import Raw

from desktop_app.settings.model import SourceSettings
from desktop_app.sources.key_path import part_of
from desktop_app.sources.kind import Record
from desktop_app.sources.rules import choices_of
from desktop_app.sources.times import time_reader
from desktop_app.trails.event import NotAnEvent, compact_json
from desktop_app.trails.times import NotATime
from desktop_app.trails.values import values_of
from desktop_app.wording import Said

_encode = msgspec.json.Encoder().encode


class Sequence(NamedTuple):
    """A sequence that keeps its order for ever, and how many of its records are before a page."""

    name: str
    before: int = 0


class Records:
    """Makes the records of a part, page by page; equal ones are counted within a window, at each of whose readings
    a new one of these begins."""

    def __init__(self, source: SourceSettings, part: str) -> None:
        self._part = part
        self._ids = choices_of("id", source.fields.get("id", "id"))
        self._times = choices_of("createdAt", source.fields.get("createdAt", "createdAt"))
        self._read_time = time_reader(source.time, source.zone)
        self._equal = Counter[bytes]()

    def of_page(
        self, contents: Iterable[Raw], page: int, first: int = 1, sequence: Sequence | None = None
    ) -> list[Record]:
        """The records of a page from its `first` one on; those of a sequence are known by their place in it."""
        return [self._record(content, page, number, sequence) for number, content in enumerate(contents, first)]

    def time_ms(self, record: Record) -> int | None:
        """When it happened, in milliseconds since 1970, where that can be told."""
        try:
            part = part_of(Raw(record.content))
            found = (choice.get(part) for choice in self._times)
            return next((self._read_time(bytes(value)).ms for value in found if value is not None), None)
        except (NotATime, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None

    def _record(self, raw: Raw, page: int, number: int, sequence: Sequence | None) -> Record:
        content, seed = bytes(raw), ""
        if not self._has_id(raw):
            content = canonical(content)
            if sequence is None:
                seed = self._counted(content)
            else:
                seed = f"{self._part}#{sequence.name}#{sequence.before + number}"
        return Record(content, self._part, Said("page {page}, record {number}", page=page, number=number), seed)

    def _has_id(self, raw: Raw) -> bool:
        try:
            part = part_of(raw)
            return any(choice.get(part) is not None for choice in self._ids)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return False  # whoever maps it says what is wrong

    def _counted(self, content: bytes) -> str:
        digest = hashlib.sha256(content).digest()
        self._equal[digest] += 1
        return f"{self._part}#{self._equal[digest]}"


def canonical(content: bytes) -> bytes:
    """A JSON object without blanks and in the order of its keys: services don't always keep it. Numbers stay as
    they are written."""
    try:
        return _ordered(compact_json(content))
    except (NotAnEvent, RecursionError):
        return content


def _ordered(value: bytes) -> bytes:
    if value[:1] == b"{":
        inside: Any = values_of(value)
        return b"{%b}" % b",".join(
            b"%b:%b" % (_encode(key), _ordered(bytes(inside[key]))) for key in sorted(inside)
        )
    if value[:1] == b"[":
        return b"[%b]" % b",".join(_ordered(bytes(each)) for each in msgspec.json.decode(value, type=list[Raw]))
    return value
