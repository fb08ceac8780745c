"""Search the store: words in an event's entity, action and actor, and its source; newest first.

There is no index of words, which `record` would have to pay for with every event. Whole blocks, and then lines,
are left out when a word is nowhere in them, before the database is asked for a single event; what may match is
decoded and looked at.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from msgspec import Struct, structs

from desktop_app.trails.store.block import checked
from desktop_app.trails.store.browse import Key, event_line
from desktop_app.trails.store.identity import heads_of_source
from desktop_app.trails.store.open_block import OpenBlock
from desktop_app.trails.store.single_lines import open_block
from desktop_app.trails.store.span import ANY_SEQ, Span
from desktop_app.trails.store.store import Store
from desktop_app.trails.values import NONE, event_values, text_of, with_texts_for_numbers

_STRETCH = 5000
_FEW = 100
# Letters that JSON writes, or may write, with an escape.
_ESCAPED = re.compile(r'["\\/\0-\x1f]')
_WITHIN = "created_ms >= ? AND created_ms <= ? AND seq > ? AND seq <= ? AND (created_ms, seq) < (?, ?)"


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


def search(store: Store, spans: Iterable[Span], sought: Sought) -> Iterator[Found]:
    """The events of `spans` (in order of time) that have what is sought, newest first, in small steps: a step
    without any match says how far the search is. Case, width and composition of letters make no difference. What
    arrives meanwhile is not looked at. Stop by not asking for the next step.

    Raises StoreDamaged.
    """
    with store.reading():
        yield from _search(store, spans, sought)


def _search(store: Store, spans: Iterable[Span], sought: Sought) -> Iterator[Found]:
    last_seq = store.last_seq()
    scanned = 0
    look = _Look(store, sought)
    for span in sorted(spans, reverse=True, key=lambda span: span.start_ms):
        upto_seq = min(span.upto_seq, last_seq)
        look.enter(structs.replace(span, upto_seq=upto_seq))
        newest = Key(span.end_ms - 1, ANY_SEQ)
        while (stretch := _next_stretch(store, span, upto_seq, newest)) is not None:
            oldest, size = stretch
            for keys in _matches(store, span, upto_seq, newest, oldest, look):
                yield Found(keys, scanned)
            scanned += size
            yield Found([], scanned)
            if size < _STRETCH:
                break
            newest = oldest


def search_words(text: str) -> list[str]:
    """The words that must occur, as they are compared."""
    return fold(text).split()


def fold(text: str) -> str:
    """A text without what makes no difference in a search."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _next_stretch(store: Store, span: Span, upto_seq: int, newest: Key) -> tuple[Key, int] | None:
    """The oldest key of the next events before `newest`, and how many these are; None at the end."""
    bounds = (span.start_ms, newest.created_ms, span.after_seq, upto_seq, newest.created_ms, newest.seq)
    query = f"SELECT created_ms, seq FROM events WHERE {_WITHIN} ORDER BY created_ms DESC, seq DESC"
    row = store.db.execute(f"{query} LIMIT 1 OFFSET ?", (*bounds, _STRETCH - 1)).fetchone()
    if row:
        return Key(*row), _STRETCH
    (rest,) = store.db.execute(f"SELECT count(*) FROM events WHERE {_WITHIN}", bounds).fetchone()
    return (Key(span.start_ms, 0), int(rest)) if rest else None


def _matches(
    store: Store, span: Span, upto_seq: int, newest: Key, oldest: Key, look: "_Look"
) -> Iterator[list[Key]]:
    look.go_back_to(oldest)
    within = f"{_WITHIN} AND (created_ms, seq) >= (?, ?)" + (
        " AND substr(id, 1, 3) IN (?, ?)" if look.heads else ""
    )
    bounds = (
        oldest.created_ms, newest.created_ms, span.after_seq, upto_seq, newest.created_ms, newest.seq,
        oldest.created_ms, oldest.seq, *look.heads,
    )  # fmt: skip
    rows = store.db.execute(
        f"""SELECT created_ms, seq, line, crc32 FROM events INDEXED BY single_events_by_time
            WHERE line IS NOT NULL AND {within}
            UNION
            SELECT created_ms, seq, line, crc32 FROM events NOT INDEXED
            WHERE seq IN (SELECT value FROM json_each(?)) AND {within}
            ORDER BY created_ms DESC, seq DESC""",
        (*bounds, json.dumps(look.numbers()), *bounds),
    )
    keys: list[Key] = []
    for looked, (created_ms, seq, line, crc32) in enumerate(rows, start=1):
        if look.finds(seq, None if line is None else checked(line, crc32)):
            keys.append(Key(created_ms, seq))
        if keys and looked % _FEW == 0:
            yield keys
            keys = []
    look.leave(oldest)
    if keys:
        yield keys


class _Block(NamedTuple):
    """Where a block is: the first and last of its events by arrival and by time."""

    first_seq: int
    last_seq: int
    first_ms: int
    last_ms: int


