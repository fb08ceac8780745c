"""Tool tips with text from outside."""

from html import escape
from typing import overload

from desktop_app.one_line import harmless


@overload
def tool_tip(text: str) -> str: ...
@overload
def tool_tip(text: str | None) -> str | None: ...
def tool_tip(text: str | None) -> str | None:
    """A tool tip that shows a text as it is: what looks like HTML, Qt would take for it, and load its pictures."""
    return f'<span style="white-space: pre-wrap">{escape(harmless(text))}</span>' if text else text
