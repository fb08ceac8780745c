"""When something happened, however a record writes it."""

import json
import time
from typing import Any

import pytest

from desktop_app.settings.time_pattern import NoPattern, regular_expression
from desktop_app.sources.times import time_reader, understood
from desktop_app.trails.event import iso_time
from desktop_app.trails.times import NotATime


def read(value: Any, unit: str = "", zone: str = "") -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return iso_time(time_reader(unit, zone)(raw).ms)


@pytest.mark.parametrize(
    "value",
    [
        1793611162, 1793611162.305988, 1793611162305, 1793611162305988, 1793611162305988123,
        "1793611162", "1793611162.305988", "1793611162305", "1793611162305988", "1793611162305988123",
        b"1.793611162305e9", "/Date(1793611162305)/", "/Date(1793611162305+0100)/", b"1793611162.0000000001",
    ],
)  # fmt: skip
def test_the_unit_of_a_number_is_recognised(value: Any) -> None:
    assert read(value)[:19] == iso_time(1793611162000)[:19]


@pytest.mark.parametrize(
    ("unit", "value"),
    [
        ("epoch-s", 1793611162), ("epoch-ms", "1793611162000"), ("epoch-us", 1793611162000000),
        ("epoch-ns", 10**9 * 1793611162),
    ],
)  # fmt: skip
def test_the_unit_that_the_source_says(unit: str, value: Any) -> None:
    assert read(value, unit) == iso_time(1793611162000)


def test_a_unit_that_can_not_be_is_asked_about() -> None:
    with pytest.raises(NotATime, match="are these seconds since 1970"):
        read(1793611162, "epoch-ms")
    with pytest.raises(NotATime, match="before 1990"):
        read(0)
    with pytest.raises(NotATime, match="a number"):
        read(1793611162, "iso")


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-03T08:59:26+00:00", "2026-11-03T09:59:26+0100", "2026-11-03T09:59:26+01",
        "2026-11-03 08:59:26 UTC",
        "2026-11-03T08:59:26.000GMT", "2026-11-03 09:59:26 CET", "2026-11-03 09:59:26 Europe/Berlin",
        "2026-11-03T09:59:26+01:00[Europe/Berlin]", "2026-11-03 09:59:26 GMT+1", "2026-11-03 09:59:26 UTC+01:00",
        "2026-11-03 03:59:26 EST", "2026-11-03T14:29:26 +5:30", "2026-11-03T03:59:26\u221205:00",
        "20261103T085926Z", "Tue, 03 Nov 2026 08:59:26 +0000", "Tue, 03 Nov 2026 08:59:26 GMT",
        "03/Nov/2026:09:59:26 +0100", "Tue Nov  3 08:59:26 UTC 2026", "Nov 3, 2026 8:59:26 AM UTC",
        "November 3, 2026 at 8:59:26 AM UTC", "03.11.2026 09:59:26 +01:00", "2026/11/03 08:59:26 Z",
        "3 Nov 2026 08:59:26 +0000 (UTC)", "2026-11-03T08:59:26,000Z", " 2026-11-03T08:59:26Z ",
    ],
)  # fmt: skip
def test_spellings_of_one_instant(text: str) -> None:
    assert read(text) == "2026-11-03T08:59:26.000Z"


def test_a_time_without_an_offset_needs_a_zone() -> None:
    for text in (
        "2026-11-03T08:59:26",
        "2026-11-03 08:59:26",
        "Nov 3, 2026 8:59:26 AM",
        "Tue Nov  3 08:59:26 2026",
    ):
        assert read(text, zone="UTC") == "2026-11-03T08:59:26.000Z"
        assert read(text, zone="Europe/Berlin") == "2026-11-03T07:59:26.000Z"
        with pytest.raises(NotATime, match="zone"):
            read(text)
    assert read("2026-11-03T08:59:26Z", zone="Europe/Berlin") == "2026-11-03T08:59:26.000Z"


