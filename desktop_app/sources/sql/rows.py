"""Rows of a database as JSON, with nothing lost of what a driver gives.

Numbers keep all their digits, bytes become base64, times ISO 8601; what has no counterpart becomes text.
"""

from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Raw

_MYSQL_TIMESTAMP = 7  # the code of a column's type
_SMALLEST, _LARGEST = -(1 << 63), (1 << 64) - 1
_encode = msgspec.json.Encoder().encode


class Table:
    """What a query gave: the names of its columns, rows, and by which code its driver says each column's type."""

    def __init__(self, names: Sequence[str], types: Sequence[Any], rows: Sequence[Sequence[Any]]) -> None:
        self.names, self.types, self.rows = names, types, rows


class JsonText(str):
    """JSON as a database has it."""


def in_utc(table: Table) -> Table:
    """The same with UTC as the zone of MySQL's timestamps: they are that in our session."""
    columns = {at for at, code in enumerate(table.types) if code == _MYSQL_TIMESTAMP}
    if not columns:
        return table
    rows = [
        tuple(
            value.replace(tzinfo=UTC) if at in columns and isinstance(value, datetime) else value
            for at, value in enumerate(row)
        )
        for row in table.rows
    ]
    return Table(table.names, table.types, rows)


def as_json(table: Table) -> Iterator[bytes]:
    """Each row as a JSON object; of columns of one name, all but the first get a number."""
    keys = list(_own_names(table.names))
    for row in table.rows:
        yield _encode(dict(zip(keys, map(json_value, row), strict=True)))


def json_value(value: Any) -> Any:
    """A value as msgspec writes it without loss."""
    convert = _CONVERT.get(type(value))
    if convert is not None:
        return convert(value)
    for kind, convert in _CONVERT.items():  # subclasses, of which drivers have some
        if isinstance(value, kind):
            return convert(value)
    return str(value)


def _own_names(names: Sequence[str]) -> Iterator[str]:
    times = Counter[str]()
    for name in names:
        times[name] += 1
        yield name if times[name] == 1 else f"{name}_{times[name]}"


def _as_it_is(value: Any) -> Any:
    return value


def _text(value: str) -> str:
    return value.encode("utf-8", "backslashreplace").decode()


def _whole_number(value: int) -> int | Raw:
    return value if _SMALLEST <= value <= _LARGEST else Raw(str(value).encode())


def _decimal(value: Decimal) -> Raw | str:
    return Raw(str(value).encode()) if value.is_finite() else str(value)


def _float(value: float) -> float | str:
    return value if isfinite(value) else str(value)


def _base64(value: Any) -> str:
    return b64encode(bytes(value)).decode()


def _iso(value: Any) -> str:
    return str(value.isoformat())


def _span(value: timedelta) -> str:
    """Hours, as MySQL's TIME and others have them."""
    seconds, micros = divmod(abs(value) // timedelta(microseconds=1), 10**6)
    fraction = f".{micros:06d}" if micros else ""
    sign = "-" if value < timedelta(0) else ""
    return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{fraction}"


def _list(value: Any) -> list[Any]:
    return list(map(json_value, value))


def _set(value: Any) -> list[Any]:
    return sorted(map(str, value))


def _object(value: dict[Any, Any]) -> dict[str, Any]:
    return {str(key): json_value(each) for key, each in value.items()}


_CONVERT: dict[type, Callable[[Any], Any]] = {
    type(None): _as_it_is,
    bool: _as_it_is,
    JsonText: lambda value: Raw(value.encode()),
    str: _text,
    int: _whole_number,
    float: _float,
    Decimal: _decimal,
    datetime: _iso,
    date: _iso,
    time: _iso,
    timedelta: _span,
    UUID: str,
    bytes: _base64,
    bytearray: _base64,
    memoryview: _base64,
    list: _list,
    tuple: _list,
    set: _set,
    frozenset: _set,
    dict: _object,
}
