"""One record that tells of several events, in a list of it."""

from collections.abc import Callable, Iterator, Mapping

import msgspec
from msgspec import Raw

from desktop_app.sources.key_path import Part, compile_path, part_of

_encode = msgspec.json.Encoder().encode


def split_at(path: str) -> Callable[[Part], Iterator[Part]]:
    """What gives a record once for each thing in the list at a key path (`events`), with the thing in its place.

    Where there is no such list, or nothing in it, it gives the record as it is.
    """
    list_of = compile_path(path)
    keys = path.split(".")

    def split(record: Part) -> Iterator[Part]:
        found = list_of(record)
        things = part_of(found).items if found is not None else []
        if not things:
            yield record
        for thing in things:
            yield Part(_with(record, keys, thing), [])

    return split


def _with(part: Part, keys: list[str], thing: Raw) -> Mapping[str, Raw]:
    """The values of a part with another thing at some keys."""
    key, *others = keys
    if others and (below := part.below(key)) is not None:
        thing = Raw(_encode(_with(below, others, thing)))
    return {**part.values, key: thing}
