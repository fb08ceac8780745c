"""A block: event lines kept deflated together, in pieces that a .zip can take as they are.

What `deflate` gives (RFC 1951) ends on a byte, refers to nothing before it and is not the last: such pieces
one after another are one stream, once `END` follows them.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import suppress

import msgspec
from isal import isal_zlib
from msgspec import Struct

SEPARATOR = b",\n"
END = b"\x03\x00"  # an empty block with fixed codes, the last
_LEVEL = 1


class Block(Struct, frozen=True):
    """Event lines joined by SEPARATOR as in a JSON array, deflated; `size` (bytes) and `crc32` are theirs."""

    size: int
    crc32: int
    deflated: bytes


def crc32_of(text: bytes) -> int:
    """The CRC-32 by which a damaged line or block is known."""
    return isal_zlib.crc32(text)


def checked(line: bytes, crc32: int | None) -> bytes:
    """A single line, if it is as it was stored; one from before version 3 of the store has no check (None).

    Raises sqlite3.DatabaseError for a damaged one.
    """
    if not isinstance(line, bytes):
        pass  # SQLite keeps what it reads, whatever its type
    elif crc32 is None:
        with suppress(msgspec.DecodeError):
            msgspec.json.decode(line, type=msgspec.Raw)
            if b"\n" not in line:
                return line
    elif crc32_of(line) == crc32:
        return line
    raise sqlite3.DatabaseError("an event is damaged")


def pack(lines: Iterable[bytes]) -> Block:
    """Event lines, none of which has a line break, as a block."""
    text = SEPARATOR.join(lines)
    return Block(len(text), isal_zlib.crc32(text), deflate(text))


def unpack(block: Block) -> bytes:
    """The lines, joined by SEPARATOR. Raises sqlite3.DatabaseError for a damaged block, as for a damaged page."""
    with suppress(isal_zlib.error):  # type: ignore[arg-type]  # which its stub has as a value
        inflater = isal_zlib.decompressobj(-isal_zlib.MAX_WBITS)
        text = inflater.decompress(block.deflated + END, block.size + 1)
        # Where END is not the end, neither would an archive go on after this block.
        ends = inflater.eof and not inflater.unused_data
        if ends and len(text) == block.size and isal_zlib.crc32(text) == block.crc32:
            return text
    raise sqlite3.DatabaseError("a block of events is damaged")


def deflate(text: bytes) -> bytes:
    """`text` deflated by Intel's ISA-L, several times as fast as zlib."""
    compressor = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, -isal_zlib.MAX_WBITS)
    return compressor.compress(text) + compressor.flush(isal_zlib.Z_SYNC_FLUSH)
