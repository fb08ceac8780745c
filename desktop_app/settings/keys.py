"""One setting by its key, as in `server.host`."""

import re
from functools import cache
from typing import Any, get_args, get_origin

import msgspec
from msgspec import structs

from desktop_app.did_you_mean import did_you_mean
from desktop_app.errors import BadSetting
from desktop_app.resources import load_toml
from desktop_app.settings.kinds import kind_of, right_value
from desktop_app.settings.model import Settings
from desktop_app.wording import Said

_YES, _NO = {"true", "on", "yes", "1"}, {"false", "off", "no", "0"}
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}")
SOURCES = "sources"
_ELSEWHERE = {
    SOURCES: (Said("Sources have commands of their own:"), "audit-trails-export source --help"),
    "password": (Said("The password has a command of its own:"), "audit-trails-export config password"),
    "server.port": (
        Said("The port goes with the server:"),
        "audit-trails-export config set server.host=sftp.example.com:2222",
    ),
}


@cache
def setting_keys() -> tuple[str, ...]:
    """The keys of all settings that have one value or one list of values, in the order of the form."""
    return tuple(entry["key"] for entry in load_toml("settings")["setting"])


def get_value(settings: Settings, key: str) -> Any:
    """The value of a setting. Raises BadSetting where there is no such key."""
    _require_key(key)
    return value_at(settings, key)


def value_at(settings: Settings, key: str) -> Any:
    """The value at a key that exists, `sources` included."""
    table, _, name = key.rpartition(".")
    return getattr(getattr(settings, table) if table else settings, name)


def with_value(settings: Settings, key: str, text: str) -> Settings:
    """`settings` with one value read from text; a list is comma-separated.

    Raises BadSetting where there is no such key, or the text can't be its value.
    """
    _require_key(key)
    kind = kind_of(key)
    try:
        value = msgspec.convert(_plain(text, kind), kind)
    except msgspec.ValidationError as error:
        raise BadSetting(
            Said("{text!r} can't be the value of {key}.", text=text, key=key),
            Said("Write {kind}.", kind=right_value(kind)),
            field=key,
        ) from error
    return replace_value(settings, key, value)


def replace_value(settings: Settings, key: str, value: Any) -> Settings:
    """`settings` with another value, of the right kind, at a key that exists, `sources` included."""
    table, _, name = key.rpartition(".")
    changed = structs.replace(getattr(settings, table) if table else settings, **{name: value})
    if table:
        return structs.replace(settings, **{table: changed})
    assert isinstance(changed, Settings)
    return changed


def _require_key(key: str) -> None:
    if key not in setting_keys():
        hint, command = _advice_for(key)
        raise BadSetting(Said("There is no setting {key!r}.", key=key), hint, command=command, field=key)


def _advice_for(unknown: str) -> tuple[Said, str]:
    """A hint for a key that there is not, and the command that it names."""
    for word, advice in _ELSEWHERE.items():
        if word in unknown:
            return advice
    if meant := did_you_mean(unknown, setting_keys(), 0.5):
        return meant, ""
    return Said("See all keys:"), "audit-trails-export config show"


def _plain(text: str, kind: Any) -> object:
    if kind is bool:
        return True if text.lower() in _YES else False if text.lower() in _NO else text
    if get_origin(kind) is tuple:
        return [part.strip() for part in text.split(",") if part.strip()]
    takes_numbers = kind is int or int in map(type, get_args(kind))
    return int(text) if takes_numbers and _WHOLE_NUMBER.fullmatch(text) else text
