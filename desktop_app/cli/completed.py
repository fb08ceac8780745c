"""What a shell offers in place of Tab for what only this installation knows: settings, their values, sources."""

from collections.abc import Iterable, Iterator
from typing import Any, get_args, get_origin

import click

from desktop_app.errors import UserError
from desktop_app.settings.algorithms import LIST_NAMES, all_names
from desktop_app.settings.effective import load_settings
from desktop_app.settings.keys import setting_keys
from desktop_app.settings.kinds import kind_of
from desktop_app.settings.paths import find_paths, keep_all_in


def sources(context: click.Context, _: click.Parameter, typed: str) -> list[str]:
    """The names of the sources."""
    if home := context.find_root().params.get("home"):
        keep_all_in(home)
    try:
        names = [source.name for source in load_settings(find_paths()).sources]
    except UserError:  # the command itself says it
        return []
    return _beginning(names, typed)


def keys(_: click.Context, __: click.Parameter, typed: str) -> list[str]:
    """The keys of the settings."""
    return _beginning(setting_keys(), typed)


def assignments(context: click.Context, parameter: click.Parameter, typed: str) -> list[str]:
    """`KEY=`, and once that is there, its values. bash has three words for KEY=VALUE, other shells one."""
    key, equals, value = typed.partition("=")
    if equals:
        return [f"{key}={each}" for each in _values(key, value)]
    before = [str(each) for each in context.params.get(parameter.name or "") or ()]
    if before and (key := before[-2] if before[-1] == "=" and len(before) > 1 else before[-1]) in setting_keys():
        return list(_values(key, typed))
    return [f"{each}=" for each in _beginning(setting_keys(), typed)]


def _values(key: str, typed: str) -> Iterator[str]:
    """The values that a setting can have, where they can be counted; of a list, those that are not in it yet."""
    if key not in setting_keys():
        return
    listed, comma, last = typed.rpartition(",")
    name = key.rpartition(".")[2]
    kind: Any = kind_of(key)
    if name in LIST_NAMES:
        left = [each for each in all_names(name) if each not in listed.split(",")]
        yield from (f"{listed}{comma}{each}" for each in _beginning(left, last))
    elif kind is bool:
        yield from _beginning(("true", "false"), typed)
    elif key == "export.timezone":
        from zoneinfo import available_timezones

        yield from _beginning(("local", "UTC", *sorted(available_timezones() - {"UTC"})), typed)
    elif get_origin(kind) is not None:
        yield from _beginning(map(str, get_args(kind)), typed)


def _beginning(names: Iterable[str], typed: str) -> list[str]:
    return [name for name in names if name.startswith(typed)]
