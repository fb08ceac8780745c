"""Which events are meant: a span of time, and one of arrival; and the hours by which they are counted."""

from msgspec import Struct

HOUR_MS = 3_600_000
FLOOR_HOUR = f"(created_ms - (created_ms % {HOUR_MS} + {HOUR_MS}) % {HOUR_MS}) / {HOUR_MS}"  # in SQL
FIRST_MS, END_MS = -(1 << 62), 1 << 62
ANY_SEQ = 1 << 62


class Span(Struct, frozen=True):
    """Events created from `start_ms` up to `end_ms` (excluded; epoch milliseconds) that arrived after number
    `after_seq` and up to `upto_seq`. All, unless it is said."""

    start_ms: int = FIRST_MS
    end_ms: int = END_MS
    after_seq: int = 0
    upto_seq: int = ANY_SEQ

    @property
    def values(self) -> tuple[int, int, int, int]:
        """The four numbers in this order, for a statement."""
        return self.start_ms, self.end_ms, self.after_seq, self.upto_seq
