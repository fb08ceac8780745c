"""Give events new arrival numbers, as if they arrived now."""

from collections.abc import Iterable

from desktop_app.trails.store.single_rows import split_block_of
from desktop_app.trails.store.span import HOUR_MS
from desktop_app.trails.store.store import Store


def raise_sequence(store: Store, upto_seq: int) -> None:
    """Let no event that comes get a number up to `upto_seq`. Raises LocalDiskError."""
    if store.last_seq() < upto_seq:
        with store.transaction():
            _set_sequence(store, upto_seq)


def renumber(store: Store, numbers: Iterable[int]) -> None:
    """Give events, by their arrival numbers, the next ones that are free, in the same order.

    Raises LocalDiskError, StoreDamaged for a damaged store.
    """
    with store.transaction():
        new_seq = store.last_seq()
        for seq in sorted(numbers):
            new_seq += 1
            split_block_of(store.db, seq)
            store.db.execute("UPDATE events SET seq = ? WHERE seq = ?", (new_seq, seq))
            store.db.execute(
                f"""UPDATE hours SET last_seq = ? WHERE hour * {HOUR_MS} <=
                    (SELECT created_ms FROM events WHERE seq = ?) AND (hour + 1) * {HOUR_MS} >
                    (SELECT created_ms FROM events WHERE seq = ?)""",
                (new_seq, new_seq, new_seq),
            )
        _set_sequence(store, new_seq)


def _set_sequence(store: Store, seq: int) -> None:
    store.db.execute("DELETE FROM sqlite_sequence WHERE name = 'events'")
    store.db.execute("INSERT INTO sqlite_sequence VALUES ('events', ?)", (seq,))
