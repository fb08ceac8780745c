"""Parts of an HTML page in one language: texts, escaped, and tables of them."""

import re
from collections.abc import Sequence
from html import escape

from desktop_app.one_line import on_one_line
from desktop_app.spoken import Speak
from desktop_app.wording import Said

_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|\+00:00)")
_THIN_SPACE = "&#8239;"  # between thousands: a comma or a point would be read as that of decimals in some language


class Parts:
    """What a page is put together from, in the language of `speak`."""

    def __init__(self, speak: Speak) -> None:
        self._speak = speak

    def text(self, value: str | int) -> str:
        """A sentence or a value, escaped: much of it was written by others."""
        if isinstance(value, int):
            return f"{value:,}".replace(",", _THIN_SPACE)
        return escape(on_one_line(self._speak(value)))

    def cell(self, value: str | int, kind: str = "") -> str:
        """A cell of a table: a number, an instant in UTC (ISO 8601, here to the second) or a text."""
        if isinstance(value, int):
            kind = "n"
        elif instant := _INSTANT.fullmatch(value):
            kind, value = "t", f"{instant[1]} {instant[2]}Z"
        return f"<td{f' class={kind}' if kind else ''}>{self.text(value)}</td>"

    def head(self, names: Sequence[Said], numbers: Sequence[bool]) -> str:
        """The head of a table; above numbers, a name stands to the right as well."""
        cells = zip(names, numbers, strict=True)
        return (
            "<thead><tr>"
            + "".join(f"<th{' class=n' if number else ''}>{self.text(name)}</th>" for name, number in cells)
            + "</tr></thead>\n"
        )

    def table(self, names: Sequence[Said], rows: Sequence[Sequence[str | int]]) -> str:
        """A table, or nothing where it has no rows."""
        if not rows:
            return ""
        body = "".join("<tr>" + "".join(map(self.cell, row)) + "</tr>\n" for row in rows)
        head = self.head(names, [isinstance(each, int) for each in rows[0]])
        return f"<table>{head}<tbody>{body}</tbody></table>"

    def part(self, title: Said, content: str) -> str:
        """Content below its title, or nothing where there is none."""
        return f"<h3>{self.text(title)}</h3>\n{content}" if content else ""
