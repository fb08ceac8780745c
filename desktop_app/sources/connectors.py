"""Connectors: what `resources/connectors/NAME.toml` says of a service, beneath what a source says itself."""

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec
from msgspec import Struct, field

from desktop_app.resources import resource_path
from desktop_app.settings.model import SourceSettings
from desktop_app.settings.rest_source import RestSource
from desktop_app.sources.record_shapes import RecordShape, record_shapes
from desktop_app.wording import Said

_Source = TypeVar("_Source", bound=SourceSettings)
_NAMES = ("host", "account", "client")
_IN_PATHS = ("account", "client")
_MAPPING = ("fields", "time", "zone", "split")


class Asks(Struct, frozen=True, forbid_unknown_fields=True):
    """What has to be filled in for a service: of each field that it needs, what that is there."""

    host: str = ""
    account: str = ""
    client: str = ""
    secret: str = ""

    def of(self, field: str) -> Said:
        """What a field is, to be shown in the reader's language."""
        return Said(getattr(self, field))


class Connector(Struct, frozen=True, forbid_unknown_fields=True):
    """A service: its name, the shape of its records, what has to be filled in, and the settings of its sources.

    `docs` are the sentences of its page in the documentation: what to `create` there, which `right` that needs,
    how `late` events come, and what a collection costs in requests (`cost`).
    """

    id: str
    name: str
    shape: str = ""
    asks: Asks = Asks()
    docs: dict[str, str] = field(default_factory=dict)
    source: dict[str, Any] = field(default_factory=dict)

    def doc(self, part: str) -> Said:
        """A sentence of its page, to be shown in the reader's language."""
        return Said(self.docs[part])

    @property
    def title(self) -> Said:
        """Its name, which is the same in every language."""
        return Said(self.name)


@cache
def connector_names() -> tuple[str, ...]:
    """What they are called in the settings."""
    return tuple(sorted(file.stem for file in resource_path("connectors").glob("*.toml")))


@cache
def connectors() -> tuple[Connector, ...]:
    """All that there are, by their names."""
    files = sorted(resource_path("connectors").glob("*.toml"))
    found = [
        msgspec.convert({**tomllib.loads(file.read_text(encoding="utf-8")), "id": file.stem}, Connector)
        for file in files
    ]
    return tuple(sorted(found, key=lambda each: each.name.lower()))


def connector_called(name: str) -> Connector | None:
    """The connector of that name, or None."""
    return next((each for each in connectors() if each.id == name), None)


def completed(source: _Source) -> _Source:
    """A source with what its connector says where it says nothing itself; any other as it is."""
    if not isinstance(source, RestSource):
        return source
    own = msgspec.to_builtins(source)
    connector = connector_called(source.like)
    if connector:
        own = _over(connector.source, {key: value for key, value in own.items() if value not in ("", (), {})})
        if shape := next((each for each in record_shapes() if each.id == connector.shape), None):
            own = _over(_mapping_of(shape), own)
    values = {name: own.get(name, "") for name in _NAMES}
    values["host"] = values["host"] or _host_of(own.get("url", ""))
    return msgspec.convert({**_filled(own, values), "name": source.name}, RestSource)  # type: ignore[return-value]


def _mapping_of(shape: RecordShape) -> dict[str, Any]:
    mapping = msgspec.to_builtins(shape)
    return {key: mapping[key] for key in _MAPPING}


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """What both say; of what both say, the one above counts. The mapping of an event's key counts as a whole."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        if isinstance(value, dict) and isinstance(under, dict):
            value = {**under, **value} if key == "fields" else _over(under, value)
        merged[key] = value
    return merged


def _filled(settings: dict[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    """Settings with the values in the place of their names in braces; in an address, those of paths are quoted."""
    quoted = {name: quote(value, safe="") if name in _IN_PATHS else value for name, value in values.items()}
    filled = {key: _fill(value, values) for key, value in settings.items() if key not in ("fields", "url")}
    if "auth" in filled and "token_url" in settings["auth"]:
        filled["auth"]["token_url"] = _fill(settings["auth"]["token_url"], quoted)
    return {
        **filled,
        **{key: settings[key] for key in ("fields",) if key in settings},
        "url": _fill(settings.get("url", ""), quoted),
    }


def _fill(value: Any, values: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for name, text in values.items():
            if text:
                value = value.replace("{" + name + "}", text)
        return value
    if isinstance(value, dict):
        return {key: _fill(each, values) for key, each in value.items()}
    return [_fill(each, values) for each in value] if isinstance(value, list | tuple) else value


def _host_of(url: str) -> str:
    return url.partition("://")[2].partition("/")[0]
