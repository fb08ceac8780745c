"""The days on which a time of day does not exist, for a timer of systemd, which has no run on them
(OnCalendar=, systemd.time(7)).

Other schedulers start what was skipped when the clock has jumped: Debian's cron and cronie (cron(8)), and the
Windows Task Scheduler (Microsoft's page on WeeklyTrigger). So does our timer, by further lines.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

_SYSTEMS_ZONE = Path("/etc/localtime")
# Weekdays and days of a month meet again after 28 years. Fixed, for the lines are compared with those of before.
_FIRST, _LAST = date(2026, 1, 1), date(2053, 12, 31)
_NOTHING = timedelta()
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def systems_zone(file: Path = _SYSTEMS_ZONE) -> tzinfo:
    """The zone that systemd goes by, whatever this process's own is; UTC where there is none."""
    with suppress(OSError, ValueError), file.open("rb") as content:
        return ZoneInfo.from_file(content)
    return UTC


@cache
def skipping_days(at: str, zone: tzinfo) -> tuple[str, ...]:
    """Calendar expressions for when the clock has jumped over `at` (HH:MM): one for a rule such as the last Sunday
    of March, else one a day."""
    found = sorted(_after_jumps(at, zone), key=_rule)
    return tuple(line for rule, days in groupby(found, key=_rule) for line in _lines(rule, list(days)))


def _after_jumps(at: str, zone: tzinfo) -> Iterator[datetime]:
    """What the clock shows first, on each day without `at`."""
    hour, minute = map(int, at.split(":"))
    for day in _days_of_jumps(zone):
        wanted = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
        earlier, later = wanted.replace(fold=1).astimezone(UTC), wanted.astimezone(UTC)
        if earlier < later:  # in a gap, each of the two offsets gives the time beyond the other end
            yield _end_of_gap(earlier, later, zone)


def _days_of_jumps(zone: tzinfo) -> Iterator[date]:
    """The days of each week in which the clock went forward."""
    noons = [datetime(_FIRST.year, _FIRST.month, _FIRST.day, 12, tzinfo=zone)]
    while noons[-1].date() <= _LAST:
        noons.append(noons[-1] + timedelta(weeks=1))
    for before, after in pairwise(noons):
        if (before.utcoffset() or _NOTHING) < (after.utcoffset() or _NOTHING):
            yield from (before.date() + timedelta(days=days) for days in range(1, 8))


def _end_of_gap(instant: datetime, later: datetime, zone: tzinfo) -> datetime:
    """What the clock shows when it has jumped, to the minute; that is after `instant` and by `later`."""
    jumped = later.astimezone(zone).utcoffset()
    while instant.astimezone(zone).utcoffset() != jumped:
        instant += timedelta(minutes=1)
    return instant.astimezone(zone)


def _rule(shown: datetime) -> tuple[int, int, str]:
    return shown.month, shown.weekday(), shown.strftime("%H:%M:00")


def _lines(rule: tuple[int, int, str], days: Iterable[datetime]) -> Iterator[str]:
    """One line where they are a week's span of the month, year after year."""
    month, weekday, at = rule
    numbers = sorted({each.day for each in days})
    years = sorted({each.year for each in days})
    if numbers[-1] - numbers[0] < 7 and years == list(range(_FIRST.year, _LAST.year + 1)):
        yield f"{_WEEKDAYS[weekday]} *-{month:02}-{numbers[0]:02}..{numbers[-1]:02} {at}"
    else:
        yield from (f"{each:%Y-%m-%d} {at}" for each in days)
