"""In which order of time a source is read, and how far that has come: which days will bring nothing more."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from enum import Enum
from itertools import chain

_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_/.\\]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_STEPS = 8  # that have to agree: a clock that was wrong for one file says nothing of the others


class Order(Enum):
    """What is known of the order in which a reader gives its records.

    PARTS: the parts come one after the other in time, as files do that are written day by day. NAMED: so they do,
    and may be read in another order, that of the days in their names. WITHIN: each part begins anew, as tables do,
    and is in order. NONE: only when all is read is it known that nothing is missing.
    """

    PARTS = "parts"
    NAMED = "named"
    WITHIN = "within"
    NONE = "none"


class Reached:
    """Up to which instant all was read, as far as the order of the source tells."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._latest: deque[int] = deque(maxlen=_STEPS)
        self.ms: int | None = None

    def note(self, middle_ms: int, is_last_part: bool) -> None:
        """Another step was read, half of whose events are not older than `middle_ms`."""
        if self._order is Order.NONE or (self._order is Order.WITHIN and not is_last_part):
            return
        self._latest.append(middle_ms)
        if len(self._latest) == _STEPS:
            lowest = min(self._latest)
            self.ms = lowest if self.ms is None else max(self.ms, lowest)


def with_last(parts: Iterable[str], order: Order) -> Iterator[tuple[str, bool]]:
    """The parts, each with whether it is known to be the last; files whose names have days, by these."""
    if order is not Order.WITHIN:  # whether there are more may depend on what became of those before
        yield from ((part, False) for part in (_by_day(iter(parts)) if order is Order.NAMED else parts))
        return
    before: str | None = None
    for part in parts:
        if before is not None:
            yield before, False
        before = part
    if before is not None:
        yield before, True


def named_day(name: str) -> str | None:
    """The last day in a name or path, such as `2026/11/22` or `20261122`, as `20261122`; None without one."""
    days = [f"{found[1]}{found[3]}{found[4]}" for found in _DAY.finditer(name)]
    return days[-1] if days else None


def _by_day(parts: Iterator[str]) -> Iterator[str]:
    first = next(parts, None)
    if first is None:
        return
    if named_day(first) is None:
        yield from chain([first], parts)
        return
    everything = [first, *parts]
    days = [named_day(part) for part in everything]
    if None in days:
        yield from everything
        return
    yield from (part for _, part in sorted(zip(days, everything, strict=True), key=lambda each: each[0] or ""))
