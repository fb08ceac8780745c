"""Delivered or waiting, and in which archive."""

import random

from desktop_app.actions.event_state import EventState, archive_of, spans_of, state_of
from desktop_app.export.coverage import Coverage
from desktop_app.trails.store.span import Span
from tests.unit.export.test_ledger import archive


def test_every_event_is_in_the_spans_of_its_state_and_in_no_other() -> None:
    rnd = random.Random(3)
    taken = [Span(a := rnd.randrange(90), a + rnd.randrange(1, 30), 0, rnd.randrange(50)) for _ in range(9)]
    coverage = Coverage(taken)
    spans = spans_of(coverage)

    def states(created_ms: int, seq: int) -> list[EventState]:
        return [state for state, each in spans.items() if any(holds(span, created_ms, seq) for span in each)]

    for created_ms in range(-2, 125):
        for seq in range(1, 52):
            assert states(created_ms, seq) == [state_of(coverage, created_ms, seq)]


def test_spans_of_a_day_are_cut_there_and_joined_inside() -> None:
    coverage = Coverage([Span(0, 10, 0, 7), Span(10, 20, 0, 7), Span(20, 30, 0, 9)])
    spans = spans_of(coverage, 5, 25)
    assert spans[EventState.DELIVERED] == [Span(5, 20, 0, 7), Span(20, 25, 0, 9)]
    assert [(s.start_ms, s.end_ms, s.after_seq) for s in spans[EventState.WAITING]] == [(5, 20, 7), (20, 25, 9)]
    assert spans_of(coverage, 5, 5) == {EventState.DELIVERED: [], EventState.WAITING: []}


def test_the_archive_is_the_first_that_took_the_event() -> None:
    first = archive(number=1, start_ms=0, end_ms=10, upto_seq=5)
    second = archive(number=2, start_ms=0, end_ms=10, upto_seq=9)
    assert archive_of([first, second], 3, 5) is first
    assert archive_of([first, second], 3, 6) is second
    assert archive_of([first, second], 3, 10) is None
    assert archive_of([first, second], 10, 1) is None


def holds(span: Span, created_ms: int, seq: int) -> bool:
    return span.start_ms <= created_ms < span.end_ms and span.after_seq < seq <= span.upto_seq
