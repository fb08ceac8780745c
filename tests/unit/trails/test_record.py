"""Lines are events or none of them is; what has the id of another is set aside, once."""

import pytest

from desktop_app.errors import BadData
from desktop_app.trails.record import numbered_lines, record
from desktop_app.trails.store.identity import RECORDED
from desktop_app.trails.store.known_sources import KnownSource, known_sources
from desktop_app.trails.store.set_aside import next_set_aside
from desktop_app.trails.store.store import Store
from tests.stored import event, events_in


def counts(store: Store) -> tuple[int, int, int, int]:
    """Read, stored, repeated and set aside of what was recorded."""
    (known,) = (each for each in known_sources(store) if each.number == RECORDED)
    assert isinstance(known, KnownSource)
    return known.read, known.stored, known.repeated, known.set_aside


def test_blank_lines_count_and_are_no_events() -> None:
    lines = [b"\xef\xbb\xbf{}\n", b"\n", b" \t\r\n", b"", b"\xef\xbb\xbf{}", b"{}"]
    assert list(numbered_lines(lines)) == [(1, b"{}\n"), (5, b"\xef\xbb\xbf{}"), (6, b"{}")]
    assert list(numbered_lines([b"\xef\xbb\xbf\n"])) == []


def test_what_came_of_the_lines_is_counted(store: Store) -> None:
    appended = record(store, [event(id="a"), event(id="b"), event(id="a")])
    assert (appended.stored, appended.repeated, appended.differing) == (2, 1, 0)
    assert counts(store) == (3, 2, 1, 0)


def test_the_ids_of_what_is_recorded_are_held_in_memory(store: Store) -> None:
    record(store, [event(id="a")])
    assert store.db.execute("PRAGMA cache_size").fetchone() == (-16000,)


def test_what_is_repeated_and_what_is_set_aside_count_apart(store: Store) -> None:
    record(store, [event(id="a"), event(id="b")])
    appended = record(store, [event(id="a"), event(id="b", actionType="B"), event(id="c")])
    assert (appended.stored, appended.repeated, appended.differing) == (1, 1, 1)
    assert counts(store) == (5, 3, 1, 1)


def test_all_that_was_read_is_counted(store: Store) -> None:
    record(store, [event(id=each) for each in "abc"])
    others = [event(id=each, actionType="B") for each in "abc"]
    record(store, [*(event(id=each) for each in "abcdef"), *others])
    assert counts(store) == (12, 6, 3, 3)


def test_another_event_of_an_id_is_set_aside_once(store: Store) -> None:
    name = "x" * 61
    record(store, [event(id=name)])
    for repeated, differing in ((0, 1), (1, 0)):
        appended = record(store, [event(id=name, actionType="B")])
        assert (appended.stored, appended.repeated, appended.differing) == (0, repeated, differing)
    assert counts(store) == (3, 1, 1, 1)
    aside = next_set_aside(store, RECORDED, 0)
    assert aside is not None and aside.content is not None and b'"B"' in aside.content
    assert (aside.path, aside.place) == ("", f"id {'x' * 60}")
    assert "other content" in aside.reason
    assert [each["actionType"] for each in events_in(store)] == ["A"]


def test_the_first_line_that_is_no_event_is_named_and_nothing_is_stored(store: Store) -> None:
    with pytest.raises(BadData, match="Line 3 can't be an audit event"):
        record(store, [event(id="a"), b"\n", b"{}", b"[]"])
    assert events_in(store) == [] and counts(store) == (0, 0, 0, 0)
