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
_CS = tuple(
    f" cs{n}Label{_EQUALS}{label} cs{n}{_EQUALS}".encode()
    for n, label in enumerate(("Audit Trails", "Actor", "Before", "After"), start=1)
)


class _Event(msgspec.Struct, gc=False):
    """The keys of an event that have a place in CEF; states as JSON text, empty where absent."""

    entityName: str
    actionType: str
    entityId: str | None = None
    severity: str | int | None = None
    productVersion: str | None = None
    actor: Raw = Raw(b"")
    before: Raw = Raw(b"")
    after: Raw = Raw(b"")


_decode = msgspec.json.Decoder(_Event).decode


def cef_chunks(batches: Iterable[list[bytes]], settings: CefSettings) -> Iterator[bytes]:
    """All batches of event lines as CEF lines, each with its line end."""
    vendor, product = _header(settings.device_vendor), _header(settings.device_product)
    lead = b"CEF:%d|%b|%b|" % (settings.version, vendor, product)
    for batch in batches:
        text = b"".join([lead + _unescaped_line(line) for line in batch])
        text = text.replace(b"\\", b"\\\\").replace(b"=", b"\\=")
        yield text.replace(_EQUALS.encode(), b"=").replace(_BACKSLASH.encode(), b"\\")


def _unescaped_line(line: bytes) -> bytes:
    """The CEF line of an event from the product's version on."""
    event = _decode(line)
    parts = [
        _version(event.productVersion),
        b"|",
        _class_id(event.entityId),
        b"|",
        _name(event.entityName, event.actionType),
        b"|",
        _severity(event.severity),
        b"|",
        _CS[0].lstrip(),
        _custom_string(b"{%b}" % _main_keys(line)),
    ]
    for label, state in ((_CS[1], event.actor), (_CS[2], event.before), (_CS[3], event.after)):
        if len(state):
            parts += label, state if len(state) <= _CS_LIMIT else _custom_string(bytes(state))
    parts.append(b"\n")
    return b"".join(parts)


def _main_keys(line: bytes) -> bytes:
    """The part of an event line that has createdAt, entityType, entityName and actionType."""
    start = line.index(b'"createdAt":')
    value = line.index(_ACTION_TYPE, start) + len(_ACTION_TYPE)
    end = line.index(b'"', value + 1) + 1
    if line[end - 2] == ord("\\"):
        match = _JSON_STRING.match(line, value)
        assert match, "the store holds a JSON string here"
        end = match.end()
    return line[start:end]


def _custom_string(value: bytes) -> bytes:
    """A JSON value as the value of an extension key. Compact JSON has no raw line break to escape."""
    if len(value) > _CS_LIMIT and len(value.decode()) > _CS_LIMIT:
        return _REPLACEMENT.encode()
    return value


@lru_cache(maxsize=4096)
def _name(entity_name: str, action_type: str) -> bytes:
    return _limited(f"{entity_name} {action_type}", _NAME_LIMIT)


@lru_cache(maxsize=4096)
def _class_id(entity_id: str | None) -> bytes:
    return _limited(entity_id or "", _CLASS_ID_LIMIT)


@lru_cache(maxsize=256)
def _version(version: str | None) -> bytes:
    return _header((version or "")[:_VERSION_LIMIT])


@lru_cache(maxsize=256)
def _severity(severity: str | int | None) -> bytes:
    return _header("Low" if severity is None else str(severity))


def _limited(text: str, limit: int) -> bytes:
    return _header(text if len(text) <= limit else _REPLACEMENT)


def _header(text: str) -> bytes:
    """`text` as a field of the header: line breaks and other control characters as spaces, pipes escaped."""
    text = _UNPRINTABLE.sub(" ", text)
    return text.replace("|", f"{_BACKSLASH}|").replace("=", _EQUALS).encode()
