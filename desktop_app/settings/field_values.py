"""The values of a source by the fields of its kind, as texts that can be typed; a key with a dot is in a table."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

import msgspec
from msgspec import structs

from desktop_app.settings.model import SourceSettings
from desktop_app.settings.source_kinds import KindField

_Source = TypeVar("_Source", bound=SourceSettings)
_PAIR = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^;])+')  # a ; may be within a text in quotes
_NUMBER = re.compile(r"[0-9]{1,9}")
_JSON = "request.body"


def shown_value(source: SourceSettings, field: KindField) -> str | bool:
    """The value of a field as it is typed; a flag as it is."""
    table, dot, key = field.key.partition(".")
    value = getattr(source, table)
    if dot:
        value = msgspec.to_builtins(value).get(key, False if field.type == "flag" else "")
    if field.type == "pairs":
        is_json = field.key == _JSON
        return "; ".join(f"{name}={_written(each, is_json)}" for name, each in _flat(value or {}))
    if field.type == "one" and value == field.unsaid:
        return ""
    if isinstance(value, bool | str):
        return value
    return str(value) if isinstance(value, int) else ", ".join(map(str, value))


def with_values(source: _Source, fields: Iterable[KindField], values: Mapping[str, Any]) -> _Source:
    """A source with values for fields, by their keys: texts for those in tables, as they are typed."""
    changed: dict[str, Any] = {}
    for field in fields:
        value = values[field.key]
        table, dot, key = field.key.partition(".")
        if not dot:
            changed[table] = value
        elif value != shown_value(source, field):
            within = changed.get(table, getattr(source, table))
            others = {name: each for name, each in msgspec.to_builtins(within).items() if name != key}
            read = {} if value in ("", False) else {key: _read(field, value)}
            changed[table] = msgspec.convert({**others, **read}, type(within))
    return structs.replace(source, **changed)


def parsed_value(text: str) -> Any:
    """A value in JSON, or else a text."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


def _read(field: KindField, value: Any) -> Any:
    if field.type == "number":
        return int(value)
    if field.type == "numbers":
        return [int(each) for each in _NUMBER.findall(value)]
    if field.type != "pairs":
        return value
    is_json = field.key == _JSON
    found: dict[str, Any] = {}
    for pair in filter(None, map(str.strip, _PAIR.findall(value))):
        name, _, text = pair.partition("=")
        *above, last = name.strip().split(".") if is_json else [name.strip()]
        within, worth = found, parsed_value(text.strip())
        for each in above:
            inner = within.get(each)
            within[each] = inner if isinstance(inner, dict) else {}
            within = within[each]
        within[last] = worth if is_json or isinstance(worth, str) else text.strip()
    return found


def _flat(values: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def _written(value: Any, is_json: bool) -> str:
    """A value so that it is read again as it is."""
    text = value if isinstance(value, str) else ""
    if text and not re.search(r'[;"]|^\s|\s$', text) and not (is_json and parsed_value(text) != text):
        return text
    return msgspec.json.encode(value).decode()
