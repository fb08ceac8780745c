"""Text of any Unicode encoding, as UTF-8."""

import codecs
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from desktop_app.sources.forms.stream import as_file

_PIECE = 1 << 18
_LOOKED_AT = 64
_HEAD = 1 << 12
_BY_MARK = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def as_utf8(content: BinaryIO) -> BinaryIO:
    """The same text as UTF-8; what is no UTF-16 or UTF-32, is taken for that. Where lines end with CR alone, they
    end with LF instead.

    A surrogate that stands alone stays one (in three bytes, which are no UTF-8).
    """
    content.seek(0)
    encoding = _encoding(content.read(_LOOKED_AT))
    text = as_file(partial(_recoded, content, encoding)) if encoding else content
    text.seek(0)
    head = text.read(_HEAD)
    text.seek(0)
    has_cr_alone = b"\r" in head and b"\n" not in head and b"\0" not in head
    return as_file(partial(_with_lf, text)) if has_cr_alone else text


def _encoding(head: bytes) -> str:
    """By the byte order mark, or since every other byte of ASCII is 0 (as RFC 4627, section 3, has it for
    JSON)."""
    for mark, encoding in _BY_MARK:
        if head.startswith(mark):
            return encoding
    if encoding := _utf_32(head):
        return encoding
    first, second = head[0::2][:16], head[1::2][:16]
    if len(second) > 1:
        if all(first) and not any(second):
            return "utf-16-le"
        if all(second) and not any(first):
            return "utf-16-be"
    return ""


def _utf_32(head: bytes) -> str:
    """That, where three of four bytes are 0."""
    quarters = [head[at:32:4] for at in range(4)]
    if len(quarters[3]) > 1:
        if all(quarters[0]) and not any(map(any, quarters[1:])):
            return "utf-32-le"
        if all(quarters[3]) and not any(map(any, quarters[:3])):
            return "utf-32-be"
    return ""


def _with_lf(text: BinaryIO) -> Iterator[bytes]:
    text.seek(0)
    while piece := text.read(_PIECE):
        yield piece.replace(b"\r", b"\n")


def _recoded(content: BinaryIO, encoding: str) -> Iterator[bytes]:
    """Half a character at the end is one that is not written yet."""
    content.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")
    start = True
    while piece := content.read(_PIECE):
        text = decoder.decode(piece)
        yield (text.removeprefix("\ufeff") if start else text).encode("utf-8", "surrogatepass")
        start = start and not text
