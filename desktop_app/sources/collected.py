"""What came of the sources."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from desktop_app.errors import UserError
from desktop_app.sources.kind import Gap
from desktop_app.trails.store.append import Appended
from desktop_app.wording import Said

_REASONS_TOLD = 3
_HOUR_MS = 3_600_000


class Reasons:
    """Why records were set aside, each with how many: alike are those that differ only in their values."""

    def __init__(self) -> None:
        self._counts = Counter[str]()
        self._first: dict[str, str] = {}

    def add(self, reason: str, count: int = 1) -> None:
        """Count a reason."""
        kind = _kind(reason)
        self._first.setdefault(kind, reason)
        self._counts[kind] += count

    def __iadd__(self, other: "Reasons") -> "Reasons":
        for reason, count in other.most_common():
            self.add(reason, count)
        return self

    def most_common(self) -> list[tuple[str, int]]:
        """The first of each that are alike, and how many there are, the most frequent first."""
        return [(self._first[kind], count) for kind, count in self._counts.most_common()]


def _kind(reason: str) -> str:
    """A reason without the values in it; names in it are no values."""
    if not isinstance(reason, Said):
        return reason
    return " ".join([reason.template, *(each for each in reason.values.values() if isinstance(each, Said))])


@dataclass(frozen=True)
class CollectProgress:
    """So many records of a source were read."""

    source: str
    records: int


@dataclass
class CollectedSource:
    """What came of one source: of the records `read`, all were stored or repeated, or are set aside, for
    `reasons`; `beyond` of the latter are not kept. Among them are those that had been set aside before. So many
    things (files) had been set aside as a whole, and are to be `read_again`. `nowhere` is its address where
    nothing at all is there to read, `running_out` what to tell while events can still be fetched that soon can't.

    Events that a backfill was told to leave out, for they are older than its first day, are `left_out`.

    So many `pages` came, of answers that say how many records there are in all, `total`; the latest event came
    at least `late_ms` behind its time, where each collection looks `again_ms` further back.

    `asked` is what was asked of it, `gaps` what could not be read, which the next collection tries again, and
    `error` what to tell of that.
    """

    name: str
    read: int = 0
    appended: Appended = field(default_factory=lambda: Appended(0, 0))
    set_aside: int = 0
    read_again: int = 0
    beyond: int = 0
    left_out: int = 0
    reasons: Reasons = field(default_factory=Reasons)
    asked: list[str] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    error: UserError | None = None
    nowhere: str = ""
    pages: int = 0
    total: int | None = None
    late_ms: int = 0
    again_ms: int = 0
    running_out: Said | None = None

    def since(self, before: "CollectedSource") -> "CollectedSource":
        """What came after `before`, a copy of this one as it was then."""
        stored, earlier = self.appended, before.appended
        return replace(
            self,
            read=self.read - before.read,
            appended=Appended(stored.stored - earlier.stored, stored.repeated - earlier.repeated),
            set_aside=self.set_aside - before.set_aside,
            gaps=self.gaps[len(before.gaps) :],
            pages=self.pages - before.pages,
            total=None if self.total is None else self.total - (before.total or 0),
        )

    def as_it_is(self) -> "CollectedSource":
        """A copy, for `since`."""
        return replace(self, gaps=list(self.gaps))

    @property
    def mostly_set_aside(self) -> bool:
        """Whether more than half of what was read is set aside."""
        return 2 * self.set_aside > self.read

    def warnings(self) -> Iterator[Said]:
        """What to tell of records that are set aside, and of a source that has nothing to read."""
        if self.set_aside:
            reasons = [Said("{reason} ({count})", reason=each, count=n) for each, n in self.reasons.most_common()]
            yield Said(
                "Source {name}: set aside were {count} of {read} records: {reasons}.",
                name=self.name,
                count=self.set_aside,
                read=self.read,
                reasons=tuple(reasons[:_REASONS_TOLD]),
            )
        if self.beyond:
            yield Said(
                "Source {name}: no more records can be kept as set aside; of {count}, only the number is known.",
                name=self.name,
                count=self.beyond,
            )
        if self.late_ms > self.again_ms > 0:
            yield Said(
                "Source {name}: an event came at least {hours} hours late. Each run looks {again} hours back for"
                " such ones; this one was found by the look of the week.",
                name=self.name,
                hours=self.late_ms // _HOUR_MS,
                again=self.again_ms // _HOUR_MS,
            )
        if self.running_out:
            yield self.running_out
        if self.nowhere:
            yield nothing_there(self.name, self.nowhere)


@dataclass(frozen=True)
class Collected:
    """What came of each source."""

    sources: list[CollectedSource] = field(default_factory=list)

    @property
    def appended(self) -> Appended:
        """What came of all."""
        return sum((each.appended for each in self.sources), Appended(0, 0))

    @property
    def errors(self) -> list[UserError]:
        """What to tell of the sources that could not be read, or not whole."""
        return [each.error for each in self.sources if each.error]


def together(one: CollectedSource, other: CollectedSource) -> CollectedSource:
    """What came of a source in two ways."""
    reasons = Reasons()
    reasons += one.reasons
    reasons += other.reasons
    return replace(
        other,
        read=one.read + other.read,
        appended=one.appended + other.appended,
        set_aside=one.set_aside + other.set_aside,
        beyond=one.beyond + other.beyond,
        left_out=one.left_out + other.left_out,
        reasons=reasons,
        asked=list(dict.fromkeys([*one.asked, *other.asked])),
        gaps=[*one.gaps, *other.gaps],
        error=one.error or other.error,
    )


def nothing_there(name: str, address: str) -> Said:
    """Of a source, that nothing is there to read, whether it was read before or not."""
    return Said(
        "Source {name}: there is nothing to read in {address}. Is that the right place, and do the files match?",
        name=name,
        address=address,
    )
