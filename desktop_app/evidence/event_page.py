"""Events and what proves them as one HTML page: no script, nothing from outside, always light."""

from collections.abc import Iterable
from html import escape

from msgspec import Struct

from desktop_app.one_line import on_one_line

_STYLE = """
:root { color-scheme: light; }
@page { margin: 18mm 16mm; }
body { background: #fff; color: #1c1c1e; font: 10.5pt/1.45 system-ui, sans-serif; margin: 2rem; }
section { border-top: 1px solid #d8d8dc; break-inside: avoid; padding: .6rem 0; }
pre { background: #f4f4f6; padding: .6rem .8rem; white-space: pre-wrap; overflow-wrap: anywhere; margin: .3rem 0; }
p { margin: .2rem 0; overflow-wrap: anywhere; }
"""


class ShownEvent(Struct, frozen=True):
    """An event as JSON, and the lines that say where it was delivered."""

    event: str
    facts: tuple[str, ...]


def event_page(title: str, events: Iterable[ShownEvent]) -> Iterable[str]:
    """The page, piece by piece. All of it is text that others wrote."""
    yield f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{_text(title)}</title>\n'
    yield f"<style>{_STYLE}</style>\n<h1>{_text(title)}</h1>\n"
    for each in events:
        facts = "".join(f"<p>{_text(fact)}</p>" for fact in each.facts)
        yield f"<section><pre>{_text(each.event)}</pre>{facts}</section>\n"
    yield "</html>\n"


def _text(text: str) -> str:
    return escape(on_one_line(text))
