"""Lines of logs: CEF or syslog, or syslog with CEF or JSON in it.

What a line says becomes a JSON object: the keys of `cef.py`, those of the JSON in it, or `message`; and under
`syslog` the header that is before it (keys in `syslog.py`).
"""

from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, ClassVar

import msgspec
from msgspec.structs import replace

from desktop_app.sources.forms.cef import parse_cef
from desktop_app.sources.forms.form import Piece
from desktop_app.sources.forms.json_text import REPLACED, is_json, marked, repaired
from desktop_app.sources.forms.lines import read_lines
from desktop_app.sources.forms.syslog import parse_syslog
from desktop_app.wording import Said

_NEITHER = Said("it is neither CEF nor syslog nor JSON")
_HALF_CEF = Said("the header of CEF is not whole")
_REPLACEMENT = "\ufffd"


class LogLines:
    """A record a line."""

    numbered: ClassVar[bool] = False

    def pieces(self, content: BinaryIO, position: int, takes_last: Callable[[bytes], bool]) -> Iterator[Piece]:
        """The lines."""
        return read_lines(content, position, takes_last)

    def is_whole(self, piece: bytes) -> bool:
        """That can't be seen."""
        return True

    def records(self, pieces: Sequence[Piece]) -> Iterator[Piece]:
        """What each line says, and what is neither."""
        for piece in pieces:
            if piece.unfit:
                yield piece
            elif line := piece.content.strip():
                record = log_record(line)
                yield replace(piece, unfit=record) if isinstance(record, Said) else replace(piece, content=record)


def log_record(line: bytes) -> bytes | Said:
    """What a line says, as JSON, or why it can't be said."""
    text = line.decode("utf-8", "replace")
    header, message = parse_syslog(text) or ({}, text)
    message = message.removeprefix("@cee:").strip()  # CEE has JSON behind a cookie
    before: dict[str, object] = {}
    if replaced := text.count(_REPLACEMENT) - line.count(_REPLACEMENT.encode()):
        before[REPLACED] = replaced
    if header:
        before["syslog"] = header
    if message.startswith("CEF:"):
        found = parse_cef(message)
        return _HALF_CEF if found is None else msgspec.json.encode(before | found)
    if message.startswith("{") and is_json(inside := repaired(message.encode())):
        return _joined(before, marked(inside))
    return msgspec.json.encode({**before, "message": message}) if header else _NEITHER


def _joined(before: dict[str, object], record: bytes) -> bytes:
    """A JSON object, as it was written, behind other keys."""
    start = msgspec.json.encode(before)[:-1] if before else b"{"
    rest = record[1:].lstrip()
    return start + (b"" if rest.startswith(b"}") or not before else b",") + rest
