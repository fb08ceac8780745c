"""`audit-trails-export trust`."""

import sys

import click

from desktop_app.cli.output import tell
from desktop_app.errors import UserError
from desktop_app.export.host_key_trust import look_at_host_key, trust_host_key
from desktop_app.settings.file import load_settings
from desktop_app.settings.paths import find_paths


@click.command("trust")
@click.option("--yes", is_flag=True, help="Pin the key without asking.")
@click.option("--fingerprint", metavar="SHA256:…", help="Pin the key only if this is its fingerprint.")
def command(yes: bool, fingerprint: str | None) -> None:
    """Show the server's host key, and pin it.

    From then on a connection is only made to a server that has this key. Compare the fingerprint with the
    one that the server's administrator gave you; on the server it is shown by
    `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`.
    """
