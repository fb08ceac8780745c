"""When it is HH:MM by this computer's clock, in the system's time zone as it is now.

A time that the clock skips comes as soon as it has jumped, as for the schedulers; of one that it shows twice, the
first counts.
"""

import time
from datetime import datetime, timedelta

from desktop_app.settings.validation import require_time_of_day

_DAY = 86_400  # seconds


def next_time(at: str, now: float) -> float:
    """The first instant after `now` at which the clock shows `at` (HH:MM); seconds since 1970.

    Raises BadSetting where `at` is no time of day.
    """
    return next(instant for instant in _around(at, now) if instant > now)


def last_time(at: str, now: float) -> float:
    """The latest instant up to `now` at which the clock showed `at` (HH:MM); seconds since 1970.

    Raises BadSetting where `at` is no time of day.
    """
    return next(instant for instant in reversed(_around(at, now)) if instant <= now)


def _around(at: str, now: float) -> list[float]:
    require_time_of_day(at)
    if hasattr(time, "tzset"):
        time.tzset()  # the time zone may have been changed since this process began
    hour, minute = map(int, at.split(":"))
    today = datetime.fromtimestamp(now).replace(hour=hour, minute=minute, second=0, microsecond=0, fold=0)
    return [_instant(today + timedelta(days=days)) for days in range(-2, 3)]


def _instant(shown: datetime) -> float:
    """When the clock shows a time, or has jumped over it; of a day that was left out, a time of the next one."""
    later, earlier = shown.timestamp(), shown.replace(fold=1).timestamp()
    if not earlier < later < earlier + _DAY:
        return later
    low, high = int(earlier), int(later)  # in a gap, each of the two offsets gives the time beyond the other end
    while low < high:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle) < shown:
            low = middle + 1
        else:
            high = middle
    return float(high)
