"""Key paths into a record: `a.b`, `a[0].b`, `a[*].b`; JSON that is a text is looked into as well.

A path is compiled once into a function. Parts of a record are decoded when they are asked for, each once.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache

import msgspec
from msgspec import Raw

from desktop_app.trails.event import NotAnEvent, compact_json
from desktop_app.trails.values import NONE, values_of

_INDEX = re.compile(r"\[(-?\d{1,9}|\*|)\]")
_NUMBER = re.compile(r"\d{1,9}")
_decode_list = msgspec.json.Decoder(list[Raw]).decode
_decode_text = msgspec.json.Decoder(str).decode

Getter = Callable[["Part"], Raw | None]


class Part:
    """A JSON value of a record: an object or a list; of others, it has nothing in it."""

    __slots__ = ("_below", "items", "values")

    def __init__(self, values: Mapping[str, Raw], items: list[Raw]) -> None:
        self.values, self.items = values, items
        self._below: dict[str | int, Part] = {}

    def at(self, step: str | int) -> Raw | None:
        """The value under a key, or at an index of a list; None where there is none."""
        if isinstance(step, str):
            return self.values.get(step)
        return self.items[step] if -len(self.items) <= step < len(self.items) else None

    def below(self, step: str | int) -> "Part | None":
        """The part under a key or at an index."""
        part = self._below.get(step)
        if part is None and (value := self.at(step)) is not None:
            part = self._below[step] = part_of(value)
        return part


def part_of(value: Raw) -> Part:
    """A JSON value, of which parts will be asked for. What is none, or too deep, has none."""
    try:
        return _part_of(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Part({}, [])


def _part_of(value: Raw) -> Part:
    try:
        return Part(values_of(value), [])
    except msgspec.DecodeError:
        pass
    text = bytes(value)
    if text.startswith(b"["):
        return Part({}, _decode_list(text))
    if text.startswith(b'"'):
        inner = _decode_text(text).strip()
        if inner.startswith(("{", "[")):
            try:
                return part_of(Raw(compact_json(inner.encode())))
            except NotAnEvent:
                pass  # a text like any other
    return Part({}, [])


@cache
def compile_path(path: str) -> Getter:
    """A function that finds what is at a key path, and None where that is nothing or null.

    A key may have dots and brackets itself: the whole path as a key comes first. What `[*]` finds is a list.
    """
    splits = [(path[:at], _behind(path[at:])) for at in _ends_of_keys(path)]

    def get(part: Part) -> Raw | None:
        value = part.values.get(path)
        if value is not None:
            return None if value == NONE else value
        for head, behind in splits:
            if head in part.values and (found := behind(part, head)) is not None:
                return found
        return None

    return get


def _ends_of_keys(path: str) -> Iterator[int]:
    return (at for at, character in enumerate(path) if at and character in ".[" and _behind_is_path(path[at:]))


def _behind_is_path(rest: str) -> bool:
    return len(rest) > 1 if rest[0] == "." else bool(_INDEX.match(rest))


def _behind(rest: str) -> Callable[[Part, str | int], Raw | None]:
    """What finds the value that the rest of a path leads to, from what is at a step of a part."""
    if not rest:

        def value_at(part: Part, step: str | int) -> Raw | None:
            value = part.at(step)
            return None if value is None or value == NONE else value

        return value_at
    if rest[0] == ".":
        get = compile_path(rest[1:])
        number = _NUMBER.match(rest[1:])
        in_list = _behind(rest[1 + number.end() :]) if number and _is_rest(rest[1 + number.end() :]) else None

        def value_under(part: Part, step: str | int) -> Raw | None:
            below = part.below(step)
            if below is None:
                return None
            return in_list(below, int(number[0])) if below.items and in_list and number else get(below)

        return value_under
    index = _INDEX.match(rest)
    if not index:  # no path goes on so
        return lambda part, step: None
    after = _behind(rest[index.end() :])
    if index[1] in ("*", ""):

        def values_in(part: Part, step: str | int) -> Raw | None:
            below = part.below(step)
            found = [after(below, at) for at in range(len(below.items))] if below else []
            several = [bytes(value) for value in found if value is not None]
            return Raw(b"[%b]" % b",".join(several)) if several else None

        return values_in
    position = int(index[1])

    def value_in(part: Part, step: str | int) -> Raw | None:
        below = part.below(step)
        return after(below, position) if below else None

    return value_in


def _is_rest(rest: str) -> bool:
    return not rest or (rest[0] in ".[" and _behind_is_path(rest))
