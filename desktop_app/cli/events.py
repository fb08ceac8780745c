"""`audit-trails-export events`."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import click

from desktop_app.actions.hand_over import Proof, Wanted, proofs
from desktop_app.cli.output import counted, print_json, say, tell
from desktop_app.errors import LocalDiskError
from desktop_app.evidence.event_page import ShownEvent, event_page
from desktop_app.settings.effective import load_settings
from desktop_app.settings.paths import find_paths
from desktop_app.wording import Said

_DAY = click.DateTime(["%Y-%m-%d"])
_HEAD = ("archive", "line", "lineSha256", "archiveSha256", "number", "manifestSha256", "signedBy", "event")


@click.command("events", short_help="Find events, and hand them over with what proves them.")
@click.option("--find", "text", default="", metavar="TEXT", help="Those with every word of it.")
@click.option("--from", "first", type=_DAY, metavar="DAY", help="Created on this day or later.")
@click.option("--to", "last", type=_DAY, metavar="DAY", help="Created on this day or earlier.")
@click.option("--actor", default="", metavar="TEXT", help="Whose actor has this in it.")
@click.option("--action", default="", metavar="TEXT", help="Whose action has this in it.")
@click.option("--csv", "as_csv", is_flag=True, help="Print them as CSV.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option(
    "--html",
    "page",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    metavar="FILE",
    help="Write them to one HTML page.",
)
def command(
    text: str,
    first: datetime | None,
    last: datetime | None,
    actor: str,
    action: str,
    as_csv: bool,
    as_json: bool,
    page: Path | None,
) -> None:
    """Find events that are still in the store, oldest first, each with its archive, line and signature.

    The SHA-256 of a line is that of the event in the archive's data file, without the comma and the line break:
    what `unzip -p ARCHIVE | sed -n LINEp` shows. `verify` says whether that archive is as it was signed.
    """
    if as_csv + as_json + (page is not None) > 1:
        raise click.UsageError("Choose one of --csv, --json and --html.")
    paths = find_paths()
    wanted = Wanted(
        text=text,
        first=first.date() if first else None,
        last=last.date() if last else None,
        actor=actor,
        action=action,
    )
    found = proofs(load_settings(paths), paths, wanted)
    if as_json:
        print_json(list(found))
    elif as_csv:
        for line in _csv(found):
            say(line)
    elif page:
        _write(page, event_page("Audit events", map(_shown, found)))
    else:
        number = 0
        for proof in found:
            say(bytes(proof.event).decode(), f"  {'; '.join(_facts(proof))}")
            number += 1
        tell(f"{counted(number, 'event')}.")


def _csv(found: Iterable[Proof]) -> Iterator[str]:
    yield ",".join(_HEAD)
    for proof in found:
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(
            (
                proof.archive, proof.line, proof.line_sha256, proof.archive_sha256, proof.number or "",
                proof.manifest_sha256, proof.signed_by, bytes(proof.event).decode(),
            )
        )  # fmt: skip
        yield line.getvalue()


def _shown(proof: Proof) -> ShownEvent:
    return ShownEvent(bytes(proof.event).decode(), tuple(_facts(proof)))


def _facts(proof: Proof) -> Iterator[str]:
    if proof.archive is None:
        yield "not delivered yet"
        return
    yield f"{proof.archive}, line {proof.line}, SHA-256 of the line {proof.line_sha256}"
    if proof.number:
        yield f"number {proof.number} of the chain, signed by {proof.signed_by}"
        yield f"SHA-256 of the manifest {proof.manifest_sha256}"
    else:
        yield "not signed"


def _write(file: Path, pieces: Iterable[str]) -> None:
    try:
        with file.open("w", encoding="utf-8", errors="backslashreplace") as page:
            page.writelines(pieces)
    except OSError as error:
        raise LocalDiskError(
            Said("{path} could not be written ({reason}).", path=file, reason=error.strerror or error),
            Said("Is there room on the disk, and may you write there?"),
        ) from error
