"""Reading the store for people: order, pages, spans."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import Raw

from desktop_app.errors import LocalDiskError
from desktop_app.trails.event import parse_event
from desktop_app.trails.store.browse import (
    FoundEvents,
    Key,
    Listing,
    actor_text,
    event_line,
    sections,
)
from desktop_app.trails.store.prune import prune
from desktop_app.trails.store.span import HOUR_MS, Span
from desktop_app.trails.store.store import Store, open_store, open_store_to_read
from tests.stored import lines_in

START = 1_795_300_000_000


def event(created_ms: int, **changes: Any) -> bytes:
    values = {"createdAt": created_ms, "entityType": "T", "entityName": "N", "actionType": "A", **changes}
    return json.dumps(values).encode()


def fill(store: Store, times: list[int]) -> list[Key]:
    """Store events of these times, one after another, and give their keys, newest first."""
    first = store.last_seq() + 1
    for time in times:
        store.append([parse_event(event(time))])
    return sorted((Key(time, first + place) for place, time in enumerate(times)), reverse=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "trails.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with open_store(path) as store:
        yield store


def keys(listing: Listing | FoundEvents, first: int = 0, count: int = 1 << 30) -> list[Key]:
    return [Key(row.created_ms, row.seq) for row in listing.rows(first, count)]


def test_pages_in_any_order_are_the_events_newest_first(store: Store) -> None:
    rnd = random.Random(7)
    # Some hours are crowded, some have one event, many share an instant, some are from years before.
    times = [START + rnd.choice([0, 1, 5, 5, 5]) for _ in range(300)]
    times += [START + rnd.randrange(40 * HOUR_MS) for _ in range(200)]
    times += [START - 900_000_000_000 - rnd.randrange(3 * HOUR_MS) for _ in range(50)]
    rnd.shuffle(times)
    expected = fill(store, times)
    listing = Listing(store, sections(store, [Span()]))
    assert len(listing) == 550
    assert keys(listing) == expected
    fresh = Listing(store, sections(store, [Span()]))
    for _ in range(200):
        first, count = rnd.randrange(550), rnd.choice([1, 7, 64, 128])
        assert keys(fresh, first, count) == expected[first : first + count]
    assert [fresh.row_of(key) for key in expected] == list(range(550))
    assert keys(fresh, 550, 10) == []


def test_places_are_those_of_the_rows_in_any_order(store: Store) -> None:
    rnd = random.Random(11)
    times = [START + rnd.choice([0, 1, 5, 5, 5]) for _ in range(100)]
    times += [START + rnd.randrange(20 * HOUR_MS) for _ in range(100)]
    expected = fill(store, times)
    amid = START + 5 * HOUR_MS
    for spans in ([Span()], [Span(end_ms=amid), Span(start_ms=amid)]):
        listing = Listing(store, sections(store, spans))
        for _ in range(200):
            first, count = rnd.randrange(200), rnd.choice([1, 7, 64, 300])
            assert listing.places(first, count) == expected[first : first + count]
            assert keys(listing, first, count) == expected[first : first + count]
        assert listing.places(200, 10) == [] and listing.places(0, 0) == []
    found = FoundEvents(store, expected)
    assert found.places(3, 4) == expected[3:7] == keys(found, 3, 4)


def test_what_was_not_found_has_no_row_among_many_that_were(store: Store) -> None:
    expected = fill(store, [START + n for n in range(300)])
    found = FoundEvents(store, expected[:-1])
    assert [found.row_of(key) for key in expected] == [*range(299), None]
    assert FoundEvents(store, expected[1:]).row_of(expected[0]) is None


def test_a_page_costs_as_much_wherever_it_is_when_the_one_before_was_read(store: Store) -> None:
    store.append(parse_event(event(START + n)) for n in range(2000))
    listing = Listing(store, sections(store, [Span()]))
    steps: list[int] = []

    def cost(first: int) -> int:
        steps.clear()
        listing.rows(first, 20)
        return len(steps)

    listing.rows(0, 20)
    listing.rows(20, 20)  # whose statement is prepared by now
    store.db.set_progress_handler(lambda: steps.append(1), 1)
    second = cost(40)
    assert all(cost(first) < 1.5 * second for first in range(60, 2000, 20))


def test_a_page_of_several_hours_is_found_by_one_query(store: Store) -> None:
    expected = fill(store, [START + hour * HOUR_MS + n for hour in range(6) for n in range(2)])
    for count in range(1, 13):
        listing = Listing(store, sections(store, [Span()]))
        queries: list[str] = []
        store.db.set_trace_callback(queries.append)
        assert listing.places(0, count) == expected[:count]
        store.db.set_trace_callback(None)
        assert len([each for each in queries if "FROM events" in each]) == 1


def test_spans_cut_time_and_arrival(store: Store) -> None:
    rnd = random.Random(8)
    expected = fill(store, [START + rnd.randrange(10 * HOUR_MS) for _ in range(400)])
    middle, late = START + 3 * HOUR_MS + 77, START + 8 * HOUR_MS + 5
    spans = [
        Span(START, middle, 0, 100),
        Span(middle, late, 50, 300),
        Span(late, START + 20 * HOUR_MS, 350),
    ]

    def within(key: Key) -> bool:
        return any(s.start_ms <= key.created_ms < s.end_ms and s.after_seq < key.seq <= s.upto_seq for s in spans)

    wanted = [key for key in expected if within(key)]
    listing = Listing(store, sections(store, spans))
    assert len(listing) == len(wanted)
    assert keys(listing) == wanted
    for first in range(0, len(wanted), 13):
        assert keys(listing, first, 13) == wanted[first : first + 13]
    outside = next(key for key in expected if not within(key))
    assert listing.row_of(outside) is None


def test_what_arrives_later_moves_no_row(store: Store) -> None:
    expected = fill(store, [START + n for n in range(100)])
    listing = Listing(store, sections(store, [Span()]))
    assert keys(listing, 0, 10) == expected[:10]
    fill(store, [START + n for n in range(0, 200, 2)])
    assert keys(listing) == expected


def test_pruned_events_leave_shorter_pages(store: Store) -> None:
    expected = fill(store, [START + n for n in range(100)])
    listing = Listing(store, sections(store, [Span()]))
    prune(store, Span(START, START + 50))
    assert keys(listing) == expected[:50]
    assert event_line(store, expected[-1].seq) is None


def test_found_events_come_in_the_order_found(store: Store) -> None:
    expected = fill(store, [START + n % 7 for n in range(50)])
    found = FoundEvents(store, expected[::3])
    assert keys(found, 2, 5) == expected[::3][2:7]
    assert [found.row_of(key) for key in expected[::3]] == list(range(len(found)))
    assert found.row_of(expected[1]) is None
    assert found.row_of(Key(START - 1, 1)) is None  # older than all


def test_the_whole_event_is_the_line_that_is_exported(store: Store) -> None:
    (key,) = fill(store, [START])
    line = event_line(store, key.seq)
    assert line is not None and line == lines_in(store)[0]


def test_reading_creates_nothing_and_holds_up_nobody(path: Path, store: Store) -> None:
    missing = path.with_name("none.db")
    with open_store_to_read(missing) as empty:
        assert sections(empty, [Span()]) == []
    assert not missing.exists()
    fill(store, [START])
    with open_store_to_read(path) as reader:
        listing = Listing(reader, sections(reader, [Span()]))
        fill(store, [START + 1])
        assert store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
        assert len(keys(listing)) == 1


def test_what_is_no_store_is_told(path: Path) -> None:
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(LocalDiskError, match="can't be used"):
        open_store_to_read(path)


@pytest.mark.parametrize(
    ("actor", "text"),
    [
        (b"null", ""),
        (b'"anna"', "anna"),
        (b'{"role":"admin","user":"anna"}', "anna"),
        (b'{"user":"","email":"a@example.com"}', "a@example.com"),
        (b'{"type":"Root"}', '{"type":"Root"}'),
        (b"7", "7"),
    ],
)
def test_an_actor_in_a_few_words(actor: bytes, text: str) -> None:
    assert actor_text(Raw(actor)) == text
