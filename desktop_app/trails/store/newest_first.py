"""Read the store from the newest event back to the oldest, in stretches that are read in one state of it each."""

from collections.abc import Iterator
from contextlib import closing
from sqlite3 import Connection

from msgspec import Struct

from desktop_app.trails.store.block import Block, checked
from desktop_app.trails.store.browse import Key
from desktop_app.trails.store.identity import HEAD_LENGTH
from desktop_app.trails.store.snapshot import snapshot
from desktop_app.trails.store.span import HOUR_MS, Span
from desktop_app.trails.store.store import Store

_BLOCKS, _BLOCKS_BYTES = 8, 2 << 20
_SINGLES, _SINGLES_BYTES = 2000, 1 << 20
_HEAD = f"substr(id, 1, {HEAD_LENGTH})"


class StoredBlock(Struct, frozen=True):
    """A block, and its events: those of arrival number `first_seq` up to `last_seq`, from `first_ms` to `last_ms`.

    All came from one source: `head` is how their keys begin (`identity.py`).
    """

    first_seq: int
    last_seq: int
    first_ms: int
    last_ms: int
    head: bytes
    block: Block

    @property
    def first(self) -> Key:
        """The place of its oldest event."""
        return Key(self.first_ms, self.first_seq)

    def __contains__(self, seq: int) -> bool:
        return self.first_seq <= seq <= self.last_seq


class Single(Struct, frozen=True):
    """An event that is in no block."""

    key: Key
    head: bytes
    line: bytes


class Stretch(Struct, frozen=True):
    """Events before those of the stretch before: the single ones from `oldest` on, and all blocks that begin there
    or later. Of a block, events may be older than that, or outside of the span.

    `events` are how many events of the span are in it.
    """

    oldest: Key
    blocks: list[StoredBlock]
    singles: list[Single]
    events: int


def newest_first(store: Store, span: Span) -> Iterator[Stretch]:
    """The events of a span, each in one stretch: also where others split or prune blocks meanwhile.

    Raises sqlite3.Error.
    """
    begin, end = Key(span.start_ms, 0), Key(span.end_ms, 0)
    singles_end = blocks_end = end  # what lies before is still to be read
    begun: list[StoredBlock] = []  # whose events would be read again where they become single ones
    while singles_end > begin:
        with snapshot(store):
            blocks: list[StoredBlock] = []
            if singles_end == blocks_end:
                blocks, blocks_end = _blocks(store.db, span, blocks_end, begin)
            singles, singles_end = _singles(store.db, span, blocks_end, singles_end)
            events = sum(_events_within(store.db, span, block) for block in blocks)
        singles = [single for single in singles if not any(single.key.seq in block for block in begun)]
        begun = [block for block in (*begun, *blocks) if block.first < singles_end]
        yield Stretch(singles_end, blocks, singles, events + len(singles))


def _blocks(db: Connection, span: Span, end: Key, begin: Key) -> tuple[list[StoredBlock], Key]:
    """The next blocks before `end`, newest first, and down to where these are all."""
    found: list[StoredBlock] = []
    size = 0
    rows = db.execute(
        f"""SELECT first_seq, last_seq, first_ms, last_ms,
            ifnull((SELECT {_HEAD} FROM events WHERE seq = first_seq), x''), size, crc32, deflated FROM blocks
            WHERE (first_ms, first_seq) < (?, ?) AND first_ms > ?
            AND last_ms >= ? AND last_seq > ? AND first_seq <= ?
            ORDER BY first_ms DESC, first_seq DESC""",
        # No block is longer than an hour.
        (end.created_ms, end.seq, span.start_ms - HOUR_MS, span.start_ms, span.after_seq, span.upto_seq),
    )
    with closing(rows):
        for first_seq, last_seq, first_ms, last_ms, head, *block in rows:
            found.append(StoredBlock(first_seq, last_seq, first_ms, last_ms, head, Block(*block)))
            size += found[-1].block.size
            if len(found) == _BLOCKS or size >= _BLOCKS_BYTES:
                return found, max(begin, found[-1].first)
    return found, begin


def _singles(db: Connection, span: Span, begin: Key, end: Key) -> tuple[list[Single], Key]:
    """The next single events before `end`, newest first, and down to where these are all."""
    found: list[Single] = []
    size = 0
    rows = db.execute(
        f"""SELECT created_ms, seq, {_HEAD}, line, crc32 FROM events INDEXED BY single_events_by_time
            WHERE line IS NOT NULL AND created_ms >= ? AND created_ms <= ? AND seq > ? AND seq <= ?
            AND (created_ms, seq) >= (?, ?) AND (created_ms, seq) < (?, ?)
            ORDER BY created_ms DESC, seq DESC""",
        (
            begin.created_ms, end.created_ms, span.after_seq, span.upto_seq,
            begin.created_ms, begin.seq, end.created_ms, end.seq,
        ),
    )  # fmt: skip
    with closing(rows):
        for created_ms, seq, head, line, crc32 in rows:
            found.append(Single(Key(created_ms, seq), head, checked(line, crc32)))
            size += len(line)
            if len(found) == _SINGLES or size >= _SINGLES_BYTES:
                return found, found[-1].key
    return found, begin


def _events_within(db: Connection, span: Span, block: StoredBlock) -> int:
    """How many events of a block are in a span."""
    start_ms, end_ms, after_seq, upto_seq = span.values
    if (
        start_ms <= block.first_ms and block.last_ms < end_ms and after_seq < block.first_seq
        and block.last_seq <= upto_seq
    ):  # fmt: skip
        return block.last_seq - block.first_seq + 1
    (events,) = db.execute(
        """SELECT count(*) FROM events NOT INDEXED WHERE seq BETWEEN ? AND ? AND created_ms >= ? AND created_ms < ?
           AND seq > ? AND seq <= ?""",
        (block.first_seq, block.last_seq, *span.values),
    ).fetchone()
    return int(events)
