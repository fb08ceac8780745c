"""`audit-trails-export verify`."""

import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from desktop_app.cli.output import counted, print_json, say
from desktop_app.cli.progress import shown_count
from desktop_app.errors import ExitCode
from desktop_app.evidence.check_archive import CheckedArchive
from desktop_app.evidence.signers import read_signers
from desktop_app.evidence.verify import Asked, Verification, verify

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("verify", short_help="Check archives, and that none is missing.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path, exists=True))
@click.option("--from", "first", type=_DAY, metavar="DAY", help="No day from this one on may be missing.")
@click.option("--to", "last", type=_DAY, metavar="DAY", help="The newest day that must be there; else yesterday.")
@click.option(
    "--signers",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Who may sign: lines of allowed_signers, as `sign show` prints them.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(
    paths: tuple[Path, ...], first: datetime | None, last: datetime | None, signers: Path | None, as_json: bool
) -> None:
    """Check archives, or all archives of a folder.

    Each is checked against its manifest (members, sizes, SHA-256, number and times of events) and its signature.
    All of an installation are checked together: no number of the chain may be missing or there twice, each must
    be made after the one before, and the newest must be as new as --to says. Without --signers, who signed is
    left open.
    """
    yesterday = datetime.now() - timedelta(days=1)
    asked = Asked(
        first=first.date() if first else None,
        last=(last or yesterday).date(),
        signers=tuple(read_signers(signers)) if signers else None,
    )
    with shown_count("Checking", " archives") as on_checked:
        result = verify(paths, asked, on_checked)
    if as_json:
        print_json(_document(result))
    else:
        _tell(result)
    sys.exit(ExitCode.DONE if result.ok else ExitCode.BAD_DATA)


def _tell(result: Verification) -> None:
    for archive in result.archives:
        say(f"{archive.path.name}: {'; '.join(archive.problems) or _as_archived(archive)}")
    for line in (*result.problems, *result.notes, *result.left_open):
        say(line)
    if result.ok:
        say(f"{counted(len(result.archives), 'archive')}: whole, and none is missing.")
    else:
        wrong = len(result.problems) + sum(1 for archive in result.archives if archive.problems)
        say(f"{counted(len(result.archives), 'archive')}, {counted(wrong, 'problem')}.")


def _as_archived(archive: CheckedArchive) -> str:
    assert archive.manifest
    chain = archive.manifest.chain
    place = f"number {chain.number}, signed by {archive.manifest.key}" if chain else "not signed"
    return f"as archived, {counted(archive.manifest.events, 'event')}, {place}"


def _document(result: Verification) -> dict[str, Any]:
    return {
        "ok": result.ok,
        "archives": [_archive(archive) for archive in result.archives],
        "problems": result.problems,
        "notes": result.notes,
        "open": result.left_open,
    }


def _archive(archive: CheckedArchive) -> dict[str, Any]:
    manifest = archive.manifest
    chain = manifest.chain if manifest else None
    return {
        "path": str(archive.path),
        "ok": not archive.problems,
        "problems": archive.problems,
        "sha256": archive.sha256,
        "day": manifest.day if manifest else None,
        "events": manifest.events if manifest else None,
        "number": chain.number if chain else None,
        "manifestSha256": archive.manifest_sha256,
        "signedBy": archive.signer.fingerprint if archive.signer else None,
    }
