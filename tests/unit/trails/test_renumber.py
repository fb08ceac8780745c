"""Events that get new arrival numbers are there as before, and count as come just now."""

import pytest

from desktop_app.trails.event import parse_event
from desktop_app.trails.store.browse import event_line
from desktop_app.trails.store.hours import HourCount, hours
from desktop_app.trails.store.renumber import raise_sequence, renumber
from desktop_app.trails.store.span import HOUR_MS, Span
from desktop_app.trails.store.store import Store
from tests.stored import event, lines_in

START = 497_862 * HOUR_MS  # in 2026


def append(store: Store, *times: int, text: str = "") -> None:
    store.append(parse_event(event(id=str(time), createdAt=time, before=text)) for time in times)


def events_by_seq(store: Store) -> dict[int, int]:
    """When the events of a store were created, by their numbers."""
    return dict(store.db.execute("SELECT seq, created_ms FROM events ORDER BY seq"))


def figures(hour: HourCount) -> tuple[int, int]:
    return hour.events, hour.last_seq


def test_events_get_the_next_free_numbers_in_the_same_order(store: Store) -> None:
    append(store, START, START + 1, START + 2)
    lines = lines_in(store)
    renumber(store, {3, 1})
    assert events_by_seq(store) == {2: START + 1, 4: START, 5: START + 2}
    assert lines_in(store) == lines
    assert lines_in(store, Span(after_seq=3)) == [lines[0], lines[2]]


def test_events_of_a_block_keep_their_lines(store: Store) -> None:
    append(store, *range(START, START + 200), text="x" * 200)
    lines = lines_in(store)
    assert store.db.execute("SELECT count(*) FROM blocks").fetchone() == (1,)
    renumber(store, [7])
    assert lines_in(store) == lines
    assert event_line(store, 201) == lines[6] and event_line(store, 7) is None


def test_their_hours_alone_have_news(store: Store) -> None:
    append(store, START - 1, START, START + HOUR_MS - 1, START + HOUR_MS)
    renumber(store, [2])
    assert list(map(figures, hours(store))) == [(1, 1), (2, 5), (1, 4)]
    renumber(store, [3])
    assert list(map(figures, hours(store))) == [(1, 1), (2, 6), (1, 4)]


@pytest.mark.parametrize("numbers", [[], [1], [2], [1, 2]])
def test_what_comes_next_has_a_number_that_no_event_had(store: Store, numbers: list[int]) -> None:
    append(store, START, START + 1)
    renumber(store, numbers)
    assert store.last_seq() == 2 + len(numbers)
    store.db.execute("DELETE FROM events")
    append(store, START + 2)
    assert events_by_seq(store) == {3 + len(numbers): START + 2}


@pytest.mark.parametrize(("upto_seq", "next_seq"), [(0, 3), (1, 3), (2, 3), (3, 4), (700, 701)])
def test_the_sequence_is_raised_and_never_lowered(store: Store, upto_seq: int, next_seq: int) -> None:
    append(store, START, START + 1)
    store.db.execute("DELETE FROM events")
    raise_sequence(store, upto_seq)
    append(store, START + 2)
    assert list(events_by_seq(store)) == [next_seq]
    assert store.db.execute("SELECT * FROM sqlite_sequence").fetchall() == [("events", next_seq)]
