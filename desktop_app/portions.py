"""Take many things a portion at a time, so that no more than that is held at once."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

_Thing = TypeVar("_Thing")


def portions(
    things: Iterable[_Thing], size_of: Callable[[_Thing], int], most_bytes: int, most: int | None = None
) -> Iterator[list[_Thing]]:
    """Up to `most` things at a time, and up to `most_bytes` of them and the one that exceeds it."""
    portion: list[_Thing] = []
    size = 0
    for thing in things:
        portion.append(thing)
        size += size_of(thing)
        if size >= most_bytes or len(portion) == most:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion
