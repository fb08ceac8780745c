"""When a source was read last, told in a terminal and for scripts."""

from typing import Any

from desktop_app.cli.output import counted, iso_time, local_time
from desktop_app.sources.last_read import LastRead

_SPANS = (("day", 86_400_000), ("hour", 3_600_000), ("minute", 60_000), ("second", 1000))


def last_read_document(last: LastRead) -> dict[str, Any]:
    """The last collection, for a script; times in ISO 8601 in UTC, None where there is none."""
    return {
        "last_read": iso_time(last.at_ms or None),
        "last_whole": iso_time(last.whole_ms or None),
        "last": {
            "read": last.read,
            "stored": last.stored,
            "repeated": last.repeated,
            "set_aside": last.set_aside,
            "problem": last.problem or None,
        },
        "oldest": iso_time(last.oldest_ms or None),
        "newest": iso_time(last.newest_ms or None),
        "late_seconds": last.late_ms // 1000,
    }


def last_read_text(last: LastRead) -> str:
    """The last collection in a line."""
    parts = [f"last read {local_time(last.at_ms)}, {counted(last.read, 'record')}, {last.stored} new"]
    if last.oldest_ms:
        parts.append(f"events from {local_time(last.oldest_ms)[:10]} to {local_time(last.newest_ms)[:10]}")
    if last.late_ms:
        parts.append(f"up to {span(last.late_ms)} late")
    if last.problem:
        parts.append(f"not read: {last.problem}")
    return "; ".join(parts)


def span(milliseconds: int) -> str:
    """A span of time in its largest unit, rounded down."""
    unit, size = next(((unit, size) for unit, size in _SPANS if milliseconds >= size), _SPANS[-1])
    return counted(milliseconds // size, unit)
