"""Which days have ended and are not on the server yet: built and not delivered, or without their archive."""

from datetime import tzinfo

from msgspec import Struct

from desktop_app.export.due import due_days
from desktop_app.export.ledger import Archive, Ledger
from desktop_app.export.taken import Taken, taken
from desktop_app.trails.store.store import Store


class WaitingDay(Struct, frozen=True):
    """A day that has ended and is not on the server yet, and its events so far without an archive."""

    day: str
    events: int


def waiting_days(ledger: Ledger, store: Store, zone: tzinfo | None, now_ms: int) -> list[WaitingDay]:
    """The days that wait, the one that is built first; without a zone only that one. Raises LocalDiskError."""
    built = ledger.built()
    waiting = [WaitingDay(built.day, built.events)] if built else []
    if zone:
        archives: list[Archive | Taken] = [*taken(ledger), *([built] if built else [])]
        due = due_days(store, archives, zone, now_ms, ledger.switched_on_since())
        waiting += [WaitingDay(each.day.date.isoformat(), each.events) for each in due]
    return waiting
