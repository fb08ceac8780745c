"""When it is HH:MM by this computer's clock, in the system's time zone as it is now.

A time that the clock skips comes as much later as it skips; of one that it shows twice, the first counts.
"""

import time
from datetime import datetime, timedelta

from desktop_app.settings.validation import require_time_of_day


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
    return [(today + timedelta(days=days)).timestamp() for days in range(-2, 3)]
