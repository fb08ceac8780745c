"""The next and the last daily time, whatever the clocks do."""

import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from desktop_app.schedule.time_of_day import last_time, next_time
from tests.windows_gaps import needs

pytestmark = needs("time zones")
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]


@pytest.fixture
def set_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    yield monkeypatch
    monkeypatch.undo()
    time.tzset()


def at_instant(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


@pytest.mark.parametrize(
    ("zone", "at", "now", "wanted"),
    [
        # skipped: it comes as soon as the clock has jumped
        ("Europe/Berlin", "02:30", "2026-03-29T00:00:00+01:00", "2026-03-29T03:00:00+02:00"),
        ("Europe/Berlin", "02:30", "2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"),
        ("Europe/Berlin", "02:00", "2027-03-28T01:59:00+01:00", "2027-03-28T03:00:00+02:00"),
        ("America/Scoresbysund", "23:30", "2027-03-27T22:00:00-02:00", "2027-03-28T00:00:00-01:00"),
        ("America/Santiago", "00:15", "2026-09-05T23:00:00-04:00", "2026-09-06T01:00:00-03:00"),
        ("America/New_York", "02:00", "2026-03-08T01:59:00-05:00", "2026-03-08T03:00:00-04:00"),
        ("Australia/Lord_Howe", "02:00", "2026-10-04T01:59:00+10:30", "2026-10-04T02:30:00+11:00"),
        # shown twice: the first counts, also for one who looks in between
        ("Europe/Berlin", "02:30", "2026-10-25T00:00:00+02:00", "2026-10-25T02:30:00+02:00"),
        ("Europe/Berlin", "02:30", "2026-10-25T02:10:00+01:00", "2026-10-26T02:30:00+01:00"),
        ("Australia/Lord_Howe", "01:45", "2026-04-05T01:40:00+10:30", "2026-04-06T01:45:00+10:30"),
        # a day that was left out
        ("Pacific/Apia", "02:00", "2011-12-29T03:00:00-10:00", "2011-12-31T02:00:00+14:00"),
    ],
)
def test_the_next_time_on_an_odd_day(
    set_zone: pytest.MonkeyPatch, zone: str, at: str, now: str, wanted: str
) -> None:
    set_zone.setenv("TZ", zone)
    assert next_time(at, at_instant(now)) == at_instant(wanted)


@pytest.mark.parametrize("at", ["00:00", "02:00", "02:30", "23:59"])
@pytest.mark.parametrize("zone", ZONES)
def test_each_day_has_one_time_and_none_is_passed_over(set_zone: pytest.MonkeyPatch, zone: str, at: str) -> None:
    set_zone.setenv("TZ", zone)
    first = datetime.fromisoformat(f"2011-06-01T{at}:00").replace(tzinfo=ZoneInfo(zone))
    instants = [first.timestamp()]
    for _ in range(730):
        instants.append(next_time(at, instants[-1]))
    shown = [datetime.fromtimestamp(instant, ZoneInfo(zone)).date() for instant in instants]
    wanted = [first.date() + timedelta(days=n) for n in range(800)]
    if zone == "Pacific/Apia":
        wanted.remove(date(2011, 12, 30))
    assert shown == wanted[: len(shown)]
    for before, after in pairwise(instants):
        middle = (before + after) / 2
        assert next_time(at, middle) == after
        assert last_time(at, middle) == before == last_time(at, before)


def test_a_time_zone_that_was_changed_counts_at_once(set_zone: pytest.MonkeyPatch) -> None:
    now = at_instant("2026-11-24T12:00:00Z")
    set_zone.setenv("TZ", "Europe/Berlin")
    assert next_time("02:00", now) == at_instant("2026-11-25T02:00:00+01:00")
    set_zone.setenv("TZ", "Asia/Tokyo")
    assert next_time("02:00", now) == at_instant("2026-11-25T02:00:00+09:00")
