"""`audit-trails-export source`."""

from pathlib import Path

import click
import msgspec
from msgspec import structs

from desktop_app.cli.output import counted, print_json, print_table, tell
from desktop_app.errors import BadSetting
from desktop_app.schedule.configure import save
from desktop_app.settings.effective import load_settings
from desktop_app.settings.model import FolderSource, Settings
from desktop_app.settings.paths import find_paths
from desktop_app.trails.folder import preview
from desktop_app.wording import Said


@click.group("source")
def command() -> None:
    """List, add and remove the folders that events are collected from."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def list_(as_json: bool) -> None:
    """List the sources."""
    sources = load_settings(find_paths()).sources
    if as_json:
        print_json(sources)
    elif not sources:
        tell("There are no sources. What `record` stores is exported all the same.")
    else:
        head = ("Name", "Kind", "Path", "Pattern", "Records")
        print_table(head, ((s.name, s.kind, s.path, s.pattern, s.records) for s in sources))


@command.command("add")
@click.argument("name")
@click.option("--path", required=True, type=click.Path(path_type=Path), help="The folder.")
@click.option(
    "--pattern", default=FolderSource.__struct_defaults__[1], show_default=True, help="Which files in it."
)
@click.option(
    "--records", default="", help="Where the list is inside a document; empty for an array or JSON Lines."
)
@click.option(
    "--field",
    "fields",
    multiple=True,
    metavar="KEY=PATH[,PATH...]",
    help="Take an event's KEY from a record's key PATH, or from the first of several that is present.",
)
def add(name: str, path: Path, pattern: str, records: str, fields: tuple[str, ...]) -> None:
    """Add a folder as source NAME.

    \b
    Audit logs of AWS CloudTrail, for example:
      audit-trails-export source add aws --path /var/log/aws --records Records \\
        --field createdAt=eventTime --field id=eventID --field entityType=eventSource \\
        --field entityName=requestParameters.bucketName,recipientAccountId \\
        --field actionType=eventName --field actor=userIdentity \\
        --field before=requestParameters --field after=responseElements
    """
    paths = find_paths()
    settings = load_settings(paths)
    source = FolderSource(
        name=name,
        path=str(path.absolute()),
        pattern=pattern,
        records=records,
        fields=dict(_field(text) for text in fields),
    )
    save(paths, settings, structs.replace(settings, sources=(*settings.sources, source)))


@command.command("remove")
@click.argument("name")
def remove(name: str) -> None:
    """Remove source NAME. What was collected from it stays, and is exported."""
    paths = find_paths()
    settings = load_settings(paths)
    _find(settings, name)
    rest = tuple(source for source in settings.sources if source.name != name)
    save(paths, settings, structs.replace(settings, sources=rest))


@command.command("preview")
@click.argument("name")
@click.option("--limit", type=click.IntRange(min=1), default=10, show_default=True, help="How many records.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def preview_(name: str, limit: int, as_json: bool) -> None:
    """Show how the first records of source NAME map to events, and what would be set aside. Stores nothing."""
    found = preview(_find(load_settings(find_paths()), name), limit)
    events = [msgspec.json.decode(event) for event in found.events]
    if as_json:
        aside = [{"place": place, "reason": reason} for place, reason in found.set_aside]
        print_json({"files": found.files, "events": events, "set_aside": aside})
        return
    for event in events:
        click.echo(f"{event['createdAt']}  {event['entityType']}  {event['entityName']}  {event['actionType']}")
    for place, reason in found.set_aside:
        click.echo(f"set aside: {place}: {reason}")
    tell(f"{counted(found.files, 'file')}; {counted(len(events), 'event')} shown.")


def _find(settings: Settings, name: str) -> FolderSource:
    for source in settings.sources:
        if source.name == name:
            return source
    raise BadSetting(
        Said("There is no source {name}.", name=name),
        Said("See the sources:"),
        command="audit-trails-export source list",
        field="sources",
    )


def _field(text: str) -> tuple[str, str | tuple[str, ...]]:
    key, equals, places = text.partition("=")
    if not (key and equals and places):
        raise click.UsageError(f"{text} is not of the form KEY=PATH[,PATH...].")
    several = tuple(places.split(","))
    return key, several if len(several) > 1 else several[0]
