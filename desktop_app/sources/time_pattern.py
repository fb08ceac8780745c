"""Times that are written by a pattern, in English whatever the locale is, and with all digits of a fraction."""

from datetime import datetime, timedelta, tzinfo

from desktop_app.settings.time_pattern import regular_expression
from desktop_app.settings.time_zone import zone_called
from desktop_app.trails.times import Moment, NotATime, fraction_ms, offset_seconds, wall_seconds
from desktop_app.wording import Said

_EPOCH = datetime(1970, 1, 1)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# What RFC 5322 names, and names of Europe that no other zone has.
_NAMED = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "west": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip


class TimePattern:
    """A pattern of `settings.time_pattern`."""

    def __init__(self, pattern: str) -> None:
        """Raises NoPattern."""
        self._match = regular_expression(pattern).fullmatch

    def moment(self, text: str, zone: tzinfo | None) -> Moment | None:
        """The instant of a text, with `zone` where it has none itself; None where it is of another pattern.

        Raises NotATime for a time that there is not, and for one without a zone.
        """
        match = self._match(text)
        if not match:
            return None
        parts = match.groupdict()
        ms, exact = fraction_ms(parts.get("f"))
        wall = wall_seconds(text, _year(parts), _month(parts), int(parts["d"]), _hour(parts), *_minute(parts))
        ahead = _ahead(parts.get("zone"), wall, zone, text)
        return Moment((wall - ahead) * 1000 + ms, exact and not ahead and parts.get("zone") is not None)


def _year(parts: dict[str, str | None]) -> int:
    if year := parts.get("Y"):
        return int(year)
    short = int(parts.get("y") or 0)
    return short + (1900 if short > 68 else 2000)  # as POSIX has it


def _month(parts: dict[str, str | None]) -> int:
    if name := parts.get("b"):
        return _MONTHS.index(name[:3].lower()) + 1
    return int(parts["m"] or 0)


def _hour(parts: dict[str, str | None]) -> int:
    half = parts.get("p")
    hour = int(parts.get("H") or parts.get("I") or 0)
    if not half or hour > 12:
        return hour
    return hour % 12 + (12 if half.lower() == "p" else 0)


def _minute(parts: dict[str, str | None]) -> tuple[int, int]:
    return int(parts.get("M") or 0), int(parts.get("S") or 0)


def _ahead(name: str | None, wall: int, zone: tzinfo | None, text: str) -> int:
    """How many seconds what a clock showed is ahead of UTC."""
    if name is None:
        if zone is None:
            raise NotATime(
                Said("createdAt has no offset, and the source no zone for such times: {text}", text=text[:60])
            )
        return _ahead_in(zone, wall)
    if name[-1].isdigit() and "/" not in name:
        return _offset(name[3:] if name[0].isalpha() else name)
    if zone and (found := _by_its_own_name(name, wall, zone)) is not None:
        return found
    if name.lower() in _NAMED:
        return _NAMED[name.lower()] * 3600
    try:
        return _ahead_in(zone_called(name), wall) if "/" in name else _unknown(name)
    except ValueError:
        return _unknown(name)


def _ahead_in(zone: tzinfo, wall: int, fold: int = 0) -> int:
    """Where a clock showed it twice, the first time is meant unless `fold` is 1."""
    ahead = (_EPOCH + timedelta(seconds=wall)).replace(tzinfo=zone, fold=fold).utcoffset()
    return round(ahead.total_seconds()) if ahead is not None else 0


def _by_its_own_name(name: str, wall: int, zone: tzinfo) -> int | None:
    """By what the zone itself calls its time (CET or CEST): IST is more than one zone's."""
    moment = (_EPOCH + timedelta(seconds=wall)).replace(tzinfo=zone)
    for fold in (0, 1):
        if (moment.replace(fold=fold).tzname() or "").lower() == name.lower():
            return _ahead_in(zone, wall, fold)
    return None


def _offset(text: str) -> int:
    sign, digits = "-" if text[0] in "-\u2212" else "+", text[1:]
    hours, colon, minutes = digits.partition(":")
    if not colon and len(digits) > 2:
        hours, minutes = digits[:-2], digits[-2:]
    return offset_seconds(f"{sign}{hours:0>2}:{minutes or '00'}")


def _unknown(name: str) -> int:
    raise NotATime(Said("createdAt has a zone that is not known: {zone}", zone=name))
