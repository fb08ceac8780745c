"""The lines of single events by arrival number, wherever the store has them."""

from collections import deque

from desktop_app.trails.store.block import checked
from desktop_app.trails.store.open_block import OpenBlock, find_block
from desktop_app.trails.store.store import Store

_BLOCKS_AT_HAND = 4


def open_block(store: Store, seq: int) -> OpenBlock | None:
    """The block that has an event; None where it is in none, or was pruned. Raises StoreDamaged."""
    with store.reading():
        return find_block(store.db, seq)


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
