"""Whoever reads the store is told of damage in one way, which is no exception of SQLite's."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_app.trails.store.archive_notes import archive_notes, is_delivered
from desktop_app.trails.store.browse import FoundEvents, Key, Listing, Section, event_line, sections
from desktop_app.trails.store.hours import count, hours, require_counted, set_right_last_numbers
from desktop_app.trails.store.known_sources import known_as, known_sources
from desktop_app.trails.store.places import StoredPlaces, count_places
from desktop_app.trails.store.search import Sought, search
from desktop_app.trails.store.set_aside import last_set_aside, next_set_aside, set_aside_records
from desktop_app.trails.store.span import Span
from desktop_app.trails.store.store import Store, StoreDamaged, open_store
from desktop_app.trails.store.timeline import batches, numbered_lines

ALL = Section(Span(), 0, 1 << 40, 5)
READERS: dict[str, Callable[[Store], object]] = {
    "archive_notes": archive_notes,
    "is_delivered": lambda store: is_delivered(store, "a", "b"),
    "sections": lambda store: sections(store, [Span()]),
    "rows": lambda store: Listing(store, [ALL]).rows(0, 5),
    "row_of": lambda store: Listing(store, [ALL]).row_of(Key(5, 5)),
    "found rows": lambda store: FoundEvents(store, [Key(5, 5)]).rows(0, 5),
    "event_line": lambda store: event_line(store, 5),
    "count": lambda store: count(store, Span()),
    "hours": hours,
    "require_counted": require_counted,
    "set_right_last_numbers": lambda store: set_right_last_numbers(store, 0),
    "place": lambda store: StoredPlaces(store, "s").get("key"),
    "places": lambda store: list(StoredPlaces(store, "s").starting_with("key")),
    "count_places": lambda store: count_places(store, "s", "key"),
    "search": lambda store: list(search(store, [Span()], Sought("word"))),
    "set_aside_records": lambda store: set_aside_records(store, "s", 5),
    "known_sources": known_sources,
    "known_as": lambda store: known_as(store, "s"),
    "next_set_aside": lambda store: next_set_aside(store, 1, 0),
    "last_set_aside": lambda store: last_set_aside(store, 1),
    "batches": lambda store: list(batches(store, Span())),
    "numbered_lines": lambda store: list(numbered_lines(store, Span())),
    "has": lambda store: store.has("id"),
    "last_seq": lambda store: store.last_seq(),
}


@pytest.fixture
def torn(tmp_path: Path) -> Iterator[Store]:
    """A store without its tables."""
    with open_store(tmp_path / "trails.db") as store:
        for table in ("events", "blocks", "hours", "archives", "places", "set_aside", "sources"):
            store.db.execute(f"DROP TABLE {table}")
        yield store


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_tells(torn: Store, reader: str) -> None:
    with pytest.raises(StoreDamaged, match=r"trails\.db can't be used \(no such table") as caught:
        READERS[reader](torn)
    assert "put back a copy" in caught.value.hint


def test_a_transaction_tells_as_well(torn: Store) -> None:
    with pytest.raises(StoreDamaged, match="no such table"), torn.transaction():
        torn.db.execute("DELETE FROM events")
