"""JSON as bytes: lists in it, and characters that are none."""

import codecs
import re

import msgspec
from msgspec import Raw

from desktop_app.sources.key_path import compile_path, part_of
from desktop_app.wording import Said

BOM = b"\xef\xbb\xbf"
REPLACED = "charactersReplaced"
"""The key that a record has which was repaired: how many characters of it are U+FFFD since."""

_NOT_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
# A backslash that is escaped itself begins no escape; of surrogates, a pair is one character (RFC 8259, section
# 7).
_ESCAPES = re.compile(
    rb"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<alone>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|(?P<replacement>\\u[fF]{3}[dD])"
)
_ALL_OF = re.compile(r"\[\*?\]")
_REPLACEMENT = b"\\ufffd"
codecs.register_error("json-replacement", lambda error: (_REPLACEMENT.decode(), _end_of(error)))


def is_json(text: bytes) -> bool:
    """Whether it is one whole JSON value."""
    try:
        msgspec.json.decode(text, type=Raw)
    except _NOT_JSON:
        return False
    return True


def why_not_json(error: Exception) -> Said:
    """What msgspec found, as a reason."""
    return Said("it is not JSON: {reason}", reason=error)


def value_at(document: bytes, path: str) -> Raw:
    """The value at a key path, or all where it is empty; of several lists (`a[*].b`), what is in any of them.

    Raises KeyError, and what `msgspec.json.decode` does.
    """
    value = Raw(document)
    try:
        for key in path.split(".") if path else ():
            value = msgspec.json.decode(value, type=dict[str, Raw])[key]
    except (KeyError, msgspec.ValidationError) as error:  # the path has more to it, or there is nothing there
        found = compile_path(path)(part_of(Raw(document)))
        if found is None:
            raise KeyError(path) from error
        value = _spread(found, len(_ALL_OF.findall(path)))
    return _meant(value) if path else value


def _spread(value: Raw, times: int) -> Raw:
    """A list with, so many times, what is in the lists in it, in place of these."""
    for _ in range(times):
        several = [elements(each) if bytes(each).startswith(b"[") else [each] for each in elements(value)]
        value = Raw(b"[%b]" % b",".join(bytes(each) for some in several for each in some))
    return value


def _meant(value: Raw) -> Raw:
    """The list that a text is, or the value itself."""
    if bytes(memoryview(value)[:1]) == b'"' and (text := msgspec.json.decode(value, type=str).strip()).startswith(
        "["
    ):
        return Raw(text.encode())
    return value


def list_at(document: bytes, path: str) -> list[Raw] | None:
    """The list at a key path; None where there is none, or no JSON."""
    try:
        value = value_at(document, path)
        return elements(value) if bytes(value).lstrip().startswith(b"[") else None
    except (KeyError, *_NOT_JSON):
        return None


def elements(value: Raw | bytes) -> list[Raw]:
    """Those of an array. Raises what `msgspec.json.decode` does."""
    return msgspec.json.decode(value, type=list[Raw])


def looks_whole(text: bytes) -> bool:
    """Whether all characters in a text of JSON are such."""
    if b"\\u" in text and (b"\\ud" in text or b"\\uD" in text):
        return not any(match["alone"] for match in _ESCAPES.finditer(text)) and _is_utf8(text)
    return text.isascii() or _is_utf8(text)


def repaired(text: bytes) -> bytes:
    """A text in which bytes that are no UTF-8, and surrogates that stand alone, are the escape of U+FFFD. Those
    that were there before become the character itself, so that `marked` can tell them."""
    if looks_whole(text):
        return text

    def replaced(match: re.Match[bytes]) -> bytes:
        return _REPLACEMENT if match["alone"] else b"\xef\xbf\xbd" if match["replacement"] else match[0]

    return _ESCAPES.sub(replaced, text).decode("utf-8", "json-replacement").encode()


def marked(record: bytes) -> bytes:
    """A record of a text that was repaired: how many of its characters were, is under a key of its own, unless the
    record has that key itself."""
    count = sum(bool(match["replacement"]) for match in _ESCAPES.finditer(record))
    start, brace, rest = record.partition(b"{")
    if not count or not brace or start.strip():
        return record
    comma = b"" if rest.lstrip().startswith(b"}") else b","
    return b'{"%b":%d%b%b' % (REPLACED.encode(), count, comma, rest)


def _end_of(error: UnicodeError) -> int:
    assert isinstance(error, UnicodeDecodeError)
    return error.end


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
