"""Windows of time, as they are asked for: nothing lies between two, and none is longer than a service takes."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from desktop_app.sources.rest.windows import Window, pieces, written_from, written_to

AT = datetime(2026, 11, 22, 8, 15, 30, 123_000, tzinfo=UTC)
AT_MS = int(AT.timestamp() * 1000)


@pytest.mark.parametrize(
    ("way", "begin", "end"),
    [
        ("", "2026-11-22T08:15:30.122Z", "2026-11-22T08:15:30.123Z"),
        ("iso", "2026-11-22T08:15:30.122Z", "2026-11-22T08:15:30.123Z"),
        ("iso-s", "2026-11-22T08:15:29Z", "2026-11-22T08:15:31Z"),
        ("utc-s", "2026-11-22T08:15:29", "2026-11-22T08:15:31"),
        ("epoch-ms", str(AT_MS - 1), str(AT_MS)),
        ("epoch-s", str(AT_MS // 1000 - 1), str(AT_MS // 1000 + 1)),
        ("date", "2026-11-21", "2026-11-23"),
    ],
)
def test_what_is_asked_for_is_never_less_than_the_window(way: str, begin: str, end: str) -> None:
    assert written_from(Window(AT_MS, AT_MS + 1), way) == begin
    assert written_to(Window(AT_MS - 1, AT_MS), way) == end


@pytest.mark.parametrize("way", ["iso", "iso-s", "epoch-ms", "epoch-s"])
@pytest.mark.parametrize("longest_ms", [10_000, 3_600_000])
def test_a_long_window_is_asked_for_in_pieces_without_a_gap(way: str, longest_ms: int) -> None:
    whole = Window(AT_MS, AT_MS + 9 * 3_600_000 + 1)
    some = list(pieces(whole, longest_ms, way))
    assert (some[0].from_ms, some[-1].to_ms) == whole
    assert all(one.to_ms == other.from_ms for one, other in pairwise(some))
    unit = 1000 if way.endswith("-s") else 1
    # As it is written it may be a unit longer at each end.
    assert {one.to_ms - one.from_ms for one in some[:-1]} == {longest_ms - 2 * unit}


def test_a_window_without_a_limit_is_at_most_a_month() -> None:
    some = list(pieces(Window(0, 90 * 86_400_000), 0, "date"))
    assert [one.to_ms - one.from_ms for one in some[:3]] == [28 * 86_400_000] * 3
