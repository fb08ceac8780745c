"""Spans of time as settings write them: `30s`, `2m`, `24h`, `7d`."""

import re

DAY_MS = 86_400_000
_SPAN = re.compile(r"(\d{1,6})([smhd])")
_UNITS_MS = {"s": 1000, "m": 60_000, "h": 3_600_000, "d": DAY_MS}


def duration_ms(text: str) -> int:
    """A span in milliseconds. Raises ValueError."""
    match = _SPAN.fullmatch(text)
    if not match:
        raise ValueError(text)
    return int(match[1]) * _UNITS_MS[match[2]]
