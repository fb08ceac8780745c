"""One setting by its key, as in `server.host`."""

from difflib import get_close_matches
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
from msgspec import structs

from desktop_app.errors import BadSetting
from desktop_app.resources import load_toml
from desktop_app.settings.model import Settings

_YES, _NO = {"true", "on", "yes", "1"}, {"false", "off", "no", "0"}


@cache
def setting_keys() -> tuple[str, ...]:
    """The keys of all settings that have one value or one list of values, in the order of the form."""
    return tuple(entry["key"] for entry in load_toml("settings")["setting"])


def get_value(settings: Settings, key: str) -> Any:
    """The value of a setting. Raises BadSetting where there is no such key."""
    table, name = _split(key)
    return getattr(getattr(settings, table) if table else settings, name)


def with_value(settings: Settings, key: str, text: str) -> Settings:
    """`settings` with one value read from text; a list is comma-separated.

    Raises BadSetting where there is no such key, or the text can't be its value.
    """
    table, name = _split(key)
    holder = getattr(settings, table) if table else settings
    kind = get_type_hints(type(holder))[name]
    try:
        value = msgspec.convert(_plain(text, kind), kind, strict=False)
    except msgspec.ValidationError as error:
        raise BadSetting(f"{text!r} can't be the value of {key}.", _right_values(kind), field=key) from error
    changed = structs.replace(holder, **{name: value})
    if table:
        return structs.replace(settings, **{table: changed})
    assert isinstance(changed, Settings)
    return changed


def _split(key: str) -> tuple[str, str]:
    if key not in setting_keys():
        close = get_close_matches(key, setting_keys(), 1, 0.5)
        hint = f"Did you mean {close[0]}?" if close else "All keys: audit-trails-export config show"
        raise BadSetting(f"There is no setting {key}.", hint, field=key)
    table, _, name = key.rpartition(".")
    return table, name


def _plain(text: str, kind: Any) -> object:
    if kind is bool:
        return True if text.lower() in _YES else False if text.lower() in _NO else text
    if get_origin(kind) is tuple:
        return [part.strip() for part in text.split(",") if part.strip()]
    if kind is int or (get_args(kind) and isinstance(get_args(kind)[0], int)):
        return int(text) if text.lstrip("-").isdigit() else text
    return text


def _right_values(kind: Any) -> str:
    if kind is bool:
        return "Write on or off."
    if kind is int:
        return "Write a whole number."
    return f"Write one of {', '.join(map(str, get_args(kind)))}."
