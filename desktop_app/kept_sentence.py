"""Sentences as they are kept for people who read them later, in whatever language that is.

A kept sentence is one text: U+001E, which no sentence begins with (a JSON text sequence has it so, RFC 7464), and
JSON in ASCII. There, an object with `template` and `values` is a `Said`, an array the tuple of a list, and a text
or a number is one. A text without the sign is a sentence in plain English, as earlier versions kept them.
"""

import json
import re
from collections.abc import Mapping
from string import Formatter

from desktop_app.wording import Said

_SIGN = "\x1e"
_SPECS = re.compile("[a-z]?")  # as in {mode:o}; none that asks for width
_CONVERSIONS = (None, "r", "s")


def kept(sentence: str) -> str:
    """The text under which a sentence is kept; nothing stays nothing."""
    if not sentence:
        return ""
    text = _SIGN + json.dumps(_as_json(sentence))
    # A value that JSON has no word for is in the sentence as its text; where that reads otherwise, English stays.
    return text if said(text) == sentence else _SIGN + json.dumps(str(sentence))


def said(text: str) -> str:
    """The sentence that is kept as `text`, a `Said` where it was one. What can't be one is the text itself.

    A template that asks for anything but its values, such as their attributes, is never formatted.
    """
    if not text.startswith(_SIGN):
        return text
    try:
        value = _from_json(json.loads(text[1:]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return text
    return value if isinstance(value, str) else text


def _as_json(value: object) -> object:
    match value:
        case Said():
            values = {name: _as_json(inside) for name, inside in value.values.items()}
            return {"template": value.template, "values": values}
        case tuple():
            return [_as_json(part) for part in value]
        case int() | float():
            return value
    return str(value)


def _from_json(value: object) -> object:
    match value:
        case {"template": str(template), "values": dict(values), **others} if not others:
            _require_plain(template, values)
            return Said(template, **{name: _from_json(inside) for name, inside in values.items()})
        case list():
            return tuple(_from_json(part) for part in value)
        case str() | int() | float():
            return value
    raise ValueError("no part of a sentence")


def _require_plain(template: str, values: Mapping[str, object]) -> None:
    """Raises ValueError for a template that str.format would look for more with than the values by their names."""
    for _, name, spec, conversion in Formatter().parse(template):
        if name is not None and not (
            name.isidentifier() and name in values and _SPECS.fullmatch(spec or "") and conversion in _CONVERSIONS
        ):
            raise ValueError(f"{name} is no value")
