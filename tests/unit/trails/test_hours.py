"""Counts of hours: what was recorded, found again where it is damaged."""

import pytest

from desktop_app.trails.record import record
from desktop_app.trails.store.hours import hours, hours_after, require_counted, set_right_last_numbers
from desktop_app.trails.store.span import HOUR_MS
from desktop_app.trails.store.store import Store, StoreDamaged
from tests.stored import event

BEGIN = 1_795_302_000_000 // HOUR_MS * HOUR_MS


def fill(store: Store, *at: int) -> None:
    """Events so many milliseconds after BEGIN."""
    record(store, [event(id=f"{number} {ms}", createdAt=BEGIN + ms) for number, ms in enumerate(at)])


def test_hours_that_begin_after_an_instant(store: Store) -> None:
    fill(store, 0, HOUR_MS, HOUR_MS + 1, 5 * HOUR_MS)
    assert [each.start_ms - BEGIN for each in hours(store)] == [0, HOUR_MS, 5 * HOUR_MS]
    assert [each.events for each in hours(store)] == [1, 2, 1]
    for instant, left in ((-1, 3), (0, 2), (HOUR_MS - 1, 2), (HOUR_MS, 1), (5 * HOUR_MS, 0)):
        assert hours_after(store, BEGIN + instant) == hours(store)[3 - left :]


@pytest.mark.parametrize("gone", [0, 1, 2, 3])
def test_an_hour_that_is_not_counted_is_found_wherever_it_is(store: Store, gone: int) -> None:
    fill(store, -1, HOUR_MS, 2 * HOUR_MS - 1, 5 * HOUR_MS, 5 * HOUR_MS + 1, 9 * HOUR_MS)
    require_counted(store)
    store.db.execute("DELETE FROM hours WHERE hour = ?", (hours(store)[gone].start_ms // HOUR_MS,))
    with pytest.raises(StoreDamaged, match="not counted"):
        require_counted(store)


def test_nothing_to_count(store: Store) -> None:
    require_counted(store)
    assert hours(store) == hours_after(store, 0) == []


def test_numbers_of_hours_that_lost_a_bit_are_set_right(store: Store) -> None:
    fill(store, 0, 1, HOUR_MS, 2 * HOUR_MS)
    right = [each.last_seq for each in hours(store)]
    assert right == [2, 3, 4]
    assert set_right_last_numbers(store, 0) == 0
    store.db.execute("UPDATE hours SET last_seq = last_seq - 1")
    assert set_right_last_numbers(store, 3) == 1  # of what came up to 3, nobody asks
    assert [each.last_seq for each in hours(store)] == [1, 2, 4]
    assert set_right_last_numbers(store, 1) == 2
    assert [each.last_seq for each in hours(store)] == right
