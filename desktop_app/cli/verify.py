"""`audit-trails-export verify`."""

import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from desktop_app.actions.write_report import write_report
from desktop_app.cli.output import print_json, say
from desktop_app.cli.progress import shown_count
from desktop_app.cli.speech import archives, events, joined, number, spoken
from desktop_app.errors import ExitCode
from desktop_app.evidence.check_archive import CheckedArchive
from desktop_app.evidence.report import report_of
from desktop_app.evidence.signers import read_signers
from desktop_app.evidence.timestamp import read_roots
from desktop_app.evidence.verify import Asked, Verification, verify
from desktop_app.language import language_asked
from desktop_app.secrets.login_secret import login_secret
from desktop_app.settings.effective import load_settings
from desktop_app.settings.paths import find_paths
from desktop_app.spoken import speak_in
from desktop_app.wording import Said

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("verify", short_help="Check archives, and that none is missing.")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path, exists=True))
@click.option("--from", "first", type=_DAY, metavar="DAY", help="No day from this one on may be missing.")
@click.option("--to", "last", type=_DAY, metavar="DAY", help="The newest day that must be there; else yesterday.")
@click.option(
    "--signers",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Who may sign: lines of allowed_signers, as `sign show` prints them.",
)
@click.option(
    "--tsa",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="CERTS",
    help="The certificates (PEM) of the time-stamp services to trust.",
)
@click.option("--server", is_flag=True, help="Check the archives at the configured server path.")
@click.option(
    "--report",
    "report_file",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    metavar="FILE",
    help="Write a report for the auditor as well: FILE.html, in your language, or FILE.json.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(
    paths: tuple[Path, ...],
    first: datetime | None,
    last: datetime | None,
    signers: Path | None,
    tsa: Path | None,
    server: bool,
    report_file: Path | None,
    as_json: bool,
) -> None:
    """Check archives, or all archives of a folder.

    Each is checked against its manifest (members, sizes, SHA-256, number and times of events) and its signature.
    All of an installation are checked together: no number of the chain may be missing or there twice, each must
    be made after the one before, and the newest must be as new as --to says, or else of yesterday, where the
    export was on by then. Without --signers, who signed is left open; without --tsa, who says when.
    """
    yesterday = datetime.now() - timedelta(days=1)
    asked = Asked(
        first=first.date() if first else None,
        last=last.date() if last else None,
        last_promised=yesterday.date(),
        signers=tuple(read_signers(signers)) if signers else None,
        roots=read_roots(tsa) if tsa else None,
    )
    if bool(paths) == server:
        raise click.UsageError(Said("Name archives or a folder, or pass --server."))
    if report_file and report_file.suffix not in (".html", ".json"):
        raise click.UsageError(Said("The report's name must end with .html or .json."))
    with shown_count(Said("Checking"), Said("archives")) as on_checked:
        result = _verify_server(asked, on_checked) if server else verify(paths, asked, on_checked)
    if report_file:
        language = language_asked()
        write_report(report_of(result), report_file, speak_in(language), language)
    if as_json:
        print_json(_document(result))
    else:
        _tell(result)
    sys.exit(ExitCode.DONE if result.ok else ExitCode.BAD_DATA)


def _verify_server(asked: Asked, on_checked: Callable[[int, int], None]) -> Verification:
    from desktop_app.actions.verify_server import verify_server

    paths = find_paths()
    settings = load_settings(paths)
    return verify_server(settings, paths, lambda: login_secret(paths, settings.server), asked, on_checked)


def _tell(result: Verification) -> None:
    for archive in result.archives:
        what = "; ".join(map(spoken, archive.problems)) or spoken(_as_archived(archive))
        say(f"{archive.path.name}: {what}")
    for line in (*result.problems, *result.notes, *result.left_open):
        say(line)
    if result.ok:
        say(Said("{archives}: whole, and none is missing.", archives=archives(len(result.archives))))
    else:
        wrong = len(result.problems) + sum(1 for archive in result.archives if archive.problems)
        problems = Said("1 problem") if wrong == 1 else Said("{count} problems", count=number(wrong))
        say(f"{joined(archives(len(result.archives)), problems, ', ')}.")


def _as_archived(archive: CheckedArchive) -> Said:
    assert archive.manifest
    chain = archive.manifest.chain
    signed = (
        Said("number {number} of the chain, signed by {key}", number=str(chain.number), key=archive.manifest.key)
        if chain
        else Said("not signed")
    )
    return Said("as archived, {events}, {signed}", events=events(archive.manifest.events), signed=signed)


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
