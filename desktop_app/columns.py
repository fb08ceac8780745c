"""How wide texts are on a terminal, and where their lines end: an ideograph takes two columns, and no space is
needed to begin a line with one."""

import re
from functools import cache
from unicodedata import east_asian_width

_WIDE = "WF"
_EAST_ASIAN = "\u2e80-\u9fff\uf900-\ufaff\uff01-\uffee"
_NOT_FIRST = (
    "、。，．・：；！？）」』】ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ"  # no line begins with one of these
)
_NOT_LAST = "（「『【"  # and none ends with one of these


def columns(text: str) -> int:
    """How wide a text is on a terminal."""
    return len(text) if text.isascii() else sum(2 if east_asian_width(sign) in _WIDE else 1 for sign in text)


def padded(text: str, width: int) -> str:
    """The text, with spaces up to a width in columns."""
    return text + " " * (width - columns(text))


def wrapped(text: str, width: int) -> list[str]:
    """The lines of a text, none wider than `width` columns unless a word is."""
    lines, line = [], ""
    for piece in _piece().finditer(text):
        if line and not piece["space"] and columns(line) + columns(piece[0]) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece[0] if line or not piece["space"] else ""
    return [*lines, line.rstrip()] if line else lines


@cache
def _piece() -> re.Pattern[str]:
    """What no line ends within. Made when a text is first wrapped: most commands wrap none, and it takes long."""
    word = rf"(?:[^\s{_EAST_ASIAN}]+|[{_EAST_ASIAN}])"
    return re.compile(rf"(?P<space>\s+)|[{_NOT_LAST}]*{word}[{re.escape(_NOT_FIRST)}]*")
