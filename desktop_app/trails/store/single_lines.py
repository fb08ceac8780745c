"""The lines of single events by arrival number, wherever the store has them."""

from collections import deque
from functools import cached_property

from desktop_app.trails.store.block import SEPARATOR, Block, checked, unpack
from desktop_app.trails.store.store import Store

_BLOCKS_AT_HAND = 4


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


def open_block(store: Store, seq: int) -> OpenBlock | None:
    """The block that has an event; None where it is in none, or was pruned. Raises StoreDamaged."""
    with store.reading():
        row = store.db.execute(
            """SELECT first_seq, last_seq, size, crc32, deflated FROM blocks
               WHERE first_seq = (SELECT max(first_seq) FROM blocks WHERE first_seq <= ?) AND last_seq >= ?""",
            (seq, seq),
        ).fetchone()
        if not row:
            return None
        first_seq, last_seq, *block = row
        return OpenBlock(first_seq, last_seq, unpack(Block(*block)))


class SingleLines:
    """Gives lines by arrival number. The blocks used last stay at hand: people look at events close together."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._blocks: deque[OpenBlock] = deque(maxlen=_BLOCKS_AT_HAND)

    def line(self, seq: int) -> bytes | None:
        """The line of an event, or None where it was pruned. Raises StoreDamaged."""
        for block in self._blocks:
            if seq in block:
                return block.line(seq)
        if opened := open_block(self._store, seq):
            self._blocks.append(opened)
            return opened.line(seq)
        with self._store.reading():
            row = self._store.db.execute("SELECT line, crc32 FROM events WHERE seq = ?", (seq,)).fetchone()
            return checked(*row) if row else None
