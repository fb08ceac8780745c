"""JSON values one after the other, whatever is or is not between them: pretty-printed, or without a line break."""

import os
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from desktop_app.settings.limits import limits
from desktop_app.sources.forms.form import Piece
from desktop_app.sources.forms.json_lines import BETWEEN, JsonLines
from desktop_app.sources.forms.json_text import BOM, is_json
from desktop_app.wording import Said

_READ = 1 << 18
# What is up to the next bracket, with texts passed over whole. Possessive: nothing of it is tried twice.
_TO_BRACKET = re.compile(rb'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+")*+([\[\]{}])', re.DOTALL)
_NOTHING = BETWEEN + BOM + b"\0"
_TO_VALUE = re.compile(rb"[^\[{]*+")
_TO_VALUE_OR_END = re.compile(rb"[^\[{\]]*+")


class JsonValues(JsonLines, frozen=True):
    """Objects, and arrays of them."""

    def pieces(self, content: BinaryIO, position: int, takes_last: Callable[[bytes], bool]) -> Iterator[Piece]:
        """Each value, and what else is between them but white space, commas and RS."""
        return cut_values(content, position, takes_last)

    def is_whole(self, piece: bytes) -> bool:
        """Whether it is JSON, or no part of it."""
        return is_json(piece) or not piece.startswith((b"{", b"["))


def cut_values(
    content: BinaryIO, position: int, takes_last: Callable[[bytes], bool], in_list: bool = False
) -> Iterator[Piece]:
    """The objects and arrays from byte `position` on, as their brackets tell; `in_list`, up to the end of that
    list.

    Where one is longer than a line may be, nothing tells where the next begins: all from there on is one piece.
    """
    window = _Window(content, position)
    to_value = _TO_VALUE_OR_END if in_list else _TO_VALUE
    while window.at < len(window.data) or window.more():
        between = to_value.match(window.data, window.at)
        start = between.end() if between else window.at
        other = window.data[window.at : start].strip(_NOTHING)
        if other:
            if start == len(window.data):
                if len(other) <= limits().line_bytes and window.more():
                    continue
                if not takes_last(other):
                    return
            yield Piece(other, window.position + window.at, window.position + start)
        window.at = start
        if start == len(window.data):
            continue
        if in_list and window.data[start : start + 1] == b"]":
            return
        end = _end_of_value(window)
        value, begins = window.data[window.at : end], window.position + window.at
        if len(value) > limits().line_bytes:
            size = limits().line_bytes >> 20
            yield Piece(
                b"", begins, content.seek(0, os.SEEK_END), Said("a value is longer than {size} MB", size=size)
            )
            return
        if end is None and not takes_last(value):
            return
        yield Piece(value, begins, begins + len(value))
        window.at += len(value)


class _Window:
    """What is looked at of a file: `data`, which is at byte `position` of it, and is needed from `at` on."""

    def __init__(self, content: BinaryIO, position: int) -> None:
        self._content = content
        self.data = b""
        self.position, self.at = position, 0

    def more(self) -> bool:
        """Read on, twice as much where all is needed; whether anything came."""
        self._content.seek(self.position + len(self.data))
        read = self._content.read(max(_READ, len(self.data) - self.at))
        if read:
            self.data = self.data[self.at :] + read
            self.position, self.at = self.position + self.at, 0
        return bool(read)


def _end_of_value(window: _Window) -> int | None:
    """Where the value at `window.at` ends, in its data; None where that is not there, or too far off."""
    depth, size = 0, 0
    while size <= limits().line_bytes:
        bracket = _TO_BRACKET.match(window.data, window.at + size)
        if bracket:
            size = bracket.end() - window.at
            depth += 1 if bracket[1] in (b"[", b"{") else -1
            if depth == 0:
                return bracket.end()
        elif len(window.data) - window.at > limits().line_bytes or not window.more():
            return None
    return None
