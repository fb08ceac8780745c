"""What changed between an event's state before and its state after, value by value."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest

import msgspec
from msgspec import Raw, Struct

from desktop_app.trails.values import NONE, event_values, text_of, values_of

# Longer lists are compared place by place: aligning them would take too long.
_ALIGNED_ITEMS = 500
# Below this, a value is shown as JSON.
_DEEPEST = 30
_PLAIN_KEY = re.compile(r"[^.\[\]\s\"]+")


class Change(StrEnum):
    """How a value of the state after differs from that of the state before."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Difference(Struct, frozen=True):
    """One value: its key path (`list[2].name`, empty for the whole state), its text before and after, None
    where it was not there, and whether that is a difference. Numbers keep their text."""

    path: str
    before: str | None
    after: str | None
    change: Change


_decode_list = msgspec.json.Decoder(list[Raw]).decode


def differences_of(line: bytes) -> list[Difference]:
    """The values of both states of an event, in their recorded order."""
    event = event_values(line)
    before, after = (None if state == NONE else bytes(state) for state in (event.before, event.after))
    return list(differences(before, after))


def differences(before: bytes | None, after: bytes | None, path: str = "", depth: int = 0) -> Iterator[Difference]:
    """Compare two JSON texts without white space between their parts; None for no state at all."""
    if depth == _DEEPEST or not (_has_parts(before) or _has_parts(after)):
        if before is not None or after is not None:
            yield _leaf(path, before, after)
    elif before and after and before[:1] != after[:1]:
        # A value of one kind was taken away and one of another kind put there.
        yield from differences(before, None, path, depth)
        yield from differences(None, after, path, depth)
    elif (before or after or b"").startswith(b"{"):
        old, new = values_of(before or b"{}"), values_of(after or b"{}")
        for key in [*old, *(key for key in new if key not in old)]:
            yield from differences(_bytes(old.get(key)), _bytes(new.get(key)), _below(path, key), depth + 1)
    else:
        items = ([bytes(item) for item in _decode_list(text or b"[]")] for text in (before, after))
        for place, old_item, new_item in _aligned(*items):
            yield from differences(old_item, new_item, f"{path}[{place}]", depth + 1)


def _aligned(old: list[bytes], new: list[bytes]) -> Iterator[tuple[int, bytes | None, bytes | None]]:
    """The items of two lists that belong together, and their place: the new one, unless there is none."""
    if max(len(old), len(new)) > _ALIGNED_ITEMS:
        steps = [(0, len(old), 0, len(new))]
    else:
        steps = [step[1:] for step in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()]
    for old_start, old_end, new_start, new_end in steps:
        pairs = zip_longest(range(old_start, old_end), range(new_start, new_end))
        for old_place, new_place in pairs:
            yield (
                old_place if new_place is None else new_place,
                None if old_place is None else old[old_place],
                None if new_place is None else new[new_place],
            )


def _has_parts(text: bytes | None) -> bool:
    return text is not None and text[:1] in (b"{", b"[") and len(text) > 2


def _below(path: str, key: str) -> str:
    if not key or not _PLAIN_KEY.fullmatch(key):
        return f"{path}[{msgspec.json.encode(key).decode()}]"
    return f"{path}.{key}" if path else key


def _leaf(path: str, before: bytes | None, after: bytes | None) -> Difference:
    old = None if before is None else text_of(before)
    new = None if after is None else text_of(after)
    if before is None:
        return Difference(path, None, new, Change.ADDED)
    if after is None:
        return Difference(path, old, None, Change.REMOVED)
    same_kind = (before[:1] == b'"') == (after[:1] == b'"')
    if old == new and same_kind:
        return Difference(path, old, new, Change.SAME)
    if old == new:
        # A number and a text that look alike: show the quotes.
        old, new = before.decode(), after.decode()
    return Difference(path, old, new, Change.CHANGED)


def _bytes(value: Raw | None) -> bytes | None:
    return None if value is None else bytes(value)
