"""What became of a source so far."""

from dataclasses import dataclass

from desktop_app.sources.kind import READ
from desktop_app.trails.store.places import count_places
from desktop_app.trails.store.store import Store


@dataclass(frozen=True)
class SourceCounts:
    """Things that were read (files, those in a .zip one by one), and records that can't be events."""

    files: int
    set_aside: int


def counts(store: Store, source: str) -> SourceCounts:
    """How much of a source was read."""
    return SourceCounts(count_places(store, source, READ), store.set_aside_count(source))
