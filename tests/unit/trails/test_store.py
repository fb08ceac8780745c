"""What is stored, counted and pruned."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from desktop_app.errors import BadData, LocalDiskError
from desktop_app.trails.record import record
from desktop_app.trails.store.hours import count, hours
from desktop_app.trails.store.prune import prune
from desktop_app.trails.store.span import Span
from desktop_app.trails.store.store import Store, open_store
from desktop_app.trails.store.timeline import batches
from tests.stored import event, events_in, lines_in


def test_one_bad_line_among_many_stores_nothing(store: Store) -> None:
    lines = [event(id=str(n)) + b"\n" for n in range(10_000)]
    with pytest.raises(BadData, match="Line 9001 "):
        record(store, [*lines[:9000], b"{}\n", *lines[9000:]])
    assert events_in(store) == [] and hours(store) == []
    assert record(store, [b"\xef\xbb\xbf" + lines[0], b"\r\n", b"\n", *lines[1:]]).stored == 10_000


def test_an_id_that_is_there_is_the_same_event(store: Store) -> None:
    ids = ["a", "01a20b2e-96c0-75f5-a74b-0210890f9b63", "01A20B2E-96C0-75F5-A74B-0210890F9B63"]
    for expected in (3, 0):
        appended = record(store, [event(id=each) for each in ids])
        assert (appended.stored, appended.repeated) == (expected, 3 - expected)
    assert sum(hour.events for hour in hours(store)) == 3


def test_order_counts_and_pruning(store: Store) -> None:
    times = [f"2026-11-22T{hour:02}:00:00Z" for hour in (5, 3, 3, 9)]
    record(store, [event(id=str(n), createdAt=time) for n, time in enumerate(times)])
    assert [each["id"] for each in events_in(store)] == ["1", "2", "0", "3"]
    assert count(store, Span())[0] == 4
    assert [hour.last_seq for hour in hours(store)] == [2, 3, 4]
    assert prune(store, Span(upto_seq=3)) == 3
    assert [each["id"] for each in events_in(store)] == ["3"]
    assert [hour.events for hour in hours(store)] == [1]
    assert prune(store, Span(upto_seq=99)) == 1
    assert store.last_seq() == 4
    record(store, [event()])
    assert store.last_seq() == 5


def test_counts_are_those_of_the_lines(store: Store) -> None:
    begin, hour, half = 1_795_302_000_000, 3_600_000, 1_800_000
    record(store, [event(id=str(n), createdAt=begin + n * 600_000) for n in range(-20, 20)])
    record(store, [event(id=f"late {n}", createdAt=begin + n * 600_000) for n in range(-5, 5)])
    prune(store, Span(begin - 3 * hour, begin - 2 * hour, upto_seq=99))
    for start in range(begin - 4 * hour, begin + 4 * hour, half):
        for end in range(start, begin + 4 * hour, half):
            for after, upto in ((0, 50), (0, 40), (0, 7), (7, 45), (40, 50), (50, 50)):
                span = Span(start, end, after, upto)
                lines = lines_in(store, span)
                assert count(store, span) == (len(lines), sum(map(len, lines)))


@pytest.mark.parametrize("upto_seq", [3, 99])
def test_a_whole_hour_is_counted_without_looking_at_its_events(store: Store, upto_seq: int) -> None:
    hour = 1_795_302_000_000
    record(store, [event(id=str(n), createdAt=hour + n) for n in range(3)])
    statements: list[str] = []
    store.db.set_trace_callback(statements.append)
    assert count(store, Span(hour, hour + 3_600_000, upto_seq=upto_seq))[0] == 3
    assert not any("FROM events" in each for each in statements)


def test_a_batch_of_large_events_is_small(store: Store) -> None:
    size = 700_000
    record(store, [event(id=str(n), before="x" * (size if n > 250 else 1)) for n in range(260)])
    found = list(batches(store, Span()))
    assert max(len(batch.text) for batch in found) < (1 << 19) + size + 1000
    assert sum(batch.events for batch in found) == 260


def test_what_is_no_store_is_told(tmp_path: Path) -> None:
    (tmp_path / "trails.db").write_bytes(b"no database at all" * 99)
    with pytest.raises(LocalDiskError):
        open_store(tmp_path / "trails.db")


def test_all_that_begin_a_store_at_the_same_moment_get_it(tmp_path: Path) -> None:
    """On Windows, SQLite refuses all but one in one of ten rounds, and doesn't wait."""
    at_once = Barrier(4)

    def begin(path: Path) -> None:
        at_once.wait()
        open_store(path).close()

    with ThreadPoolExecutor(4) as pool:
        for number in range(40):
            list(pool.map(begin, [tmp_path / str(number) / "trails.db"] * 4))
