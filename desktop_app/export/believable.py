"""Whether the clock of this computer is believed.

A clock that is ahead for one run would deliver days that are not over, and empty archives for all days up to then.
A computer that was off for long has the same look; the server's clock tells one from the other.
"""

from desktop_app.errors import ExitCode, UserError
from desktop_app.trails.event import iso_time
from desktop_app.wording import Said

_DAY_MS = 86_400_000
_NO_DOUBT_MS = 2 * _DAY_MS


class ClockAhead(UserError):
    """The clock of this computer is far ahead of the server's."""

    exit_code = ExitCode.TRY_LATER


def is_doubtful(now_ms: int, last_success_ms: int | None) -> bool:
    """Whether so long has passed since a run went well that another clock should be asked."""
    return last_success_ms is not None and now_ms - last_success_ms > _NO_DOUBT_MS


def is_ahead(now_ms: int, server_ms: int) -> bool:
    """Whether a clock is ahead of the server's by more than what time zones and bad batteries explain."""
    return now_ms - server_ms > _DAY_MS


def clock_ahead(now_ms: int, server_ms: int) -> ClockAhead:
    """What to tell of a clock that is not believed."""
    return ClockAhead(
        Said(
            "The clock of this computer is not believed: it says {here}, the server's says {there}.",
            here=iso_time(now_ms),
            there=iso_time(server_ms),
        ),
        Said(
            "Set the clock that is wrong. Until then, only days that are over by the server's clock are exported."
        ),
    )
