"""An archive on disk: a .zip of the data file and its manifest, written as a stream."""

import hashlib
import os
import zipfile
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from isal import isal_zlib
from msgspec import Struct

from desktop_app.errors import LocalDiskError
from desktop_app.evidence.manifest import MANIFEST_NAME, DataFile
from desktop_app.files import file_sha256, make_private_file, sync_folder
from desktop_app.portions import portions
from desktop_app.trails.store.block import END, deflate
from desktop_app.wording import Said

PARTIAL = ".tmp"  # what the name of an archive ends with while it is written
_HANDED_OVER = 1 << 19
_AHEAD = 3
# What a .zip can hold as a time of change; the clock of a computer may stand elsewhere.
_FIRST_TIME = datetime(1980, 1, 1, tzinfo=UTC)
_LAST_TIME = datetime(2107, 12, 31, 23, 59, 58, tzinfo=UTC)

# The same checksum by Intel's ISA-L, several times as fast; `zipfile` has no public place for it.
zipfile.crc32 = isal_zlib.crc32  # type: ignore[attr-defined]


class Chunk(Struct, frozen=True):
    """A piece of the data file; `deflated`, if it is at hand, is that piece as `trails.block.deflate` gives it."""

    text: bytes
    deflated: bytes = b""


def write_archive(
    path: Path,
    data_name: str,
    chunks: Iterable[Chunk],
    make_manifest: Callable[[DataFile], bytes],
    created: datetime,
    expected_size: int,
) -> str:
    """Write the archive `path`, whole and synced to disk, or not at all; return its SHA-256, in hexadecimal.

    `chunks` is the content of the data file `data_name`; once it has ended, `make_manifest` gets the data
    file's size and SHA-256 and returns `manifest.json`. `created` is what both carry as their time of
    change. `expected_size` (bytes, roughly) decides whether ZIP64 is used. The same input gives the same
    bytes. Raises LocalDiskError.
    """
    partial = path.with_name(path.name + PARTIAL)
    try:
        make_private_file(partial)
        with partial.open("wb") as file:
            with zipfile.ZipFile(file, "w") as archive:
                data = _write_data(archive, data_name, chunks, created, expected_size)
                archive.writestr(_member(MANIFEST_NAME, created), make_manifest(data))
            file.flush()
            with ThreadPoolExecutor(1) as reader:
                digest = reader.submit(file_sha256, partial)  # while the disk is at work
                os.fsync(file.fileno())
        sha256 = digest.result()
        partial.replace(path)
        sync_folder(path.parent)
        return sha256
    except OSError as error:
        raise LocalDiskError(
            Said(
                "The archive {name} could not be written ({reason}).",
                name=path.name,
                reason=error.strerror or error,
            ),
            Said("Is there room on the disk of {folder}?", folder=path.parent),
        ) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def _write_data(
    archive: zipfile.ZipFile,
    name: str,
    chunks: Iterable[Chunk],
    created: datetime,
    expected_size: int,
) -> DataFile:
    digest = hashlib.sha256()
    size = 0
    # Far from the limit of 4 GiB, since compressed and CEF sizes are only known afterwards.
    zip64 = expected_size > 512 * 1024 * 1024
    with archive.open(_member(name, created), "w", force_zip64=zip64) as member:
        pieces = _Pieces()
        _compress_by(pieces, member)

        def write(some: list[Chunk]) -> None:
            for chunk in some:
                digest.update(chunk.text)
                pieces.at_hand = chunk.deflated
                member.write(chunk.text)

        # Compression leaves Python's lock alone: it works beside the reading of the next events.
        with ThreadPoolExecutor(1) as compressor:
            pending: deque[Future[None]] = deque()
            # Many at once, since handing over takes time.
            for some in portions(chunks, lambda chunk: len(chunk.text), _HANDED_OVER):
                size += sum(len(chunk.text) for chunk in some)
                pending.append(compressor.submit(write, some))
                if len(pending) > _AHEAD:
                    pending.popleft().result()
            while pending:
                pending.popleft().result()
    return DataFile(name, size, digest.hexdigest())


def _member(name: str, created: datetime) -> zipfile.ZipInfo:
    changed = min(max(created.astimezone(UTC), _FIRST_TIME), _LAST_TIME)
    info = zipfile.ZipInfo(name, changed.timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


class _Pieces:
    """A compressor as `zipfile` uses it, whose output is made of pieces that do not refer to each other."""

    at_hand = b""

    def compress(self, text: bytes) -> bytes:
        return self.at_hand or deflate(text)

    def flush(self) -> bytes:
        return END


def _compress_by(compressor: _Pieces, member: Any) -> None:
    """Let `zipfile` compress a member in our way.

    The standard library has no public way to choose the compressor; this attribute is where it keeps it.
    """
    if not hasattr(member, "_compressor"):
        raise AttributeError("zipfile has no member compressor to replace in this version of Python")
    member._compressor = compressor
