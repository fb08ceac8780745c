"""Which events are delivered, and in which archive; which still wait."""

from collections.abc import Iterable
from enum import StrEnum

from desktop_app.export.coverage import Coverage, Stretch
from desktop_app.export.ledger import Archive
from desktop_app.trails.store.browse import ANY_SEQ, END_MS, FIRST_MS, Span


class EventState(StrEnum):
    """Whether an archive that the server has holds an event."""

    DELIVERED = "delivered"
    WAITING = "waiting"


def spans_of(coverage: Coverage, start_ms: int = FIRST_MS, end_ms: int = END_MS) -> dict[EventState, list[Span]]:
    """Where the delivered and the waiting events are that were created from `start_ms` up to `end_ms`
    (excluded), in order of time."""
    steps = coverage.within(start_ms, end_ms) if start_ms < end_ms else []
    return {
        EventState.DELIVERED: [Span(s.start_ms, s.end_ms, 0, s.seq) for s in _merged(steps) if s.seq],
        EventState.WAITING: [Span(s.start_ms, s.end_ms, s.seq, ANY_SEQ) for s in _merged(steps)],
    }


def state_of(coverage: Coverage, created_ms: int, seq: int) -> EventState:
    """Whether one event is delivered."""
    taken = seq <= coverage.lowest(created_ms, created_ms + 1)
    return EventState.DELIVERED if taken else EventState.WAITING


def archive_of(delivered: Iterable[Archive], created_ms: int, seq: int) -> Archive | None:
    """The archive that holds an event, of those delivered, in the order of their delivery."""
    for archive in delivered:
        if archive.start_ms <= created_ms < archive.end_ms and seq <= archive.upto_seq:
            return archive
    return None


def _merged(steps: list[Stretch]) -> list[Stretch]:
    """The same steps, each as long as its number holds."""
    merged: list[Stretch] = []
    for step in steps:
        if merged and merged[-1].seq == step.seq:
            step = Stretch(merged.pop().start_ms, step.end_ms, step.seq)
        merged.append(step)
    return merged
