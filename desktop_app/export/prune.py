"""Delete from the store what was delivered long ago."""

from collections.abc import Iterable

from desktop_app.export.ledger import Archive
from desktop_app.trails.store.store import HOUR_MS, Store

_DAY_MS = 24 * HOUR_MS


def prune_delivered(store: Store, delivered: Iterable[Archive], keep_days: int, now_ms: int) -> None:
    """Delete events of archives that the server has whose days ended `keep_days` ago; 0 keeps all.

    Raises LocalDiskError, and sqlite3.DatabaseError for a damaged store.
    """
    cutoff_ms = now_ms - keep_days * _DAY_MS
    oldest = next(iter(store.hours()), None)
    if keep_days == 0 or oldest is None or oldest.hour * HOUR_MS >= cutoff_ms:
        return
    for archive in delivered:
        if oldest.hour * HOUR_MS < archive.end_ms <= cutoff_ms:
            store.prune(archive.start_ms, archive.end_ms, archive.upto_seq)
