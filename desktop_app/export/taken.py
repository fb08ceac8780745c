"""What of the delivered archives says which events are still to be exported.

Of ten years, that is read in a third of the time of all that the ledger knows of them.
"""

from datetime import date

from msgspec import Struct

from desktop_app.export.ledger import Ledger
from desktop_app.rows import RowsOf


class Taken(Struct, frozen=True, gc=False):
    """An archive's day, and which events it holds, as `ledger.Archive` says it."""

    day: str
    start_ms: int
    end_ms: int
    upto_seq: int


_ROWS = RowsOf(Taken)


def taken(ledger: Ledger) -> list[Taken]:
    """What the delivered archives hold. Raises LedgerDamaged."""
    with ledger.reading():
        rows = ledger.db.execute(f"SELECT {_ROWS.columns} FROM archives WHERE state = 'delivered'").fetchall()
        found = _ROWS.read(row for (row,) in rows)
        for each in found:
            date.fromisoformat(each.day)
            if each.start_ms > each.end_ms:
                raise ValueError("a day ends before it begins")
    return found
