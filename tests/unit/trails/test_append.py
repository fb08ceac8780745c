"""Events that come again are found, whatever their order, and those of one id that are others are told."""

import json
import random
from typing import Any
from unittest.mock import Mock

import pytest

from desktop_app.trails.event import AuditEvent, parse_event
from desktop_app.trails.store import append as module
from desktop_app.trails.store.append import Appended
from desktop_app.trails.store.hours import hours
from desktop_app.trails.store.open_block import find_block
from desktop_app.trails.store.span import Span
from desktop_app.trails.store.store import Store
from desktop_app.trails.store.timeline import numbered_lines
from tests.stored import event, events_in, lines_in

HOURS, A_HOUR = 4, 200  # of which one fills a block, and all are one batch


def made(hour: int, number: int, **changes: Any) -> AuditEvent:
    created = f"2026-11-22T{hour:02}:{number // 60 % 60:02}:{number % 60:02}Z"
    return parse_event(event(id=f"{number}-{hour}", createdAt=created, **changes))


@pytest.fixture
def events() -> list[AuditEvent]:
    return [made(hour, number) for hour in range(HOURS) for number in range(A_HOUR)]


@pytest.fixture
def blocks_read(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """Counts how often a block is unpacked to be looked into."""
    counting = Mock(side_effect=find_block)
    monkeypatch.setattr(module, "find_block", counting)
    return counting


def numbers(store: Store) -> list[int]:
    return [seq for (seq,) in store.db.execute("SELECT seq FROM events ORDER BY seq")]


@pytest.mark.parametrize("order", ["as they came", "backwards", "mixed"])
def test_what_comes_again_is_looked_for_in_each_block_once(
    store: Store, events: list[AuditEvent], blocks_read: Mock, order: str
) -> None:
    assert store.append(events) == Appended(len(events), 0, 0)
    (packed,) = store.db.execute("SELECT count(*) FROM blocks").fetchone()
    assert packed == HOURS
    blocks_read.reset_mock()
    if order == "backwards":
        events = events[::-1]
    elif order == "mixed":
        random.Random(1).shuffle(events)
    assert store.append(events) == Appended(0, len(events), 0)
    assert blocks_read.call_count == packed
    assert numbers(store) == list(range(1, len(events) + 1))


def test_what_is_new_among_what_was_there_is_stored(store: Store, events: list[AuditEvent]) -> None:
    store.append(events[::2])
    assert store.append(events) == Appended(len(events) // 2, len(events) // 2, 0)
    assert sorted(lines_in(store)) == sorted(each.line for each in events)
    assert sum(hour.events for hour in hours(store)) == len(events)
    assert sum(hour.bytes for hour in hours(store)) == sum(len(each.line) for each in events)


@pytest.mark.parametrize("number", [3, A_HOUR])
def test_one_of_the_same_id_and_another_content_is_told_and_not_stored(store: Store, number: int) -> None:
    """Whether it lies in a block or by itself."""
    first = [made(1, each) for each in range(number)]
    store.append(first)
    others = [made(1, 0, actionType="B"), made(1, 1, actionType="longer"), made(1, 2)]
    told: list[AuditEvent] = []
    with store.transaction():
        assert store.append(others, differs=told.append) == Appended(0, 1, 2)
    assert told == others[:2]
    assert [json.loads(line)["actionType"] for line in lines_in(store)] == ["A"] * number


def test_of_two_of_one_id_in_a_batch_the_first_counts(store: Store) -> None:
    told: list[AuditEvent] = []
    with store.transaction():
        twice = [made(1, 0), made(1, 0), made(1, 0, actionType="B")]
        assert store.append(twice, differs=told.append) == Appended(1, 1, 1)
    assert told == [twice[2]]
    assert [each["actionType"] for each in events_in(store)] == ["A"]


def test_numbers_follow_the_time_within_a_batch(store: Store) -> None:
    store.append([made(3, 0), made(1, 5), made(2, 0), made(1, 4)])
    ids = [row[0] for row in store.db.execute("SELECT created_ms FROM events ORDER BY seq")]
    assert ids == sorted(ids)
    assert [hour.last_seq for hour in hours(store)] == [2, 3, 4]
    assert store.append([made(0, 0)]).stored == 1
    assert lines_in(store, Span(after_seq=4)) == [made(0, 0).line]


def test_a_large_hour_and_a_late_event_of_it(store: Store, events: list[AuditEvent]) -> None:
    store.append(events)
    late = parse_event(event(id="late", createdAt="2026-11-22T01:05:00.500Z"))
    assert store.append([late]).stored == 1
    found = events_in(store)
    assert [each["createdAt"] for each in found] == sorted(each["createdAt"] for each in found)
    assert len(found) == len(events) + 1


def test_counts_of_two_batches_add_up() -> None:
    assert Appended(1, 2, 3) + Appended(10, 20, 30) == Appended(11, 22, 33)
    assert Appended(1, 2) == Appended(1, 2, 0)


def test_each_event_is_found_under_its_number(store: Store, events: list[AuditEvent]) -> None:
    """Those of blocks and single ones, of a span or of all."""
    store.append(events)
    store.append([made(1, A_HOUR + 1), made(HOURS + 1, 0)])
    found = list(numbered_lines(store, Span()))
    assert [line for _, line in found] == lines_in(store)
    assert sorted(number for number, _ in found) == list(range(1, len(events) + 3))
    late = list(numbered_lines(store, Span(after_seq=len(events))))
    assert late == [(len(events) + 1, made(1, A_HOUR + 1).line), (len(events) + 2, made(HOURS + 1, 0).line)]
