"""Windows of time: in what pieces they are asked for, and how a service wants times to be written."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNIT_MS = {"iso": 1, "epoch-ms": 1, "iso-s": 1000, "utc-s": 1000, "epoch-s": 1000, "date": 86_400_000}
_LONGEST_MS = 30 * 86_400_000


class Window(NamedTuple):
    """Milliseconds since 1970."""

    from_ms: int
    to_ms: int


def pieces(whole: Window, longest_ms: int, way: str) -> Iterator[Window]:
    """A window in pieces that are asked for one by one, so that each is as long as the service takes at most."""
    most = max((longest_ms or _LONGEST_MS) - 2 * _unit(way), _unit(way))
    start = whole.from_ms
    while start < whole.to_ms:
        end = min(start + most, whole.to_ms)
        yield Window(start, end)
        start = end


def written_from(window: Window, way: str) -> str:
    """The begin of a window, as it is asked for: a unit early, for some services leave out what is right at it."""
    unit = _unit(way)
    return _written((window.from_ms // unit - 1) * unit, way)


def written_to(window: Window, way: str) -> str:
    """The end, likewise late by what is not written."""
    unit = _unit(way)
    return _written(-(-window.to_ms // unit) * unit, way)


def _unit(way: str) -> int:
    return _UNIT_MS[way or "iso"]


def _written(ms: int, way: str) -> str:
    if way == "epoch-ms":
        return str(ms)
    if way == "epoch-s":
        return str(ms // 1000)
    moment = _EPOCH + timedelta(milliseconds=ms)
    if way == "date":
        return moment.strftime("%Y-%m-%d")
    if way == "utc-s":
        return moment.strftime("%Y-%m-%dT%H:%M:%S")
    return moment.isoformat(timespec="seconds" if way == "iso-s" else "milliseconds").replace("+00:00", "Z")
