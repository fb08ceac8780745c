"""An event is known by its id within what it came from."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.trails.event import AuditEvent, parse_event
from desktop_app.trails.record import record
from desktop_app.trails.store.append import Appended
from desktop_app.trails.store.identity import early_key, keys_of_source, packed_uuid
from desktop_app.trails.store.known_sources import known_as
from desktop_app.trails.store.set_aside import set_aside_records
from desktop_app.trails.store.store import Store, open_store
from tests.stored import event, events_in
from tests.version_4 import make_version_4

UUID = "01a20b2e-96c0-75f5-a74b-0210890f9b63"
IDS = st.one_of(st.text(min_size=1, max_size=40), st.uuids().map(str), st.just(UUID.upper()))


def made(event_id: str, name: str = "N", **changes: object) -> AuditEvent:
    return parse_event(event(id=event_id, entityName=name, **changes))


@pytest.mark.parametrize("event_id", ["1", UUID])
def test_each_source_has_its_own_ids(store: Store, event_id: str) -> None:
    for source in (0, 1, 2, 0, 1, 2):
        store.append([made(event_id, f"of {source}")], source)
    assert sorted(each["entityName"] for each in events_in(store)) == ["of 0", "of 1", "of 2"]
    assert {each["id"] for each in events_in(store)} == {event_id}


@pytest.mark.parametrize("count", [1, 300])
def test_what_differs_from_the_event_of_its_id_is_told(store: Store, count: int) -> None:
    """In a block, or single; among others that repeat; and within one batch."""
    events = [made(str(n), before="x" * 100) for n in range(count)]
    assert store.append(events, 1) == Appended(count, 0)
    told: list[AuditEvent] = []
    others = [
        made("0", "other"),
        *events,
        made("0", "other", createdAt=1_700_000_000_000),
        made("new"),
        made("new", "newer"),
    ]
    assert store.append(others, 1, told.append) == Appended(1, count, 3)
    assert [json.loads(each.line)["entityName"] for each in told] == ["other", "newer", "other"]
    assert len(events_in(store)) == count + 1


def test_an_event_that_is_damaged_in_the_store_is_no_repetition(store: Store) -> None:
    events = [made(str(n), before="x" * 100) for n in range(300)]
    store.append(events)
    store.db.execute("UPDATE blocks SET deflated = zeroblob(9)")
    assert store.append(events[:3]) == Appended(0, 0, 3)


def test_record_sets_aside_what_has_the_id_of_another(store: Store) -> None:
    record(store, [event(id="1")])
    for expected in (Appended(1, 1, 1), Appended(0, 3, 0)):
        assert record(store, [event(id="1"), event(id="1", entityName="other"), event(id="2")]) == expected
    (aside,) = set_aside_records(store, "", 9)
    assert aside.content and json.loads(aside.content)["entityName"] == "other"
    assert "id 1 and other content" in aside.reason
    known = known_as(store, "")
    assert known and known.read == known.stored + known.repeated + known.set_aside == 7


@given(IDS, IDS, st.integers(0, 65535), st.integers(0, 65535))
def test_keys_differ_where_ids_or_sources_do(one: str, other: str, source: int, second: int) -> None:
    same = keys_of_source(source)(one) == keys_of_source(second)(other)
    assert same == ((one, source) == (other, second))


@pytest.mark.parametrize(
    ("event_id", "is_one"),
    [
        ("01a20b2e-96c0-75f5-a74b-0210890f9b63", True),
        ("01A20B2E-96C0-75F5-A74B-0210890F9B63", False),  # it would come out in lower case
        ("01a20b2e-96c0-75f5-a74b-0210890f9b6g", False),
        ("01a20b2e-96c0-75f5-a74b-0210890f9b6 ", False),
        ("01a20b2e-96c0-75f5-a74b-0210890f9  1", False),
        ("01a20b2e96c0-75f5-a74b-0210890f9b6311", False),
        ("01a20b2e-96c0-75f5-a74b-0210890f9b6", False),
        ("0-a20b2e-96c0-75f5-a74b-0210890f9b63", False),
        ("", False),
    ],
)
def test_which_ids_are_kept_as_16_bytes(event_id: str, is_one: bool) -> None:
    assert packed_uuid(event_id) == (bytes.fromhex(event_id.replace("-", "")) if is_one else None)


@pytest.fixture
def early(tmp_path: Path) -> Path:
    """A store of version 4 with the events 1 and UUID."""
    path = tmp_path / "trails.db"
    with open_store(path) as store:
        store.append([made("1"), made(UUID)])
        make_version_4(store)
        assert {key for (key,) in store.db.execute("SELECT id FROM events")} == {early_key("1"), early_key(UUID)}
    return path


@pytest.mark.parametrize("source", [0, 3])
def test_events_of_unknown_sources(early: Path, source: int) -> None:
    """The same event is not stored again; another of that id is another source's, but not of a UUID."""
    with open_store(early) as store:
        assert store.has("1") and store.has(UUID) and not store.has("2")
        assert store.append([made("1"), made(UUID)], source) == Appended(0, 2)
        told: list[AuditEvent] = []
        others = [made("1", "other"), made(UUID, "other"), made("1", "other")]
        assert store.append(others, source, told.append) == Appended(1, 1, 1)
        assert [each.id for each in told] == [UUID]
        assert store.append([made("1"), made("1", "third"), made("1")], source) == Appended(0, 2, 1)
        assert len(events_in(store)) == 3
