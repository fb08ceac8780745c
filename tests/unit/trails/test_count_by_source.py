"""How many events of a span are of each source."""

import json
from pathlib import Path

import pytest

from desktop_app.trails.event import parse_event
from desktop_app.trails.store.hours import count_by_source
from desktop_app.trails.store.known_sources import Counts, add_counts, enter_source
from desktop_app.trails.store.span import Span
from desktop_app.trails.store.store import open_store

ALL = Span(0, 1 << 60, 0, 1 << 60)


def event(number: int) -> bytes:
    return json.dumps(
        {"id": str(number), "createdAt": 1795335330000, "entityType": "T", "entityName": "N", "actionType": "A"}
    ).encode()


@pytest.mark.parametrize("others", [0, 2])
def test_recorded_and_collected_events_are_told_apart(tmp_path: Path, others: int) -> None:
    with open_store(tmp_path / "trails.db") as store:
        store.append([parse_event(event(number)) for number in range(3)])
        source = enter_source(store, "aws", "folder:/aws", {"aws"})
        if others:
            with store.transaction():
                store.append([parse_event(event(number)) for number in range(others)], source.number)
                add_counts(store, source.number, Counts(read=others, stored=others))
        assert count_by_source(store, ALL) == ({0: 3, source.number: others} if others else {0: 3})
        assert count_by_source(store, Span(0, 1, 0, 1 << 60)) == {}
        assert count_by_source(store, Span(0, 1 << 60, 5, 5)) == {}
