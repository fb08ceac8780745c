"""One audit event: read from JSON, checked, and written as the line that is stored and exported."""

import os
import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Raw, Struct

from desktop_app.errors import BadData
from desktop_app.trails.times import NotATime, created_ms, normal_ms
from desktop_app.wording import Said

MAX_DEPTH = 500
MAX_ID_LENGTH = 200
TOO_DEEP = Said("it is nested more than {levels} levels deep", levels=MAX_DEPTH)
SEVERITY_WORDS = ("Unknown", "Low", "Medium", "High", "Very-High")

_EPOCH = datetime(1970, 1, 1)
_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*"|([\[{])|([\]}])')
# Where the end of the text is near, msgspec looks for the other half behind that.
_HALF_PAIR = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])")
_MISREAD_AS_LINE_BREAK = {"\x85": b"\\u0085", "\u2028": b"\\u2028", "\u2029": b"\\u2029"}

_Text = Annotated[str, Meta(min_length=1)]
_Severity = Literal[
    "Unknown", "Low", "Medium", "High", "Very-High",
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10",
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, None,
]  # fmt: skip


class _Checked(Struct, gc=False):
    """The keys that must be as an event's are; whatever else a record has is free."""

    createdAt: Raw
    entityType: _Text
    entityName: _Text
    actionType: _Text
    id: Annotated[str, Meta(min_length=1, max_length=MAX_ID_LENGTH)] | None = None
    entityId: str | int | None = None
    productVersion: str | int | None = None
    severity: _Severity = None


_WHAT_IS_WRONG = {
    "id": Said("id is not a text of 1 to {most} characters", most=MAX_ID_LENGTH),
    "entityId": Said("{key} is neither a text nor a whole number", key="entityId"),
    "productVersion": Said("{key} is neither a text nor a whole number", key="productVersion"),
    "severity": Said("severity is neither one of {words} nor 0 to 10", words=SEVERITY_WORDS),
}
# Version 7: the time in 48 bits, 74 random bits; a process counts on in the last 48, which leave room.
_ID_TIME = f"{time.time_ns() // 1_000_000:012x}"
_DRAWN = int.from_bytes(os.urandom(10))
_ID_RANDOM = f"7{_DRAWN >> 68:03x}-{0x8000 | _DRAWN >> 54 & 0x3FFF:04x}"
_ID_START = f"{_ID_TIME[:8]}-{_ID_TIME[8:]}-{_ID_RANDOM}-"
_id_ends = count(_DRAWN & (1 << 47) - 1)
_FIRST_KEYS = dict.fromkeys(("id", "createdAt", "entityType", "entityName", "actionType"))
_check = msgspec.json.Decoder(_Checked).decode
_decode_fields = msgspec.json.Decoder(dict[str, Raw]).decode
_encode = msgspec.json.Encoder().encode


class NotAnEvent(BadData):
    """A record that can't be an audit event; the message says why."""


class AuditEvent(Struct, frozen=True, gc=False):
    """One recorded action.

    `created_ms` is createdAt in milliseconds since 1970, UTC. `line` is the event as it is exported: compact
    JSON in UTF-8 without any line break, first id, createdAt, entityType, entityName and actionType, then
    all else in the order and with the values in which it was recorded.
    """

    id: str
    created_ms: int
    line: bytes


def new_event_id() -> str:
    """A UUID of version 7 (RFC 9562); one process gives them in ascending order, which the store likes."""
    return f"{_ID_START}{next(_id_ends):012x}"


def parse_event(raw: bytes, new_id: Callable[[], str] = new_event_id) -> AuditEvent:
    """Read one JSON object; `new_id` gives the id of an event without one.

    Numbers keep their text, so nothing is lost that Python has no type for. Raises NotAnEvent.
    """
    compact = compact_json(raw)
    try:
        checked = _check(compact)
        fields = _decode_fields(compact)
    except msgspec.ValidationError as error:
        raise NotAnEvent(_reason(str(error))) from error
    created_ms, created_at = _created(checked.createdAt)
    event_id = checked.id or new_id()
    # A key keeps the place where it stood first, and takes the value that it is given last.
    ordered: dict[str, object] = {**_FIRST_KEYS, **fields}
    ordered["id"], ordered["createdAt"] = event_id, created_at
    return AuditEvent(event_id, created_ms, json_line(ordered))


