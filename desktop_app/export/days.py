"""Calendar days of a time zone as intervals of UTC milliseconds."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

_EPOCH = datetime(1970, 1, 1)
_MS = timedelta(milliseconds=1)
_BEFORE_ALL = (datetime.min - _EPOCH) // _MS - 86_400_000
_AFTER_ALL = (datetime.max - _EPOCH) // _MS + 86_400_000


@dataclass(frozen=True, order=True)
class Day:
    """The calendar day `date`: from `start_ms` up to, but not including, `end_ms` (UTC epoch).

    It lasts 23 or 25 hours where the clock changes, and no time at all where a zone left a day out.
    """

    date: date
    start_ms: int
    end_ms: int


def day_of(created_ms: int, zone: tzinfo) -> Day:
    """The day of `zone` that holds the instant `created_ms`."""
    day = calendar_day(_local_date(created_ms, zone), zone)
    # Where the day before comes back after midnight, the clock shows this one too early. Never too late.
    return day if created_ms >= day.start_ms else calendar_day(day.date - timedelta(days=1), zone)


@lru_cache(maxsize=4096)
def calendar_day(day: date, zone: tzinfo) -> Day:
    """The day `day` of `zone`. The first and the last day of the calendar reach to the ends of time."""
    start = _BEFORE_ALL if day == date.min else _start_ms(day, zone)
    end = _AFTER_ALL if day == date.max else _start_ms(day + timedelta(days=1), zone)
    return Day(day, start, end)


def days_between(first: date, last: date, zone: tzinfo, without: Container[str] = ()) -> list[Day]:
    """All days from `first` to `last`, both included, that last any time at all; none whose ISO date is in
    `without`."""
    dates = (first + timedelta(days=n) for n in range((last - first).days + 1))
    days = (calendar_day(each, zone) for each in dates if each.isoformat() not in without)
    return [day for day in days if day.start_ms < day.end_ms]


def _start_ms(day: date, zone: tzinfo) -> int:
    """The instant at which `day` begins. Where midnight comes twice, that is the first time; but the second where
    the day before comes back in between (Newfoundland until 2011)."""
    midnight = datetime(day.year, day.month, day.day)
    earlier, later = sorted((_instant(midnight, zone, 0), _instant(midnight, zone, 1)))
    if earlier == later or _local_date(earlier, zone) >= day:
        return earlier if _local_date(later - 1, zone) >= day else later
    # Midnight falls into a gap: the day begins where the gap ends.
    while earlier < later:
        middle = (earlier + later) // 2
        if _local_date(middle, zone) >= day:
            later = middle
        else:
            earlier = middle + 1
    return later


def _instant(wall: datetime, zone: tzinfo, fold: int) -> int:
    offset = wall.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta()
    return (wall - _EPOCH - offset) // _MS


def _local_date(instant_ms: int, zone: tzinfo) -> date:
    try:
        return (_EPOCH + instant_ms * _MS).replace(tzinfo=UTC).astimezone(zone).date()
    except OverflowError:
        return date.min if instant_ms < 0 else date.max
