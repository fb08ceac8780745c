"""createdAt as records write it: ISO 8601 (RFC 3339 and its relatives) with an offset, or a number since 1970."""

import re
import time
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

import msgspec

from desktop_app.settings.model import EPOCH_UNITS
from desktop_app.wording import Said

_EPOCH = datetime(1970, 1, 1)
_DAY_MS = 86_400_000
_FIRST_MS = (datetime(1990, 1, 1) - _EPOCH) // timedelta(milliseconds=1)
_MADE_MS = (datetime(2026, 11, 28) - _EPOCH) // timedelta(milliseconds=1)  # a clock before that is wrong
_NORMAL_MINUTE = re.compile(rb'"\d{4}-\d\d-\d\dT(?!24)\d\d:\d\d:')
_NORMAL_LENGTH = len('"2026-11-22T08:15:30.123Z"')
_MINUTE_MS = 60_000
_ISO_8601 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d))?(?:[.,](\d+))?(Z|[+-]\d\d(?::?\d\d)?)", re.IGNORECASE
)
_NUMBER = re.compile(r"-?\d{1,40}(?:\.\d{1,40})?(?:[eE][+-]?\d{1,2})?")
_HIGHEST = Decimal(10) ** 30
_SHOWN = 60


class NotATime(ValueError):
    """What can't be, or can't be believed to be, when something happened; `reason` says why."""

    def __init__(self, reason: Said) -> None:
        super().__init__(reason)
        self.reason = reason


class Moment(NamedTuple):
    """An instant in milliseconds since 1970, UTC; `exact` unless it was written with more than these tell."""

    ms: int
    exact: bool


def created_ms(raw: bytes) -> int:
    """The instant of a JSON value, in milliseconds since 1970. Raises NotATime, also where it is not believed."""
    text = msgspec.json.decode(raw, type=str) if raw[:1] == b'"' else raw.decode()
    moment = number_moment(text) or (iso_moment(text) if raw[:1] == b'"' else None)
    if moment is None:
        raise NotATime(no_time(text))
    return believed(moment.ms, raw)


def normal_ms(raw: bytes) -> int | None:
    """The instant of `"2026-11-22T08:15:30.123Z"`, as times are kept; None of other values, of a leap second and
    of what is not believed."""
    digits = raw[18:20] + raw[21:24]
    if len(raw) != _NORMAL_LENGTH or raw[20:21] + raw[24:] != b'.Z"' or not digits.isdigit():
        return None
    minute_ms, within_ms = _normal_minute_ms(raw[:18]), int(digits)
    return minute_ms + within_ms if minute_ms is not None and within_ms < _MINUTE_MS else None


def believed(ms: int, raw: bytes) -> int:
    """The instant, where it is from 1990 on and at most a day ahead. Raises NotATime."""
    if ms < _FIRST_MS:
        raise NotATime(Said("createdAt is not believed, it is before 1990: {text}", text=_shown(raw)))
    if ms > max(time.time_ns() // 1_000_000, _MADE_MS) + _DAY_MS:
        raise NotATime(Said("createdAt is not believed, it is more than a day ahead: {text}", text=_shown(raw)))
    return ms


def number_moment(text: str, unit: str = "") -> Moment | None:
    """The instant of a number since 1970, in a unit of EPOCH_UNITS or the one that its size tells; None of others.

    Of the years from 1990 on, no number can be of two units.
    """
    if not _NUMBER.fullmatch(text):
        return None
    digits = 3 * EPOCH_UNITS.index(unit or unit_by_size(text))
    if text.isdigit() and len(text) <= 19:
        ms, rest = divmod(int(text) * 1000, 10**digits)
        return Moment(ms, exact=not rest)
    exact_ms = Decimal(text).scaleb(3 - digits)
    if abs(exact_ms) > _HIGHEST:
        return None
    ms = exact_ms.__floor__()
    return Moment(ms, exact=ms == exact_ms)


def unit_by_size(text: str) -> str:
    """The unit that the size of a number tells: seconds have 9 or 10 digits, milliseconds 12 or 13, and so on."""
    digits = Decimal(text).adjusted() + 1
    return EPOCH_UNITS[sum(digits >= least for least in (12, 15, 18))]


def iso_moment(text: str) -> Moment | None:
    """The instant of an ISO 8601 time with an offset; None of others. Raises NotATime where no such is."""
    match = _ISO_8601.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    ms, exact = fraction_ms(fraction)
    if hour == "24" and (ms or not exact):
        raise NotATime(_there_is_not(text))
    wall = wall_seconds(text, int(year), int(month), int(day), int(hour), int(minute), int(second or 0))
    ahead = offset_seconds(offset)
    return Moment((wall - ahead) * 1000 + ms, exact and not ahead)


def fraction_ms(digits: str | None) -> tuple[int, bool]:
    """The digits behind a second as milliseconds, and whether they had no more than these."""
    if not digits:
        return 0, True
    return int(digits[:3].ljust(3, "0")), not digits[3:].strip("0")


def wall_seconds(text: str, year: int, month: int, day: int, hour: int, minute: int, second: int) -> int:
    """Seconds from 1970 to what a clock shows, 24:00 and a leap second included. Raises NotATime."""
    ends_day = hour == 24 and minute == second == 0
    try:
        days = (datetime(year, month, day) - _EPOCH).days
    except ValueError as error:
        raise NotATime(_there_is_not(text)) from error
    if (hour > 23 and not ends_day) or minute > 59 or second > 60:
        raise NotATime(_there_is_not(text))
    return days * 86_400 + hour * 3600 + minute * 60 + second


@lru_cache(maxsize=256)
def offset_seconds(offset: str) -> int:
    """How far ahead of UTC `Z`, `+01:00`, `+0100` or `+01` is. Raises NotATime."""
    if offset in "Zz":
        return 0
    hours, minutes = int(offset[1:3]), int(offset[3:].lstrip(":") or "0")
    if hours > 23 or minutes > 59:
        raise NotATime(Said("createdAt has an offset that there is not: {offset}", offset=offset))
    return (hours * 3600 + minutes * 60) * (-1 if offset[0] == "-" else 1)


def no_time(text: str) -> Said:
    """What to say of a value that is no time."""
    return Said(
        "createdAt is neither an ISO 8601 time with an offset nor a number since 1970: {text}", text=text[:_SHOWN]
    )


@lru_cache(maxsize=4096)
def _normal_minute_ms(raw: bytes) -> int | None:
    """The instant of `"2026-11-22T08:15:` in UTC, the normal form up to the seconds; None of others, and of a
    minute that is not believed as a whole.

    Many events share a minute: what it is, is asked once.
    """
    if not _NORMAL_MINUTE.fullmatch(raw):
        return None
    with suppress(NotATime):
        if moment := iso_moment(raw[1:].decode() + "00Z"):
            believed(moment.ms + _MINUTE_MS - 1, raw)
            return believed(moment.ms, raw)
    return None


def _there_is_not(text: str) -> Said:
    return Said("createdAt is no time that there is: {text}", text=text[:_SHOWN])


def _shown(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").strip('"')[:_SHOWN]
