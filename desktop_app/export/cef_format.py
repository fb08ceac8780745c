"""Audit events as CEF (ArcSight Common Event Format, revision 25), one line an event.

Event lines come from the store: compact JSON whose first keys are id, createdAt, entityType, entityName and
actionType, and in which no character but the JSON itself can be taken for a line break.
"""

import re
from collections.abc import Callable, Iterable, Iterator

import msgspec

from desktop_app.resources import load_toml
from desktop_app.settings.model import CefSettings

_LIMITS = load_toml("cef")["limits"]
_REPLACEMENT = load_toml("cef")["replacement"]
_CS_LIMIT: int = _LIMITS["custom_string"]
_NAME_LIMIT: int = _LIMITS["name"]
_CLASS_ID_LIMIT: int = _LIMITS["device_event_class_id"]
_VERSION_LIMIT: int = _LIMITS["device_version"]
_LINE_BREAK = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029\0]")


class _Event(msgspec.Struct):
    """The keys of an event that have a place in CEF, as JSON text."""

    entityName: msgspec.Raw
    actionType: msgspec.Raw
    entityId: msgspec.Raw = msgspec.Raw(b"")
    severity: msgspec.Raw = msgspec.Raw(b"")
    productVersion: msgspec.Raw = msgspec.Raw(b"")
    actor: msgspec.Raw = msgspec.Raw(b"")
    before: msgspec.Raw = msgspec.Raw(b"")
    after: msgspec.Raw = msgspec.Raw(b"")


def cef_chunks(batches: Iterable[list[bytes]], settings: CefSettings) -> Iterator[bytes]:
    """All batches of event lines as CEF lines, each with its line end; the last chunk may be empty."""
    to_line = cef_formatter(settings)
    for batch in batches:
        yield b"".join(map(to_line, batch))


def cef_formatter(settings: CefSettings) -> Callable[[bytes], bytes]:
    """A function from an event line of the store to its CEF line, line end included."""
    vendor, product = escape_header(settings.device_vendor), escape_header(settings.device_product)
    prefix = f"CEF:{settings.version}|{vendor}|{product}|".encode()
    decode = msgspec.json.Decoder(_Event).decode

    def to_line(line: bytes) -> bytes:
        event = decode(line)
        action = bytes(event.actionType)
        start = line.index(b'"createdAt":')
        end = line.index(b'"actionType":', start) + len(b'"actionType":') + len(action)
        extension = b"|cs1Label=Audit Trails cs1=" + _custom_string(b"{" + line[start:end] + b"}")
        if actor := bytes(event.actor):
            extension += b" cs2Label=Actor cs2=" + _custom_string(actor)
        if before := bytes(event.before):
            extension += b" cs3Label=Before cs3=" + _custom_string(before)
        if after := bytes(event.after):
            extension += b" cs4Label=After cs4=" + _custom_string(after)
        return b"%b%b|%b|%b|%b%b\n" % (
            prefix,
            _version(bytes(event.productVersion)),
            _header(bytes(event.entityId), _CLASS_ID_LIMIT),
            _header(b'%b %b"' % (bytes(event.entityName)[:-1], action[1:-1]), _NAME_LIMIT),
            _header(bytes(event.severity), _NAME_LIMIT) or b"Low",
            extension,
        )

    return to_line


def escape_header(text: str) -> str:
    """`text` as a field of the CEF header: backslash and pipe escaped, each line break a space."""
    return _LINE_BREAK.sub(" ", text).replace("\\", "\\\\").replace("|", "\\|")


def _custom_string(value: bytes) -> bytes:
    """A JSON value as the value of an extension key. Compact JSON has no raw line break to escape."""
    if len(value) > _CS_LIMIT and len(value.decode()) > _CS_LIMIT:
        return _REPLACEMENT.encode()  # type: ignore[no-any-return]
    return value.replace(b"\\", b"\\\\").replace(b"=", b"\\=")


def _header(value: bytes, limit: int) -> bytes:
    """A JSON value as a field of the header, replaced when it has more than `limit` characters."""
    if value[:1] == b'"' and b"\\" not in value and len(value) <= limit:
        return value[1:-1].replace(b"|", b"\\|")
    text = _text(value)
    return escape_header(text if len(text) <= limit else _REPLACEMENT).encode()


def _version(value: bytes) -> bytes:
    """The product's version, which is cut where it is too long."""
    return escape_header(_text(value)[:_VERSION_LIMIT]).encode()


def _text(value: bytes) -> str:
    """The text of a JSON string; of any other JSON value its compact JSON; empty where there is none."""
    if value[:1] != b'"':
        return "" if value == b"null" else value.decode()
    return msgspec.json.decode(value, type=str)
