"""Audit events as CEF (ArcSight Common Event Format, revision 25), one line an event.

Event lines come from the store: compact JSON whose first keys are id, createdAt, entityType, entityName and
actionType, and in which nothing but the JSON itself could be taken for a line break or a control character.

Escaping is done for a whole batch at once. Until then two control characters, which no event line can hold,
stand for an `=` and a `\\` that are CEF's own and must not be escaped.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import msgspec
from msgspec import Raw

from desktop_app.resources import load_toml
from desktop_app.settings.model import CefSettings

_LIMITS = load_toml("cef")["limits"]
_REPLACEMENT: str = load_toml("cef")["replacement"]
_CS_LIMIT: int = _LIMITS["custom_string"]
_NAME_LIMIT: int = _LIMITS["name"]
_CLASS_ID_LIMIT: int = _LIMITS["device_event_class_id"]
_VERSION_LIMIT: int = _LIMITS["device_version"]

_EQUALS, _BACKSLASH = "\x01", "\x02"
_UNPRINTABLE = re.compile("\r\n|[\0-\x08\n-\x1f\x85\u2028\u2029]")
_ACTION_TYPE = b'"actionType":'
_JSON_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
_CS1, _CS2, _CS3, _CS4 = (
    f"{lead}cs{n}Label{_EQUALS}{label} cs{n}{_EQUALS}".encode()
    for n, lead, label in ((1, "", "Audit Trails"), (2, " ", "Actor"), (3, " ", "Before"), (4, " ", "After"))
)


class _Event(msgspec.Struct, gc=False):
    """The keys of an event that have a place in CEF; states as JSON text, empty where absent."""

    entityName: str
    actionType: str
    entityId: str | int | None = None
    severity: str | int | None = None
    productVersion: str | int | None = None
    actor: Raw = Raw(b"")
    before: Raw = Raw(b"")
    after: Raw = Raw(b"")


_decode = msgspec.json.Decoder(_Event).decode


def cef_chunks(batches: Iterable[list[bytes]], settings: CefSettings) -> Iterator[bytes]:
    """All batches of event lines as CEF lines, each with its line end."""
    vendor, product = _header(settings.device_vendor), _header(settings.device_product)
    lead = b"CEF:%d|%b|%b|" % (settings.version, vendor, product)
    for batch in batches:
        parts: list[bytes | Raw] = []
        for line in batch:
            parts.append(lead)
            _add_line(parts, line)
        text = b"".join(parts).replace(b"\\", b"\\\\").replace(b"=", b"\\=")
        yield text.replace(_EQUALS.encode(), b"=").replace(_BACKSLASH.encode(), b"\\")


def _add_line(parts: list[bytes | Raw], line: bytes) -> None:
    """Add the CEF line of an event from the product's version on, in parts."""
    event = _decode(line)
    fields = event.productVersion, event.entityId, event.entityName, event.actionType, event.severity
    if len(line) <= _CS_LIMIT:
        # Nor can a value of it exceed that limit, or fill the cache with large texts.
        parts += _cached_header_fields(*fields), _main_keys(line)
        if event.actor:
            parts += _CS2, event.actor
        if event.before:
            parts += _CS3, event.before
        if event.after:
            parts += _CS4, event.after
    else:
        parts += _header_fields(*fields), _custom_string(_main_keys(line))
        for lead, state in (_CS2, event.actor), (_CS3, event.before), (_CS4, event.after):
            if state:
                parts += lead, _custom_string(bytes(state))
    parts.append(b"\n")


def _header_fields(
    version: str | int | None,
    entity_id: str | int | None,
    entity_name: str,
    action_type: str,
    severity: str | int | None,
) -> bytes:
    """The header from the product's version on, and the beginning of the extension."""
    fields = (
        _header(_text(version)[:_VERSION_LIMIT]),
        _limited(_text(entity_id), _CLASS_ID_LIMIT),
        _limited(f"{entity_name} {action_type}", _NAME_LIMIT),
        _header("Low" if severity is None else str(severity)),
        _CS1,
    )
    return b"|".join(fields)


_cached_header_fields = lru_cache(maxsize=4096)(_header_fields)


def _main_keys(line: bytes) -> bytes:
    """An object of the createdAt, entityType, entityName and actionType of an event line."""
    start = line.index(b'"createdAt":')
    value = line.index(_ACTION_TYPE, start) + len(_ACTION_TYPE)
    end = line.index(b'"', value + 1) + 1
    if line[end - 2] == ord("\\"):
        match = _JSON_STRING.match(line, value)
        assert match, "the store holds a JSON string here"
        end = match.end()
    return b"{%b}" % line[start:end]


def _custom_string(value: bytes) -> bytes:
    """A JSON value as the value of an extension key. Compact JSON has no raw line break to escape."""
    if len(value) > _CS_LIMIT and len(value.decode()) > _CS_LIMIT:
        return _REPLACEMENT.encode()
    return value


def _text(value: str | int | None) -> str:
    return "" if value is None else str(value)


def _limited(text: str, limit: int) -> bytes:
    return _header(text if len(text) <= limit else _REPLACEMENT)


def _header(text: str) -> bytes:
    """`text` as a field of the header: line breaks and other control characters as spaces, pipes escaped."""
    text = _UNPRINTABLE.sub(" ", text)
    return text.replace("|", f"{_BACKSLASH}|").replace("=", _EQUALS).encode()
