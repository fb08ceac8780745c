"""The bytes of an archive around its members (.zip as of PKWARE's APPNOTE 6.3.10).

Each field has one value only: whoever knows the members and when they were changed, knows every byte, and finds
one that is another.
"""

import struct
from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec import Struct

# What a .zip can hold as a time of change; the clock of a computer may stand elsewhere.
_FIRST_TIME = datetime(1980, 1, 1, tzinfo=UTC)
_LAST_TIME = datetime(2107, 12, 31, 23, 59, 58, tzinfo=UTC)
_LARGEST = 0xFFFF_FFFF  # what 32 bits hold; a field that has it says that the value is in a ZIP64 field
_UNIX = 3
_MODE = 0o600 << 16
_VERSION, _VERSION_64 = 20, 45
_STORED, _DEFLATED = 0, 8
_ZIP64_EXTRA = 1


class Member(Struct, frozen=True, kw_only=True):
    """One file in an archive: `packed` and `size` in bytes; with `zip64`, they may be of any size. `name` is
    ASCII, as all names of archives are."""

    name: str
    crc32: int
    packed: int
    size: int
    deflated: bool
    zip64: bool = False


def local_header(member: Member, changed: datetime) -> bytes:
    """What stands before a member's content."""
    name = member.name.encode("ascii")
    extra = struct.pack("<HHQQ", _ZIP64_EXTRA, 16, member.size, member.packed) if member.zip64 else b""
    sizes = (_LARGEST, _LARGEST) if member.zip64 else (member.packed, member.size)
    return (
        struct.pack("<4sH", b"PK\3\4", _version(member))
        + _facts(member, changed)
        + struct.pack("<IIHH", *sizes, len(name), len(extra))
        + name
        + extra
    )


def directory(members: Sequence[Member], changed: datetime) -> bytes:
    """What stands after the content of the last member, to the end of the file."""
    entries, offset = [], 0
    for member in members:
        entries.append(_entry(member, changed, offset))
        offset += len(local_header(member, changed)) + member.packed
    size = sum(map(len, entries))
    end = b""
    if offset > _LARGEST:
        record = struct.pack(
            "<4sQHHIIQQQQ", b"PK\6\6", 44, _UNIX << 8 | _VERSION_64, _VERSION_64, 0, 0,
            len(members), len(members), size, offset,
        )  # fmt: skip
        end = record + struct.pack("<4sIQI", b"PK\6\7", 0, offset + size, 1)
    end += struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, len(members), len(members), size, min(offset, _LARGEST), 0)
    return b"".join(entries) + end


def _entry(member: Member, changed: datetime, offset: int) -> bytes:
    """A member in the central directory."""
    name = member.name.encode("ascii")
    large = [member.size, member.packed] if member.zip64 else []
    sizes = (_LARGEST, _LARGEST) if member.zip64 else (member.packed, member.size)
    if offset > _LARGEST:
        large.append(offset)
    extra = struct.pack(f"<HH{len(large)}Q", _ZIP64_EXTRA, 8 * len(large), *large) if large else b""
    version = _VERSION_64 if large else _VERSION
    return (
        struct.pack("<4sHH", b"PK\1\2", _UNIX << 8 | version, version)
        + _facts(member, changed)
        + struct.pack("<IIHHHHHII", *sizes, len(name), len(extra), 0, 0, 0, _MODE, min(offset, _LARGEST))
        + name
        + extra
    )


def _facts(member: Member, changed: datetime) -> bytes:
    """Flags, method, time of change and CRC-32, which both headers of a member have."""
    at = min(max(changed.astimezone(UTC), _FIRST_TIME), _LAST_TIME)
    time = at.hour << 11 | at.minute << 5 | at.second // 2
    date = at.year - 1980 << 9 | at.month << 5 | at.day
    return struct.pack("<HHHHI", 0, _DEFLATED if member.deflated else _STORED, time, date, member.crc32)


def _version(member: Member) -> int:
    return _VERSION_64 if member.zip64 else _VERSION
