"""What becomes of a record by the mapping of its source."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.settings.model import FieldPlaces, FieldRule, FolderSource
from desktop_app.sources.kind import Record
from desktop_app.sources.mapping import mapper
from desktop_app.trails.event import NotAnEvent, parse_event
from desktop_app.wording import Said

USUAL: dict[str, FieldPlaces] = {"createdAt": "t", "entityType": "k", "entityName": "n", "actionType": "k"}
RECORD = {"t": "2026-11-01T00:00:00Z", "k": "kind", "n": "name"}


def events(record: Any, fields: dict[str, FieldPlaces] | None = None, **settings: str) -> list[dict[str, Any]]:
    content = record if isinstance(record, bytes) else json.dumps(record).encode()
    source = FolderSource(name="s", path="p", fields=USUAL | (fields or {}), **settings)
    found = mapper(source, source.name)(Record(content, "file", Said("record 1"), "seed"))
    return [json.loads(event.line) for event in found]


def one(record: Any, fields: dict[str, FieldPlaces] | None = None, **settings: str) -> dict[str, Any]:
    (event,) = events(record, fields, **settings)
    return event


@pytest.mark.parametrize(
    ("places", "record", "name"),
    [
        (("a", "b"), {"a": "", "b": "x"}, "x"),
        (("a", "b"), {"a": None, "b": "x"}, "x"),
        (("a", "b"), {"a": {}, "b": "x"}, "x"),
        (("a", "b"), {"a": "  ", "b": 7}, "7"),
        (("a.c", "b"), {"a": "no object", "b": True}, "true"),
        (("a", FieldRule(const="last")), {"a": []}, "last"),
        (("list[0].name",), {"list": [{"name": "x"}]}, "x"),
        (("list.0.name",), {"list": [{"name": "x"}]}, "x"),
        (("list[-1].name",), {"list": [{"name": "w"}, {"name": "x"}]}, "x"),
        (("list[*].name",), {"list": [{"name": "w"}, {}, {"name": "x"}]}, "w, x"),
        (("a[*].b[*].c",), {"a": [{"b": [{"c": "w"}, {"c": 1}]}, {"b": []}, {"b": [{"c": ["x"]}]}]}, "w, 1, x"),
        (("list",), {"list": ["w", 1]}, "w, 1"),
        (("list[1]",), {"list": ["w", "x"]}, "x"),
        (("list[0]", "b"), {"list": [None, "w"], "b": "x"}, "x"),
        (("list[2]", "b"), {"list": ["w"], "b": "x"}, "x"),
        (("text.inner[0].name",), {"text": '{"inner":\n[{"name": "x"}]}'}, "x"),
        (("a.b",), {"a.b": "whole"}, "whole"),
        (("a.b.c",), {"a.b": {"c": "x"}}, "x"),
        ((FieldRule(text="{a.b} of {c}"),), {"a": {"b": "x"}, "c": 1}, "x of 1"),
        ((FieldRule(text="{a} {c}"),), {"c": "x"}, "x"),
        ((FieldRule(text="{a} {c}"), "d"), {"d": "x"}, "x"),
        ((FieldRule(path="a", words={"1": "one"}),), {"a": 1}, "one"),
    ],
)
def test_where_a_name_comes_from(places: FieldPlaces, record: dict[str, Any], name: str) -> None:
    assert one({**RECORD, **record}, {"entityName": places})["entityName"] == name


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ('{"a": 1.10}', {"a": 1.1}),
        (' ["x"]', ["x"]),
        ("{no JSON}", "{no JSON}"),
        (" 7", " 7"),
        ('"quoted"', '"quoted"'),
        ("plain", "plain"),
    ],
)
def test_a_state_that_is_json_in_a_text_is_that(text: str, state: Any) -> None:
    assert one({**RECORD, "s": text}, {"after": "s"})["after"] == state


def test_what_is_nowhere_is_told_with_its_places() -> None:
    with pytest.raises(NotAnEvent, match=r"entityName is missing: there is nothing at a\.b, c"):
        one(RECORD, {"entityName": ("a.b", "c")})
    with pytest.raises(NotAnEvent, match="entityName is not a text, or is empty"):
        one({**RECORD, "a": {"b": 1}}, {"entityName": "a"})


@pytest.mark.parametrize(
    ("key", "value", "kept"),
    [
        ("severity", "weird", None),
        ("severity", 27, None),
        ("severity", "INFO", "Low"),
        ("severity", "Warning", "Medium"),
        ("severity", "critical", "Very-High"),
        ("severity", "High", "High"),
        ("severity", 7, 7),
        ("id", "x" * 201, None),
        ("id", {"a": 1}, None),
        ("entityId", {"a": 1}, None),
        ("productVersion", [], None),
        ("entityId", 12, "12"),
    ],
)
def test_an_optional_key_costs_no_event(key: str, value: Any, kept: Any) -> None:
    event = one({**RECORD, key: value}, {key: key})
    if kept is not None:
        assert event[key] == kept
    else:
        assert key == "id" or key not in event
    assert value in (event.get(key), event.get(f"s.{key}")) or str(value) == event[key]


def test_an_optional_key_that_does_not_fit_stays_where_it_was() -> None:
    assert one({**RECORD, "level": "weird"}, {"severity": "level"})["level"] == "weird"


def test_severity_by_numbers() -> None:
    for value, severity in ((1, 1), (100, 10), (55, 6), ("70", 7), (0, 0)):
        assert one({**RECORD, "s": value}, {"severity": FieldRule(path="s", most=100)})["severity"] == severity
    assert "severity" not in one({**RECORD, "s": 101}, {"severity": FieldRule(path="s", most=100)})


def test_half_an_id_is_none() -> None:
    template = FieldRule(text="{a} {b}")
    assert one({**RECORD, "a": 1, "b": 2}, {"id": template})["id"] == "1 2"
    assert one({**RECORD, "a": 1}, {"id": template})["id"] != "1"


def test_pairs_of_old_and_new() -> None:
    record = {
        **RECORD,
        "changes": [
            {"name": "State", "old": '"on"', "new": '["off"]'},
            {"name": "Owner", "old": None, "new": "ines"},
            {"name": "State", "new": 5},
        ],
    }
    rules = {
        "before": FieldRule(pairs="changes[]", key="name", value="old"),
        "after": FieldRule(pairs="changes", key="name", value="new"),
    }
    event = one(record, rules)
    assert event["before"] == {"State": "on"}
    assert event["after"] == {"State": ["off"], "Owner": "ines", "State (2)": 5}
    assert event["changes"] == record["changes"]
    assert "before" not in one({**RECORD, "changes": []}, rules)


def test_a_state_that_is_empty_is_taken_where_there_is_no_other() -> None:
    assert one({**RECORD, "a": {}, "b": {"x": 1}}, {"before": ("a", "b")})["before"] == {"x": 1}
    assert one({**RECORD, "a": {}}, {"before": ("a", "b")})["before"] == {}


def test_split() -> None:
    record = {**RECORD, "id": "r", "events": [{"n": "one", "x": [1]}, {"n": "two"}]}
    found = events(record, {"entityName": "events.n", "id": "id"}, split="events")
    assert [(each["entityName"], each["id"], each["events"]) for each in found] == [
        ("one", "r-1", {"n": "one", "x": [1]}),
        ("two", "r-2", {"n": "two"}),
    ]
    assert (
        len({each["id"] for each in events({**record, "id": None}, {"entityName": "events.n"}, split="events")})
        == 2
    )
    assert (
        one({**record, "events": [{"n": "one"}]}, {"entityName": "events.n", "id": "id"}, split="events")["id"]
        == "r"
    )
    for none in ([], None, "text"):
        assert one({**record, "events": none}, split="events")["entityName"] == "name"
    nested = one(
        {**RECORD, "a": {"events": [{"n": "one"}], "b": 1}}, {"entityName": "a.events.n"}, split="a.events"
    )
    assert nested["a"] == {"events": {"n": "one"}, "b": 1}
    with pytest.raises(NotAnEvent):
        events(
            {"t": RECORD["t"], "k": "k", "events": [{"n": "one"}, {}]}, {"entityName": "events.n"}, split="events"
        )


def test_a_time_that_tells_more_than_is_kept_stays() -> None:
    event = one({**RECORD, "t": "2026-11-01T10:00:00.654321Z"})
    assert (event["createdAt"], event["t"]) == ("2026-11-01T10:00:00.654Z", "2026-11-01T10:00:00.654321Z")
    assert one({**RECORD, "t": "2026-11-01T10:00:00.654+01:00"})["t"] == "2026-11-01T10:00:00.654+01:00"
    assert one(
        {**RECORD, "createdAt": "2026-11-01T10:00:00"}, {"createdAt": "createdAt"}, zone="Europe/Berlin"
    ) == {
        "id": one({**RECORD, "createdAt": "2026-11-01T10:00:00"}, {"createdAt": "createdAt"}, zone="UTC")["id"],
        "createdAt": "2026-11-01T09:00:00.000Z",
        "entityType": "kind",
        "entityName": "name",
        "actionType": "kind",
        "t": "2026-11-01T00:00:00Z",
        "s.createdAt": "2026-11-01T10:00:00",
    }
    assert "t" not in one(RECORD)
    assert "t" not in one({**RECORD, "t": 1793611162})


def test_of_several_times_the_first_that_can_be_believed_counts() -> None:
    record = {**RECORD, "t": "0001-01-01T00:00:00Z", "u": 1793611162}
    assert one(record, {"createdAt": ("t", "u")})["createdAt"].startswith("2026-11-0")
    with pytest.raises(NotAnEvent, match="before 1990"):
        one(record, {"createdAt": ("t", "none")})


json_values = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(st.characters(codec="utf-8"))
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abtkn"), inner, max_size=3)
    ),
    max_leaves=9,
)
paths = st.text("ab.[]0*tkn", min_size=1, max_size=8)
rules = st.one_of(
    paths,
    st.builds(lambda text: FieldRule(const=text), st.text(min_size=1, max_size=3)),
    st.builds(lambda path: FieldRule(text="{" + path.replace("{", "") + "} x"), paths),
    st.builds(lambda path: FieldRule(pairs=path, key="a", value="b"), paths),
)


@given(
    st.dictionaries(st.sampled_from(["a", "b", "t", "k", "n", "id", "severity"]), json_values, max_size=6),
    st.dictionaries(
        st.sampled_from(["entityName", "actor", "id", "severity", "before", "x", "entityId"]), rules, max_size=4
    ),
    st.sampled_from(["", "a", "b.a"]),
)
def test_whatever_a_record_is_it_becomes_events_or_is_none(
    record: dict[str, Any], fields: dict[str, FieldPlaces], split: str
) -> None:
    content = json.dumps({**RECORD, **record}).encode()
    source = FolderSource(name="s", path="p", fields=USUAL | fields, split=split)
    try:
        found = mapper(source, source.name)(Record(content, "file", Said("record 1"), "seed"))
    except NotAnEvent as error:
        assert error.message
        return
    assert found and len({event.id for event in found}) == len(found)
    for event in found:
        assert parse_event(event.line) == event
