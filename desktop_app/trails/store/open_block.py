"""A block, found by one of its events and unpacked."""

from functools import cached_property
from sqlite3 import Connection

from desktop_app.trails.store.block import SEPARATOR, Block, unpack


class OpenBlock:
    """A block, unpacked: `text` is the lines of the events `first_seq` to `last_seq`, joined by SEPARATOR."""

    def __init__(self, first_seq: int, last_seq: int, text: bytes) -> None:
        self.first_seq, self.last_seq, self.text = first_seq, last_seq, text

    def __contains__(self, seq: int) -> bool:
        return self.first_seq <= seq <= self.last_seq

    def line(self, seq: int) -> bytes:
        return self._lines[seq - self.first_seq]

    @cached_property
    def _lines(self) -> list[bytes]:
        return self.text.split(SEPARATOR)


def find_block(db: Connection, seq: int) -> OpenBlock | None:
    """The block that has an event; None where it is in none, or was pruned. Raises sqlite3.Error."""
    row = db.execute(
        """SELECT first_seq, last_seq, size, crc32, deflated FROM blocks
           WHERE first_seq = (SELECT max(first_seq) FROM blocks WHERE first_seq <= ?) AND last_seq >= ?""",
        (seq, seq),
    ).fetchone()
    if not row:
        return None
    first_seq, last_seq, *block = row
    return OpenBlock(first_seq, last_seq, unpack(Block(*block)))
