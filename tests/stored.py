"""A small event, what a store has, and batches of its events, for tests."""

import json
from collections.abc import Iterable
from typing import Any

from desktop_app.trails.store.block import SEPARATOR
from desktop_app.trails.store.span import Span
from desktop_app.trails.store.store import Store
from desktop_app.trails.store.timeline import Batch, batches

EVENT = {"createdAt": "2026-11-22T08:15:30.123Z", "entityType": "T", "entityName": "N", "actionType": "A"}


def event(**changes: Any) -> bytes:
    """A small event as JSON, as it would be recorded."""
    return json.dumps({**EVENT, **changes}).encode()


def events_in(store: Store) -> list[dict[str, Any]]:
    """A store's events in the order in which they are exported."""
    return [json.loads(line) for line in lines_in(store)]


def lines_in(store: Store, span: Span = Span()) -> list[bytes]:
    """The lines of a store's events in the order in which they are exported."""
    return [line for batch in batches(store, span) for line in batch.lines()]


def batch_of(lines: Iterable[bytes]) -> Batch:
    """Event lines as a batch, as if they were created in 1970."""
    some = list(lines)
    return Batch(SEPARATOR.join(some), len(some), 0, 0)
