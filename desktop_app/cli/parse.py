"""`audit-trails-export parse`, which `record` starts for itself."""

import click

from desktop_app.trails.parse_ahead import send_parsed


@click.command("parse", hidden=True)
def command() -> None:
    """Parse the events on standard input (JSON Lines) for `record`, which gets them from standard output."""
    with open(0, "rb", closefd=False) as lines, open(1, "wb", closefd=False) as output:
        send_parsed(lines, output)
