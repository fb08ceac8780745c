"""Text of others where people read it: on one line, with nothing in it that acts on a terminal, or on the order of
letters."""

import re

# C0 and C1 controls with DEL (ECMA-48), Unicode's line and paragraph separators, what overrides, embeds or
# isolates the direction of writing (UAX #9), and halves of characters, which no encoding has.
_ACTS = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_NOT_ASCII = re.compile(r"[^\0-\x7f]")


def on_one_line(text: str) -> str:
    """`text` with an escape (`\\n`, `\\x1b`, `\\u202e`) for each character that is not to be seen but acts."""
    return text if text.isprintable() else _ACTS.sub(_escape, text)


def harmless(text: str) -> str:
    """The same for a text of several lines, which stay."""
    return text if text.isprintable() else "\n".join(map(on_one_line, text.expandtabs().split("\n")))


def harmless_json(text: str, ascii_only: bool) -> str:
    """The same JSON with escapes in place of such characters, or of all that are not ASCII. Its lines stay."""
    return re.sub(_NOT_ASCII if ascii_only else _ACTS, _json_escape, text)


def _escape(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape", "surrogatepass").decode()


def _json_escape(match: re.Match[str]) -> str:
    if match[0] == "\n":
        return "\n"  # between values: inside of one, it is an escape already
    units = match[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
