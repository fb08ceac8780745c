"""`audit-trails-export source`."""

from functools import partial
from typing import Any

import click
import msgspec

from desktop_app.actions.earlier_source import before_adding, before_removing
from desktop_app.actions.list_sources import ListedSource, list_sources
from desktop_app.actions.save_settings import prepare
from desktop_app.cli import completed
from desktop_app.cli.first_look import look_document, print_look, tell_of_shape
from desktop_app.cli.last_read import last_read_document, last_read_text
from desktop_app.cli.output import print_json, print_table, tell, tell_error, tell_warning
from desktop_app.cli.set_aside import retry_command, set_aside_command
from desktop_app.cli.source_mapping import mapping_options
from desktop_app.cli.source_options import WithKind, WithKindOptions, changed_source, new_source
from desktop_app.cli.source_secret import secret
from desktop_app.cli.speech import joined
from desktop_app.errors import UserError
from desktop_app.secrets.source_secrets import read_source_secret
from desktop_app.settings.edits import edited
from desktop_app.settings.effective import load_settings
from desktop_app.settings.model import SourceSettings
from desktop_app.settings.paths import find_paths
from desktop_app.settings.source_kinds import address_of
from desktop_app.settings.sources import add_source, find_source, remove_source, replace_source
from desktop_app.sources.kind import Secrets
from desktop_app.sources.sample import look_into
from desktop_app.wording import Said

_LOOKED_AT = 20


@click.group("source", short_help="List, add and remove sources of events.")
def command() -> None:
    """List, add and remove what events are collected from."""


command.add_command(set_aside_command)
command.add_command(retry_command)


@command.command("list", short_help="List the sources.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def list_(as_json: bool) -> None:
    """List the sources: how many records were read so far, what came of them, how the last collection went."""
    listed = list_sources(find_paths())
    if as_json:
        print_json(
            [
                {
                    **msgspec.to_builtins(each.source),
                    **msgspec.to_builtins(each.counts),
                    **last_read_document(each.last),
                    "running_out": each.running_out,
                }
                for each in listed
            ]
        )
    elif not listed:
        tell(Said("There are no sources. What `record` stores is exported all the same."))
    else:
        head = (
            Said("Name"), Said("Kind"), Said("Place"), Said("Read"), Said("Stored"), Said("Repeated"),
            Said("Set aside"),
        )  # fmt: skip
        rows = ((each.source, each.counts) for each in listed)
        print_table(
            head,
            (
                (s.name, s.kind, address_of(s), str(n.read), str(n.stored), str(n.repeated), str(n.set_aside))
                for s, n in rows
            ),
            [_below(each) for each in listed],
        )


def _below(listed: ListedSource) -> str | None:
    """How the last collection of a source went, and whether there is little time for the next."""
    if not listed.last.at_ms:
        return None
    return joined(last_read_text(listed.last), listed.running_out or "")


@command.command("add", cls=WithKind, short_help="Add a source of events.")
@click.argument("name")
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
    source = new_source(name, kind, like, fields, given, partial(read_source_secret, paths))
    if known := before_adding(load_settings(paths), paths, source):
        tell(known)
    prepare(paths, edited(lambda settings: add_source(settings, source))).commit()
    _tell_of_source(source, partial(read_source_secret, paths))


@command.command("change", cls=WithKindOptions, short_help="Change a source.")
@click.argument("name", shell_complete=completed.sources)
@mapping_options
@click.option("--no-field", "gone", multiple=True, metavar="KEY", help="Take an event's KEY from nothing.")
def change(name: str, like: str | None, fields: tuple[str, ...], gone: tuple[str, ...], **given: Any) -> None:
    """Change source NAME: what the options say, and nothing else. What was read of it stays read.

    Records that were set aside are tried again with the new settings by the next run.

    \b
      audit-trails-export source change hr --zone Europe/Paris --field actor=user.name --no-field entityId
    """
    paths = find_paths()
    secrets = partial(read_source_secret, paths)
    source = changed_source(find_source(load_settings(paths), name), like, fields, gone, given, secrets)
    saved = prepare(paths, edited(lambda settings: replace_source(settings, source))).commit()
    tell_warning(*saved.warnings)
    _tell_of_source(source, secrets)


@command.command("remove", short_help="Remove a source.")
@click.argument("name", shell_complete=completed.sources)
def remove(name: str) -> None:
    """Remove source NAME. What was collected from it stays, and is exported; what is set aside stays as well.

    A source that reads the same place goes on from there, whatever its name is.
    """
    paths = find_paths()
    find_source(load_settings(paths), name)
    tell(*(before_removing(each) for each in list_sources(paths) if each.source.name == name))
    prepare(paths, edited(lambda settings: remove_source(settings, name))).commit()


@command.command("preview", short_help="Show how records map to events.")
@click.argument("name", shell_complete=completed.sources)
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


def _tell_of_source(source: SourceSettings, secrets: Secrets) -> None:
    """What is worth knowing of it now, and not only after the first night."""
    try:
        look = look_into(source, _LOOKED_AT, secrets)
    except UserError as error:
        tell_error(error)
        return
    for place, reason in look.preview.set_aside[:1]:
        tell(Said("Set aside would be: {place}: {reason}", place=place, reason=reason))
    tell_of_shape(source, look)
