"""Days are intervals that meet, whatever the clocks of a zone do."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.export.days import calendar_day, day_of, days_between

ZONES = [
    "Atlantic/Azores",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Kolkata",
    "UTC",
]
HOUR_MS = 3_600_000


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Europe/Berlin", date(2026, 11, 22), 24),
        ("America/New_York", date(2026, 3, 8), 23),
        ("America/New_York", date(2026, 11, 1), 25),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
        ("America/Sao_Paulo", date(2017, 10, 15), 23),  # midnight itself was left out
        ("Atlantic/Azores", date(2025, 10, 25), 24),
        ("Atlantic/Azores", date(2025, 10, 26), 25),
        ("Pacific/Apia", date(2011, 12, 30), 0),  # the day that Samoa left out
        ("Antarctica/Casey", date(2010, 3, 4), 27),  # at two in the night, its last hour and two more came back
        ("Antarctica/Casey", date(2010, 3, 5), 24),
    ],
)
def test_length_of_a_day(zone: str, day: date, hours: float) -> None:
    found = calendar_day(day, ZoneInfo(zone))
    assert (found.end_ms - found.start_ms) / HOUR_MS == hours


@pytest.mark.parametrize(
    ("zone", "instant", "day"),
    [
        # midnight comes twice, and what comes between has the new day on the clock
        ("Atlantic/Azores", "2025-10-26T00:30:00+00:00", date(2025, 10, 26)),
        ("Atlantic/Azores", "2025-10-26T01:30:00+00:00", date(2025, 10, 26)),
        ("Atlantic/Azores", "2025-10-25T23:59:59.999+00:00", date(2025, 10, 25)),
        ("America/Havana", "2026-11-01T00:10:00-04:00", date(2026, 11, 1)),
        # the hour before midnight comes twice
        ("Asia/Beirut", "2026-10-24T23:30:00+03:00", date(2026, 10, 24)),
        ("Asia/Beirut", "2026-10-24T23:30:00+02:00", date(2026, 10, 24)),
        # a minute after midnight, the day before came back: the minute goes with it, for a day is one span of time
        ("America/St_Johns", "2010-11-07T00:00:30-02:30", date(2010, 11, 6)),
        ("America/St_Johns", "2010-11-06T23:30:00-03:30", date(2010, 11, 6)),
        # the same by three hours, two of them after midnight
        ("Antarctica/Casey", "2010-03-05T01:59:59+11:00", date(2010, 3, 4)),
        ("Antarctica/Casey", "2010-03-04T23:00:00+08:00", date(2010, 3, 4)),
        ("Antarctica/Casey", "2010-03-05T00:00:00+08:00", date(2010, 3, 5)),
    ],
)
def test_where_the_clock_goes_back_around_midnight(zone: str, instant: str, day: date) -> None:
    assert day_of(ms(instant), ZoneInfo(zone)).date == day


def test_a_day_begins_at_local_midnight() -> None:
    day = calendar_day(date(2026, 11, 22), ZoneInfo("Europe/Berlin"))
    assert (day.start_ms, day.end_ms) == (ms("2026-11-21T23:00:00Z"), ms("2026-11-22T23:00:00Z"))


@pytest.mark.parametrize("zone", [*ZONES, "America/St_Johns", "America/Toronto", "America/Sao_Paulo"])
@pytest.mark.parametrize("year", [1919, 1999, 2011, 2026])
def test_days_of_a_year_meet(zone: str, year: int) -> None:
    days = days_between(date(year, 1, 1), date(year, 12, 31), ZoneInfo(zone))
    assert all(before.end_ms == after.start_ms for before, after in pairwise(days))


def test_a_day_that_a_zone_left_out_is_none() -> None:
    days = days_between(date(2011, 12, 28), date(2012, 1, 1), ZoneInfo("Pacific/Apia"))
    assert [day.date.day for day in days] == [28, 29, 31, 1]


@given(st.integers(ms("1900-01-01T00:00:00Z"), ms("2200-01-01T00:00:00Z")), st.sampled_from(ZONES))
def test_an_instant_lies_in_its_day(instant: int, name: str) -> None:
    zone = ZoneInfo(name)
    day = day_of(instant, zone)
    assert day.start_ms <= instant < day.end_ms
    since_1970 = timedelta(milliseconds=instant)  # fromtimestamp() takes none before it on Windows
    assert day.date == (datetime(1970, 1, 1, tzinfo=UTC) + since_1970).astimezone(zone).date()


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59.999+00:00"])
def test_the_ends_of_the_calendar_have_a_day(zone: str, text: str) -> None:
    instant = ms(text)
    day = day_of(instant, ZoneInfo(zone))
    assert day.start_ms <= instant < day.end_ms
