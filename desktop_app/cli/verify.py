"""`audit-trails-export verify`."""

import sys
from pathlib import Path
from typing import Any

import click

from desktop_app.cli.output import counted, print_json, say
from desktop_app.errors import ExitCode
from desktop_app.evidence.verify import CheckedArchive, verify


@click.command("verify", short_help="Check archives, and that none is missing.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path, exists=True))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(paths: tuple[Path, ...], as_json: bool) -> None:
    """Check archives, or all archives of a folder.

    Each is checked against its manifest (size, SHA-256, number of events), and all together for a chain
    without a hole: every manifest names the archive before it and that one's SHA-256.
    """
    result = verify(paths)
    if as_json:
        print_json(
            {
                "ok": result.ok,
                "archives": [_document(archive) for archive in result.archives],
                "problems": result.problems,
                "notes": result.notes,
            }
        )
    else:
        for archive in result.archives:
            events = counted(archive.manifest.events, "event") if archive.manifest else ""
            say(f"{archive.path.name}: {'; '.join(archive.problems) or f'as archived, {events}'}")
        for line in [*result.problems, *result.notes]:
            say(line)
        if result.ok:
            say(f"{counted(len(result.archives), 'archive')}, {_no_hole(len(result.notes))}")
    sys.exit(ExitCode.DONE if result.ok else ExitCode.BAD_DATA)


def _no_hole(beginnings: int) -> str:
    """That there is none, as far as can be known where the chain begins after archives that are not here."""
    if not beginnings:
        return "the chain has no hole."
    return f"no hole in the chain after the {'beginning' if beginnings == 1 else 'beginnings'} named above."


def _document(archive: CheckedArchive) -> dict[str, Any]:
    manifest = archive.manifest
    return {
        "path": str(archive.path),
        "ok": not archive.problems,
        "problems": archive.problems,
        "sha256": archive.sha256,
        "day": manifest.day if manifest else None,
        "events": manifest.events if manifest else None,
    }
