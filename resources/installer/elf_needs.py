"""What the bundle needs of the system: libraries and a glibc, which may be older than the building system's.

A library asks for each symbol in the version that was the C library's newest when the library was linked. Where an
older version does as well, asking for that lets the same file run on older systems.

The tables are those of the System V ABI's ELF-64, and of the Linux Standard Base, "Symbol Versioning".
"""

import re
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_ELF_64 = b"\x7fELF\x02"
_SECTION = struct.Struct("<IIQQQQIIQQ")
_NEED = struct.Struct("<HHIII")
_VERSION = struct.Struct("<IHHII")
_SYMBOL = struct.Struct("<IBBHQQ")
_DYNSYM, _VERNEED, _VERSYM = 11, 0x6FFFFFFE, 0x6FFFFFFF


@dataclass(frozen=True)
class Need:
    """A version that a file asks for: its number among the file's versions, and where it is written."""

    version: str
    number: int
    place: int


@dataclass(frozen=True)
class _Section:
    kind: int
    start: int
    size: int
    strings: int  # number of the section with its names
    entries: int


def newest_glibc(folder: Path) -> str:
    """The newest glibc that anything below `folder` needs, as in `2.34`."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    found = max(_glibc(need.version) for path in files for need in needs(path.read_bytes()))
    return ".".join(map(str, found))


def libraries_of_the_system(folder: Path, optional: list[str]) -> list[str]:
    """The names, as in `libz.so.1`, of the libraries that files below `folder` need, and that are not there.

    Files whose names are in `optional` are done without where their libraries are missing.
    """
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink() and _is_elf(path)]
    command = ["objdump", "--private-headers", *(path for path in files if path.name not in optional)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    there = {path.name for path in folder.rglob("*.so*")}
    return sorted(set(re.findall(r"^  NEEDED +(\S+)$", said, re.M)) - there)


def ask_for_older_symbols(library: Path, newest: str, older: dict[str, str]) -> None:
    """Change in `library` the versions of glibc's symbols above `newest`, as in `2.34`, to those of `older`.

    A version of which `older` does not name all symbols stays, and shows in `newest_glibc`; so does one that would
    become a version in which the library asks for nothing else.
    """
    content, limit = bytearray(library.read_bytes()), _glibc(f"GLIBC_{newest}")
    asked = list(needs(content))
    written = {need.version: _VERSION.unpack_from(content, need.place) for need in asked}
    for need in asked:
        if _glibc(need.version) <= limit:
            continue
        wanted = {older.get(name, need.version) for name in _symbols(content, need.number)}
        if len(wanted) != 1 or not wanted <= written.keys():
            continue
        hashed, _, _, name, _ = written[wanted.pop()]
        _, flags, number, _, following = written[need.version]
        _VERSION.pack_into(content, need.place, hashed, flags, number, name, following)
    library.write_bytes(content)


def needs(content: bytes | bytearray) -> Iterator[Need]:
    """What a file asks of its libraries; nothing where it is no ELF file."""
    for table in _sections(content, _VERNEED):
        names = _names(content).start
        library_at = table.start
        for _ in range(table.entries):
            _, count, _, first, following_library = _NEED.unpack_from(content, library_at)
            place = library_at + first
            for _ in range(count):
                _, _, number, version, following = _VERSION.unpack_from(content, place)
                yield Need(_text(content, names + version), number, place)
                place += following
            library_at += following_library


def _symbols(content: bytes | bytearray, number: int) -> list[str]:
    """The symbols that a file asks for in a version."""
    (table,), (versions,) = _sections(content, _DYNSYM), _sections(content, _VERSYM)
    numbers = struct.unpack_from(f"<{versions.size // 2}H", content, versions.start)
    names = _names(content).start
    return [
        _text(content, names + _SYMBOL.unpack_from(content, table.start + at * _SYMBOL.size)[0])
        for at, its in enumerate(numbers)
        if its == number
    ]


def _names(content: bytes | bytearray) -> _Section:
    """The strings that the tables of versions and symbols share."""
    (versions,) = _sections(content, _VERNEED)
    return _sections(content)[versions.strings]


def _sections(content: bytes | bytearray, kind: int | None = None) -> list[_Section]:
    """The sections of a 64-bit ELF file, all or of one kind."""
    if content[:5] != _ELF_64:
        return []
    (start,), (size, count) = struct.unpack_from("<Q", content, 0x28), struct.unpack_from("<HH", content, 0x3A)
    rows = (_SECTION.unpack_from(content, start + size * n) for n in range(count))
    return [_Section(row[1], row[4], row[5], row[6], row[7]) for row in rows if kind in (None, row[1])]


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(5) == _ELF_64


def _text(content: bytes | bytearray, start: int) -> str:
    return bytes(content[start : content.index(b"\0", start)]).decode()


def _glibc(version: str) -> tuple[int, ...]:
    """The numbers of a version of glibc's; none of another library's."""
    found = re.fullmatch(r"GLIBC_(\d+(?:\.\d+)*)", version)
    return tuple(int(part) for part in found[1].split(".")) if found else ()
