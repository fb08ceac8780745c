"""Keep what the sources were asked and what came of it, for the manifest of the next archive.

The store counts what comes of each source in the transaction in which it comes, the ledger how much of that it has
noted. So the manifest also counts what a killed collection has stored, and what `source retry` has.
"""

from collections.abc import Iterable

from desktop_app.evidence.coverage import Came, SourceCoverage, told_asked, told_gaps
from desktop_app.export.ledger import Ledger
from desktop_app.sources.collected import CollectedSource
from desktop_app.trails.event import iso_time
from desktop_app.trails.store.identity import RECORDED
from desktop_app.trails.store.known_sources import KnownSource, known_sources
from desktop_app.trails.store.store import Store


def note_coverage(ledger: Ledger, store: Store, collected: Iterable[CollectedSource], now_ms: int) -> None:
    """Of a collection that has ended. Raises LocalDiskError."""
    coverage = [_coverage(source, iso_time(now_ms)) for source in collected]
    came = _came(known_sources(store))
    if coverage or came != ledger.came():
        ledger.note_coverage(coverage, came)


def note_left_over(ledger: Ledger, store: Store, now_ms: int) -> None:
    """Before a collection: of what has come since the last one whose coverage was noted. Raises LocalDiskError."""
    known = known_sources(store)
    noted, came = ledger.came(), _came(known)
    if came == noted:
        return
    coverage: list[SourceCoverage] = []
    if noted:  # else an older version has collected, or none yet
        each = (
            _left_over(source, noted.get(source.number, Came()), iso_time(now_ms))
            for source in known
            if source.number != RECORDED
        )
        coverage = [left_over for left_over in each if left_over.read]
    ledger.note_coverage(coverage, came)


def _came(known: Iterable[KnownSource]) -> dict[int, Came]:
    """By source; what was recorded is no source's, and stands there as the mark that something was noted."""
    return {
        source.number: Came()
        if source.number == RECORDED
        else Came(source.stored, source.repeated, source.set_aside)
        for source in known
    }


def _left_over(source: KnownSource, noted: Came, at: str) -> SourceCoverage:
    """What was asked is not known any more. A store that was put back as an older copy has less than is noted."""
    stored, repeated, set_aside = (
        max(0, now - then)
        for now, then in (
            (source.stored, noted.stored),
            (source.repeated, noted.repeated),
            (source.set_aside, noted.set_aside),
        )
    )
    return SourceCoverage(
        source=source.name or source.label,
        first=at,
        last=at,
        read=stored + repeated + set_aside,
        stored=stored,
        repeated=repeated,
        set_aside=set_aside,
    )


def _coverage(source: CollectedSource, at: str) -> SourceCoverage:
    asked, more_asked = told_asked(source.asked)
    gaps, more_gaps = told_gaps((gap.what, str(gap.reason)) for gap in source.gaps)
    return SourceCoverage(
        source=source.name,
        first=at,
        last=at,
        asked=asked,
        more_asked=more_asked,
        read=source.read,
        stored=source.appended.stored,
        repeated=source.appended.repeated,
        set_aside=source.set_aside,
        complete=not source.gaps and source.error is None,
        gaps=gaps,
        more_gaps=more_gaps,
        pages=source.pages,
        total=source.total,
        latest=source.late_ms // 1000,
    )