def test_a_name_of_a_zone_is_that_of_the_source_first() -> None:
    assert read("2026-11-03 09:00:00 IST", zone="Asia/Kolkata") == "2026-11-03T03:30:00.000Z"
    assert read("2026-10-25 02:30:00 CEST", zone="Europe/Berlin") == "2026-10-25T00:30:00.000Z"
    assert read("2026-10-25 02:30:00 CET", zone="Europe/Berlin") == "2026-10-25T01:30:00.000Z"
    with pytest.raises(NotATime, match="IST"):
        read("2026-11-03 09:00:00 IST")


def test_where_the_clock_shows_it_twice_the_first_time_is_meant() -> None:
    assert read("2026-10-25T02:30:00", zone="Europe/Berlin") == "2026-10-25T00:30:00.000Z"


def test_day_or_month_first_is_not_guessed() -> None:
    with pytest.raises(NotATime, match="day or the month first"):
        read("11/03/2026 08:59:26 AM", zone="UTC")
    assert read("11/03/2026 08:59:26 PM", "text:%m/%d/%Y %I:%M:%S %p", "UTC") == "2026-11-03T20:59:26.000Z"
    assert read("11/03/2026 12:59:26 am", "text:%m/%d/%Y %I:%M:%S %p", "UTC") == "2026-11-03T00:59:26.000Z"
    assert read("11/03/2026 08:59:26", "text:%d/%m/%Y %H:%M:%S", "UTC") == "2026-03-11T08:59:26.000Z"
    with pytest.raises(NotATime, match="as the source says"):
        read("2026-11-03T08:59:26Z", "text:%d/%m/%Y %H:%M:%S", "UTC")


def test_a_pattern_has_what_a_moment_needs() -> None:
    for pattern in ("", "%Y", "%H:%M", "%d/%m %H:%M", "%Y-%m-%d", "%Q", "%Y %Y-%m-%d %H", "%"):
        with pytest.raises(NoPattern):
            regular_expression(pattern)
    assert (
        read("03-Nov-26 08.59.26.123456789 AM +01:00", "text:%d-%b-%y %I.%M.%S.%f %p %z")[:19]
        == "2026-11-03T07:59:26"
    )


@pytest.mark.parametrize(
    "value",
    ["", "yesterday", "2026-11-03", "2026-02-30T00:00:00Z", "1970-01-01T00:00:00Z", "0001-01-01T00:00:00", True,
     {}, [], "2026-13-03 08:59:26", "2026-11-03 08:61:26", "2026-11-03T08:59:26+99:00", -1, 1e300,
     "99999999999999999999",
     "2026-11-03 08:59:26 Nowhere/Else"],
)  # fmt: skip
def test_what_is_no_time(value: Any) -> None:
    with pytest.raises(NotATime):
        read(value, zone="UTC")


def test_the_future_is_not_believed() -> None:
    ahead = time.time_ns() // 10**9 + 2 * 86_400
    for value in (ahead, str(ahead * 1000), iso_time(ahead * 1000), iso_time(ahead * 1000).replace("Z", "")):
        with pytest.raises(NotATime, match="day ahead"):
            read(value, zone="UTC")


def test_whether_all_is_kept_of_it() -> None:
    exact = {b"1793611162", b"1793611162305", b'"2026-11-03T08:59:26.120000Z"', b'"2026-11-03T08:59:26+00:00"'}
    more = {
        b"1793611162305988",
        b'"2026-11-03T08:59:26.1234Z"',
        b'"2026-11-03T08:59:26+01:00"',
        b'"2026-11-03T08:59:26"',
    }
    reader = time_reader("", "UTC")
    assert {value for value in exact | more if reader(value).exact} == exact


def test_how_it_was_understood() -> None:
    assert understood(b"1793611162", "", "") == "seconds since 1970"
    assert understood(b'"1793611162000"', "", "") == "milliseconds since 1970"
    assert understood(b'"2026-11-03T08:59:26"', "", "Europe/Berlin") == "a time in zone Europe/Berlin"
    assert understood(b'"2026-11-03T08:59:26Z"', "", "UTC") == "a time with its own offset"
    assert understood(b'"03/11/2026 08:59"', "text:%d/%m/%Y %H:%M", "UTC") == "as %d/%m/%Y %H:%M"
