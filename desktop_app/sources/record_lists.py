"""Records in a list of a document that was taken for one record, before its source said where the list is."""

import msgspec
from msgspec import Raw

from desktop_app.sources.kind import Record
from desktop_app.wording import Said

_FIRST = (Said("byte {position}", position=0), Said("record {number}", number=1))


def records_within(record: Record, path: str) -> list[Record]:
    """Those in the list at a key path of a record, each with the place and seed that it has when it is read there;
    the record itself where it has no such list."""
    listed = _list_at(record.content, path) if path else None
    if listed is None:
        return [record]
    return [_within(record, bytes(content), number) for number, content in enumerate(listed, start=1)]


def _within(record: Record, content: bytes, number: int) -> Record:
    place = Said("record {number}", number=number)
    if record.place not in _FIRST:
        place = Said("{place}, record {number}", place=record.place, number=number)
    return Record(content, record.within, place, f"{record.seed.removesuffix(record.place)}{place}")


def _list_at(document: bytes, path: str) -> list[Raw] | None:
    try:
        value = Raw(document)
        for key in path.split("."):
            value = msgspec.json.decode(value, type=dict[str, Raw])[key]
        return msgspec.json.decode(value, type=list[Raw])
    except (KeyError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
