"""What is an audit event, and how it is kept."""

import importlib.util
import json
import time
from typing import Any
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from desktop_app.trails.event import (
    MAX_DEPTH,
    MAX_ID_LENGTH,
    NotAnEvent,
    compact_json,
    event_of_values,
    fits_event,
    iso_time,
    parse_event,
)
from tests.stored import EVENT, event

json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(st.characters(codec="utf-8"))),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(
    st.dictionaries(st.text(st.characters(codec="utf-8")), json_values, max_size=4),
    st.booleans(),
    st.sampled_from([None, 2]),
)
def test_what_is_recorded_comes_out(extra: dict[str, Any], ascii_only: bool, indent: int | None) -> None:
    given_event = {
        **{k: v for k, v in extra.items() if k not in ("id", "severity", "entityId", "productVersion")},
        **EVENT,
    }
    raw = json.dumps(given_event, ensure_ascii=ascii_only, indent=indent).encode()
    line = parse_event(raw).line
    assert len(line.decode().splitlines()) == 1
    read = json.loads(line)
    assert read.pop("id")
    assert read == given_event
    assert list(json.loads(line))[:5] == ["id", "createdAt", "entityType", "entityName", "actionType"]


def test_numbers_keep_their_text() -> None:
    raw = event()[:-1] + b', "before": [1.0, 1e400, 12345678901234567890123, -0.0]}'
    assert b'"before":[1.0,1e400,12345678901234567890123,-0.0]' in parse_event(raw).line


@pytest.mark.parametrize(
    ("given_time", "kept"),
    [
        ("2026-11-22T08:15:30Z", "2026-11-22T08:15:30.000Z"),
        ("2026-11-22T08:15:30.1239+01:00", "2026-11-22T07:15:30.123Z"),
        ("2026-11-22 08:15+0530", "2026-11-22T02:45:00.000Z"),
        ("2026-11-22 08:15:30.123Z", "2026-11-22T08:15:30.123Z"),
        ("2026-11-22t08:15:30.123Z", "2026-11-22T08:15:30.123Z"),
        ("1990-01-01T00:00:00Z", "1990-01-01T00:00:00.000Z"),
        ("2026-11-21T24:00:00Z", "2026-11-22T00:00:00.000Z"),
        ("2026-11-21T24:00:00.000Z", "2026-11-22T00:00:00.000Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"),
        ("2016-12-31T23:59:60.250Z", "2017-01-01T00:00:00.250Z"),
        (1795335330123, "2026-11-22T08:15:30.123Z"),
        (1795335330, "2026-11-22T08:15:30.000Z"),
        ("1795335330", "2026-11-22T08:15:30.000Z"),
        (1795335330.1239, "2026-11-22T08:15:30.123Z"),
        ("1795335330123.9", "2026-11-22T08:15:30.123Z"),
        (1795335330123456, "2026-11-22T08:15:30.123Z"),
        ("1795335330123456789", "2026-11-22T08:15:30.123Z"),
        (631152000, "1990-01-01T00:00:00.000Z"),
        (631152000000, "1990-01-01T00:00:00.000Z"),
    ],
)
def test_times_are_kept_in_utc(given_time: Any, kept: str) -> None:
    assert json.loads(parse_event(event(createdAt=given_time)).line)["createdAt"] == kept


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"nul",
        b"{",
        b'{"a":1} {}',
        b"\xff",
        event()[:-1] + b',"x":"\xff"}',
        event(entityName=""),
        event(entityName=5),
        event(actionType=None),
        event(createdAt="2026-11-22T08:15:30"),
        event(createdAt="yesterday"),
        event(createdAt="2026-02-30T00:00:00Z"),
        event(createdAt="0001-01-01T00:00:00+01:00"),
        event(createdAt="9999-12-31T23:59:59-01:00"),
        event(createdAt="2026-11-22T08:15:30+99:00"),
        event(createdAt=1.5),
        event(createdAt=True),
        event(createdAt=10**20),
        event(createdAt=5 * 10**17),
        event(createdAt="1e999999999"),
        event(createdAt=0),
        event(createdAt=-1),
        event(createdAt="1989-12-31T23:59:59Z"),
        event(createdAt="9999-12-31T23:59:59.999Z"),
        event(createdAt="2026-11-22T24:00:01Z"),
        event(createdAt="2026-11-22T24:00:00.001Z"),
        event(createdAt="2026-11-22T24:00:00.0001+00:00"),
        event(createdAt=None),
        event(createdAt={}),
        event(id=""),
        event(id=7),
        event(id="x" * 201),
        event(severity="Lowest"),
        event(severity=11),
        event(severity=1.5),
        event(entityId=[1]),
        event(productVersion={}),
        event(before="\ud800"),
        event()[:-1] + b',"before":' + b"[" * 1000 + b"]" * 1000 + b"}",
        event()[:-1] + b',"before":' + b"[" * 501 + b"]" * 501 + b"}",
    ],
)
def test_what_is_no_event_says_why(raw: bytes) -> None:
    with pytest.raises(NotAnEvent) as caught:
        parse_event(raw)
    assert caught.value.message


