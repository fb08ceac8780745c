"""`audit-trails-export record`."""

from typing import BinaryIO

import click

from desktop_app.cli.output import counted
from desktop_app.settings.paths import find_paths
from desktop_app.trails.record import record
from desktop_app.trails.store import open_store


@click.command("record", short_help="Store events from a file or a pipe.")
@click.argument("file", type=click.File("rb"), default="-")
def command(file: BinaryIO) -> None:
    """Store the audit events of FILE, or of standard input: JSON Lines, one event a line.

    All or nothing: when a line can't be an event, it is named and nothing is stored. An event whose id is
    in the store already is the same event, and is not stored again.

    \b
    An event:
      {"createdAt": "2026-11-22T08:15:30Z", "entityType": "Configuration",
       "entityName": "Wi-Fi office", "actionType": "Update", "actor": {"user": "anna"},
       "before": {"ssid": "old"}, "after": {"ssid": "new"}}
    """
    with open_store(find_paths().store) as store:
        appended = record(store, file)
    click.echo(f"{counted(appended.stored, 'event')} stored.")
    if appended.repeated:
        click.echo(f"{counted(appended.repeated, 'event')} were there already.")
