"""Records in a list of a document that was taken for one record, before its source said where the list is."""

from desktop_app.sources.forms.json_text import list_at
from desktop_app.sources.kind import Record
from desktop_app.sources.record_digests import digests_of, new_ones
from desktop_app.wording import Said

_WHOLE = (Said("byte {position}", position=0), Said("record {number}", number=1))


def records_within(record: Record, path: str) -> list[Record]:
    """Those in the list at a key path of a record, each with the place and seed that it has when its file is read
    once more; the record itself where it has no such list."""
    listed = list_at(record.content, path) if path else None
    if listed is None:
        return [record]
    origin, contents = record.seed.removesuffix(record.place), list(map(bytes, listed))
    if record.place in _WHOLE:  # of a document, equal records are told apart by how many stand before
        return [
            Record(contents[index], record.within, _place(index), f"{origin}{time}")
            for index, time in new_ones(digests_of(contents), b"")
        ]
    return [_of_line(record, origin, number, content) for number, content in enumerate(contents, start=1)]


def _of_line(line: Record, origin: str, number: int, content: bytes) -> Record:
    place = Said("{place}, record {number}", place=line.place, number=number)
    return Record(content, line.within, place, f"{origin}{place}")


def _place(index: int) -> Said:
    return Said("record {number}", number=index + 1)
