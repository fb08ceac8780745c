"""Keep what a collection asked of the sources and got, for the manifest of the next archive."""

from collections.abc import Iterable

from desktop_app.evidence.coverage import SourceCoverage, told_asked, told_gaps
from desktop_app.export.ledger import Ledger
from desktop_app.sources.collected import CollectedSource
from desktop_app.trails.event import iso_time


def note_coverage(ledger: Ledger, collected: Iterable[CollectedSource], now_ms: int) -> None:
    """Raises LocalDiskError."""
    ledger.note_coverage([_coverage(source, iso_time(now_ms)) for source in collected])


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
    )
