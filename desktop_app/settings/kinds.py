"""What kind of value a setting takes, read off the model."""

import re
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from desktop_app.settings.model import Settings, SourceSettings
from desktop_app.settings.source_kinds import source_structs
from desktop_app.wording import Said

_STEP = re.compile(r"\[[^\]]*\]|[^.\[\]]+")
_WORDS = {bool: Said("true or false"), int: Said("a whole number"), str: Said("a text")}


def kind_of(field: str) -> Any:
    """The type of a setting, as in `server.host`, `sources[0].path` or `server.hmac[2]`. Raises KeyError."""
    kind: Any = Settings
    for step in _STEP.findall(field):
        if step.startswith("["):
            kind = get_args(kind)[1 if get_origin(kind) is dict else 0]
        else:
            kind = _source_field(step) if kind is SourceSettings else get_type_hints(kind)[step]
    return kind


def _source_field(name: str) -> Any:
    """The type of a field that some kind of source has."""
    for struct in source_structs():
        if name in struct.__struct_fields__:
            return get_type_hints(struct)[name]
    raise KeyError(name)


def right_value(kind: Any) -> Said:
    """What a value of a kind is, in words: "a whole number", "one of json, cef"."""
    if kind in _WORDS:
        return _WORDS[kind]
    if get_origin(kind) is Literal:
        return Said("one of {choices}", choices=", ".join(map(str, get_args(kind))))
    if get_origin(kind) is tuple:
        return Said("a list")
    if get_origin(kind) is UnionType:
        *others, last = map(right_value, get_args(kind))
        one = others[0] if len(others) == 1 else tuple(others)
        return Said("{one} or {other}", one=one, other=last)
    return Said("a table")
