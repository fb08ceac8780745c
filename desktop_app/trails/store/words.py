"""The words that are sought, and whether an event has them."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from msgspec import Raw

from desktop_app.trails.values import NONE, event_values, text_of, with_texts_for_numbers

_KEPT = 1024  # folded actors: the same few do most of what is recorded
_SMALL = 1024  # bytes


def search_words(text: str) -> list[str]:
    """The words that must occur, as they are compared."""
    return fold(text).split()


def fold(text: str) -> str:
    """A text without what makes no difference in a search."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


class EventWords:
    """Words that an event must have in its entity, action or actor, and others that it must have in its actor, in
    its action and in its entity. No word has white space in it, so none is found across two values."""

    def __init__(self, anywhere: str, actor: str, action: str, entity: str) -> None:
        self._anywhere = search_words(anywhere)
        parts = enumerate(map(search_words, (actor, action, entity)))
        self._in_parts = [(part, word) for part, words in parts for word in words]
        self.all = self._anywhere + [word for _, word in self._in_parts]

    def are_in(self, line: bytes) -> bool:
        """Whether the event of a line has them all."""
        event = event_values(line)
        entity = f"{event.entityType}\n{event.entityName}"
        if event.entityId != NONE:
            entity = f"{entity}\n{text_of(event.entityId)}"
        parts = _folded_actor(event.actor), fold(event.actionType), fold(entity)
        if self._anywhere:
            whole = "\n".join(parts)
            for word in self._anywhere:  # a generator would take longer than all of the rest
                if word not in whole:
                    return False
        return not self._in_parts or all(word in parts[part] for part, word in self._in_parts)


def _folded_actor(actor: Raw) -> str:
    value = bytes(actor)
    return _folded_again(value) if len(value) <= _SMALL else _folded_values(value)


def _folded_values(value: bytes) -> str:
    return fold("\n".join(_texts(with_texts_for_numbers(value))))


_folded_again = lru_cache(_KEPT)(_folded_values)


def _texts(value: Any) -> Iterator[str]:
    """All values in a JSON value, without the keys."""
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)
    elif isinstance(value, bool):
        yield "true" if value else "false"
    elif value is not None:
        yield str(value)
