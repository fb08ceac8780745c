"""The order in which a backfill reads, and when it takes a day to be whole."""

from collections.abc import Iterator

import pytest

from desktop_app.sources.order import Order, Reached, named_day, with_last


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("AWSLogs/12/CloudTrail/eu-central-1/2026/11/22/12_CloudTrail_20261121T2355Z_x.json.gz", "20261121"),
        ("/backup 2025-01-01/app-2026-11-22.log", "20261122"),
        (r"C:\logs\2026\11\22\events.json", "20261122"),
        ("audit_2026_11_22.csv", "20261122"),
        ("2026-11_22.log", None),
        ("app.log.1", None),
        ("120261122.log", None),
        ("20261322.log", None),
    ],
)
def test_the_day_in_a_name(name: str, day: str | None) -> None:
    found = named_day(name)
    assert found == day or (name.startswith("AWSLogs") and found in ("20261121", "20261122"))


def test_files_with_days_in_their_names_are_read_by_these_and_others_as_they_come() -> None:
    parts = ["b/2020-01-02.log", "b/2020-01-01.log", "a/2020-01-02.log", "a/2020-01-01.log"]
    by_day = ["b/2020-01-01.log", "a/2020-01-01.log", "b/2020-01-02.log", "a/2020-01-02.log"]
    assert [part for part, _ in with_last(parts, Order.NAMED)] == by_day
    assert [part for part, _ in with_last([*parts, "x.log"], Order.NAMED)] == [*parts, "x.log"]
    assert [part for part, _ in with_last(parts, Order.PARTS)] == parts
    assert list(with_last([], Order.NAMED)) == []


def test_the_last_of_the_parts_is_known_where_each_begins_anew() -> None:
    assert list(with_last("abc", Order.WITHIN)) == [("a", False), ("b", False), ("c", True)]
    assert list(with_last("a", Order.WITHIN)) == [("a", True)]
    assert list(with_last("", Order.WITHIN)) == []


def test_whether_there_are_more_parts_is_asked_when_those_before_are_read() -> None:
    asked: list[str] = []

    def parts() -> Iterator[str]:
        for part in "abc":
            asked.append(part)
            yield part

    found = with_last(parts(), Order.NONE)
    assert next(found) == ("a", False) and asked == ["a"]


def test_an_instant_is_reached_when_several_steps_say_so_and_is_never_left_again() -> None:
    reached = Reached(Order.PARTS)
    for ms in range(1, 8):
        reached.note(ms * 10, is_last_part=False)
    assert reached.ms is None
    reached.note(9_999_999, is_last_part=False)  # one clock that was wrong
    assert reached.ms == 10
    for ms in range(8, 15):
        reached.note(ms * 10, is_last_part=False)
    assert reached.ms == 80
    reached.note(5, is_last_part=False)  # one late event
    assert reached.ms == 80


def test_of_tables_the_last_one_tells_and_of_a_service_nothing_does() -> None:
    tables, service = Reached(Order.WITHIN), Reached(Order.NONE)
    for ms in range(20):
        tables.note(ms, is_last_part=False)
        service.note(ms, is_last_part=True)
    assert (tables.ms, service.ms) == (None, None)
    for ms in range(20):
        tables.note(ms, is_last_part=True)
    assert tables.ms == 12
