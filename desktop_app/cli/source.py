"""`audit-trails-export source`."""

from dataclasses import asdict
from pathlib import Path

import click
import msgspec
from msgspec import Raw, structs

from desktop_app.actions.list_sources import list_sources
from desktop_app.actions.save_settings import prepare
from desktop_app.cli.output import counted, print_json, print_table, say, tell, tell_error
from desktop_app.errors import LocalDiskError
from desktop_app.settings.edits import edited
from desktop_app.settings.effective import load_settings
from desktop_app.settings.model import FolderSource
from desktop_app.settings.paths import find_paths
from desktop_app.settings.sources import add_source, find_source, remove_source
from desktop_app.sources.folder import preview
from desktop_app.sources.record_shapes import recognise, record_shapes
from desktop_app.trails.values import event_values


@click.group("source", short_help="List, add and remove folders of events.")
def command() -> None:
    """List, add and remove the folders that events are collected from."""


@command.command("list", short_help="List the sources.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def list_(as_json: bool) -> None:
    """List the sources, with the files read so far and the records set aside."""
    listed = list_sources(find_paths())
    if as_json:
        print_json([{**msgspec.to_builtins(each.source), **asdict(each.counts)} for each in listed])
    elif not listed:
        tell("There are no sources. What `record` stores is exported all the same.")
    else:
        head = ("Name", "Path", "Pattern", "Records", "Files read", "Set aside")
        rows = ((each.source, each.counts) for each in listed)
        print_table(
            head, ((s.name, s.path, s.pattern, s.records, str(n.files), str(n.set_aside)) for s, n in rows)
        )


@command.command("add")
@click.argument("name")
@click.option("--path", required=True, type=click.Path(path_type=Path), help="The folder.")
@click.option(
    "--pattern", default=FolderSource.__struct_defaults__[1], show_default=True, help="Which files in it."
)
@click.option(
    "--like",
    type=click.Choice([shape.id for shape in record_shapes()]),
    help="Map the records as those of a well-known system.",
)
@click.option("--follow-links", is_flag=True, help="Read links that lead out of the folder, too.")
@click.option("--records", help="Where the list is inside a document; empty for an array or JSON Lines.")
@click.option(
    "--field",
    "fields",
    multiple=True,
    metavar="KEY=PATH[,PATH...]",
    help="Take an event's KEY from a record's key PATH, or from the first of several that is present.",
)
def add(
    name: str,
    path: Path,
    pattern: str,
    follow_links: bool,
    records: str | None,
    fields: tuple[str, ...],
    like: str | None,
) -> None:
    """Add a folder as source NAME.

    \b
    Logs of AWS CloudTrail, and the same for a system that is not known:
      audit-trails-export source add aws --path /var/log/aws --like cloudtrail
      audit-trails-export source add hr --path /var/log/hr --records entries \\
        --field createdAt=when --field entityType=area --field actionType=verb \\
        --field entityName=employee.name,employee.number --field actor=by
    """
    paths = find_paths()
    source = FolderSource(name=name, path=str(path.absolute()), pattern=pattern, follow_links=follow_links)
    shape = next((each for each in record_shapes() if each.id == like), None)
    if shape:
        source = structs.replace(source, records=shape.records, fields=dict(shape.fields))
    source = structs.replace(
        source,
        records=source.records if records is None else records,
        fields={**source.fields, **dict(_field(text) for text in fields)},
    )
    prepare(paths, edited(lambda settings: add_source(settings, source))).commit()
    _tell_of_folder(source)


@command.command("remove")
@click.argument("name")
def remove(name: str) -> None:
    """Remove source NAME. What was collected from it stays, and is exported."""
    prepare(find_paths(), edited(lambda settings: remove_source(settings, name))).commit()


@command.command("preview", short_help="Show how records map to events.")
@click.argument("name")
@click.option("--limit", type=click.IntRange(min=1), default=10, show_default=True, help="How many records.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def preview_(name: str, limit: int, as_json: bool) -> None:
    """Show how the first records of source NAME map to events, and what would be set aside. Stores nothing."""
    found = preview(find_source(load_settings(find_paths()), name), limit)
    if as_json:
        aside = [{"place": place, "reason": reason} for place, reason in found.set_aside]
        print_json({"files": found.files, "events": [Raw(line) for line in found.events], "set_aside": aside})
        return
    for line in found.events:
        event = event_values(line)
        say("  ".join((event.createdAt, event.entityType, event.entityName, event.actionType)))
    for place, reason in found.set_aside:
        say(f"set aside: {place}: {reason}")
    tell(f"{counted(found.files, 'file')}; {counted(len(found.events), 'event')} shown.")


def _tell_of_folder(source: FolderSource) -> None:
    """What is worth knowing of it now, and not only after the first night."""
    try:
        shape = recognise(source)
    except LocalDiskError as error:
        tell_error(error)
        return
    if shape and not source.fields:
        tell(f"These look like records of {shape.name}. To have them mapped, add the source with")
        tell(f"--like {shape.id} instead: audit-trails-export source remove {source.name}")


def _field(text: str) -> tuple[str, str | tuple[str, ...]]:
    key, equals, places = text.partition("=")
    if not (key and equals and places):
        raise click.UsageError(f"{text} is not of the form KEY=PATH[,PATH...].")
    several = tuple(places.split(","))
    return key, several if len(several) > 1 else several[0]
