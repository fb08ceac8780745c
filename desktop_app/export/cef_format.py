"""Audit events as CEF (ArcSight Common Event Format, revision 25), one line an event.

Event lines come from the store: compact JSON, in which nothing could be taken for a line break or a control
character.

Escaping is done for a whole batch at once. Until then two control characters, which no event line can hold,
stand for an `=` and a `\\` that are CEF's own and must not be escaped.
"""

import re
from collections.abc import Iterable, Iterator
from operator import attrgetter

import msgspec
from msgspec import Raw

from desktop_app.export.archive import Chunk
from desktop_app.resources import load_toml
from desktop_app.settings.model import CefSettings
from desktop_app.trails.event import json_line
from desktop_app.trails.store.timeline import Batch

_LIMITS = load_toml("cef")["limits"]
_REPLACEMENT: str = load_toml("cef")["replacement"]
_CS_LIMIT: int = _LIMITS["custom_string"]
_NAME_LIMIT: int = _LIMITS["name"]
_CLASS_ID_LIMIT: int = _LIMITS["device_event_class_id"]
_VERSION_LIMIT: int = _LIMITS["device_version"]
_VENDOR_LIMIT: int = _LIMITS["device_vendor"]
_PRODUCT_LIMIT: int = _LIMITS["device_product"]
_RECORD_VERSION: str = load_toml("cef")["record_version"]

_EQUALS, _BACKSLASH = "\x01", "\x02"
_UNPRINTABLE = re.compile("\r\n|[\0-\x08\n-\x1f\x85\u2028\u2029]")
_CREATED_AT = b'{"createdAt":'
_TIME_LENGTH = len('"2026-11-22T08:15:30.123Z"')  # as an event has it
_NOTHING = "-"
_KEPT, _KEPT_BYTES = 4096, 1024
_CS1, _CS2, _CS3, _CS4 = (
    f"{lead}cs{n}Label{_EQUALS}{label} cs{n}{_EQUALS}".encode()
    for n, lead, label in ((1, "", "Audit Trails"), (2, " ", "Actor"), (3, " ", "Before"), (4, " ", "After"))
)


class _Event(msgspec.Struct, gc=False):
    """The keys of an event that have a place in CEF. Time and states are JSON text; no state is an empty one."""

    createdAt: Raw
    entityType: str
    entityName: str
    actionType: str
    entityId: str | int | None = None
    severity: str | int | None = None
    productVersion: str | int | None = None
    deviceVendor: Raw = Raw(b"")
    deviceProduct: Raw = Raw(b"")
    actor: Raw = Raw(b"")
    before: Raw = Raw(b"")
    after: Raw = Raw(b"")


_decode = msgspec.json.Decoder(list[_Event]).decode
_decode_text = msgspec.json.Decoder(str).decode
_what_was_done = attrgetter("productVersion", "entityId", "entityType", "entityName", "actionType", "severity")
_WhatWasDone = tuple[str | int | None, str | int | None, str, str, str, str | int | None]


class _AroundTime(dict[_WhatWasDone, tuple[bytes, bytes]]):
    """What stands before and after createdAt, up to the states, by what was done: much is done again and again.

    Where cs1 exceeds its limit, all of it stands before, and nothing after.
    """

    def __init__(self, version: int, vendor: str, product: str) -> None:
        self._lead = b"CEF:%d|%b|%b" % (version, _header(vendor), _header(product))

    def __missing__(self, done: _WhatWasDone) -> tuple[bytes, bytes]:
        version, entity_id, entity_type, entity_name, action_type, severity = done
        fields = (
            self._lead,
            _header(_first_with_text(_text(version)[:_VERSION_LIMIT], _RECORD_VERSION)),
            _limited(_first_with_text(_text(entity_id), action_type, entity_name, _NOTHING), _CLASS_ID_LIMIT),
            _limited(f"{entity_name} {action_type}", _NAME_LIMIT),
            _header("Low" if severity is None else str(severity)),
        )
        keys = {"entityType": entity_type, "entityName": entity_name, "actionType": action_type}
        after = b"," + json_line(keys)[1:]
        around = b"|".join((*fields, _CS1)) + _CREATED_AT, after
        if len(_CREATED_AT) + _TIME_LENGTH + len(after.decode()) > _CS_LIMIT:
            around = b"|".join((*fields, _CS1)) + _REPLACEMENT.encode(), b""
        if sum(map(len, around)) <= _KEPT_BYTES:
            if len(self) == _KEPT:
                self.clear()
            self[done] = around
        return around


