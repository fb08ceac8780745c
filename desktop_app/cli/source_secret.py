"""`audit-trails-export source secret`."""

import click

from desktop_app.actions.keep_source_secret import keep_source_secret
from desktop_app.cli import completed
from desktop_app.cli.output import tell, tell_warning
from desktop_app.cli.secret_input import AsksForSecret, read_secret
from desktop_app.secrets.keeper import KEEPER_NAMES, KeeperName
from desktop_app.settings.effective import load_settings
from desktop_app.settings.paths import find_paths
from desktop_app.settings.sources import find_source
from desktop_app.wording import Said


@click.command("secret", cls=AsksForSecret, short_help="Store the password of a source.")
@click.argument("name", shell_complete=completed.sources)
@click.option(
    "--keep-in",
    type=click.Choice(KEEPER_NAMES),
    help="Where to keep it, also in future; see `config password-stores`. Otherwise where it is protected best.",
)
def secret(name: str, keep_in: KeeperName | None) -> None:
    """Store the password of source NAME, from a prompt or from standard input (one line).

    While the export is on, this also finds out whether the daily task can read it while nobody is logged in.
    Removing the source removes it.
    """
    paths = find_paths()
    settings = load_settings(paths)
    source = find_source(settings, name)
    kept = keep_source_secret(
        paths, settings, source, read_secret(Said("Password of {account}", account=name)), keep_in
    )
    where = kept.protection
    what = Said("The password of {account}", account=name)
    tell(Said("{what} is kept in {keeper}: {explains}", what=what, keeper=where.name, explains=where.explains))
    tell_warning(*kept.warnings)
