"""What changed between two states."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.trails.differences import Change, differences, differences_of
from desktop_app.trails.event import parse_event

BASE = {"createdAt": 1795335330123, "entityType": "T", "entityName": "N", "actionType": "A"}


def compare(before: str | None, after: str | None) -> list[tuple[str, str | None, str | None, str]]:
    found = differences(before and before.encode(), after and after.encode())
    return [(each.path, each.before, each.after, each.change) for each in found]


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ('{"a":1,"b":"x"}', '{"a":1,"b":"y"}', [("a", "1", "1", "same"), ("b", "x", "y", "changed")]),
        ('{"a":1}', '{"c":2}', [("a", "1", None, "removed"), ("c", None, "2", "added")]),
        (None, '{"a":{"b":null}}', [("a.b", None, "null", "added")]),
        ('{"a":[]}', None, [("a", "[]", None, "removed")]),
        ('{"a":1}', '{"a":1.0}', [("a", "1", "1.0", "changed")]),
        ('{"a":1}', '{"a":"1"}', [("a", "1", '"1"', "changed")]),
        (r'{"a":"\u00e9"}', '{"a":"é"}', [("a", "é", "é", "same")]),
        ("12345678901234567890123", "1e400", [("", "12345678901234567890123", "1e400", "changed")]),
        ("[1,2]", "[2]", [("[0]", "1", None, "removed"), ("[0]", "2", "2", "same")]),
        ('[{"n":1},5]', '[{"n":2},5]', [("[0].n", "1", "2", "changed"), ("[1]", "5", "5", "same")]),
        ('{"a":{"b":1}}', '{"a":"off"}', [("a.b", "1", None, "removed"), ("a", None, "off", "added")]),
        ('{"a":{}}', '{"a":{"b":1}}', [("a.b", None, "1", "added")]),
        ("{}", "{}", [("", "{}", "{}", "same")]),
        ('{"a.b":1,"":2,"[":3}', None, [
            ('["a.b"]', "1", None, "removed"), ('[""]', "2", None, "removed"), ('["["]', "3", None, "removed"),
        ]),
        (None, None, []),
    ],
)  # fmt: skip
def test_differences(before: str | None, after: str | None, found: list[Any]) -> None:
    assert compare(before, after) == found


def test_an_event_without_states_has_none() -> None:
    assert differences_of(parse_event(json.dumps(BASE).encode()).line) == []
    line = parse_event(json.dumps({**BASE, "before": None, "after": {"a": 1}}).encode()).line
    assert [(each.path, each.change) for each in differences_of(line)] == [("a", Change.ADDED)]


def test_what_is_deep_or_long_is_compared_too() -> None:
    deep = "[" * 400 + "1" + "]" * 400
    assert [path for path, *_ in compare(deep, deep.replace("1", "2"))] == ["[0]" * 30]
    many = json.dumps(list(range(20_000)), separators=(",", ":"))
    assert {change for *_, change in compare(many, many)} == {"same"}


def test_lists_up_to_a_length_are_aligned_and_longer_ones_compared_place_by_place() -> None:
    for length, changes in ((500, {"same", "removed"}), (501, {"changed", "removed"})):
        before = list(range(length))
        texts = [json.dumps(each, separators=(",", ":")) for each in (before, before[1:])]
        assert {change for *_, change in compare(*texts)} == changes


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


@given(values, values)
def test_only_equal_states_are_without_a_difference(before: Any, after: Any) -> None:
    texts = [json.dumps(each, separators=(",", ":")).encode() for each in (before, after)]
    found = list(differences(*texts))
    assert found
    same = {each.change for each in found} == {Change.SAME}
    assert same == _equal(before, after)


def _equal(before: Any, after: Any) -> bool:
    """Equal as JSON: `true` is not 1, and the order of keys does not count."""
    return json.dumps(before, sort_keys=True) == json.dumps(after, sort_keys=True)
