"""Since when the export is on."""

from datetime import tzinfo

from desktop_app.export.days import day_of
from desktop_app.export.ledger import Ledger


def note_switch(ledger: Ledger, enabled: bool, zone: tzinfo, now_ms: int) -> None:
    """Remember the day on which the export was switched on, from which on no day may be missing.

    Raises LocalDiskError.
    """
    since = ledger.switched_on_since()
    if enabled and since is None:
        ledger.set_switched_on_since(day_of(now_ms, zone).date, now_ms)
    elif not enabled and since is not None:
        ledger.set_switched_on_since(None)
