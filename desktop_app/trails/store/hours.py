"""What the store counts of each hour, so that nobody has to look at its events for that."""

from collections import Counter

from msgspec import Struct

from desktop_app.trails.store.identity import RECORDED, source_of_head
from desktop_app.trails.store.span import FLOOR_HOUR, HOUR_MS, Span
from desktop_app.trails.store.store import Store


class HourCount(Struct, frozen=True):
    """The events created in one hour of UTC (`hour` since 1970), the bytes of their lines, and the arrival
    number of the last of them to arrive."""

    hour: int
    events: int
    bytes: int
    last_seq: int

    @property
    def start_ms(self) -> int:
        return self.hour * HOUR_MS

    @property
    def end_ms(self) -> int:
        return (self.hour + 1) * HOUR_MS


def hours(store: Store) -> list[HourCount]:
    """The hours that have events, in order of time. Raises StoreDamaged, as all here."""
    with store.reading():
        return [HourCount(*map(int, row)) for row in store.db.execute("SELECT * FROM hours ORDER BY hour")]


def hours_after(store: Store, instant_ms: int) -> list[HourCount]:
    """Those that begin after an instant."""
    with store.reading():
        rows = store.db.execute("SELECT * FROM hours WHERE hour > ? ORDER BY hour", (instant_ms // HOUR_MS,))
        return [HourCount(*map(int, row)) for row in rows]


def count(store: Store, span: Span) -> tuple[int, int]:
    """Number and bytes (of their lines) of the events that `timeline.batches` gives for the same span."""
    start_ms, end_ms, after_seq, upto_seq = span.values
    first, end = start_ms // HOUR_MS, -(-end_ms // HOUR_MS)
    with store.reading():
        events, size, last_seq = store.db.execute(
            """SELECT ifnull(sum(events), 0), ifnull(sum(bytes), 0), ifnull(max(last_seq), 0)
               FROM hours WHERE hour >= ? AND hour < ?""",
            (first, end),
        ).fetchone()
        if (first * HOUR_MS, end * HOUR_MS, after_seq) == (start_ms, end_ms, 0) and last_seq <= upto_seq:
            return int(events), int(size)
        # Fewer may have come at that time, or since that number.
        way = "INDEXED BY events_by_time" if events < upto_seq - after_seq else "NOT INDEXED"
        row = store.db.execute(
            f"""SELECT count(*), ifnull(sum(size), 0) FROM events {way}
                WHERE created_ms >= ? AND created_ms < ? AND seq > ? AND seq <= ?""",
            span.values,
        ).fetchone()
        return int(row[0]), int(row[1])


def count_by_source(store: Store, span: Span) -> dict[int | None, int]:
    """How many of the events of a span there are of each source, by its number; None: from before version 5."""
    if span.after_seq >= span.upto_seq:
        return {}
    events, _ = count(store, span)
    if _all_are_recorded(store):
        return {RECORDED: events} if events else {}
    way = "INDEXED BY events_by_time" if events < span.upto_seq - span.after_seq else "NOT INDEXED"
    with store.reading():
        rows = store.db.execute(
            f"""SELECT substr(id, 1, 3), count(*) FROM events {way}
                WHERE created_ms >= ? AND created_ms < ? AND seq > ? AND seq <= ? GROUP BY 1""",
            span.values,
        ).fetchall()
    found = Counter[int | None]()
    for head, number in rows:
        found[source_of_head(bytes(head))] += number
    return dict(found)


def _all_are_recorded(store: Store) -> bool:
    """Whether no source has ever stored an event, and none is from before version 5: then nobody need look."""
    with store.reading():
        query = """SELECT EXISTS (SELECT 1 FROM sources WHERE number != ? AND stored > 0)
                   OR EXISTS (SELECT 1 FROM early_events)"""
        return not store.db.execute(query, (RECORDED,)).fetchone()[0]


def require_counted(store: Store) -> None:
    """Make sure that `hours` has every hour with events: one look into the index for each gap."""
    start_ms = -(1 << 62)
    ends = [*(hour.start_ms for hour in hours(store)), 1 << 62]
    with store.reading():
        for end_ms in ends:
            if (
                start_ms < end_ms
                and store.db.execute(
                    "SELECT 1 FROM events WHERE created_ms >= ? AND created_ms < ? LIMIT 1", (start_ms, end_ms)
                ).fetchone()
            ):
                raise store.damage("there are events that are not counted")
            start_ms = end_ms + HOUR_MS


def set_right_last_numbers(store: Store, after_seq: int) -> int:
    """Let `hours` know of all that arrived after a number, and say of how many hours it did not.

    By the numbers there it is found that events came late: one that lost a bit would hide them. Raises
    LocalDiskError.
    """
    with store.reading():
        wrong = store.db.execute(
            f"""SELECT max(seq), hour FROM events JOIN hours ON hour = {FLOOR_HOUR}
                WHERE seq > ? AND seq > last_seq GROUP BY hour""",
            (after_seq,),
        ).fetchall()
    if wrong:
        with store.transaction():
            store.db.executemany("UPDATE hours SET last_seq = ? WHERE hour = ?", wrong)
    return len(wrong)
