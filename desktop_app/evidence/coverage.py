"""What was asked of each source, what became of the records that came, and what is known to be missing."""

from collections.abc import Iterable
from functools import reduce

from msgspec import Struct

_TOLD = 10  # of what was asked of a source, and of its gaps: there may be a million files
_LONGEST = 300  # characters of one of them


class SourceGap(Struct, frozen=True):
    """Something of a source that was to be read and was not, and why."""

    what: str
    reason: str


class SourceCoverage(Struct, frozen=True, rename="camel", kw_only=True):
    """What one or more collections, from `first` to `last` (ISO 8601 in UTC), asked of a source and got: `read` is
    the sum of `stored`, `repeated` and `set_aside`.

    `complete` is false where something could not be read, which the next collection tries again; beside those
    named there are `more_gaps`, and `more_asked`. Of a source that answers by pages, so many `pages` came; it says
    that it has `total` records for what was asked, where it says that. The latest event came at least `latest`
    seconds behind its time.
    """

    source: str
    first: str
    last: str
    collections: int = 1
    asked: tuple[str, ...] = ()
    more_asked: int = 0
    read: int = 0
    stored: int = 0
    repeated: int = 0
    set_aside: int = 0
    complete: bool = True
    gaps: tuple[SourceGap, ...] = ()
    more_gaps: int = 0
    pages: int = 0
    total: int | None = None
    latest: int = 0

    @property
    def adds_up(self) -> bool:
        """Whether each record that was read became something."""
        return self.read == self.stored + self.repeated + self.set_aside


class Delivered(Struct, frozen=True):
    """How many events of an archive are of a source; '' is `record` and the program itself, None what an older
    version collected."""

    source: str | None
    events: int


class Came(Struct, frozen=True):
    """What has come of all records of a source so far; `set_aside` are those that are so now."""

    stored: int = 0
    repeated: int = 0
    set_aside: int = 0


def told_asked(asked: Iterable[str]) -> tuple[tuple[str, ...], int]:
    """The first ones, and how many more there are."""
    known = [each[:_LONGEST] for each in dict.fromkeys(asked)]
    return tuple(known[:_TOLD]), max(0, len(known) - _TOLD)


def told_gaps(gaps: Iterable[tuple[str, str]]) -> tuple[tuple[SourceGap, ...], int]:
    """The first ones, by what and why, and how many more there are."""
    known = [SourceGap(what[:_LONGEST], reason[:_LONGEST]) for what, reason in dict.fromkeys(gaps)]
    return tuple(known[:_TOLD]), max(0, len(known) - _TOLD)


def by_source(coverage: Iterable[SourceCoverage]) -> tuple[SourceCoverage, ...]:
    """Several collections, those of one source taken together, in the order of the first of each."""
    found: dict[str, list[SourceCoverage]] = {}
    for each in coverage:
        found.setdefault(each.source, []).append(each)
    return tuple(reduce(_together, those) for those in found.values())


def _together(one: SourceCoverage, other: SourceCoverage) -> SourceCoverage:
    asked, more_asked = told_asked((*one.asked, *other.asked))
    gaps, more_gaps = told_gaps((gap.what, gap.reason) for gap in (*one.gaps, *other.gaps))
    return SourceCoverage(
        source=one.source,
        first=min(one.first, other.first),
        last=max(one.last, other.last),
        collections=one.collections + other.collections,
        asked=asked,
        more_asked=more_asked + one.more_asked + other.more_asked,
        read=one.read + other.read,
        stored=one.stored + other.stored,
        repeated=one.repeated + other.repeated,
        set_aside=one.set_aside + other.set_aside,
        complete=one.complete and other.complete,
        gaps=gaps,
        more_gaps=more_gaps + one.more_gaps + other.more_gaps,
        pages=one.pages + other.pages,
        total=None if one.total is None and other.total is None else (one.total or 0) + (other.total or 0),
        latest=max(one.latest, other.latest),
    )
