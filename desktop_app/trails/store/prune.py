"""Delete events from the store."""

from desktop_app.trails.store.single_rows import split_blocks
from desktop_app.trails.store.span import FLOOR_HOUR, HOUR_MS, Span
from desktop_app.trails.store.store import Store

_PLACE = "INDEXED BY events_by_time WHERE created_ms >= ? AND created_ms < ? AND seq > ? AND seq <= ?"


def prune(store: Store, span: Span) -> int:
    """Delete the events of a span; return their number. Raises LocalDiskError."""
    start_ms, end_ms, after_seq, upto_seq = span.values
    db = store.db
    with store.transaction():
        db.execute(
            """DELETE FROM blocks WHERE first_ms >= ? AND first_ms < ? AND first_seq > ?
               AND last_ms < ? AND last_seq <= ?""",
            (start_ms, end_ms, after_seq, end_ms, upto_seq),
        )
        split_blocks(
            db,
            "first_ms > ? AND first_ms < ? AND last_ms >= ? AND last_seq > ? AND first_seq <= ?",
            (start_ms - HOUR_MS, end_ms, start_ms, after_seq, upto_seq),  # no block is longer
        )
        db.execute(
            f"""UPDATE hours SET events = events - gone.n, bytes = bytes - gone.size FROM
                (SELECT {FLOOR_HOUR} AS hour, count(*) AS n, sum(size) AS size
                 FROM events {_PLACE} GROUP BY 1) AS gone WHERE hours.hour = gone.hour""",
            span.values,
        )
        hours = (start_ms // HOUR_MS, end_ms // HOUR_MS)
        db.execute("DELETE FROM hours WHERE events = 0 AND hour BETWEEN ? AND ?", hours)
        return db.execute(f"DELETE FROM events {_PLACE}", span.values).rowcount
