"""What a verification found, as one document: for scripts as JSON, for people as the page of `report_page`."""

import shlex
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import starmap

from msgspec import Struct

from desktop_app import __version__
from desktop_app.evidence.check_archive import CheckedArchive
from desktop_app.evidence.check_chain import manifest_of
from desktop_app.evidence.check_stamps import StampedArchive
from desktop_app.evidence.coverage import Delivered, SourceCoverage, by_source
from desktop_app.evidence.manifest import Manifest
from desktop_app.evidence.signers import valid_signers
from desktop_app.evidence.verify import CheckedInstallation, Verification
from desktop_app.trails.event import iso_time
from desktop_app.wording import Said


class KeyPeriod(Struct, frozen=True, rename="camel"):
    """A key, from which archive to which it signed, and whether it is one of the signers; None where that was not
    asked."""

    fingerprint: str
    first: str
    last: str
    archives: int
    is_signer: bool | None


class StampOf(Struct, frozen=True, rename="camel"):
    """A time stamp: all up to a number of the chain, that of `archive`, existed `at` a time, as somebody says."""

    number: int
    archive: str
    at: str
    by: str
    trusted: bool


class InstallationReport(Struct, frozen=True, rename="camel", kw_only=True):
    """The archives of one installation. `late` are those with events that came after their day was delivered."""

    instances: tuple[str, ...]
    first_day: str
    last_day: str
    archives: int
    unsigned: int
    events: int
    newest: str
    number: int | None
    manifest_sha256: str
    late: tuple[str, ...]
    keys: tuple[KeyPeriod, ...]
    stamps: tuple[StampOf, ...]
    sources: tuple[SourceCoverage, ...]
    delivered: tuple[Delivered, ...]
    commands: tuple[str, ...]


class Report(Struct, frozen=True, rename="camel", kw_only=True):
    """All that was found. `open` is what was not checked, `not_proved` what archives can't prove."""

    ok: bool
    made: str
    program: str
    asked_from: str | None
    asked_to: str | None
    installations: tuple[InstallationReport, ...]
    problems: tuple[Said, ...]
    notes: tuple[Said, ...]
    open: tuple[Said, ...]
    not_proved: tuple[Said, ...]


def report_of(result: Verification, clock: Callable[[], float] = time.time) -> Report:
    """The report of a verification."""
    asked = result.asked
    asked_to = asked.last or asked.last_promised
    of_archives = tuple(
        Said("{name}: {problem}", name=archive.path.name, problem=problem)
        for archive in result.archives
        for problem in archive.problems
    )
    return Report(
        ok=result.ok,
        made=iso_time(int(clock() * 1000)),
        program=f"audit-trails-export {__version__}",
        asked_from=asked.first.isoformat() if asked.first else None,
        asked_to=asked_to.isoformat() if asked_to else None,
        installations=tuple(_installation(each, result) for each in result.installations),
        problems=(*of_archives, *result.problems),
        notes=result.notes,
        open=result.left_open,
        not_proved=_NOT_PROVED,
    )


_NOT_PROVED = (
    Said(
        "That the sources recorded everything: the counts say what was asked of each source, what came, and what"
        " became of it."
    ),
    Said(
        "That nothing was changed on the exporting computer before it was signed: whoever administers that"
        " computer holds the key."
    ),
)


def _installation(installation: CheckedInstallation, result: Verification) -> InstallationReport:
    archives = installation.archives
    manifests = [manifest_of(archive) for archive in archives]
    days = sorted(manifest.day for manifest in manifests)
    signed = [archive for archive in archives if manifest_of(archive).chain]
    newest = signed[-1] if signed else archives[-1]
    link = manifest_of(newest).chain
    stamps = [each for each in result.stamps if each.archive in archives]
    return InstallationReport(
        instances=installation.instances,
        first_day=days[0],
        last_day=days[-1],
        archives=len(archives),
        unsigned=len(archives) - len(signed),
        events=sum(manifest.events for manifest in manifests),
        newest=newest.name,
        number=link.number if link else None,
        manifest_sha256=newest.manifest_sha256,
        late=tuple(archive.name for archive in archives if manifest_of(archive).number > 1),
        keys=tuple(_keys(signed, result)),
        stamps=tuple(_stamp(each) for each in stamps),
        sources=by_source(each for manifest in manifests for each in manifest.coverage),
        delivered=_delivered(manifests),
        commands=tuple(commands(newest, stamps[-1:])),
    )


def _delivered(manifests: Sequence[Manifest]) -> tuple[Delivered, ...]:
    """The events of all archives, by their sources."""
    sums = Counter[str | None]()
    for manifest in manifests:
        for each in manifest.delivered:
            sums[each.source] += each.events
    return tuple(starmap(Delivered, sums.items()))


def _keys(signed: Sequence[CheckedArchive], result: Verification) -> list[KeyPeriod]:
    by_key: dict[str, list[CheckedArchive]] = {}
    for archive in signed:
        if archive.signer:
            by_key.setdefault(archive.signer.fingerprint, []).append(archive)
    signers = result.asked.signers
    return [
        KeyPeriod(
            fingerprint,
            manifest_of(those[0]).created,
            manifest_of(those[-1]).created,
            len(those),
            None
            if signers is None or (key := those[0].signer) is None
            else bool(valid_signers(signers, manifest_of(those[0]).instance, key)),
        )
        for fingerprint, those in by_key.items()
    ]


def _stamp(stamped: StampedArchive) -> StampOf:
    chain, stamp = manifest_of(stamped.archive).chain, stamped.stamp
    number = chain.number if chain else 0
    return StampOf(number, stamped.archive.name, stamp.at.isoformat(), stamp.by, stamp.trusted)


def commands(archive: CheckedArchive, stamps: Sequence[StampedArchive]) -> list[str]:
    """How an archive is checked without this program, in a shell, and the last time stamp."""
    manifest, name = manifest_of(archive), shlex.quote(archive.name)
    lines = [
        f"unzip -p {name} {shlex.quote(manifest.data.name)} | sha256sum  # {manifest.data.sha256}",
        f"unzip -p {name} manifest.json >manifest.json",
        f"sha256sum manifest.json  # {archive.manifest_sha256}",
    ]
    if manifest.chain:
        at = datetime.fromisoformat(manifest.created)
        lines += [
            f"unzip -p {name} manifest.json.sig >manifest.json.sig",
            f"ssh-keygen -Y verify -f allowed_signers -I {shlex.quote(manifest.instance)} -n audit-trails"
            f" -O verify-time={at:%Y%m%d%H%M%SZ} -s manifest.json.sig <manifest.json",
        ]
    for stamped in stamps:
        name = shlex.quote(stamped.archive.name)
        lines += [
            f"unzip -p {name} manifest.json.sig >stamped.sig",
            f"openssl ts -verify -data stamped.sig -in {name}.tsr -CAfile certificates.pem",
        ]
    return lines
