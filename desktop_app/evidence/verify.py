"""Check archives: each by itself, and all of an installation for a chain without a hole, up to its end."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from desktop_app.errors import BadData
from desktop_app.evidence.check_archive import CheckedArchive, check_archive
from desktop_app.evidence.check_chain import (
    Findings,
    chain_of,
    check_signed,
    manifest_of,
    unsigned_after_signed,
)
from desktop_app.evidence.check_days import check_days
from desktop_app.evidence.check_previous import check_previous
from desktop_app.evidence.check_stamps import StampedArchive, check_stamps
from desktop_app.evidence.signers import Signer
from desktop_app.wording import Said

if TYPE_CHECKING:
    from cryptography.x509 import Certificate


class Asked(Struct, frozen=True, kw_only=True):
    """What archives are held against: the days that must be there, who may sign, and the certificates (`roots`) of
    time-stamp services that are trusted. None leaves that open.

    Where no `last` is asked for, the days up to `last_promised` must be there that the manifests promise.
    """

    first: date | None = None
    last: date | None = None
    last_promised: date | None = None
    signers: tuple[Signer, ...] | None = None
    roots: "list[Certificate] | None" = None


class CheckedInstallation(Struct, frozen=True, kw_only=True):
    """The archives of one installation, whatever its instance was called: in the order in which they were made."""

    instances: tuple[str, ...]
    archives: tuple[CheckedArchive, ...]


class Verification(Struct, frozen=True, kw_only=True):
    """All archives by name, and by installation; `problems` are of more than one archive, `notes` are what else to
    know, `left_open` is what was not looked at."""

    asked: Asked
    archives: tuple[CheckedArchive, ...]
    installations: tuple[CheckedInstallation, ...] = ()
    stamps: tuple[StampedArchive, ...] = ()
    problems: tuple[Said, ...] = ()
    notes: tuple[Said, ...] = ()
    left_open: tuple[Said, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.problems and not any(archive.problems for archive in self.archives)


def verify(
    paths: Iterable[Path], asked: Asked = Asked(), on_checked: Callable[[int, int], None] = lambda *_: None
) -> Verification:
    """Check the archives given, and all in the folders given; `on_checked` is told how many of how many are done.

    Raises BadData where there is none.
    """
    files = sorted({file for path in paths for file in _archives_of(path)})
    checked = []
    for file in files:
        checked.append(check_archive(file))
        on_checked(len(checked), len(files))
    return conclude(checked, asked)


def conclude(checked: Sequence[CheckedArchive], asked: Asked) -> Verification:
    """What archives that were checked by themselves are together. Raises BadData where there is none."""
    if not checked:
        raise BadData(Said("There are no archives here."), Said("Name archives, or a folder with archives in it."))
    readable = [archive for archive in checked if archive.manifest]
    installations = tuple(_installations(readable))
    found = [check_previous(each for each in readable if _is_unsigned_or_first(each))]
    for installation in installations:
        signed = [each for each in installation.archives if manifest_of(each).chain]
        unsigned = [each for each in installation.archives if not manifest_of(each).chain]
        found.append(Findings(unsigned_after_signed(unsigned, signed)))
        found.append(check_signed(signed, asked.signers, asked.first.isoformat() if asked.first else None))
        found.append(check_days(installation.archives, asked.first, asked.last, asked.last_promised))
        found.append(_check_coverage(installation.archives))
    stamps, of_stamps = check_stamps(readable, asked.roots)
    found.append(of_stamps)
    return Verification(
        asked=asked,
        stamps=tuple(stamps),
        archives=tuple(checked),
        installations=installations,
        problems=tuple(problem for each in found for problem in each.problems),
        notes=tuple(note for each in found for note in each.notes),
        left_open=tuple(_left_open(readable, bool(stamps), asked)),
    )


def _check_coverage(archives: Iterable[CheckedArchive]) -> Findings:
    """Whether each record that came from a source became something, and what could not be read."""
    found = Findings()
    for archive in archives:
        manifest = manifest_of(archive)
        delivered = sum(each.events for each in manifest.delivered)
        if manifest.delivered and delivered != manifest.events:
            found.problems.append(
                Said(
                    "{name}: it has {events} events, of {sum} it says from which source they are.",
                    name=archive.name, events=manifest.events, sum=delivered,
                )
            )  # fmt: skip
        for each in manifest.coverage:
            if not each.adds_up:
                found.problems.append(
                    Said(
                        "{name}: of {read} records of the source {source}, {sum} are accounted for.",
                        name=archive.name, read=each.read, source=each.source,
                        sum=each.stored + each.repeated + each.set_aside,
                    )
                )  # fmt: skip
            found.notes += [
                Said(
                    "{name}: of the source {source}, {what} was not read: {reason}",
                    name=archive.name, source=each.source, what=gap.what, reason=gap.reason,
                )
                for gap in each.gaps
            ]  # fmt: skip
            if each.more_gaps:
                found.notes.append(
                    Said(
                        "{name}: of the source {source}, {count} more could not be read.",
                        name=archive.name, source=each.source, count=each.more_gaps,
                    )
                )  # fmt: skip
    return found


def _left_open(archives: Sequence[CheckedArchive], stamped: bool, asked: Asked) -> Iterator[Said]:
    unsigned = sum(1 for archive in archives if not manifest_of(archive).chain)
    if unsigned:
        yield Said(
            "{count} archives are not signed: whoever can write them could have replaced them.", count=unsigned
        )
    if unsigned < len(archives) and asked.signers is None:
        yield Said(
            "Whose keys these are was not checked: whoever can write the archives could have replaced all of them,"
            " signed with another key. Check with the lines of allowed_signers that the installation gave you."
        )
    if stamped and asked.roots is None:
        yield Said("Whose time stamps these are was not checked: only the certificates in them say so.")


def _is_unsigned_or_first(archive: CheckedArchive) -> bool:
    """Whether the name and SHA-256 of the archive before are all that ties it to that."""
    link = manifest_of(archive).chain
    return link is None or (link.number == 1 and link.lost_key is None)


def _installations(archives: Sequence[CheckedArchive]) -> Iterator[CheckedInstallation]:
    """Archives of one instance are of one installation, as are those signed by one key, and those of a chain that
    goes on under another name."""
    found = _Groups()
    by_manifest = {each.manifest_sha256: manifest_of(each).instance for each in archives}
    by_file = {each.sha256: manifest_of(each).instance for each in archives}
    for archive in archives:
        manifest = manifest_of(archive)
        found.join(manifest.instance, manifest.instance)
        if archive.signer:
            found.join(manifest.instance, archive.signer.fingerprint)
        if manifest.chain and (before := by_manifest.get(manifest.chain.manifest_sha256 or "")):
            found.join(manifest.instance, before)
        if manifest.previous and (before := by_file.get(manifest.previous.sha256)):
            found.join(manifest.instance, before)
    groups: dict[str, list[CheckedArchive]] = {}
    for archive in sorted(archives, key=_order):
        groups.setdefault(found.of(manifest_of(archive).instance), []).append(archive)
    for those in groups.values():
        names = dict.fromkeys(manifest_of(each).instance for each in those)
        yield CheckedInstallation(instances=tuple(names), archives=tuple(those))


def _order(archive: CheckedArchive) -> tuple[str, int, str]:
    manifest = manifest_of(archive)
    return manifest.created, chain_of(archive).number if manifest.chain else 0, archive.path.name


class _Groups:
    """Names that belong together."""

    def __init__(self) -> None:
        self._parents: dict[str, str] = {}

    def of(self, name: str) -> str:
        """One name that stands for all of its group."""
        while (parent := self._parents.setdefault(name, name)) != name:
            name = parent
        return name

    def join(self, one: str, other: str) -> None:
        self._parents[self.of(other)] = self.of(one)


def _archives_of(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from (file for file in path.glob("*.zip") if file.is_file())
    else:
        yield path
