"""Read the store in the order in which events are exported: by createdAt, then by arrival.

Blocks never overlap, and single events lie before, between and amid them. A block that is wanted whole, with no
single event amid it, is given as it is.
"""

from collections.abc import Iterator
from heapq import merge

from msgspec import Struct

from desktop_app.trails.store.block import SEPARATOR, Block, checked, unpack
from desktop_app.trails.store.span import HOUR_MS, Span
from desktop_app.trails.store.store import Store

_BATCH_BYTES = 1 << 18

_Key = tuple[int, int]
_Event = tuple[int, int, bytes]


class Batch(Struct, frozen=True):
    """Some event lines in order, joined by SEPARATOR to `text`; `deflated`, if they are at hand as a block, is
    that text as `trails.block.deflate` gives it. `first_ms` and `last_ms` are when the first and the last were
    created."""

    text: bytes
    events: int
    first_ms: int
    last_ms: int
    deflated: bytes = b""

    @property
    def size(self) -> int:
        """The bytes of its text."""
        return len(self.text)

    def lines(self) -> list[bytes]:
        """The lines one by one."""
        return self.text.split(SEPARATOR)


class PackedBatch(Struct, frozen=True):
    """A batch that is a block, as the store has it; `first` and `last` are the keys (created_ms, seq) of its
    events."""

    first: _Key
    last: _Key
    block: Block

    @property
    def events(self) -> int:
        """How many there are."""
        return self.last[1] - self.first[1] + 1

    @property
    def first_ms(self) -> int:
        """When the first was created."""
        return self.first[0]

    @property
    def last_ms(self) -> int:
        """When the last was created."""
        return self.last[0]

    @property
    def size(self) -> int:
        """The bytes of its text."""
        return self.block.size


def batches(store: Store, span: Span) -> Iterator[Batch]:
    """The events of a span in order: each batch is a block, or a quarter of a MB and the line that exceeds it.

    Raises StoreDamaged.
    """
    for batch in packed_batches(store, span):
        yield unpacked(store, batch) if isinstance(batch, PackedBatch) else batch


def packed_batches(store: Store, span: Span) -> Iterator[PackedBatch | Batch]:
    """The same batches, those that are blocks not yet unpacked. Raises StoreDamaged."""
    some: list[_Event] = []
    size = 0
    with store.reading():
        for part in _parts(store, span):
            if isinstance(part, PackedBatch):
                if some:
                    yield _batch(some)
                    some, size = [], 0
                yield part
                continue
            some.append(part)
            size += len(part[2])
            if size >= _BATCH_BYTES:
                yield _batch(some)
                some, size = [], 0
        if some:
            yield _batch(some)


def unpacked(store: Store, batch: PackedBatch) -> Batch:
    """A batch that the store has as a block, to be read. Raises StoreDamaged."""
    with store.reading():
        text = unpack(batch.block)
    return Batch(text, batch.events, batch.first_ms, batch.last_ms, batch.block.deflated)


def numbered_lines(store: Store, span: Span) -> Iterator[tuple[int, bytes]]:
    """The events that `batches` gives for the same span one by one: arrival number and line."""
    with store.reading():
        for part in _parts(store, span):
            if isinstance(part, PackedBatch):
                yield from enumerate(unpack(part.block).split(SEPARATOR), part.first[1])
            else:
                yield part[1:]


def _batch(events: list[_Event]) -> Batch:
    return Batch(SEPARATOR.join([line for _, _, line in events]), len(events), events[0][0], events[-1][0])


def _parts(store: Store, span: Span) -> Iterator[PackedBatch | _Event]:
    """Whole blocks and, where there is none or not all of it is wanted, single events."""
    start_ms, end_ms, after_seq, upto_seq = span.values
    singles = _Singles(store, span)
    rows = store.db.execute(
        """SELECT first_ms, first_seq, last_ms, last_seq, size, crc32, deflated FROM blocks
           WHERE first_ms > ? AND last_ms >= ? AND first_ms < ? AND last_seq > ? AND first_seq <= ?
           ORDER BY first_ms, first_seq""",
        (start_ms - HOUR_MS, *span.values),  # no block is longer
    )
    for first_ms, first_seq, last_ms, last_seq, *block in rows:
        packed = PackedBatch((first_ms, first_seq), (last_ms, last_seq), Block(*block))
        yield from singles.before(packed.first)
        whole = first_ms >= start_ms and last_ms < end_ms and first_seq > after_seq and last_seq <= upto_seq
        if whole and not singles.any_before(packed.last):
            yield packed
        else:
            yield from merge(_events_of(store, packed, span), singles.before(packed.last))
    yield from singles.before((end_ms, 0))


class _Singles:
    """The events that are in no block, in order, as a stream that one can look into."""

    def __init__(self, store: Store, span: Span) -> None:
        rows = store.db.execute(
            """SELECT created_ms, seq, line, crc32 FROM events INDEXED BY single_events_by_time
               WHERE line IS NOT NULL AND created_ms >= ? AND created_ms < ? AND seq > ? AND seq <= ?
               ORDER BY created_ms, seq""",
            span.values,
        )
        self._rows: Iterator[_Event] = ((ms, seq, checked(line, crc32)) for ms, seq, line, crc32 in rows)
        self._next = next(self._rows, None)

    def any_before(self, key: _Key) -> bool:
        return self._next is not None and self._next[:2] < key

    def before(self, key: _Key) -> Iterator[_Event]:
        """Take all events before `key`."""
        while self._next is not None and self._next[:2] < key:
            yield self._next
            self._next = next(self._rows, None)


def _events_of(store: Store, packed: PackedBatch, span: Span) -> Iterator[_Event]:
    """The events of a block that are in a span."""
    start_ms, end_ms, after_seq, upto_seq = span.values
    numbers = (packed.first[1], packed.last[1])
    times = store.db.execute("SELECT created_ms, seq FROM events WHERE seq BETWEEN ? AND ? ORDER BY seq", numbers)
    for (created_ms, seq), line in zip(times, unpack(packed.block).split(SEPARATOR), strict=True):
        if start_ms <= created_ms < end_ms and after_seq < seq <= upto_seq:
            yield created_ms, seq, line
