"""When something happened, by a record of a source.

The unit of a number, how a time is written, and the zone of one without are what the source says, else recognised.
"""

import re
from collections.abc import Callable
from functools import cache
from itertools import product

import msgspec

from desktop_app.settings.model import EPOCH_UNITS, TIME_PATTERN
from desktop_app.settings.time_zone import zone_called
from desktop_app.sources.time_pattern import TimePattern
from desktop_app.trails.times import (
    Moment,
    NotATime,
    believed,
    iso_moment,
    no_time,
    normal_ms,
    number_moment,
    unit_by_size,
)
from desktop_app.wording import Said

# Days whose numbers can be read in one way only, behind which a time of day stands.
_DAYS = (
    "%Y-%m-%dT",
    "%Y-%m-%d ",
    "%Y/%m/%d ",
    "%Y%m%dT",
    "%d.%m.%Y ",
    "%d %b %Y ",
    "%d-%b-%Y ",
    "%d/%b/%Y:",
    "%b %d %Y ",
)
_TIMES = ("%H:%M:%S%.%?", "%H:%M%?", "%I:%M:%S%. %p%?", "%I:%M %p%?", "%H%M%S%.%?")
_OTHERS = ("%b %d %H:%M:%S%. %Y", "%b %d %H:%M:%S%. %Z %Y")
_DAY_OF_WEEK = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", re.IGNORECASE)
_BETWEEN = re.compile(r",?\s+(?:at\s+)?", re.IGNORECASE)
_GO_ZONE = re.compile(r"([+-]\d{4}) [A-Z]{2,5}(?: m=[+-][\d.]+)?\Z")  # what Go writes of a time
_DOT_NET = re.compile(r"/Date\((-?\d+)(?:[+-]\d{4})?\)/")
_DAY_OR_MONTH_FIRST = re.compile(r"\d\d?[/-]\d\d?[/-]\d{2,4}\b.*", re.DOTALL)
_UNIT_WORDS = {
    "epoch-s": Said("seconds since 1970"),
    "epoch-ms": Said("milliseconds since 1970"),
    "epoch-us": Said("microseconds since 1970"),
    "epoch-ns": Said("nanoseconds since 1970"),
}

ReadTime = Callable[[bytes], Moment]


def time_reader(unit: str, zone: str) -> ReadTime:
    """What reads the JSON value of a time, and raises NotATime.

    `unit` is the `time` of a source: one of EPOCH_UNITS for numbers, `iso` for no numbers, a TIME_PATTERN, or
    empty: recognised. `zone`, UTC or an IANA name, is that of times without one.
    """
    where = zone_called(zone) if zone else None
    pattern = TimePattern(unit.removeprefix(TIME_PATTERN)) if unit.startswith(TIME_PATTERN) else None
    last = _known()[0]

    def read(value: bytes) -> Moment:
        nonlocal last
        if pattern is None and (ms := normal_ms(value)) is not None:
            return Moment(ms, exact=True)
        is_text = value[:1] == b'"'
        text = msgspec.json.decode(value, type=str).strip() if is_text else value.decode()
        if pattern:
            moment = pattern.moment(text, where)
            if moment is None:
                raise NotATime(Said("createdAt is not written as the source says: {text}", text=text[:60]))
        elif number := _number(text, unit):
            moment = number
        elif not is_text:
            raise NotATime(no_time(text))
        elif iso := iso_moment(text):
            moment = iso
        else:
            plain = _BETWEEN.sub(" ", _DAY_OF_WEEK.sub("", _GO_ZONE.sub(r"\1", text), count=1))
            moment = last.moment(plain, where)
            for each in _known() if moment is None else ():
                if (moment := each.moment(plain, where)) is not None:
                    last = each
                    break
            if moment is None:
                raise NotATime(_day_or_month(text) if _DAY_OR_MONTH_FIRST.fullmatch(text) else no_time(text))
        believed(moment.ms, value)
        return moment

    return read


def understood(value: bytes, unit: str, zone: str) -> Said:
    """How the JSON value of a time was read, in words."""
    text = msgspec.json.decode(value, type=str).strip() if value[:1] == b'"' else value.decode()
    if unit.startswith(TIME_PATTERN):
        return Said("as {pattern}", pattern=unit.removeprefix(TIME_PATTERN))
    if _DOT_NET.fullmatch(text):
        return _UNIT_WORDS["epoch-ms"]
    if number_moment(text, ""):
        return _UNIT_WORDS[unit if unit in EPOCH_UNITS else unit_by_size(text)]
    try:
        time_reader(unit, "")(value)
    except NotATime:
        return Said("a time in zone {zone}", zone=zone)
    return Said("a time with its own offset")


def _number(text: str, unit: str) -> Moment | None:
    if dot_net := _DOT_NET.fullmatch(text):
        return number_moment(dot_net[1], "epoch-ms")
    told = unit if unit in EPOCH_UNITS else ""
    moment = number_moment(text, told)
    if moment is None:
        return None
    if unit == "iso":
        raise NotATime(Said("createdAt is a number, the source says ISO 8601: {text}", text=text[:60]))
    if told and told != (other := unit_by_size(text)):
        try:
            believed(moment.ms, text.encode())
        except NotATime as error:
            reason = Said("{problem}: are these {unit}?", problem=error.reason, unit=_UNIT_WORDS[other])
            raise NotATime(reason) from error
    return moment


@cache
def _known() -> tuple[TimePattern, ...]:
    return tuple(TimePattern(each) for each in (*map("".join, product(_DAYS, _TIMES)), *_OTHERS))


def _day_or_month(text: str) -> Said:
    return Said(
        "createdAt may have the day or the month first, which the source has to say, as in text:{pattern}: {text}",
        pattern="%m/%d/%Y %H:%M:%S",
        text=text[:60],
    )
