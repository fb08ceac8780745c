"""Which values of a record fit the keys of an event, and as what."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache

import msgspec
from msgspec import Raw

from desktop_app.resources import load_toml
from desktop_app.trails.event import MAX_ID_LENGTH, NotAnEvent, compact_json, fits_event
from desktop_app.trails.values import text_of

REQUIRED = ("entityType", "entityName", "actionType")
OPTIONAL = ("id", "entityId", "productVersion", "severity")
STATES = ("actor", "before", "after")

Fit = Callable[[Raw], Raw | None]

_NUMBER_BEGINS = b"-0123456789"
_encode = msgspec.json.Encoder().encode
_decode_list = msgspec.json.Decoder(list[Raw]).decode


def fit_of(key: str) -> Fit:
    """What makes of a JSON value that of a key, or None where it can't be.

    A number becomes a text where an event has text, a list of texts one text, a word for a severity that of CEF.
    """
    return _FITS.get(key, _anything)


def fit_text(value: Raw) -> Raw | None:
    """A text with something in it."""
    text = bytes(value)
    first = text[:1]
    if first == b'"':
        return value if text.strip(b'" ') else None
    if first in _NUMBER_BEGINS or text in (b"true", b"false"):
        return Raw(b'"%b"' % text)
    if first == b"[":
        return _joined(text)
    return None


def fit_severity(value: Raw) -> Raw | None:
    """One of CEF's words, or a number from 0 to 10."""
    if fits_event("severity", bytes(value)):
        return None if value == Raw(b"null") else value
    if bytes(value)[:1] != b'"':
        return None
    word = _severities().get(text_of(value).strip().casefold())
    return Raw(_encode(word)) if word else None


def _fit_id(value: Raw) -> Raw | None:
    fitted = fit_text(value)
    return fitted if fitted is not None and len(text_of(fitted)) <= MAX_ID_LENGTH else None


def _anything(value: Raw) -> Raw | None:
    return None if value in _EMPTY else value


def _state(value: Raw) -> Raw | None:
    """Any value that is not empty; of a text that is a JSON object or list, that."""
    if value in _EMPTY:
        return None
    text = text_of(value).strip() if bytes(value)[:2] in (b'"{', b'"[', b'" ', b'"\\') else ""
    if text.startswith(("{", "[")):
        with suppress(NotAnEvent):
            return Raw(compact_json(text.encode()))
    return value


def _joined(array: bytes) -> Raw | None:
    texts = [fit_text(each) for each in _flat(array) if bytes(each)[:1] != b"{"]
    joined = ", ".join(text_of(each) for each in texts if each is not None)
    return Raw(_encode(joined)) if joined else None


def _flat(array: bytes) -> Iterator[Raw]:
    """What is in a list, and in the lists in it."""
    open_lists = [iter(_decode_list(array))]
    while open_lists:
        value = next(open_lists[-1], None)
        if value is None:
            open_lists.pop()
        elif bytes(value)[:1] == b"[":
            open_lists.append(iter(_decode_list(value)))
        else:
            yield value


@cache
def _severities() -> dict[str, str]:
    return {str(word): str(severity) for word, severity in load_toml("severities")["words"].items()}


_EMPTY = (Raw(b'""'), Raw(b"{}"), Raw(b"[]"))
_FITS: dict[str, Fit] = {
    **dict.fromkeys((*REQUIRED, "entityId", "productVersion", "deviceVendor", "deviceProduct"), fit_text),
    "id": _fit_id,
    **dict.fromkeys(STATES, _state),
    "severity": fit_severity,
}
CHECKED = frozenset(_FITS) - frozenset(STATES)
"""The keys that take only what fits them."""

REWORDED = frozenset((*STATES, "severity"))
"""The keys whose value may be kept in other words: then what was recorded stays as well."""
