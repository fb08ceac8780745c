"""The key of a row, its time and its id: kept between two runs, and moved back by the look-back."""

import re
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from desktop_app.settings.model import EPOCH_UNITS
from desktop_app.trails.times import unit_by_size

KeptValue = tuple[str, str]
"""A value that a database can be asked for again: its type, and itself as a text."""

_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:([T ])(\d\d:\d\d(?::\d\d)?)([.,]\d+)?(.*))?", re.DOTALL)


class Key(NamedTuple):
    """Where a row stands: rows are read in that order. Without an id, it is before all of its time."""

    time: Any
    id: Any = None


class NoOrder(ValueError):
    """A value that tells nothing about what comes before it."""


def kept(value: Any) -> KeptValue:
    """A value to be kept. Raises NoOrder for one of a type that can't be."""
    for name, (kind, write, _) in _TYPES.items():
        if type(value) is kind:
            return name, write(value)
    raise NoOrder(type(value).__name__)


def as_asked(value: KeptValue) -> Any:
    """What was kept, as a driver takes it. Raises ValueError and KeyError where it is damaged."""
    name, text = value
    return _TYPES[name][2](text)


def earlier(value: Any, span: timedelta, unit: str) -> Any:
    """A time that much before another, in the same way of writing. `unit` is the source's, for numbers.

    Raises NoOrder for a text that does not begin as ISO 8601 does, and for a number whose unit is not known.
    """
    with suppress(OverflowError):
        if isinstance(value, date):  # or a datetime
            return value - span
        if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            return value - _counted(value, span, unit)
        if isinstance(value, str) and (match := _ISO.fullmatch(value)):
            return _earlier_text(match, span)
    raise NoOrder(str(value))


def _counted(value: float | Decimal, span: timedelta, unit: str) -> int:
    """How many of its units a number counts in a span."""
    try:
        of = unit if unit in EPOCH_UNITS else unit_by_size(f"{value:f}" if value else "0")
    except ValueError as error:
        raise NoOrder(str(value)) from error
    return int(span.total_seconds()) * int(1000 ** EPOCH_UNITS.index(of))


def _earlier_text(match: re.Match[str], span: timedelta) -> str:
    """Digits behind the second, and the offset, stay as they are."""
    day, between, clock, fraction, offset = match.groups()
    if not between:
        return (date.fromisoformat(day) - span).isoformat()
    moment = datetime.fromisoformat(f"{day}T{clock}") - span
    written = moment.isoformat(sep=between, timespec="seconds" if clock.count(":") == 2 else "minutes")
    return f"{written}{fraction or ''}{offset}"


_TYPES: dict[str, tuple[type, Any, Any]] = {
    "datetime": (datetime, datetime.isoformat, datetime.fromisoformat),
    "date": (date, date.isoformat, date.fromisoformat),
    "int": (int, str, int),
    "float": (float, float.hex, float.fromhex),
    "decimal": (Decimal, str, Decimal),
    "text": (str, str, str),
    "uuid": (UUID, str, UUID),
    "bytes": (bytes, bytes.hex, bytes.fromhex),
}
