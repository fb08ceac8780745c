"""When the clock of this computer is doubted, and when it is not believed."""

import pytest

from desktop_app.errors import ExitCode
from desktop_app.export.believable import clock_ahead, is_ahead, is_doubtful

HOUR = 3_600_000
LAST = 1_793_500_000_000  # on 1 November 2026


@pytest.mark.parametrize(
    ("now", "last", "expected"),
    [
        (LAST + 48 * HOUR, LAST, False),
        (LAST + 48 * HOUR + 1, LAST, True),
        (LAST + 24 * HOUR, LAST, False),
        (LAST + 24 * 365 * HOUR, LAST, True),
        (LAST - 24 * 365 * HOUR, LAST, False),  # set back: no day is over too early
        (LAST, None, False),  # the first run has nothing to compare with
    ],
)
def test_a_clock_is_doubted_when_no_run_went_well_for_two_days(now: int, last: int | None, expected: bool) -> None:
    assert is_doubtful(now, last) is expected


@pytest.mark.parametrize(
    ("by", "expected"), [(0, False), (24 * HOUR, False), (24 * HOUR + 1, True), (-24 * 30 * HOUR, False)]
)
def test_a_clock_is_ahead_by_more_than_a_day(by: int, expected: bool) -> None:
    assert is_ahead(LAST + by, LAST) is expected


def test_both_clocks_are_told() -> None:
    error = clock_ahead(LAST + 48 * HOUR, LAST)
    assert "it says 2026-11-03T" in error.message and "the server's says 2026-11-01T" in error.message
    assert error.exit_code == ExitCode.TRY_LATER and error.hint
