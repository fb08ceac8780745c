"""Patterns of keys with the day in them, as in `%Y/%m/%d`: which of them a night has to list."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

_SIGNS = {"%Y": "[0-9][0-9][0-9][0-9]", "%m": "[0-9][0-9]", "%d": "[0-9][0-9]", "%H": "[0-9][0-9]"}
_DAY_NS = 86_400 * 10**9


def has_day(pattern: str) -> bool:
    """Whether a pattern has the year, the month and the day in it."""
    return all(sign in pattern for sign in ("%Y", "%m", "%d"))


def patterns_since(pattern: str, since_ns: int | None, today: date) -> Iterator[str]:
    """The patterns for all days from one before an instant on, up to one after today (clocks differ); without an
    instant, the one for any day."""
    if since_ns is None or not has_day(pattern):
        yield _filled(pattern, _SIGNS)
        return
    day = datetime.fromtimestamp(since_ns / 10**9, UTC).date() - timedelta(days=1)
    while day <= today + timedelta(days=1):
        yield _filled(pattern, {"%Y": f"{day:%Y}", "%m": f"{day:%m}", "%d": f"{day:%d}", "%H": _SIGNS["%H"]})
        day += timedelta(days=1)


def _filled(pattern: str, values: dict[str, str]) -> str:
    for sign, value in values.items():
        pattern = pattern.replace(sign, value)
    return pattern
