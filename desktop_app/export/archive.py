"""An archive on disk: a .zip of the data file, its manifest and signature, written as a stream."""

import errno
import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from isal import isal_zlib
from msgspec import Struct

from desktop_app.errors import LocalDiskError
from desktop_app.evidence.manifest import DataFile, PackedData
from desktop_app.evidence.zip_layout import Member, directory, local_header
from desktop_app.files import file_sha256, make_private_file, sync_folder
from desktop_app.held import cure, patiently, reason
from desktop_app.portions import portions
from desktop_app.trails.store.block import END, deflate
from desktop_app.wording import Said

PARTIAL = ".tmp"  # what the name of an archive ends with while it is written
_HANDED_OVER = 1 << 19
_AHEAD = 3
# Far from the limit of 4 GiB, since compressed and CEF sizes are only known afterwards.
_ZIP64_FROM = 512 * 1024 * 1024


class Chunk(Struct, frozen=True):
    """A piece of the data file; `deflated`, if it is at hand, is that piece as `trails.block.deflate` gives it."""

    text: bytes
    deflated: bytes = b""


class Packed(Struct, frozen=True):
    """The data file of an archive that was begun."""

    member: Member
    data: DataFile


def write_archive(
    path: Path,
    data_name: str,
    chunks: Iterable[Chunk],
    make_others: Callable[[DataFile], Mapping[str, bytes]],
    created: datetime,
    expected_size: int,
) -> str:
    """Write the archive `path`, whole and synced to disk, or not at all; return its SHA-256, in hexadecimal.

    `chunks` is the content of the data file `data_name`, which is deflated; once it has ended, `make_others` gets
    its sizes and SHA-256 and returns the members that follow, which are stored as they are. `created` is what all
    carry as their time of change. `expected_size` (bytes, roughly) decides whether ZIP64 is used. The same input
    gives the same bytes. Raises LocalDiskError.
    """
    packed = pack_data(path, data_name, chunks, created, expected_size)
    return finish_archive(path, packed, make_others, created)


def pack_data(
    path: Path, data_name: str, chunks: Iterable[Chunk], created: datetime, expected_size: int
) -> Packed:
    """Begin the archive `path` with its data file, for `finish_archive`. Until then its name ends with PARTIAL.

    Raises LocalDiskError; then nothing is left behind.
    """
    partial = path.with_name(path.name + PARTIAL)
    with _whole_or_not_at_all(path):
        if partial.exists():  # another process, whose run was killed, may still write to it
            partial.unlink(missing_ok=True)
        make_private_file(partial)
        with partial.open("wb") as file:
            return _write_data(file, data_name, chunks, created, expected_size > _ZIP64_FROM)


def finish_archive(
    path: Path, packed: Packed, make_others: Callable[[DataFile], Mapping[str, bytes]], created: datetime
) -> str:
    """Make an archive that was begun whole. As `write_archive` does, with the same `path` and `created`."""
    partial = path.with_name(path.name + PARTIAL)
    with _whole_or_not_at_all(path):
        with partial.open("r+b") as file:
            if file.seek(0, os.SEEK_END) != len(local_header(packed.member, created)) + packed.member.packed:
                raise OSError(errno.EIO, "another process has changed it")
            _write_others(file, packed.member, make_others(packed.data), created)
            file.flush()
            with ThreadPoolExecutor(1) as reader:
                digest = reader.submit(file_sha256, partial)  # while the disk is at work
                os.fsync(file.fileno())
        sha256 = digest.result()
        patiently(lambda: partial.replace(path))
        sync_folder(path.parent)
        return sha256


@contextmanager
def _whole_or_not_at_all(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        with suppress(OSError):
            path.with_name(path.name + PARTIAL).unlink(missing_ok=True)
        if not isinstance(error, OSError):
            raise
        raise LocalDiskError(
            Said(
                "The archive {name} could not be written ({reason}).",
                name=path.name,
                reason=reason(error),
            ),
            cure(error, Said("Is there room on the disk of {folder}?", folder=path.parent)),
        ) from error


def _write_data(file: BinaryIO, data_name: str, chunks: Iterable[Chunk], created: datetime, zip64: bool) -> Packed:
    packing = _Packing(file)
    file.write(local_header(packing.member(data_name, zip64), created))  # as long as the one that replaces it
    # Compression leaves Python's lock alone: it works beside the reading of the next events.
    with ThreadPoolExecutor(1) as compressor:
        pending: deque[Future[None]] = deque()
        # Many at once, since handing over takes time.
        for some in portions(chunks, lambda chunk: len(chunk.text), _HANDED_OVER):
            pending.append(compressor.submit(packing.write, some))
            if len(pending) > _AHEAD:
                pending.popleft().result()
        while pending:
            pending.popleft().result()
    packing.end()
    packed = Packed(packing.member(data_name, zip64), packing.data_file(data_name))
    file.seek(0)
    file.write(local_header(packed.member, created))
    return packed


def _write_others(file: BinaryIO, data: Member, others: Mapping[str, bytes], created: datetime) -> None:
    members = [data]
    for name, content in others.items():
        size = len(content)
        member = Member(name=name, crc32=isal_zlib.crc32(content), packed=size, size=size, deflated=False)
        members.append(member)
        file.write(local_header(member, created) + content)
    file.write(directory(members, created))


class _Packing:
    """The data file on its way into the archive, deflated in pieces that do not refer to each other."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._size = self._packed = self._crc32 = 0
        self._sha256, self._packed_sha256 = hashlib.sha256(), hashlib.sha256()

    def write(self, chunks: Iterable[Chunk]) -> None:
        for chunk in chunks:
            self._size += len(chunk.text)
            self._crc32 = isal_zlib.crc32(chunk.text, self._crc32)
            self._sha256.update(chunk.text)
            self._write_packed(chunk.deflated or deflate(chunk.text))

    def end(self) -> None:
        self._write_packed(END)

    def member(self, name: str, zip64: bool) -> Member:
        return Member(
            name=name, crc32=self._crc32, packed=self._packed, size=self._size, deflated=True, zip64=zip64
        )

    def data_file(self, name: str) -> DataFile:
        packed = PackedData(self._packed, self._packed_sha256.hexdigest())
        return DataFile(name, self._size, self._sha256.hexdigest(), packed)

    def _write_packed(self, piece: bytes) -> None:
        self._packed += len(piece)
        self._packed_sha256.update(piece)
        self._file.write(piece)
