"""The records inside of a file: a JSON document or JSON Lines, plain, gzipped or in a .zip."""

import gzip
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader, RawIOBase
from lzma import LZMAError
from pathlib import Path
from typing import IO, BinaryIO, cast

import msgspec
from msgspec import Raw

from desktop_app.wording import Said

DOCUMENT_LIMIT = 512 << 20
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


def members(path: Path) -> list[str]:
    """What is inside of a file: the names in a .zip, or one empty name for the file itself."""
    if path.suffix.lower() != ".zip":
        return [""]
    with zipfile.ZipFile(path) as archive:
        return [info.filename for info in archive.infolist() if not info.is_dir()]


@contextmanager
def open_content(path: Path, member: str) -> Iterator[BinaryIO]:
    """The decompressed content of a file, or of one member of a .zip; it can be sought."""
    if member:
        with zipfile.ZipFile(path) as archive, archive.open(member) as file:
            if member.lower().endswith(".gz"):
                with gzip.open(file) as unpacked:
                    yield _buffered(unpacked)
            else:
                yield _buffered(file)
    elif path.suffix.lower() == ".gz":
        with gzip.open(path) as unpacked:
            yield _buffered(unpacked)
    else:
        with path.open("rb") as plain:
            yield plain


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
    text = content.read(DOCUMENT_LIMIT + 1).removeprefix(_BOM)
    if len(text) > DOCUMENT_LIMIT:
        raise NotADocument(Said("it is larger than {size} MB; use JSON Lines", size=DOCUMENT_LIMIT >> 20))
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
