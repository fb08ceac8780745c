"""Make single events of those that a block has, each with its line in its own row."""

from collections.abc import Iterable
from sqlite3 import Connection

from desktop_app.trails.store.block import SEPARATOR, Block, crc32_of, unpack

_BLOCK = "SELECT first_seq, size, crc32, deflated FROM blocks"


def split_blocks(db: Connection, place: str, values: Iterable[int]) -> None:
    """Split the blocks that are found by a condition. To be done in a transaction, as all here."""
    for block in db.execute(f"{_BLOCK} WHERE {place}", tuple(values)).fetchall():
        _split(db, *block)


def split_block_of(db: Connection, seq: int) -> None:
    """Split the block that has an event, if there is one."""
    place = "first_seq = (SELECT max(first_seq) FROM blocks WHERE first_seq <= ?) AND last_seq >= ?"
    split_blocks(db, place, (seq, seq))


def set_lines(db: Connection, first_seq: int, lines: Iterable[bytes]) -> None:
    """Give the events from number `first_seq` on, as far as they are there, their lines in their own rows."""
    numbered = ((line, crc32_of(line), seq) for seq, line in enumerate(lines, first_seq))
    db.executemany("UPDATE events SET line = ?, crc32 = ? WHERE seq = ?", numbered)


def _split(db: Connection, first_seq: int, size: int, crc32: int, deflated: bytes) -> None:
    set_lines(db, first_seq, unpack(Block(size, crc32, deflated)).split(SEPARATOR))
    db.execute("DELETE FROM blocks WHERE first_seq = ?", (first_seq,))
