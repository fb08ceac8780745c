"""The records inside of a file: a JSON document or JSON Lines, plain, gzipped or in a .zip."""

import gzip
import os
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from io import BufferedReader, RawIOBase
from lzma import LZMAError
from pathlib import Path
from typing import IO, BinaryIO, cast

import msgspec
from msgspec import Raw

from desktop_app.files import open_regular
from desktop_app.settings.limits import limits
from desktop_app.wording import Said

_FIRST_BYTES = 4096
_BUFFER = 1 << 20
_LONGEST_FIRST_LINE = 16 << 20
# Rotation adds a number or a time, or `.old` or `.bak`.
_LINES_NAME = re.compile(r"\.(jsonl|ndjson)([-._]\d[-._:\dtz]*)?(\.old|\.bak)?(\.gz)?\Z", re.IGNORECASE)
_BOM = b"\xef\xbb\xbf"
UNREADABLE = (OSError, EOFError, zlib.error, LZMAError, zipfile.BadZipFile, RuntimeError, UnicodeError)


class NotADocument(ValueError):
    """The content of a file is no JSON in which records could be; `reason` says why."""

    def __init__(self, reason: Said) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Content:
    """What is inside of a file: all of it, or one member of a .zip, by its name; how large it is, and how to open
    it. A name that is there again has a number behind it."""

    member: str
    size: int
    open: Callable[[], AbstractContextManager[BinaryIO]]


@contextmanager
def contents(path: Path, within: Path | None = None) -> Iterator[list[Content]]:
    """What is inside of a file, which stays open meanwhile; decompressed, and can be sought.

    `within` as for `open_regular`. Raises NotADocument, and what is UNREADABLE.
    """
    with open_regular(path, within) as file:
        if path.suffix.lower() == ".zip":
            with zipfile.ZipFile(file) as archive:
                named = _members(archive)
                if len(named) > limits().archive_members:
                    raise NotADocument(Said("it has more than {most} files in it", most=limits().archive_members))
                yield [
                    Content(name, info.file_size, partial(_unpacked_member, archive, info))
                    for name, info in named.items()
                ]
        else:
            yield [Content("", os.fstat(file.fileno()).st_size, partial(_unpacked, file, path.suffix))]


@contextmanager
def open_content(path: Path, member: str) -> Iterator[BinaryIO]:
    """One of the contents of a file. Raises KeyError where it has no such member, and what is UNREADABLE."""
    with open_regular(path) as file:
        if member:
            with zipfile.ZipFile(file) as archive, _unpacked_member(archive, _members(archive)[member]) as content:
                yield content
        else:
            with _unpacked(file, path.suffix) as content:
                yield content


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files in a .zip by a name that each has alone."""
    files = [info for info in archive.infolist() if not info.is_dir()]
    named: dict[str, zipfile.ZipInfo] = {}
    again: list[zipfile.ZipInfo] = []
    for info in files:
        if named.setdefault(info.filename, info) is not info:
            again.append(info)
    times = Counter[str]()
    for info in again:
        name = info.filename
        while name in named:
            times[info.filename] += 1
            name = f"{info.filename} ({times[info.filename] + 1})"
        named[name] = info
    return named


@contextmanager
def _unpacked_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[BinaryIO]:
    with archive.open(info) as file:
        if info.filename.lower().endswith(".gz"):
            with gzip.open(file) as unpacked:
                yield _buffered(unpacked)
        else:
            yield _buffered(file)


@contextmanager
def _unpacked(file: BinaryIO, suffix: str) -> Iterator[BinaryIO]:
    if suffix.lower() == ".gz":
        with gzip.open(file) as unpacked:
            yield _buffered(unpacked)
    else:
        yield file


def _buffered(unpacked: gzip.GzipFile | IO[bytes]) -> BinaryIO:
    """Going back a few bytes would else unpack all before them again."""
    return BufferedReader(cast(RawIOBase, unpacked), _BUFFER)


def is_finished(path: Path) -> bool:
    """Whether a file of this kind is written in one go: nothing is appended to a compressed file."""
    return path.suffix.lower() in (".gz", ".zip")


def has_lines(name: str, content: BinaryIO, records: str) -> bool:
    """Whether it is JSON Lines, and not one document: its name says so, or its first line is a whole object that
    has no list at key path `records`."""
    if _LINES_NAME.search(name):
        return True
    content.seek(0)
    text = content.read(_FIRST_BYTES).removeprefix(_BOM).lstrip()
    if not text.startswith(b"{"):
        return False
    if b"\n" not in text:
        text += content.readline(_LONGEST_FIRST_LINE)
    first_line, newline, _ = text.partition(b"\n")
    return bool(newline) and is_json(first_line) and not (records and _has_list(first_line, records))


def document_records(content: BinaryIO, records: str) -> list[bytes]:
    """The records of a JSON document: the list at key path `records`, an array, or one object.

    Raises NotADocument.
    """
    text = content.read(limits().document_bytes + 1).removeprefix(_BOM)
    if len(text) > limits().document_bytes:
        most = limits().document_bytes >> 20
        raise NotADocument(Said("it is larger than {size} MB; use JSON Lines", size=most))
    try:
        value = _value_at(text, records)
        if bytes(value).lstrip().startswith(b"["):
            return [bytes(each) for each in msgspec.json.decode(value, type=list[Raw])]
        if records:
            raise NotADocument(Said("{records} is no list", records=records))
        msgspec.json.decode(value, type=dict[str, Raw])
        return [bytes(value)]
    except KeyError as error:
        raise NotADocument(Said("it has no {records}", records=records)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotADocument(Said("it is not JSON: {reason}", reason=error)) from error


def _has_list(document: bytes, records: str) -> bool:
    try:
        return bytes(_value_at(document, records)).lstrip().startswith(b"[")
    except (KeyError, msgspec.DecodeError, UnicodeDecodeError):
        return False


def _value_at(document: bytes, records: str) -> Raw:
    value = Raw(document)
    for key in records.split(".") if records else ():
        value = msgspec.json.decode(value, type=dict[str, Raw])[key]
    return value


def is_json(text: bytes) -> bool:
    """Whether it is one whole JSON value."""
    try:
        msgspec.json.decode(text, type=Raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True
