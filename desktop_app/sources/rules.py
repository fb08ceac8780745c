"""Where a key of an event comes from, as functions: key paths and rules (`settings.model.FieldRule`)."""

import re
from typing import NamedTuple

import msgspec
from msgspec import Raw

from desktop_app.settings.model import FieldPlace, FieldPlaces, FieldRule
from desktop_app.sources.key_path import Getter, Part, compile_path, part_of
from desktop_app.trails.event import NotAnEvent, compact_json
from desktop_app.trails.values import text_of

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_encode = msgspec.json.Encoder().encode
_IS_JSON = ("{", "[", '"')


class Choice(NamedTuple):
    """One of the places where a key may come from; `path` is empty of what is no key path."""

    path: str
    get: Getter


def choices_of(key: str, places: FieldPlaces) -> tuple[Choice, ...]:
    """The places of a key of an event, in their order."""
    several = places if isinstance(places, tuple) else (places,)
    return tuple(_choice(place, needs_all=key == "id") for place in several)


def _choice(place: FieldPlace, needs_all: bool) -> Choice:
    return Choice(place, compile_path(place)) if isinstance(place, str) else Choice("", _rule(place, needs_all))


def _rule(rule: FieldRule, needs_all: bool) -> Getter:
    if rule.const is not None:
        constant = Raw(_encode(rule.const))
        return lambda part: constant
    if rule.text is not None:
        return _template(rule.text, needs_all)
    if rule.pairs is not None:
        return _pairs(rule.pairs.removesuffix("[]").removesuffix("[*]"), rule.key or "", rule.value or "")
    return _counted(rule.path or "", rule.most) if rule.most else _in_words(rule.path or "", rule.words or {})


def _template(text: str, needs_all: bool) -> Getter:
    """The text with what is at the key paths in it.

    It is None where nothing is at any of them, or at one where it `needs_all`: half an id is not unique.
    """
    pieces = _PLACEHOLDER.split(text)
    getters = [compile_path(path) for path in pieces[1::2]]

    def filled_in(part: Part) -> Raw | None:
        found = [get(part) for get in getters]
        missing = [value is None for value in found]
        if missing and (any(missing) if needs_all else all(missing)):
            return None
        filled = [text_of(value) if value is not None else "" for value in found]
        words = "".join(a + b for a, b in zip(pieces[::2], [*filled, ""], strict=True))
        return Raw(_encode(words.strip()))

    return filled_in


def _pairs(path: str, key: str, value: str) -> Getter:
    """An object of the names and values in a list of pairs; None where no pair has the value."""
    items, name_of, value_of = compile_path(path), compile_path(key), compile_path(value)

    def get(part: Part) -> Raw | None:
        found = items(part)
        if found is None:
            return None
        state: dict[str, Raw] = {}
        for item in part_of(found).items:
            pair = part_of(item)
            name, worth = name_of(pair), value_of(pair)
            if name is not None and worth is not None:
                state[_free_name(text_of(name), state)] = _as_json(worth)
        return Raw(_encode(state)) if state else None

    return get


def _free_name(name: str, taken: dict[str, Raw]) -> str:
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free


def _as_json(value: Raw) -> Raw:
    """What a text that is JSON says: such lists have all values as texts."""
    if not bytes(value).startswith(b'"'):
        return value
    text = text_of(value).strip()
    if text.startswith(_IS_JSON):
        try:
            return Raw(compact_json(text.encode()))
        except NotAnEvent:
            pass  # it only began so
    return value


def _in_words(path: str, words: dict[str, str]) -> Getter:
    """What a value means, by a table; None of what is not in it."""
    value_at = compile_path(path)
    meant = {word: Raw(_encode(meaning)) for word, meaning in words.items()}

    def get(part: Part) -> Raw | None:
        value = value_at(part)
        return None if value is None else meant.get(text_of(value))

    return get


def _counted(path: str, most: int) -> Getter:
    """A number of 0 to `most` as one of 0 to 10, the larger where it lies between two; None of others."""
    value_at = compile_path(path)

    def get(part: Part) -> Raw | None:
        value = value_at(part)
        text = text_of(value) if value is not None else ""
        try:
            number = float(text)
        except ValueError:
            return None
        return Raw(b"%d" % -(-number * 10 // most)) if 0 <= number <= most else None

    return get
