"""What is inside of a file: itself, what was packed by gzip or Zstandard, the members of a .zip; known by its
first bytes, not by its name."""

import os
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from lzma import LZMAError
from typing import BinaryIO, cast

from desktop_app.settings.limits import limits
from desktop_app.sources.forms.form import NotRecords
from desktop_app.sources.forms.own_archive import without_records
from desktop_app.sources.forms.stream import as_file
from desktop_app.sources.forms.text import as_utf8
from desktop_app.wording import Said

_READ = 1 << 16
_ZSTD_READ = 512  # a block of 4 bytes may be 128 KiB (RFC 8878, section 3.1.1.2): so one read is 16 MiB at most
_PIECE = 1 << 18
_GZIP = b"\x1f\x8b\x08"
_ZSTD = b"\x28\xb5\x2f\xfd"
_PASSED_OVER = re.compile(
    rb"[\x50-\x5f]\x2a\x4d\x18", re.DOTALL
)  # a frame for programs: pzstd writes one before each
_SKIPPABLE_HEAD = 8  # the bytes that say how long one is
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ENCRYPTED = 0x1

# What reading a damaged file raises.
UNREADABLE = (OSError, EOFError, zlib.error, LZMAError, zipfile.BadZipFile, RuntimeError, UnicodeError)


@dataclass(frozen=True)
class Content:
    """What is inside of a file: all of it, or one member of a .zip, by its name, and how to open it: unpacked, as
    UTF-8, and so that it can be sought. A name that is there again has a number behind it. Nothing is appended to
    what is `finished`."""

    member: str
    finished: bool
    open: Callable[[], AbstractContextManager[BinaryIO]]


def contents(file: BinaryIO) -> list[Content]:
    """What is inside of an open file, which must stay open. Raises NotRecords, and what is UNREADABLE."""
    head = _head(file)
    if not head.startswith(_ZIP):
        return [Content("", head.startswith((_GZIP, _ZSTD)) or _is_passed_over(head), partial(_unpacked, file))]
    archive = zipfile.ZipFile(file)
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > limits().archive_members:
        raise NotRecords(Said("it has more than {most} files in it", most=limits().archive_members))
    if sum(info.file_size for info in infos) > (most := _believable(_size(file))):
        raise NotRecords(_too_much(most))
    named = _named(infos)
    passed_over = without_records(archive, set(named))
    return [
        Content(name, True, partial(_member, archive, info))
        for name, info in named.items()
        if name not in passed_over
    ]


def open_content(file: BinaryIO, member: str) -> AbstractContextManager[BinaryIO]:
    """One of the contents of an open file. Raises KeyError where it has no such member, NotRecords, and what is
    UNREADABLE."""
    return {content.member: content for content in contents(file)}[member].open()


def _named(infos: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """The files in a .zip by a name that only it has."""
    named: dict[str, zipfile.ZipInfo] = {}
    again = [info for info in infos if named.setdefault(info.filename, info) is not info]
    times = Counter[str]()
    for info in again:
        name = info.filename
        while name in named:
            times[info.filename] += 1
            name = f"{info.filename} ({times[info.filename] + 1})"
        named[name] = info
    return named


@contextmanager
def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[BinaryIO]:
    if info.flag_bits & _ENCRYPTED:
        raise NotRecords(Said("it is encrypted"))
    with archive.open(info) as file, _unpacked(as_file(partial(_whole, cast(BinaryIO, file)))) as content:
        yield content


@contextmanager
def _unpacked(file: BinaryIO) -> Iterator[BinaryIO]:
    head = _head(file)
    if head.startswith(_GZIP):
        yield as_utf8(as_file(partial(_limited, _gunzipped, file)))
    elif head.startswith(_ZSTD) or _is_passed_over(head):
        yield as_utf8(as_file(partial(_limited, _zstd_unpacked, file)))
    else:
        yield as_utf8(file)


def _head(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read(len(_ZSTD))


def _whole(file: BinaryIO) -> Iterator[bytes]:
    """All of a file, by the piece. It is read as it is unpacked, with its checksum."""
    file.seek(0)
    while piece := file.read(_PIECE):
        yield piece


def _limited(unpack: Callable[[BinaryIO], Iterator[bytes]], file: BinaryIO) -> Iterator[bytes]:
    """What is unpacked, as long as that is believable. Raises NotRecords."""
    most, size = _believable(_size(file)), 0
    for piece in unpack(file):
        size += len(piece)
        if size > most:
            raise NotRecords(_too_much(most))
        yield piece


def _size(file: BinaryIO) -> int:
    return file.seek(0, os.SEEK_END)


def _believable(packed: int) -> int:
    """The most bytes that so many are believed to unpack to."""
    return max(limits().unpacked_bytes, packed * limits().unpacked_ratio)


def _too_much(most: int) -> Said:
    return Said("it unpacks to more than {size} MB, which is not believable", size=most >> 20)


def _gunzipped(file: BinaryIO) -> Iterator[bytes]:
    """All members one after the other (RFC 1952). What follows the last one is left out, as gunzip does."""
    file.seek(0)
    rest = file.read(_READ)
    while rest.startswith(_GZIP):
        member = zlib.decompressobj(wbits=31)
        while not member.eof:
            piece = member.decompress(rest, _PIECE)
            if piece:
                yield piece
            rest = member.unconsumed_tail
            if not (rest or member.eof or piece or (rest := file.read(_READ))):
                raise EOFError("the end is missing")
        rest = _next_frame(member.unused_data, file)


def _zstd_unpacked(file: BinaryIO) -> Iterator[bytes]:
    """All frames one after the other (RFC 8878) but those that are skippable. What follows the last one is left
    out."""
    import zstandard

    unpacker = zstandard.ZstdDecompressor(max_window_size=limits().zstd_window_bytes)
    file.seek(0)
    rest = _behind_skippable(file.read(_ZSTD_READ), file)
    try:
        while rest.startswith(_ZSTD):
            frame = unpacker.decompressobj()
            while not frame.eof:
                if not rest:
                    raise EOFError("the end is missing")
                piece = frame.decompress(rest)
                if piece:
                    yield piece
                rest = b"" if frame.eof else file.read(_ZSTD_READ)
            rest = _behind_skippable(_next_frame(frame.unused_data, file), file)
    except zstandard.ZstdError as error:
        raise OSError(str(error)) from error


def _behind_skippable(rest: bytes, file: BinaryIO) -> bytes:
    """What is behind the skippable frames with which `rest` begins (RFC 8878, section 3.1.2)."""
    while _is_passed_over(rest):
        while len(rest) < _SKIPPABLE_HEAD and (more := file.read(_ZSTD_READ)):
            rest += more
        end = _SKIPPABLE_HEAD + int.from_bytes(rest[len(_ZSTD) : _SKIPPABLE_HEAD], "little")
        if end > len(rest):
            file.seek(end - len(rest), os.SEEK_CUR)
        rest = _next_frame(rest[end:], file)
    return rest


def _is_passed_over(head: bytes) -> bool:
    """Whether there is a skippable frame of Zstandard."""
    return bool(_PASSED_OVER.match(head))


def _next_frame(rest: bytes, file: BinaryIO) -> bytes:
    """What follows a member or a frame: at least as much as tells one from something else."""
    while len(rest) < len(_ZSTD) and (more := file.read(_READ)):
        rest += more
    return rest
