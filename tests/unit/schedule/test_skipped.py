"""On a day without the time of the daily task, the timer has another."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from desktop_app.resources import resource_path
from desktop_app.schedule.systemd.skipped import skipping_days, systems_zone
from desktop_app.schedule.systemd.unit_file import timer_text


@pytest.mark.parametrize(
    ("zone", "at", "line"),
    [
        ("Europe/Berlin", "02:00", "Sun *-03-25..31 03:00:00"),
        ("Europe/Berlin", "02:59", "Sun *-03-25..31 03:00:00"),
        ("Europe/London", "01:30", "Sun *-03-25..31 02:00:00"),
        ("America/New_York", "02:00", "Sun *-03-08..14 03:00:00"),
        ("Atlantic/Azores", "00:00", "Sun *-03-25..31 01:00:00"),
        ("Australia/Lord_Howe", "02:15", "Sun *-10-01..07 02:30:00"),
        ("America/Scoresbysund", "23:30", "Sun *-03-25..31 00:00:00"),
        ("Asia/Jerusalem", "02:00", "Fri *-03-23..29 03:00:00"),
    ],
)
def test_a_rule_is_one_line(zone: str, at: str, line: str) -> None:
    assert skipping_days(at, ZoneInfo(zone)) == (line,)


@pytest.mark.parametrize(
    ("zone", "at"),
    [("Europe/Berlin", "01:59"), ("Europe/Berlin", "03:00"), ("Asia/Tokyo", "02:00"), ("UTC", "02:00")],
)
def test_a_time_that_each_day_has_needs_no_line(zone: str, at: str) -> None:
    assert skipping_days(at, ZoneInfo(zone)) == ()


class Lunar(tzinfo):
    """A clock that goes forward at 02:00 every 354 days, as after Ramadan, and had gone back 30 days before."""

    @staticmethod
    def _is_ahead(when: datetime) -> bool:
        return (
            timedelta() <= (when.replace(tzinfo=None) - datetime(2026, 3, 22, 2)) % timedelta(354) < timedelta(324)
        )

    def utcoffset(self, when: datetime | None) -> timedelta:
        assert when
        return timedelta(hours=self._is_ahead(when - timedelta(hours=when.fold == 0)))

    def dst(self, when: datetime | None) -> None:
        return None

    def fromutc(self, when: datetime) -> datetime:
        return when + timedelta(hours=self._is_ahead(when))


def test_days_by_another_calendar_are_named_one_by_one() -> None:
    lines = skipping_days("02:00", Lunar())
    assert len(lines) > 20 and "2026-03-22 03:00:00" in lines
    days = sorted(date.fromisoformat(line.removesuffix(" 03:00:00")) for line in lines)
    assert {later - earlier for earlier, later in pairwise(days)} == {timedelta(354)}


def test_the_timer_has_the_further_lines() -> None:
    text = timer_text("02:00", "start.service", ("Sun *-03-25..31 03:00:00",))
    calendars = [line for line in text.splitlines() if line.startswith("OnCalendar=")]
    assert calendars == ["OnCalendar=*-*-* 02:00:00", "OnCalendar=Sun *-03-25..31 03:00:00"]
    assert "{" not in resource_path("systemd/daily.timer").read_text("utf-8").format(at="", start="", further="")


def test_a_computer_without_a_zone_of_its_own_has_utc(tmp_path: Path) -> None:
    assert systems_zone(tmp_path / "localtime") is UTC
    (tmp_path / "localtime").write_bytes(b"no zone")
    assert systems_zone(tmp_path / "localtime") is UTC
