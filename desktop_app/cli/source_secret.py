"""`audit-trails-export source secret`."""

import click

from desktop_app.actions.keep_source_secret import keep_source_secret
from desktop_app.cli import completed
from desktop_app.cli.output import tell, tell_warning
from desktop_app.cli.secret_input import read_secret
from desktop_app.secrets.keeper import KEEPER_NAMES, KeeperName
from desktop_app.settings.effective import load_settings
from desktop_app.settings.paths import find_paths
from desktop_app.settings.sources import find_source


@click.command("secret", short_help="Store the password of a source.")
@click.argument("name", shell_complete=completed.sources)
@click.option(
    "--keep-in",
    type=click.Choice(KEEPER_NAMES),
    help="Where to keep it, also in future; see `config keepers`. Otherwise where it is protected best.",
)
def secret(name: str, keep_in: KeeperName | None) -> None:
    """Store the password of source NAME, from a prompt or from standard input (one line).

    While the export is on, this also finds out whether the daily task can read it while nobody is logged in.
    Removing the source removes it.
    """
    paths = find_paths()
    settings = load_settings(paths)
    source = find_source(settings, name)
    kept = keep_source_secret(paths, settings, source, read_secret(f"Password of {name}"), keep_in)
    tell(f"The password of {name} is kept in {kept.protection.name}: {kept.protection.explains}")
    tell_warning(*kept.warnings)
