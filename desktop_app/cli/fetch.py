"""`audit-trails-export fetch`."""

from pathlib import Path

import click

from desktop_app.actions.fetch_archive import archives_called, fetch_archive, is_here
from desktop_app.cli.output import archive_document, print_json, say
from desktop_app.secrets.login_secret import login_secret
from desktop_app.settings.effective import load_settings
from desktop_app.settings.paths import find_paths
from desktop_app.stop import Stop
from desktop_app.wording import Said


@click.command("fetch")
@click.argument("name")
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=".",
    help="The folder to put it into; else the current one.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(name: str, folder: Path, as_json: bool) -> None:
    """Get an archive back from the server.

    NAME is the name of an archive, or a day (2026-11-28), of which all archives are fetched. Each is saved where
    it is the one that was delivered, byte for byte. A file that is there already is never overwritten.
    """
    paths = find_paths()
    settings = load_settings(paths)
    archives = archives_called(paths, name)
    for archive in archives:
        file = folder / archive.name
        if not is_here(archive, file):
            fetch_archive(settings, paths, lambda: login_secret(paths, settings.server), archive, file, Stop())
        if not as_json:
            say(Said("{file}: as it was delivered.", file=file))
    if as_json:
        print_json({"archives": [archive_document(archive) for archive in archives]})
