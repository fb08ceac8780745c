"""`audit-trails-export source`."""

from functools import partial
from pathlib import Path
from typing import Any

import click
import msgspec
from msgspec import structs

from desktop_app.actions.earlier_source import before_adding, before_removing
from desktop_app.actions.list_sources import list_sources
from desktop_app.actions.save_settings import prepare
from desktop_app.cli.first_look import look_document, print_look, tell_of_shape
from desktop_app.cli.output import print_json, print_table, tell, tell_error
from desktop_app.cli.set_aside import retry_command, set_aside_command
from desktop_app.cli.source_mapping import mapping_options, with_mapping
from desktop_app.cli.source_secret import secret
from desktop_app.errors import UserError
from desktop_app.secrets.source_secrets import read_source_secret
from desktop_app.settings.edits import edited
from desktop_app.settings.effective import load_settings
from desktop_app.settings.model import SourceSettings
from desktop_app.settings.paths import find_paths
from desktop_app.settings.source_kinds import (
    FIRST_KIND,
    KindField,
    address_of,
    empty_source,
    entry_of,
    source_kinds,
    struct_of,
)
from desktop_app.settings.sources import add_source, find_source, remove_source
from desktop_app.sources.connectors import connector_names
from desktop_app.sources.kind import Secrets
from desktop_app.sources.record_shapes import record_shapes
from desktop_app.sources.sample import look_into

_LOOKED_AT = 20
_SERVICE = "rest"


@click.group("source", short_help="List, add and remove sources of events.")
def command() -> None:
    """List, add and remove what events are collected from."""


command.add_command(set_aside_command)
command.add_command(retry_command)


@command.command("list", short_help="List the sources.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def list_(as_json: bool) -> None:
    """List the sources, with how many records were read so far, and what came of them."""
    listed = list_sources(find_paths())
    if as_json:
        print_json([{**msgspec.to_builtins(each.source), **msgspec.to_builtins(each.counts)} for each in listed])
    elif not listed:
        tell("There are no sources. What `record` stores is exported all the same.")
    else:
        head = ("Name", "Kind", "Place", "Read", "Stored", "Repeated", "Set aside")
        rows = ((each.source, each.counts) for each in listed)
        print_table(
            head,
            (
                (s.name, s.kind, address_of(s), str(n.read), str(n.stored), str(n.repeated), str(n.set_aside))
                for s, n in rows
            ),
        )


class _Add(click.Command):
    """Has the options that the fields of all kinds ask for."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        return [*self.params[:2], *_kind_options(), *self.params[2:], *super().get_params(ctx)[len(self.params) :]]


@command.command("add", cls=_Add, short_help="Add a source of events.")
@click.argument("name")
@click.option(
    "--kind",
    type=click.Choice([entry.name for entry in source_kinds()]),
    metavar="KIND",
    default=FIRST_KIND,
    show_default=True,
    help="What kind of source it is: " + ", ".join(entry.name for entry in source_kinds()) + ".",
)
@mapping_options
def add(name: str, kind: str, like: str | None, fields: tuple[str, ...], **given: Any) -> None:
    """Add a folder, or another kind of place, as source NAME.

    \b
    Logs of AWS CloudTrail, and the same for a system that is not known:
      audit-trails-export source add aws --path /var/log/aws --like cloudtrail
      audit-trails-export source add hr --path /var/log/hr --records entries \\
        --field createdAt=when --zone Europe/Berlin --field entityType==HR \\
        --field actionType=verb --field entityName=employee.name,employee.number \\
        --field actor=by
    """
    paths = find_paths()
    mapping = {key: given.pop(key) for key in ("zone", "time", "split")}
    kind, like, connector = _kind_and_shape(kind, like)
    given |= {"like": connector} if connector else {}
    source = _source(name, kind, {key: value for key, value in given.items() if value is not None})
    source = with_mapping(
        source, like, fields, given.get("records"), partial(read_source_secret, paths), **mapping
    )
    if known := before_adding(load_settings(paths), paths, source):
        tell(known)
    prepare(paths, edited(lambda settings: add_source(settings, source))).commit()
    _tell_of_source(source, partial(read_source_secret, paths))


@command.command("remove")
@click.argument("name")
def remove(name: str) -> None:
    """Remove source NAME. What was collected from it stays, and is exported; what is set aside stays as well.

    A source that reads the same place goes on from there, whatever its name is.
    """
    paths = find_paths()
    find_source(load_settings(paths), name)
    tell(*(before_removing(each) for each in list_sources(paths) if each.source.name == name))
    prepare(paths, edited(lambda settings: remove_source(settings, name))).commit()


@command.command("preview", short_help="Show how records map to events.")
@click.argument("name")
@click.option("--limit", type=click.IntRange(min=1), default=10, show_default=True, help="How many records.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def preview_(name: str, limit: int, as_json: bool) -> None:
    """Show how the first records of source NAME map to events, and what would be set aside. Stores nothing."""
    paths = find_paths()
    source = find_source(load_settings(paths), name)
    look = look_into(source, limit, partial(read_source_secret, paths))
    if as_json:
        print_json(look_document(look))
    else:
        print_look(source, look)


command.add_command(secret)


def _kind_and_shape(kind: str, like: str | None) -> tuple[str, str | None, str | None]:
    """The kind of a source, and what it is to be like: the shape of its records, or the connector of a service."""
    known = [each.id for each in record_shapes()]
    if kind == _SERVICE and like in connector_names():
        return kind, None, like
    if like is not None and like not in known:
        raise click.UsageError(f"Only a source of kind {_SERVICE} can be like {like}.")
    return kind, like, None


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
        return click.Option([name], is_flag=True, default=None, help=field.help)
    kind = click.Path() if field.type == "folder" else click.STRING
    shown = usual if isinstance(usual, str) else ",".join(usual)
    text = f"{field.help}  [default: {shown}]" if shown else field.help
    return click.Option([name], type=kind, help=text)


def _source(name: str, kind: str, given: dict[str, Any]) -> SourceSettings:
    """A source of the values that were given for its fields."""
    fields = {field.key: field for field in entry_of(kind).fields}
    for key in given.keys() - fields.keys():
        raise click.UsageError(f"A source of kind {kind} has no --{key.replace('_', '-')}.")
    struct = struct_of(kind)
    for field in structs.fields(struct):
        if field.required and field.name in fields and field.name not in given:
            raise click.UsageError(f"Missing option '--{field.name.replace('_', '-')}'.")
    values: dict[str, Any] = {key: _value(fields[key], value) for key, value in given.items()}
    return struct(name=name, **values)


def _value(field: KindField, given: str | bool) -> str | bool | tuple[str, ...]:
    """What was given for a field, as the settings have it."""
    if isinstance(given, bool):
        return given
    if field.type == "folder":
        return str(Path(given).absolute()) if given else ""
    return tuple(map(str.strip, given.split(","))) if field.type == "choices" else given


def _tell_of_source(source: SourceSettings, secrets: Secrets) -> None:
    """What is worth knowing of it now, and not only after the first night."""
    try:
        look = look_into(source, _LOOKED_AT, secrets)
    except UserError as error:
        tell_error(error)
        return
    for place, reason in look.preview.set_aside[:1]:
        tell(f"Set aside would be: {place}: {reason}")
    tell_of_shape(source, look)
