"""The values of an event as people see them: a text as it is, a number as the text that it was recorded with.

Python has no number for `1e999`, makes `1.1` of `1.10`, and refuses integers of more than 4,300 digits.
"""

import json
from typing import Any

import msgspec
from msgspec import Raw, Struct

NONE = Raw(b"null")


class EventValues(Struct, gc=False):
    """What is shown of an event, by the keys that it has, as it was recorded; JSON `null` where it has none."""

    createdAt: str
    entityType: str
    entityName: str
    actionType: str
    entityId: Raw = NONE
    severity: Raw = NONE
    actor: Raw = NONE
    before: Raw = NONE
    after: Raw = NONE


event_values = msgspec.json.Decoder(EventValues).decode
"""The values of an event by its line. Every place that shows an event has them from here."""

_decode_object = msgspec.json.Decoder(dict[str, Raw]).decode
_decode_text = msgspec.json.Decoder(str).decode
_decode_any = msgspec.json.Decoder(float_hook=str).decode


def values_of(line: bytes | Raw) -> dict[str, Raw]:
    """The values of a JSON object by their keys. Raises msgspec.DecodeError, of which ValidationError is one."""
    return _decode_object(line)


def text_of(value: bytes | Raw) -> str:
    """A JSON value in words: a text without its quotes, anything else as it stands."""
    text = bytes(value)
    return _decode_text(text) if text.startswith(b'"') else text.decode()


def whole_text(line: bytes | Raw) -> str:
    """A JSON value over several lines, everything in it as it stands."""
    return msgspec.json.format(line, indent=2).decode()


def with_texts_for_numbers(value: bytes | Raw) -> Any:
    """A JSON value as Python has it, but numbers with a fraction, an exponent or very many digits as texts."""
    try:
        return _decode_any(value)
    except msgspec.ValidationError:
        return json.loads(bytes(value), parse_int=str, parse_float=str)
