"""The events of an archive, each as a text by which it is known again in the store."""

import hashlib
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from desktop_app.evidence.manifest import MANIFEST_NAME, Manifest, decode_manifest
from desktop_app.export.cef_format import cef_chunks
from desktop_app.held import reason
from desktop_app.settings.model import ArchiveFormat, CefSettings
from desktop_app.trails.store.timeline import Batch

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    KeyError,
    msgspec.DecodeError,
)
# What the settings put before each event: version, vendor and product.
_CEF_LEAD = re.compile(rb"CEF:[^|]*\|(?:[^|\\]|\\.)*\|(?:[^|\\]|\\.)*\|")


class UnreadableArchive(Exception):
    """No archive, or a damaged one."""


def manifest_of(archive: Path) -> Manifest:
    """Raises UnreadableArchive."""
    try:
        return decode_manifest(_manifest_bytes(archive))
    except msgspec.DecodeError as error:
        raise UnreadableArchive(str(error)) from error


def manifest_sha256(archive: Path) -> str:
    """The SHA-256 by which the manifest after this one names it. Raises UnreadableArchive."""
    return hashlib.sha256(_manifest_bytes(archive)).hexdigest()


def _manifest_bytes(archive: Path) -> bytes:
    try:
        with zipfile.ZipFile(archive) as file:
            return file.read(MANIFEST_NAME)
    except _DAMAGE as error:
        raise UnreadableArchive(reason(error)) from error


def archived_lines(archive: Path) -> Iterator[bytes]:
    """The texts of the events in an archive, in order. Raises UnreadableArchive."""
    manifest = manifest_of(archive)
    try:
        with zipfile.ZipFile(archive) as file, file.open(manifest.data.name) as data:
            for line in data:
                if manifest.format == "cef":
                    yield _CEF_LEAD.sub(b"", line, count=1)
                elif line not in (b"[\n", b"]\n"):
                    yield line.rstrip(b"\n").removesuffix(b",")
    except _DAMAGE as error:
        raise UnreadableArchive(reason(error)) from error


def as_archived(lines: Iterable[bytes], format_: ArchiveFormat) -> Iterator[bytes]:
    """The texts of event lines from the store, as `archived_lines` gives them."""
    if format_ == "json":
        yield from lines
        return
    one_by_one = (Batch(line, 1, 0, 0) for line in lines)
    for chunk in cef_chunks(one_by_one, CefSettings()):
        yield _CEF_LEAD.sub(b"", chunk.text, count=1)
