"""Coverage against the slow and obvious way: look at every archive for every instant."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.export.coverage import Coverage
from desktop_app.trails.store.span import Span

instants = st.integers(0, 30)
spans = st.builds(
    lambda start, length, seq: Span(start, start + length, upto_seq=seq),
    instants,
    st.integers(0, 12),
    st.integers(1, 9),
)


def slow(taken: list[Span], instant: int) -> int:
    return max((s.upto_seq for s in taken if s.start_ms <= instant < s.end_ms), default=0)


@given(st.lists(spans), instants, st.integers(1, 20))
def test_steps_are_what_the_archives_say(taken: list[Span], start: int, length: int) -> None:
    end = start + length
    steps = Coverage(taken).left(start, end)
    assert (steps[0].start_ms, steps[-1].end_ms) == (start, end)
    assert all(a.end_ms == b.start_ms for a, b in pairwise(steps))
    for step in steps:
        for instant in range(step.start_ms, step.end_ms):
            assert step.after_seq == slow(taken, instant)


@given(st.lists(spans), instants, st.integers(1, 20))
def test_lowest_is_the_lowest(taken: list[Span], start: int, length: int) -> None:
    assert Coverage(taken).lowest(start, start + length) == min(
        slow(taken, instant) for instant in range(start, start + length)
    )
