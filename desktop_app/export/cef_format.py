"""Audit events as CEF (ArcSight Common Event Format, revision 25), one line an event.

Event lines come from the store: compact JSON whose first keys are id, createdAt, entityType, entityName and
actionType, and in which nothing but the JSON itself could be taken for a line break or a control character.

Escaping is done for a whole batch at once. Until then two control characters, which no event line can hold,
stand for an `=` and a `\\` that are CEF's own and must not be escaped.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial

import msgspec
from msgspec import Raw

from desktop_app.export.archive import Chunk
from desktop_app.resources import load_toml
from desktop_app.settings.model import CefSettings
from desktop_app.trails.timeline import Batch

_LIMITS = load_toml("cef")["limits"]
_REPLACEMENT: str = load_toml("cef")["replacement"]
_CS_LIMIT: int = _LIMITS["custom_string"]
_NAME_LIMIT: int = _LIMITS["name"]
_CLASS_ID_LIMIT: int = _LIMITS["device_event_class_id"]
_VERSION_LIMIT: int = _LIMITS["device_version"]

_EQUALS, _BACKSLASH = "\x01", "\x02"
_UNPRINTABLE = re.compile("\r\n|[\0-\x08\n-\x1f\x85\u2028\u2029]")
_CREATED_AT, _ACTION_TYPE = b'"createdAt":', b'"actionType":'
_ESCAPE = ord("\\")
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


_decode = msgspec.json.Decoder(list[_Event]).decode


def cef_chunks(batches: Iterable[Batch], settings: CefSettings) -> Iterator[Chunk]:
    """All batches of event lines as CEF lines, each with its line end."""
    vendor, product = _header(settings.device_vendor), _header(settings.device_product)
    lead = b"CEF:%d|%b|%b|" % (settings.version, vendor, product)
    known_header = lru_cache(maxsize=4096)(partial(_until_main_keys, lead))
    for batch in batches:
        parts: list[bytes | Raw] = []
        events = _decode(b"[%b]" % batch.text)
        for event, (start, end) in zip(events, batch.places(), strict=True):
            fields = event.productVersion, event.entityId, event.entityName, event.actionType, event.severity
            main_keys = _main_keys(batch.text, start, end)
            if end - start <= _CS_LIMIT:
                # Nor can a value of it exceed that limit, or fill the cache with large texts.
                parts += known_header(*fields), main_keys
                if event.actor:
                    parts += _CS2, event.actor
                if event.before:
                    parts += _CS3, event.before
                if event.after:
                    parts += _CS4, event.after
            else:
                parts += _until_main_keys(lead, *fields), _custom_string(main_keys)
                for label, state in (_CS2, event.actor), (_CS3, event.before), (_CS4, event.after):
                    if state:
                        parts += label, _custom_string(bytes(state))
            parts.append(b"\n")
        text = b"".join(parts).replace(b"\\", b"\\\\").replace(b"=", b"\\=")
        yield Chunk(text.replace(_EQUALS.encode(), b"=").replace(_BACKSLASH.encode(), b"\\"))


def _until_main_keys(
    lead: bytes,
    version: str | int | None,
    entity_id: str | int | None,
    entity_name: str,
    action_type: str,
    severity: str | int | None,
) -> bytes:
    """The header, which begins with `lead`, and the beginning of the extension."""
    fields = (
        _header(_text(version)[:_VERSION_LIMIT]),
        _limited(_text(entity_id), _CLASS_ID_LIMIT),
        _limited(f"{entity_name} {action_type}", _NAME_LIMIT),
        _header("Low" if severity is None else str(severity)),
        _CS1,
    )
    return lead + b"|".join(fields)


def _main_keys(text: bytes, start: int, end: int) -> bytes:
    """An object of the createdAt, entityType, entityName and actionType of the event from `start` to `end`."""
    # With an end, `index` looks at once; for a long text it would first prepare.
    first = text.index(_CREATED_AT, start, end)
    value = text.index(_ACTION_TYPE, first, end) + len(_ACTION_TYPE)
    last = text.index(b'"', value + 1, end)
    if text[last - 1] == _ESCAPE:
        match = _JSON_STRING.match(text, value)
        assert match, "the store holds a JSON string here"
        last = match.end() - 1
    return b"{%b}" % text[first : last + 1]


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
