"""`manifest.json`: what an archive holds, and which archive came before it."""

import msgspec
from msgspec import Struct

from desktop_app.settings.model import ArchiveFormat

MANIFEST_NAME = "manifest.json"
MANIFEST_VERSION = 1


class DataFile(Struct, frozen=True):
    """The data file of an archive; `size` in bytes, uncompressed."""

    name: str
    size: int
    sha256: str


class PreviousArchive(Struct, frozen=True):
    """The archive that was delivered before, and the SHA-256 of its .zip."""

    name: str
    sha256: str


class Manifest(Struct, frozen=True, kw_only=True, rename="camel"):
    """Everything about one archive. Instants are ISO 8601 in UTC; `previous` is null for the first archive."""

    format_version: int = MANIFEST_VERSION
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


def encode_manifest(manifest: Manifest) -> bytes:
    """The manifest as indented JSON with a line end."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def decode_manifest(content: bytes) -> Manifest:
    """Raises msgspec.DecodeError (of which ValidationError is one)."""
    return msgspec.json.decode(content, type=Manifest)