class _Look:
    """Looks for words in one event after another; of a block, only at the lines that may have them.

    `heads` are how the keys of the events begin, where the source is given.
    """

    def __init__(self, store: Store, sought: Sought) -> None:
        self._store = store
        self._wanted = tuple(map(search_words, sought.texts))
        self._words = [word for words in self._wanted for word in words]
        self.heads = () if sought.source is None else heads_of_source(sought.source)
        self._block: OpenBlock | None = None
        self._blocks: list[_Block] = []
        self._numbers: dict[_Block, Sequence[int]] = {}

    def enter(self, span: Span) -> None:
        """Begin at the newest event of a span."""
        rows = self._store.db.execute(
            """SELECT first_seq, last_seq, first_ms, last_ms FROM blocks
               WHERE last_ms >= ? AND first_ms < ? AND last_seq > ? AND first_seq <= ? ORDER BY last_ms""",
            span.values,
        )
        self._blocks = [_Block(*row) for row in rows]
        self._numbers = {}

    def go_back_to(self, oldest: Key) -> None:
        """Look at all blocks that have events from `oldest` on, each of them once."""
        while self._blocks and self._blocks[-1].last_ms >= oldest.created_ms:
            block = self._blocks.pop()
            self._numbers[block] = self._that_may_have_words(block)

    def numbers(self) -> list[int]:
        """The arrival numbers of the events in these blocks that may have all words."""
        return [seq for numbers in self._numbers.values() for seq in numbers]

    def leave(self, oldest: Key) -> None:
        """Forget the blocks without an event before `oldest`."""
        self._numbers = {
            block: numbers
            for block, numbers in self._numbers.items()
            if numbers and block.first_ms <= oldest.created_ms
        }

    def _that_may_have_words(self, block: "_Block") -> Sequence[int]:
        if not self._words:
            return range(block.first_seq, block.last_seq + 1)
        opened = open_block(self._store, block.first_seq)
        if opened is None:
            return ()  # another process has split it, or pruned it: what is left of it are single events
        self._block = opened
        return [opened.first_seq + line for line in _lines_to_look_at(opened.text, self._words)]

    def finds(self, seq: int, line: bytes | None) -> bool:
        """Whether an event has all words; `line` is None where it is in a block."""
        if not self._words:
            return True
        if line is None:
            if self._block is None or seq not in self._block:
                self._block = open_block(self._store, seq)
            # Without the block, another process has split it, or pruned it.
            line = self._block.line(seq) if self._block else event_line(self._store, seq)
        return line is not None and _may_have(line, self._words) and self._has_words(line)

    def _has_words(self, line: bytes) -> bool:
        if b"\\" not in line:
            # What is not in the line is in none of its values, and decoding costs more than this look.
            whole = fold(line.decode())
            if not all(word in whole for word in self._words):
                return False
        event = event_values(line)
        entity = [event.entityType, event.entityName]
        if event.entityId != NONE:
            entity.append(text_of(event.entityId))
        actor: list[str] = []
        _add_values(with_texts_for_numbers(event.actor), actor)
        # No word has white space in it, so none is found across two values.
        parts = [fold("\n".join(texts)) for texts in (actor, [event.actionType], entity)]
        searched = ("\n".join(parts), *parts)
        return all(word in text for words, text in zip(self._wanted, searched, strict=True) for word in words)


def _may_have(lines: bytes, words: list[str]) -> bool:
    """Whether one of some lines may have all words, as far as a quick look tells."""
    return not _is_plain(lines) or _has_letters(lines.lower(), words)


def _lines_to_look_at(text: bytes, words: list[str]) -> Iterable[int]:
    """Which lines of a block, by number, may have all words."""
    longest = max(map(_letters, words), key=len, default=b"")
    if not longest or not _is_plain(text):
        return range(text.count(b"\n") + 1)
    found: list[int] = []
    lower, line, start = text.lower(), 0, 0
    if not _has_letters(lower, words):
        return found
    while start >= 0 and (at := lower.find(longest, start)) >= 0:
        line += lower.count(b"\n", start, at)
        found.append(line)
        start = lower.find(b"\n", at)
    return found


def _is_plain(lines: bytes) -> bool:
    """Whether all values are there letter by letter, but for letters that are escaped."""
    # One character is looked for several times as fast as two.
    return lines.isascii() and (b"\\" not in lines or b"\\u" not in lines)


def _has_letters(lower: bytes, words: list[str]) -> bool:
    """Whether the letters of all words are somewhere in plain lines in small letters."""
    return all(word.isascii() and _letters(word) in lower for word in words)


def _letters(word: str) -> bytes:
    """The longest part of a word that is never escaped."""
    return max(_ESCAPED.split(word), key=len).encode()


def _add_values(value: Any, texts: list[str]) -> None:
    if isinstance(value, dict):
        for each in value.values():
            _add_values(each, texts)
    elif isinstance(value, list):
        for each in value:
            _add_values(each, texts)
    elif isinstance(value, bool):
        texts.append("true" if value else "false")
    elif value is not None:
        texts.append(str(value))
