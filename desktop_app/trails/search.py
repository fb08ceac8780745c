"""Search the store: words in an event's entity, action and actor, newest first.

There is no index of words, which `record` would have to pay for with every event. SQLite goes through the
lines, without Python's lock, and leaves out what can't match; what may match is decoded and looked at.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from msgspec import Struct

from desktop_app.trails.browse import ANY_SEQ, Key, Span
from desktop_app.trails.store import Store

_BLOCK = 5000
_FEW = 100
_LONGEST_PATTERN = 200
# A line of ASCII without \u has its values letter by letter, but for these, which are written with an escape.
_NOT_PLAIN = r"CAST(line AS TEXT) LIKE '%\u%' OR length(CAST(line AS TEXT)) <> length(line)"
_ESCAPED = '"\\/'
_WITHIN = "created_ms >= ? AND created_ms <= ? AND seq > ? AND seq <= ? AND (created_ms, seq) < (?, ?)"


class Found(Struct, frozen=True):
    """The next events that match, and how many events were looked through so far, matching or not."""

    keys: list[Key]
    scanned: int


class _Searched(Struct, gc=False):
    entityType: str
    entityName: str
    actionType: str
    entityId: Any = None
    actor: Any = None


_decode = msgspec.json.Decoder(_Searched, float_hook=str).decode


def search(store: Store, spans: Iterable[Span], text: str) -> Iterator[Found]:
    """The events of `spans` (in order of time) in which every word of `text` occurs, newest first, in small
    steps: a step without any match says how far the search is. Case, width and composition of letters make no
    difference. What arrives meanwhile is not looked at. Stop by not asking for the next step."""
    words = search_words(text)
    last_seq = store.last_seq()
    scanned = 0
    for span in sorted(spans, reverse=True, key=lambda span: span.start_ms):
        upto_seq = min(span.upto_seq, last_seq)
        newest = Key(span.end_ms - 1, ANY_SEQ)
        while (block := _next_block(store, span, upto_seq, newest)) is not None:
            oldest, size = block
            for keys in _matches(store, span, upto_seq, newest, oldest, words):
                yield Found(keys, scanned)
            scanned += size
            yield Found([], scanned)
            if size < _BLOCK:
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


def _next_block(store: Store, span: Span, upto_seq: int, newest: Key) -> tuple[Key, int] | None:
    """The oldest key of the next events before `newest`, and how many these are; None at the end."""
    bounds = (span.start_ms, newest.created_ms, span.after_seq, upto_seq, newest.created_ms, newest.seq)
    query = f"SELECT created_ms, seq FROM events WHERE {_WITHIN} ORDER BY created_ms DESC, seq DESC"
    row = store.db.execute(f"{query} LIMIT 1 OFFSET ?", (*bounds, _BLOCK - 1)).fetchone()
    if row:
        return Key(*row), _BLOCK
    (rest,) = store.db.execute(f"SELECT count(*) FROM events WHERE {_WITHIN}", bounds).fetchone()
    return (Key(span.start_ms, 0), int(rest)) if rest else None


def _matches(
    store: Store, span: Span, upto_seq: int, newest: Key, oldest: Key, words: list[str]
) -> Iterator[list[Key]]:
    condition, patterns = _may_match(words)
    rows = store.db.execute(
        f"""SELECT created_ms, seq, line FROM events INDEXED BY events_by_time
            WHERE {_WITHIN} AND (created_ms, seq) >= (?, ?) AND ({condition})
            ORDER BY created_ms DESC, seq DESC""",
        (
            oldest.created_ms, newest.created_ms, span.after_seq, upto_seq, newest.created_ms, newest.seq,
            oldest.created_ms, oldest.seq, *patterns,
        ),
    )  # fmt: skip
    while few := rows.fetchmany(_FEW):
        yield [Key(created_ms, seq) for created_ms, seq, line in few if _has_words(line, words)]


def _may_match(words: list[str]) -> tuple[str, list[str]]:
    """A condition in SQL that no matching line fails, and its values."""
    if not all(word.isascii() for word in words):
        return _NOT_PLAIN, []
    each = " AND ".join(["CAST(line AS TEXT) LIKE ? ESCAPE '!'"] * len(words)) or "TRUE"
    return f"({each}) OR {_NOT_PLAIN}", [_pattern(word) for word in words]


def _pattern(word: str) -> str:
    return f"%{''.join(map(_pattern_of, word[:_LONGEST_PATTERN]))}%"


def _pattern_of(letter: str) -> str:
    if letter in _ESCAPED or letter < " ":
        return "%"
    return f"!{letter}" if letter in "!%_" else letter


def _has_words(line: bytes, words: list[str]) -> bool:
    if b"\\" not in line:
        # What is not in the line is in none of its values, and decoding costs more than this look.
        whole = fold(line.decode())
        if not all(word in whole for word in words):
            return False
    event = _decode(line)
    texts = [event.entityType, event.entityName, event.actionType]
    if event.entityId is not None:
        texts.append(str(event.entityId))
    _add_values(event.actor, texts)
    # No word has white space in it, so none is found across two values.
    searched = fold("\n".join(texts))
    return all(word in searched for word in words)


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
