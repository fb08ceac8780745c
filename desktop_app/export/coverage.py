"""Which events the archives hold already: for each instant, the arrival number up to which all are taken.

Every archive takes all events of its day that arrived up to some number and that no earlier archive holds.
So what is exported is a step function from createdAt to an arrival number, also when the time zone,
and with it the days, changed in between.
"""

from bisect import bisect_right
from collections.abc import Iterable

from desktop_app.trails.store.span import Span


class Coverage:
    """The step function; 0 wherever nothing was exported yet. Of the spans that are `taken`, what came before
    their `after_seq` was taken as well."""

    def __init__(self, taken: Iterable[Span]) -> None:
        spans = list(taken)
        self._edges = sorted({span.start_ms for span in spans} | {span.end_ms for span in spans})
        self._seqs = [0] * (len(self._edges) + 1)
        place = {edge: number for number, edge in enumerate(self._edges, start=1)}
        for span in spans:
            for step in range(place[span.start_ms], place[span.end_ms]):
                if span.upto_seq > self._seqs[step]:
                    self._seqs[step] = span.upto_seq

    def left(self, start_ms: int, end_ms: int) -> list[Span]:
        """What is not taken of the events created between two instants: a span for each step, in order of time,
        without gaps, cut at both ends."""
        first = bisect_right(self._edges, start_ms)
        last = bisect_right(self._edges, end_ms - 1)
        edges = [start_ms, *self._edges[first:last], end_ms]
        return [Span(edges[n], edges[n + 1], self._seqs[first + n]) for n in range(last - first + 1)]

    def lowest(self, start_ms: int, end_ms: int) -> int:
        """The smallest arrival number between two instants."""
        first = bisect_right(self._edges, start_ms)
        last = bisect_right(self._edges, end_ms - 1)
        return min(self._seqs[first : last + 1])
