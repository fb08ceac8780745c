"""Sources by the options of the command line: those for the fields of the kinds, and those of the mapping."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from msgspec import structs

from desktop_app.cli.source_mapping import with_mapping
from desktop_app.cli.source_tables import table_option, with_tables
from desktop_app.did_you_mean import did_you_mean
from desktop_app.settings.model import SourceSettings
from desktop_app.settings.source_kinds import (
    FIRST_KIND,
    KindField,
    empty_source,
    entry_of,
    source_kinds,
    struct_of,
)
from desktop_app.sources.connectors import connector_names
from desktop_app.sources.kind import Secrets
from desktop_app.sources.record_shapes import record_shapes
from desktop_app.wording import Said

_SERVICE = "rest"
_MAPPING = ("zone", "time", "split")


class WithKindOptions(click.Command):
    """A command that has the options for the fields of all kinds, behind its argument."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        name, *own = super().get_params(ctx)
        return [name, *_kind_options(), table_option(), *own]


class WithKind(WithKindOptions):
    """Has an option for the kind as well."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        name, *own = super().get_params(ctx)
        kinds = [entry.name for entry in source_kinds()]
        help_ = f"What kind of source it is.  [kinds: {', '.join(kinds)}; default: {FIRST_KIND}]"
        kind = click.Option(["--kind"], type=click.Choice(kinds), metavar="KIND", default=FIRST_KIND, help=help_)
        return [name, kind, *own]


def _shape_or_connector(kind: str, like: str | None) -> tuple[str | None, str | None]:
    """What a source is to be like: the shape of its records, or the connector of a service."""
    if kind == _SERVICE and like in connector_names():
        return None, like
    if like is not None and like not in [each.id for each in record_shapes()]:
        raise click.UsageError(Said("Only a source of kind {kind} can be like {name}.", kind=_SERVICE, name=like))
    return like, None


def _kind_options() -> list[click.Parameter]:
    """The options for the fields of the kinds of sources, each once."""
    options: dict[str, click.Parameter] = {}
    for kind in source_kinds():
        usual = empty_source(kind.name)
        for field in kind.fields:
            options.setdefault(field.key, _option(field, getattr(usual, field.key)))
    options.pop("like")  # the mapping has one
    return list(options.values())


def _option(field: KindField, usual: str | bool | tuple[str, ...]) -> click.Option:
    name = f"--{field.key.replace('_', '-')}"
    if isinstance(usual, bool):
        return click.Option([f"{name}/--no-{name[2:]}"], default=None, help=field.help)
    kind = click.Path() if field.type == "folder" else click.STRING
    shown = usual if isinstance(usual, str) else ",".join(usual)
    text = f"{field.help}  [default: {shown}]" if shown else field.help
    return click.Option([name], type=kind, help=text)


def new_source(
    name: str, kind: str, like: str | None, fields: Iterable[str], given: dict[str, Any], secrets: Secrets
) -> SourceSettings:
    """A source of a kind, as the options say: those for its fields and its mapping are `given`."""
    like, connector = _shape_or_connector(kind, like)
    mapping = {key: given.pop(key) for key in _MAPPING}
    tables = given.pop("tables")
    source = with_tables(_of_values(name, kind, _given_of(kind, given, connector)), tables)
    return with_mapping(source, like, fields, given.get("records"), secrets, **mapping)


def changed_source(
    source: SourceSettings,
    like: str | None,
    fields: Iterable[str],
    gone: Iterable[str],
    given: dict[str, Any],
    secrets: Secrets,
) -> SourceSettings:
    """`source` with what the options say, and without the fields that are to be gone."""
    like, connector = _shape_or_connector(source.kind, like)
    mapping = {key: given.pop(key) for key in _MAPPING}
    tables = given.pop("tables")
    values = _given_of(source.kind, given, connector)
    for key in gone:
        if key not in source.fields:
            meant = did_you_mean(key, source.fields)
            raise click.UsageError(
                Said("{hint} {command}", hint=Said("The source has no field {key}.", key=key), command=meant)
                if meant
                else Said("The source has no field {key}.", key=key)
            )
    has_mapping = like or any(fields) or any(gone) or any(each is not None for each in mapping.values())
    if not (values or tables or has_mapping):
        raise click.UsageError(Said("Say what to change."))
    left = {key: each for key, each in source.fields.items() if key not in set(gone)}
    changed = with_tables(structs.replace(source, fields=left, **values), tables)
    return with_mapping(changed, like, fields, given.get("records"), secrets, **mapping)


def _of_values(name: str, kind: str, values: dict[str, Any]) -> SourceSettings:
    struct = struct_of(kind)
    needed = {field.key for field in entry_of(kind).fields}
    for field in structs.fields(struct):
        if field.required and field.name in needed and field.name not in values:
            raise click.UsageError(Said("This is missing: {name}.", name=f"--{field.name.replace('_', '-')}"))
    return struct(name=name, **values)


def _given_of(kind: str, given: dict[str, Any], connector: str | None) -> dict[str, Any]:
    """The values that were given for the fields of a kind."""
    fields = {field.key: field for field in entry_of(kind).fields}
    values = {key: value for key, value in given.items() if value is not None}
    values |= {"like": connector} if connector else {}
    for key in values.keys() - fields.keys():
        raise click.UsageError(
            Said("A source of kind {kind} has no {option}.", kind=kind, option=f"--{key.replace('_', '-')}")
        )
    return {key: _value(fields[key], value) for key, value in values.items()}


def _value(field: KindField, given: str | bool) -> str | bool | tuple[str, ...]:
    """What was given for a field, as the settings have it."""
    if isinstance(given, bool):
        return given
    if field.type == "folder":
        return str(Path(given).absolute()) if given else ""
    return tuple(map(str.strip, given.split(","))) if field.type == "choices" else given