def event_of_values(
    event_id: str, created_ms: int, created_at: Raw | str, kept: dict[str, Raw], mapped: dict[str, Raw]
) -> AuditEvent:
    """An event of values, parts of what `compact_json` gave, that are known to be as an event's are."""
    values = {**_FIRST_KEYS, **kept, **mapped, "id": event_id, "createdAt": created_at}
    return AuditEvent(event_id, created_ms, json_line(values))


def compact_json(raw: bytes) -> bytes:
    """A JSON text without white space between its parts, on one line. Raises NotAnEvent."""
    try:
        compact = msgspec.json.format(raw, indent=-1)
        if not compact.isascii():
            compact.decode()
    except UnicodeDecodeError as error:
        raise NotAnEvent(Said("it is not UTF-8")) from error
    except RecursionError as error:
        raise NotAnEvent(TOO_DEEP) from error
    except msgspec.DecodeError as error:
        reason = str(error).removeprefix("JSON is malformed: ")
        if "hex escape" in reason or "surrogate" in reason or ("truncated" in reason and _HALF_PAIR.search(raw)):
            reason = Said("a \\u escape is not a whole character")
        raise NotAnEvent(Said("it is not JSON: {reason}", reason=reason)) from error
    # A level costs two bytes at least as an array, and five as an object.
    if len(compact) + 3 * compact.count(b"[") > 5 * MAX_DEPTH and _depth(compact) > MAX_DEPTH:
        raise NotAnEvent(TOO_DEEP)
    return compact


def json_line(value: object) -> bytes:
    """`value` as compact JSON in UTF-8, with nothing in it that a line tool could take for a line break."""
    line = _encode(value)
    if not line.isascii():
        text = line.decode()
        for character, escape in _MISREAD_AS_LINE_BREAK.items():
            if character in text:
                line = line.replace(character.encode(), escape)
    return line


def _reason(validation_error: str) -> Said:
    """What msgspec found, in our words."""
    if missing := re.search("missing required field `(.*)`", validation_error):
        return Said("{key} is missing", key=missing[1])
    if key := re.search(r"\$\.(\w+)", validation_error):
        return _WHAT_IS_WRONG.get(key[1]) or Said("{key} is not a text, or is empty", key=key[1])
    return Said("it is no JSON object")


def fits_event(key: str, value: bytes) -> bool:
    """Whether a JSON value can be what an event has under one of its optional keys."""
    try:
        _check(
            b'{"createdAt":0,"entityType":"-","entityName":"-","actionType":"-","%b":%b}' % (key.encode(), value)
        )
    except msgspec.ValidationError:
        return False
    return True


def iso_time(instant_ms: int) -> str:
    """An instant as it is kept: `2026-11-22T08:15:30.123Z`."""
    moment = _EPOCH + timedelta(milliseconds=instant_ms)
    return moment.isoformat(timespec="milliseconds") + "Z"


def _created(value: Raw) -> tuple[int, Raw | str]:
    """createdAt as an instant and in its normal form."""
    raw = bytes(value)
    if (instant := normal_ms(raw)) is not None:
        return instant, value
    try:
        instant = created_ms(raw)
    except NotATime as error:
        raise NotAnEvent(error.reason) from error
    return instant, iso_time(instant)


def _depth(compact: bytes) -> int:
    if compact.count(b"[") + compact.count(b"{") <= MAX_DEPTH:
        return 0
    deepest = depth = 0
    for match in _TOKENS.finditer(compact):
        if match[1]:
            depth += 1
            deepest = max(deepest, depth)
        elif match[2]:
            depth -= 1
    return deepest
