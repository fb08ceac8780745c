"""`manifest.json`: what an archive holds, which archive came before it, who signs, and what the sources gave."""

import msgspec
from msgspec import Struct

from desktop_app.evidence.coverage import Delivered, SourceCoverage
from desktop_app.settings.model import ArchiveFormat

MANIFEST_NAME = "manifest.json"
SIGNATURE_NAME = "manifest.json.sig"
MANIFEST_VERSION = 2


class PackedData(Struct, frozen=True):
    """The data file as it is in the .zip: a deflate stream of `size` bytes."""

    size: int
    sha256: str


class DataFile(Struct, frozen=True, omit_defaults=True):
    """The data file of an archive; `size` in bytes, uncompressed. `packed` is there since version 2."""

    name: str
    size: int
    sha256: str
    packed: PackedData | None = None


class PreviousArchive(Struct, frozen=True):
    """The archive that was delivered before, and the SHA-256 of its .zip."""

    name: str
    sha256: str


class Link(Struct, frozen=True, rename="camel", kw_only=True, omit_defaults=True):
    """The place in the chain: `number` counts from 1; `manifest_sha256` is that of the manifest.json before this
    one, null for number 1. A chain that had to begin again names the key that was lost."""

    number: int
    manifest_sha256: str | None
    lost_key: str | None = None


class Manifest(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Everything about one archive. Instants are ISO 8601 in UTC; `previous` is null for the first archive.

    Since version 2: `chain` and `key` (the fingerprint of what signs); `next_key`, which signs the archives
    after this one; `every_day_since`, the day from which on no day is without an archive; `coverage` of what was
    collected since the archive before; `delivered`, how many of the events are of each source, by the name that it
    had at first.
    """

    format_version: int
    instance: str
    day: str
    timezone: str
    number: int
    format: ArchiveFormat
    events: int
    first_created_at: str | None
    last_created_at: str | None
    program_version: str
    created: str
    data: DataFile
    previous: PreviousArchive | None
    chain: Link | None = None
    key: str | None = None
    next_key: str | None = None
    every_day_since: str | None = None
    coverage: tuple[SourceCoverage, ...] = ()
    delivered: tuple[Delivered, ...] = ()


def encode_manifest(manifest: Manifest) -> bytes:
    """The manifest as indented JSON with a line end."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def decode_manifest(content: bytes) -> Manifest:
    """Raises msgspec.DecodeError (of which ValidationError is one)."""
    return msgspec.json.decode(content, type=Manifest)
