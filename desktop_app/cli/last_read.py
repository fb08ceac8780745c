"""When a source was read last, told in a terminal and for scripts."""

from typing import Any

from desktop_app.cli.output import iso_time, local_time
from desktop_app.cli.speech import days, number, spoken
from desktop_app.sources.last_read import LastRead
from desktop_app.wording import Said

_SECOND, _MINUTE, _HOUR, _DAY = 1000, 60_000, 3_600_000, 86_400_000


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
    """The last collection in a line, in the language asked for."""
    sentences = [
        Said(
            "Last read: {when}. Records: {read}, new: {stored}.",
            when=local_time(last.at_ms),
            read=number(last.read),
            stored=number(last.stored),
        )
    ]
    if last.oldest_ms:
        oldest, newest = local_time(last.oldest_ms)[:10], local_time(last.newest_ms)[:10]
        sentences.append(Said("Events from {oldest} to {newest}.", oldest=oldest, newest=newest))
    if last.late_ms:
        sentences.append(Said("They came up to {span} late.", span=span(last.late_ms)))
    if last.problem:
        sentences.append(Said("Not read: {why}", why=last.problem))
    return " ".join(map(spoken, sentences))


def span(milliseconds: int) -> Said:
    """A span of time in its largest unit, rounded down."""
    if milliseconds >= _DAY:
        return days(milliseconds // _DAY)
    if milliseconds >= _HOUR:
        count = milliseconds // _HOUR
        return Said("1 hour") if count == 1 else Said("{count} hours", count=number(count))
    if milliseconds >= _MINUTE:
        count = milliseconds // _MINUTE
        return Said("1 minute") if count == 1 else Said("{count} minutes", count=number(count))
    count = milliseconds // _SECOND
    return Said("1 second") if count == 1 else Said("{count} seconds", count=number(count))
