"""Delete from the store what was delivered long ago."""

from collections.abc import Iterable

from desktop_app.export.ledger import Archive
from desktop_app.trails.store.hours import hours
from desktop_app.trails.store.prune import prune
from desktop_app.trails.store.span import HOUR_MS, Span
from desktop_app.trails.store.store import Store

_DAY_MS = 24 * HOUR_MS


def prune_delivered(store: Store, delivered: Iterable[Archive], keep_days: int, now_ms: int) -> None:
    """Delete events of archives that the server has whose days ended `keep_days` ago; 0 keeps all.

    Raises LocalDiskError, StoreDamaged for a damaged store.
    """
    cutoff_ms = now_ms - keep_days * _DAY_MS
    oldest = next(iter(hours(store)), None)
    if keep_days == 0 or oldest is None or oldest.start_ms >= cutoff_ms:
        return
    for archive in delivered:
        if oldest.start_ms < archive.end_ms <= cutoff_ms:
            prune(store, Span(archive.start_ms, archive.end_ms, upto_seq=archive.upto_seq))
