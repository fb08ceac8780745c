"""A record as it was read, and beside it what is exported of it."""

from itertools import zip_longest

from desktop_app.cli.output import say, terminal_width
from desktop_app.sources.sample import Previewed
from desktop_app.trails.values import whole_text

_LINES = 40
_BETWEEN = " | "


def print_beside(record: Previewed) -> None:
    """Two columns, as wide as the terminal allows; what does not fit ends with a sign for that."""
    mapped = "\n".join(map(whole_text, record.events)) or f"set aside: {record.reason}"
    left = ["As it was read", *_lines(record.readable)]
    right = ["As it is exported", *_lines(mapped)]
    room = terminal_width() - len(_BETWEEN)
    width = min(max(map(len, left)), room // 2)
    say("")
    for one, other in zip_longest(left, right, fillvalue=""):
        say(f"{_cut(one, width).ljust(width)}{_BETWEEN}{_cut(other, room - width)}".rstrip())
    say("")


def _lines(text: str) -> list[str]:
    lines = text.splitlines()
    return lines if len(lines) <= _LINES else [*lines[:_LINES], "…"]


def _cut(line: str, width: int) -> str:
    return line if len(line) <= width else f"{line[: width - 1]}…"