@pytest.mark.parametrize(
    "changes",
    [
        {"before": "\0"},
        {"before": "x" * 10_000_000},
        {"before": json.loads("[" * 400 + "]" * 400)},
        {"severity": 10},
        {"severity": "Very-High"},
        {"severity": None},
        {"entityId": 7},
        {"after": "\u2028\x85\u2029"},
    ],
)
def test_odd_events_are_events(changes: dict[str, Any]) -> None:
    assert json.loads(parse_event(event(**changes)).line).items() >= changes.items()


@pytest.mark.parametrize("severity", [*range(11), *map(str, range(11)), "Unknown", "Low", "Medium", "High"])
def test_every_severity_of_cef_is_one(severity: int | str) -> None:
    assert json.loads(parse_event(event(severity=severity)).line)["severity"] == severity


def test_a_time_more_than_a_day_ahead_is_not_believed() -> None:
    now_ms = time.time_ns() // 1_000_000
    assert parse_event(event(createdAt=now_ms + 86_000_000)).created_ms == now_ms + 86_000_000
    for ahead in (now_ms + 87_000_000, (now_ms + 87_000_000) // 1000, iso_time(now_ms + 87_000_000)):
        with pytest.raises(NotAnEvent, match="day ahead"):
            parse_event(event(createdAt=ahead))


def test_ids_are_unique_and_ascend() -> None:
    ids = [parse_event(event()).id for _ in range(1000)]
    assert ids == sorted(set(ids))
    for each in ids:
        assert (str(UUID(each)), UUID(each).version, UUID(each).variant) == (each, 7, RFC_4122)
    age_ms = time.time_ns() // 1_000_000 - (UUID(ids[0]).int >> 80)
    assert 0 <= age_ms < 86_400_000  # this process began lately


@pytest.mark.parametrize(
    ("key", "value", "fits"),
    [
        *(("entityId", value, True) for value in ('"x"', "7", "null")),
        *(("entityId", value, False) for value in ("1.5", "[]", "true")),
        *(("severity", value, True) for value in ('"Low"', "0", "10", "null")),
        *(("severity", value, False) for value in ('"low"', "11", "-1", "{}")),
        *(("id", value, True) for value in ('"x"', f'"{"x" * MAX_ID_LENGTH}"')),
        *(("id", value, False) for value in ('""', "7", f'"{"x" * (MAX_ID_LENGTH + 1)}"')),
        ("productVersion", "[1]", False),
        ("anything", "[1]", True),
    ],
)
def test_what_an_optional_key_may_have(key: str, value: str, fits: bool) -> None:
    assert fits_event(key, value.encode()) is fits


def test_an_event_of_values_is_laid_out_as_a_recorded_one() -> None:
    kept = {"more": Raw(b"[1]"), "entityName": Raw(b'"old"')}
    mapped = {"entityName": Raw(b'"N"'), "actionType": Raw(b'"A"'), "entityType": Raw(b'"T"')}
    made = event_of_values("x", 1_795_320_000_000, "2026-11-22T04:00:00.000Z", kept, mapped)
    assert made.line == (
        b'{"id":"x","createdAt":"2026-11-22T04:00:00.000Z","entityType":"T","entityName":"N","actionType":"A","more":[1]}'
    )
    assert (made.id, made.created_ms) == ("x", 1_795_320_000_000)


def nested(levels: int, kind: str) -> str:
    """JSON of so many levels, in as few characters as that takes, or with more beside it."""
    opens = {"arrays": ["["], "objects": ['{"":'], "both": ["[", '{"":'], "wide": ['[0,0,"]}",']}[kind]
    begins = [opens[level % len(opens)] for level in range(levels)]
    ends = ["]" if each[0] == "[" else "}" for each in reversed(begins)]
    return "".join([*begins, "0", *ends])


@pytest.mark.parametrize("kind", ["arrays", "objects", "both", "wide"])
def test_an_event_may_be_so_deep_and_no_deeper(kind: str) -> None:
    rest = '"createdAt":"2026-11-22T08:15:30Z","entityType":"T","entityName":"N","actionType":"A"'
    deepest = f'{{{rest},"before":{nested(MAX_DEPTH - 1, kind)}}}'
    assert json.loads(parse_event(deepest.encode()).line)["before"] == json.loads(nested(MAX_DEPTH - 1, kind))
    with pytest.raises(NotAnEvent, match="deep"):
        parse_event(f'{{{rest},"before":{nested(MAX_DEPTH, kind)}}}'.encode())
    assert compact_json(nested(MAX_DEPTH, kind).encode())
    with pytest.raises(NotAnEvent, match="deep"):
        compact_json(nested(MAX_DEPTH + 1, kind).encode())


def test_many_that_are_beside_each_other_are_not_deep() -> None:
    wide = [[{"a": [number]}] for number in range(MAX_DEPTH)]
    assert json.loads(parse_event(event(after=wide)).line)["after"] == wide


def ids_of_a_process(drawn: bytes, monkeypatch: pytest.MonkeyPatch, number: int = 3) -> list[UUID]:
    """The first ids that a process gives which has drawn these random bytes."""
    spec = importlib.util.find_spec("desktop_app.trails.event")
    assert spec is not None and spec.loader is not None
    process = importlib.util.module_from_spec(spec)
    with monkeypatch.context() as patched:
        patched.setattr("os.urandom", lambda count: drawn[:count])
        spec.loader.exec_module(process)
    record = {"createdAt": "2026-11-22T08:15:30Z", "entityType": "T", "entityName": "N", "actionType": "A"}
    line = json.dumps(record).encode()
    return [UUID(json.loads(process.parse_event(line).line)["id"]) for _ in range(number)]


@pytest.mark.parametrize("byte", [0x00, 0x5A, 0xFF])
def test_ids_are_of_version_7_whatever_is_drawn_and_count_on(byte: int, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = ids_of_a_process(bytes([byte]) * 10, monkeypatch)
    assert all((each.version, each.variant) == (7, RFC_4122) for each in ids)
    assert [each.int - ids[0].int for each in ids] == [0, 1, 2]


def test_ids_of_two_processes_differ_by_all_that_was_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of those that began in the same millisecond: 73 bits, for one is left to count on."""
    drawn = [bytes(10), *((1 << bit).to_bytes(10) for bit in range(80))]
    random = [ids_of_a_process(each, monkeypatch, 1)[0].int & (1 << 80) - 1 for each in drawn]
    assert len(set(random)) == 1 + 73


@pytest.mark.parametrize("behind", ["", " and more text behind it", "\\u0041"])
@pytest.mark.parametrize("half", ["\\ud800", "\\uDBFF"])
def test_half_a_character_is_told_as_that(half: str, behind: str) -> None:
    """Also where the end of the text is near."""
    text = f'{event()[:-1].decode()},"x":"{half}{behind}"}}'.encode()
    with pytest.raises(NotAnEvent, match=r"a \\u escape is not a whole character"):
        compact_json(text)


def test_a_text_that_ends_too_early_is_told_as_that() -> None:
    with pytest.raises(NotAnEvent, match="truncated"):
        compact_json(event(entityName="😀")[:-1])
