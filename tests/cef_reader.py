"""A strict reader of CEF lines, written after the standard (revision 25), for the tests alone."""

import re
from dataclasses import dataclass

_HEADER = re.compile(
    r"CEF:(?P<version>\d+)" + r"\|((?:[^\\|\r\n]|\\[\\|])*)" * 6 + r"\|(?P<extension>.*)\Z", re.DOTALL
)
_PAIR = re.compile(r"(?P<key>[A-Za-z0-9_.]+)=(?P<value>(?:[^\\=\r\n]|\\[\\=rn])*)(?: (?=[A-Za-z0-9_.]+=)|\Z)")


class NotCef(ValueError):
    """The line breaks the standard."""


@dataclass(frozen=True)
class CefEvent:
    version: int
    vendor: str
    product: str
    product_version: str
    class_id: str
    name: str
    severity: str
    extension: dict[str, str]


def read_cef_line(line: str) -> CefEvent:
    """One line without its line end. Raises NotCef for anything that the standard does not allow."""
    header = _HEADER.match(line)
    if not header:
        raise NotCef(line)
    fields = [re.sub(r"\\([\\|])", r"\1", field) for field in header.groups()[1:7]]
    return CefEvent(int(header["version"]), *fields, _read_extension(header["extension"]))


def _read_extension(text: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    position = 0
    while position < len(text):
        pair = _PAIR.match(text, position)
        if not pair:
            raise NotCef(text[position : position + 60])
        if pair["key"] in pairs:
            raise NotCef(f"{pair['key']} comes twice")
        pairs[pair["key"]] = re.sub(r"\\(.)", _unescape, pair["value"])
        position = pair.end()
    return pairs


def _unescape(match: re.Match[str]) -> str:
    return {"n": "\n", "r": "\r"}.get(match[1], match[1])
