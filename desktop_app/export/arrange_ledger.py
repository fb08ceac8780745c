"""Put the archives of the ledger in the order in which they were built, where some were entered later."""

from collections.abc import Iterable
from itertools import count

from desktop_app.export.ledger import Ledger


def arrange(ledger: Ledger, built: Iterable[tuple[str, str]]) -> None:
    """`built` are the archives that the store knows, by name and SHA-256, in the order in which they were built.

    Before these belong those that were never noted, which an earlier version entered; after these those that the
    store does not know, of which an older copy was put back. The chain goes on from the last, and what an archive
    holds is what those before it left. Raises LocalDiskError.
    """
    places = {key: place for place, key in enumerate(built)}
    with ledger.transaction():
        rows = ledger.db.execute("SELECT id, name, sha256, noted FROM archives ORDER BY id").fetchall()

        def place_of(row: tuple[int, str, str, int]) -> tuple[int, int]:
            number, name, sha256, noted = row
            if (name, sha256) in places:
                return 1, places[name, sha256]
            return (2, number) if noted else (0, number)

        # Above all that there are: no number is given twice on the way.
        above = count(rows[-1][0] + 1 if rows else 1)
        ledger.db.executemany(
            "UPDATE archives SET id = ? WHERE id = ?",
            [(next(above), number) for number, *_ in sorted(rows, key=place_of)],
        )
