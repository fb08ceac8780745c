"""Which events are delivered, and in which archive; which still wait."""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import structs

from desktop_app.export.coverage import Coverage
from desktop_app.export.ledger import Archive
from desktop_app.trails.store.span import END_MS, FIRST_MS, Span


class EventState(StrEnum):
    """Whether an archive that the server has holds an event."""

    DELIVERED = "delivered"
    WAITING = "waiting"


def spans_of(coverage: Coverage, start_ms: int = FIRST_MS, end_ms: int = END_MS) -> dict[EventState, list[Span]]:
    """Where the delivered and the waiting events are that were created from `start_ms` up to `end_ms`
    (excluded), in order of time."""
    left = _merged(coverage.left(start_ms, end_ms)) if start_ms < end_ms else []
    return {
        EventState.DELIVERED: [Span(s.start_ms, s.end_ms, 0, s.after_seq) for s in left if s.after_seq],
        EventState.WAITING: left,
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


def _merged(steps: list[Span]) -> list[Span]:
    """The same steps, each as long as its number holds."""
    merged: list[Span] = []
    for step in steps:
        if merged and merged[-1].after_seq == step.after_seq:
            step = structs.replace(merged.pop(), end_ms=step.end_ms)
        merged.append(step)
    return merged
