"""`audit-trails-export sign`."""

import sys
from typing import Any

import click

from desktop_app.actions.signing_keys import SigningKeys, rotate_key, signing_keys
from desktop_app.cli.output import print_json, say, tell
from desktop_app.cli.speech import spoken
from desktop_app.settings.effective import load_settings
from desktop_app.settings.paths import find_paths
from desktop_app.wording import Said


@click.group("sign", short_help="The key that signs the archives.")
def command() -> None:
    """Each archive is signed, so that whoever has it can see that this computer made it.

    Give the lines that `sign show` prints to the auditor by another way than the server: they are the file
    allowed_signers, by which `verify --signers` and `ssh-keygen -Y verify` know the right keys.
    """


@command.command("show", short_help="Print the lines for allowed_signers.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def show(as_json: bool) -> None:
    """Print the lines for allowed_signers, one for each key that signed or is to sign."""
    paths = find_paths()
    _show(signing_keys(load_settings(paths), paths), as_json)


@command.command("rotate", short_help="Make a new key.")
@click.option("--lost", is_flag=True, help="The present key is lost: begin a new chain, which says so.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def rotate(lost: bool, yes: bool, as_json: bool) -> None:
    """Make a new key.

    The next archive announces it, signed by the present key; the archives after that are signed by the new one.
    Give the auditor the new lines. A key that is lost, or known to others, can't announce anything: with --lost,
    the next archive begins a new chain.
    """
    paths = find_paths()
    if (
        lost
        and not yes
        and not (sys.stdin.isatty() and click.confirm(spoken(Said("Is the present key lost?")), err=True))
    ):
        tell(Said("Nothing was changed. Without somebody to ask, pass --yes."))
        sys.exit(2)
    _show(rotate_key(load_settings(paths), paths, lost), as_json)


def _show(keys: SigningKeys, as_json: bool) -> None:
    if as_json:
        print_json(_document(keys))
        return
    for signer in keys.signers:
        say(signer.line)
    if keys.next_key:
        tell(
            Said(
                "The next archive is signed by {key} and announces {next}.", key=keys.in_force, next=keys.next_key
            )
        )


def _document(keys: SigningKeys) -> dict[str, Any]:
    return {
        "signers": [
            {
                "line": signer.line,
                "fingerprint": signer.key.fingerprint,
                "from": signer.valid_after,
                "to": signer.valid_before,
            }
            for signer in keys.signers
        ],
        "inForce": keys.in_force,
        "next": keys.next_key,
    }
