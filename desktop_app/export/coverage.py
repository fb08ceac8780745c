"""Which events the archives hold already: for each instant, the arrival number up to which all are taken.

Every archive takes all events of its day that arrived up to some number and that no earlier archive holds.
So what is exported is a step function from createdAt to an arrival number, also when the time zone,
and with it the days, changed in between.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Stretch:
    """Events created from `start_ms` up to `end_ms` (excluded) are taken up to arrival number `seq`."""

    start_ms: int
    end_ms: int
    seq: int


class Coverage:
    """The step function; 0 wherever nothing was exported yet."""

    def __init__(self, taken: Iterable[Stretch]) -> None:
        stretches = list(taken)
        self._edges = sorted({edge for s in stretches for edge in (s.start_ms, s.end_ms)})
        self._seqs = [0] * (len(self._edges) + 1)
        for stretch in stretches:
            first = bisect_right(self._edges, stretch.start_ms)
            for step in range(first, bisect_right(self._edges, stretch.end_ms - 1) + 1):
                self._seqs[step] = max(self._seqs[step], stretch.seq)

    def within(self, start_ms: int, end_ms: int) -> list[Stretch]:
        """The steps between two instants, in order of time, without gaps, cut at both ends."""
        first = bisect_right(self._edges, start_ms)
        last = bisect_right(self._edges, end_ms - 1)
        edges = [start_ms, *self._edges[first:last], end_ms]
        return [Stretch(edges[n], edges[n + 1], self._seqs[first + n]) for n in range(last - first + 1)]

    def lowest(self, start_ms: int, end_ms: int) -> int:
        """The smallest arrival number between two instants."""
        first = bisect_right(self._edges, start_ms)
        last = bisect_right(self._edges, end_ms - 1)
        return min(self._seqs[first : last + 1])
