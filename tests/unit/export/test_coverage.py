"""Coverage against the slow and obvious way: look at every archive for every instant."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.export.coverage import Coverage, Stretch

instants = st.integers(0, 30)
stretches = st.builds(
    lambda start, length, seq: Stretch(start, start + length, seq),
    instants,
    st.integers(0, 12),
    st.integers(1, 9),
)


def slow(taken: list[Stretch], instant: int) -> int:
    return max((s.seq for s in taken if s.start_ms <= instant < s.end_ms), default=0)


@given(st.lists(stretches), instants, st.integers(1, 20))
def test_steps_are_what_the_archives_say(taken: list[Stretch], start: int, length: int) -> None:
    end = start + length
    steps = Coverage(taken).within(start, end)
    assert (steps[0].start_ms, steps[-1].end_ms) == (start, end)
    assert all(a.end_ms == b.start_ms for a, b in pairwise(steps))
    for step in steps:
        for instant in range(step.start_ms, step.end_ms):
            assert step.seq == slow(taken, instant)


@given(st.lists(stretches), instants, st.integers(1, 20))
def test_lowest_is_the_lowest(taken: list[Stretch], start: int, length: int) -> None:
    assert Coverage(taken).lowest(start, start + length) == min(
        slow(taken, instant) for instant in range(start, start + length)
    )
