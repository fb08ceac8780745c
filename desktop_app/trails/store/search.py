"""Search the store: words in an event's entity, action and actor, and its source; newest first.

There is no index of words, which `record` would have to pay for with every event. All blocks are unpacked and
looked at, by several threads; what may match is decoded (`quick_look.py`, `words.py`).
"""

import json
import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from msgspec import Struct, structs

from desktop_app.trails.store.block import SEPARATOR, unpack
from desktop_app.trails.store.browse import Key
from desktop_app.trails.store.identity import heads_of_source
from desktop_app.trails.store.newest_first import Single, StoredBlock, Stretch, newest_first
from desktop_app.trails.store.quick_look import QuickLook
from desktop_app.trails.store.span import Span
from desktop_app.trails.store.store import Store
from desktop_app.trails.store.words import EventWords, search_words

_MOST_THREADS = 4
_AHEAD = 2
_DECODED_AT_ONCE = 200


class Sought(Struct, frozen=True):
    """What an event must have to be found: every word of `text` in its entity, action or actor, every word of the
    other texts in what they are called after. `source` is the number of the source that it came from."""

    text: str = ""
    actor: str = ""
    action: str = ""
    entity: str = ""
    source: int | None = None

    @property
    def anything(self) -> bool:
        """Whether every event is found, so that nothing need be searched."""
        return self.source is None and not any(map(search_words, self.texts))

    @property
    def texts(self) -> tuple[str, str, str, str]:
        """What is sought in the whole event, in its actor, action and entity."""
        return self.text, self.actor, self.action, self.entity


class Found(Struct, frozen=True):
    """The next events that match, and how many events were looked through so far, matching or not."""

    keys: list[Key]
    scanned: int


def search(
    store: Store, spans: Iterable[Span], sought: Sought, rest: Callable[[], object] = lambda: None
) -> Generator[Found]:
    """The events of `spans` (in order of time) that have what is sought, newest first, in small steps: a step
    without any match says how far the search is. Case, width and composition of letters make no difference. What
    arrives meanwhile is not looked at. Stop by closing it, or by not asking for the next step.

    `rest` is called by each thread after some lines that it decoded, which keeps Python's lock from others.

    Raises StoreDamaged.
    """
    with store.reading(), closing(_Look(sought, rest)) as look:
        last_seq, scanned = store.last_seq(), 0
        for span in sorted(spans, reverse=True, key=lambda span: span.start_ms):
            span = structs.replace(span, upto_seq=min(span.upto_seq, last_seq))
            older: list[Key] = []
            for stretch, found in look.at(newest_first(store, span)):
                keys = [*older, *found.singles, *_keys(store, span, found.in_blocks)]
                keys.sort(reverse=True)
                # Of a block, events may be older than single ones that are still to be looked at.
                older = [key for key in keys if key < stretch.oldest]
                scanned += stretch.events
                yield Found(keys[: len(keys) - len(older)], scanned)


def _keys(store: Store, span: Span, numbers: Sequence[int]) -> list[Key]:
    """The places of events by arrival number, but of those that are not in a span or were pruned."""
    if not numbers:
        return []
    rows = store.db.execute(
        """SELECT created_ms, seq FROM events NOT INDEXED WHERE seq IN (SELECT value FROM json_each(?))
           AND created_ms >= ? AND created_ms < ? AND seq > ? AND seq <= ?""",
        (json.dumps(numbers), *span.values),
    )
    return [Key(*row) for row in rows]


class _FoundThere(Struct, frozen=True):
    """What was found in a stretch: single events by their places, events of blocks by their arrival numbers."""

    singles: list[Key]
    in_blocks: list[int]


class _Look:
    """Looks for what is sought in one stretch after another, with some threads that are ahead of who asks."""

    def __init__(self, sought: Sought, rest: Callable[[], object]) -> None:
        self._rest = rest
        self._words = EventWords(*sought.texts)
        self._quick = QuickLook(self._words.all)
        self._heads = () if sought.source is None else heads_of_source(sought.source)
        self._pool = ThreadPoolExecutor(min(_MOST_THREADS, os.cpu_count() or 1))

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)
        self._quick.close()

    def at(self, stretches: Iterable[Stretch]) -> Iterator[tuple[Stretch, _FoundThere]]:
        """Each stretch with what is found there. Raises sqlite3.DatabaseError, msgspec.MsgspecError."""
        begun: deque[tuple[Stretch, Callable[[], _FoundThere]]] = deque()
        for stretch in stretches:
            begun.append((stretch, self._begin(stretch)))
            if len(begun) > _AHEAD:
                first, found = begun.popleft()
                yield first, found()
        for first, found in begun:
            yield first, found()

    def _begin(self, stretch: Stretch) -> Callable[[], _FoundThere]:
        singles = self._pool.submit(self._in_singles, stretch.singles)
        in_blocks = [self._pool.submit(self._in_block, block) for block in stretch.blocks]
        return lambda: _FoundThere(singles.result(), [seq for found in in_blocks for seq in found.result()])

    def _in_singles(self, singles: Sequence[Single]) -> list[Key]:
        singles = [single for single in singles if self._may_have_come(single.head)]
        if not singles or not self._words.all:
            return [single.key for single in singles]
        return [singles[number].key for number in self._lines(SEPARATOR.join([single.line for single in singles]))]

    def _in_block(self, block: StoredBlock) -> Iterable[int]:
        if not self._may_have_come(block.head):
            return ()
        if not self._words.all:
            return range(block.first_seq, block.last_seq + 1)
        return [block.first_seq + number for number in self._lines(unpack(block.block))]

    def _may_have_come(self, head: bytes) -> bool:
        """Whether events whose keys begin so came from the source."""
        return not self._heads or head in self._heads

    def _lines(self, text: bytes) -> list[int]:
        """The numbers of the lines that have all words."""
        found: list[int] = []
        for decoded, (number, line) in enumerate(self._quick.lines(text), start=1):
            if self._words.are_in(line):
                found.append(number)
            if decoded % _DECODED_AT_ONCE == 0:
                self._rest()
        return found
