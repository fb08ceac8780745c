"""Check archives: each against its manifest, and all together for a chain without a hole."""

import hashlib
import lzma
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import BinaryIO

import msgspec

from desktop_app.errors import BadData
from desktop_app.evidence.archive_name import instance_of
from desktop_app.evidence.manifest import MANIFEST_NAME, SIGNATURE_NAME, Manifest, decode_manifest
from desktop_app.files import open_regular
from desktop_app.held import reason
from desktop_app.settings.limits import limits
from desktop_app.wording import Said

_CHUNK = 1 << 20
_NAMES_TOLD = 10
# What `zipfile` and its decompressors raise: ValueError for a name that is no text, RuntimeError (of which
# NotImplementedError is one) for what is encrypted or packed in a way of its own.
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, ValueError)


class _TooLarge(Exception):
    """A manifest that is none: whoever may write archives could have the memory filled with it."""


@dataclass(frozen=True)
class CheckedArchive:
    """One .zip: its manifest where that could be read, the SHA-256 of the file, and what is wrong with it."""

    path: Path
    sha256: str
    manifest: Manifest | None
    problems: list[str]


@dataclass(frozen=True)
class Verification:
    """All archives by name; `problems` are of the chain, `notes` name where it begins."""

    archives: list[CheckedArchive]
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems and not any(archive.problems for archive in self.archives)


def verify(paths: Iterable[Path]) -> Verification:
    """Check the archives given, and all in the folders given. Raises BadData where there is none."""
    files = sorted({file for path in paths for file in _archives_of(path)})
    if not files:
        raise BadData(Said("There are no archives here."), Said("Name archives, or a folder with archives in it."))
    checked = [check_archive(file) for file in files]
    problems, notes = check_chain(checked)
    return Verification(checked, problems, notes)


def check_archive(path: Path) -> CheckedArchive:
    """Check one archive against its manifest. What is wrong with it is in the result."""
    try:
        with open_regular(path) as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            return _check_content(path, file, sha256)
    except OSError as error:
        return CheckedArchive(path, "", None, [f"it can't be read ({reason(error)})"])


def _check_content(path: Path, file: BinaryIO, sha256: str) -> CheckedArchive:
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = decode_manifest(_manifest_of(archive))
            return CheckedArchive(path, sha256, manifest, list(_differences(path, archive, manifest)))
    except KeyError:
        return CheckedArchive(path, sha256, None, ["it has no manifest.json"])
    except _TooLarge:
        return CheckedArchive(
            path, sha256, None, [f"its manifest.json has more than {limits().manifest_bytes:,} bytes"]
        )
    except msgspec.DecodeError as error:
        return CheckedArchive(path, sha256, None, [f"its manifest.json is not as it should be ({error})"])
    except _DAMAGE:
        return CheckedArchive(path, sha256, None, ["it is no .zip file, or a damaged one"])


def _manifest_of(archive: zipfile.ZipFile) -> bytes:
    """Raises _TooLarge, and KeyError where there is none."""
    with archive.open(MANIFEST_NAME) as packed:
        content = packed.read(limits().manifest_bytes + 1)
    if len(content) > limits().manifest_bytes:
        raise _TooLarge
    return content


def check_chain(archives: Iterable[CheckedArchive]) -> tuple[list[str], list[str]]:
    """Whether each archive's previous one is there and is the one meant: problems, and notes.

    The first archive of an instance may come after one that lies elsewhere by now: that is a note. A chain goes on
    when its instance is renamed, so the missing one must not be of an instance that has a chain here already.
    """
    problems: list[str] = []
    notes: list[str] = []
    links = _links(archives)
    successors: dict[str, list[str]] = {}
    for name, (_, manifest) in links.items():
        if manifest.previous:
            successors.setdefault(manifest.previous.name, []).append(name)
    begun: set[str | None] = set()
    for name, (_, manifest) in links.items():
        previous = manifest.previous
        if previous and previous.name in links:
            if links[previous.name][0] != previous.sha256:
                problems.append(f"{previous.name} is not the archive that {name} was made after.")
            continue
        if previous and begun.isdisjoint((manifest.instance, instance_of(previous.name))):
            notes.append(f"The chain begins after {previous.name}, which is not here.")
        elif previous:
            problems.append(f"{previous.name} is missing: {name} was made after it.")
        elif manifest.instance in begun:
            problems.append(f"{name} begins a second chain.")
        begun.update(links[each][1].instance for each in _chain_from(name, successors))
    counts = ((name, len(names)) for name, names in successors.items())
    problems += [f"{count} archives were made after {name}." for name, count in counts if count > 1]
    return problems, notes


def _links(archives: Iterable[CheckedArchive]) -> dict[str, tuple[str, Manifest]]:
    """SHA-256 and manifest by the name that the manifest gives, the first of all and the oldest ahead."""
    linked = [(archive.sha256, archive.manifest) for archive in archives if archive.manifest]
    linked.sort(key=lambda link: (link[1].previous is not None, link[1].created, link[1].day, link[1].number))
    return {_zip_name(manifest): (sha256, manifest) for sha256, manifest in linked}


def _chain_from(first: str, successors: dict[str, list[str]]) -> Iterator[str]:
    """The names of the chain that begins with `first`."""
    names = [first]
    while names:
        name = names.pop()
        yield name
        names += successors.get(name, ())


def _archives_of(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from (file for file in path.glob("*.zip") if file.is_file())
    else:
        yield path


def _differences(path: Path, archive: zipfile.ZipFile, manifest: Manifest) -> Iterator[str]:
    if path.name != _zip_name(manifest):
        yield f"its manifest is that of {_zip_name(manifest)}"
    names = sorted(archive.namelist())
    if names != sorted([MANIFEST_NAME, manifest.data.name, *([SIGNATURE_NAME] if manifest.chain else [])]):
        yield f"it holds {', '.join(names[:_NAMES_TOLD])}" + (" and more" if len(names) > _NAMES_TOLD else "")
    if manifest.data.name not in names:
        return
    digest, size, lines = hashlib.sha256(), 0, 0
    with archive.open(manifest.data.name) as data:
        while chunk := data.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            lines += chunk.count(b"\n")
            if size > manifest.data.size:
                yield f"its data file has more than {manifest.data.size} bytes"
                return
    if size != manifest.data.size:
        yield f"its data file has {size} bytes, not {manifest.data.size}"
    if digest.hexdigest() != manifest.data.sha256:
        yield "its data file is not the one that was archived (its SHA-256 differs)"
    events = lines - 2 if manifest.format == "json" else lines
    if events != manifest.events:
        yield f"it holds {events} events, not {manifest.events}"


def _zip_name(manifest: Manifest) -> str:
    return PurePath(manifest.data.name).stem + ".zip"
