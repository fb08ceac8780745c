"""What a file is that is no audit trail: `resources/file_signatures.toml`, and kinds of text."""

import re
from functools import cache

import msgspec
from msgspec import Struct

from desktop_app.resources import load_toml
from desktop_app.wording import Said

LEEF = b"LEEF:"  # how its lines begin, whose bars are not those of a table
_XML = re.compile(rb"\s*<(\?xml|[A-Za-z][\w:.-]*[\s/>])")
_HTML = re.compile(rb"\s*<(!doctype html|html)\b", re.IGNORECASE)
_NO_TEXT = 512
_CONTROL = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f]")


class _Signature(Struct, frozen=True):
    name: str
    bytes: str
    at: int = 0


def what_it_is(head: bytes) -> Said:
    """A reason to set a file aside, by its first bytes; as good as one can be told."""
    if not head.strip(b"\0 \t\r\n"):
        return Said("there is nothing in it")
    if name := _name_of(head):
        return Said("this is {what}", what=Said(name))
    if head.startswith(LEEF):
        return Said("this is {what}", what="LEEF")
    if _HTML.match(head):
        return Said("this is {what}", what="HTML")
    if _XML.match(head):
        return Said("this is {what}", what="XML")
    if _CONTROL.search(head):
        return Said("it is in no form that is known")
    return Said("this is text, but not JSON, CSV, CEF or syslog")


def is_named(head: bytes) -> bool:
    """Whether a file is of a kind that has no records, by its first bytes, whatever text is in it as well."""
    return b"\0" in head[:_NO_TEXT] and bool(_name_of(head))


def _name_of(head: bytes) -> str:
    found = (each.name for each in _signatures() if head.startswith(bytes.fromhex(each.bytes), each.at))
    return next(found, "")


@cache
def _signatures() -> tuple[_Signature, ...]:
    return msgspec.convert(load_toml("file_signatures")["signatures"], tuple[_Signature, ...])