class _OfProducts(dict[tuple[bytes, bytes], _AroundTime]):
    """An `_AroundTime` by vendor and product as events have them; those of the settings where they have none."""

    def __init__(self, settings: CefSettings) -> None:
        self._settings = settings

    def __missing__(self, said: tuple[bytes, bytes]) -> _AroundTime:
        vendor, product = map(_said, said)
        around = _AroundTime(
            self._settings.version,
            _first_with_text(vendor[:_VENDOR_LIMIT], self._settings.device_vendor),
            _first_with_text(product[:_PRODUCT_LIMIT], self._settings.device_product),
        )
        if len(self) == _KEPT:
            self.clear()
        self[said] = around
        return around


def cef_chunks(batches: Iterable[Batch], settings: CefSettings) -> Iterator[Chunk]:
    """All batches of event lines as CEF lines, each with its line end."""
    lines = CefLines(settings)
    for batch in batches:
        yield Chunk(lines.of(batch.text))


class CefLines:
    """Makes CEF lines of the event lines of batches."""

    def __init__(self, settings: CefSettings) -> None:
        self._products = _OfProducts(settings)

    def of(self, text: bytes) -> bytes:
        """The text of a batch as CEF lines, each with its line end."""
        parts: list[bytes | Raw] = []
        events = _decode(b"[%b]" % text)
        usual = self._products[b"", b""]
        for event, done in zip(events, map(_what_was_done, events), strict=True):
            around = usual
            if event.deviceVendor or event.deviceProduct:
                around = self._products[bytes(event.deviceVendor), bytes(event.deviceProduct)]
            before_time, after_time = around[done]
            parts.append(before_time)
            if after_time:
                parts += event.createdAt, after_time
            if event.actor:
                parts += _CS2, _custom_string(event.actor)
            if event.before:
                parts += _CS3, _custom_string(event.before)
            if event.after:
                parts += _CS4, _custom_string(event.after)
            parts.append(b"\n")
        escaped = b"".join(parts).replace(b"\\", b"\\\\").replace(b"=", b"\\=")
        return escaped.replace(_EQUALS.encode(), b"=").replace(_BACKSLASH.encode(), b"\\")


def _custom_string(value: Raw) -> bytes | Raw:
    """A JSON value as the value of an extension key. Compact JSON has no raw line break to escape."""
    if len(value) > _CS_LIMIT and len(bytes(value).decode()) > _CS_LIMIT:
        return _REPLACEMENT.encode()
    return value


def _text(value: str | int | None) -> str:
    return "" if value is None else str(value)


def _said(value: bytes) -> str:
    """A value that may be of any kind, where it is a text."""
    return _decode_text(value) if value.startswith(b'"') else ""


def _first_with_text(*texts: str) -> str:
    """The first that is not blank in a header: strict readers refuse such a line."""
    return next((text for text in texts if _UNPRINTABLE.sub(" ", text).strip()), texts[-1])


def _limited(text: str, limit: int) -> bytes:
    return _header(text if len(text) <= limit else _REPLACEMENT)


def _header(text: str) -> bytes:
    """`text` as a field of the header: line breaks and other control characters as spaces, pipes escaped."""
    text = _UNPRINTABLE.sub(" ", text)
    return text.replace("|", f"{_BACKSLASH}|").replace("=", _EQUALS).encode()
