"""Records in files: the form of a file, and what tells each of its records from the others."""

import time
from array import array
from collections.abc import Iterable, Sequence
from typing import BinaryIO, overload

from desktop_app.settings.limits import limits
from desktop_app.sources.file_tree import SeenFile, as_text
from desktop_app.sources.forms.form import OWN_NUMBER, Form, NotRecords, Piece, Whole
from desktop_app.sources.forms.recognise import form_of, values_instead
from desktop_app.sources.kind import Record
from desktop_app.sources.reading_place import ReadingPlace
from desktop_app.wording import Said

_ALL = Said("all of it")


def form_and_records(content: BinaryIO, name: str, path: str) -> tuple[Form | Whole, list[bytes]]:
    """The form of what is in a file, and of a whole one the records. Raises NotRecords."""
    form = form_of(content, name, path)
    if not isinstance(form, Whole):
        return form, []
    try:
        return form, form.read(content)
    except NotRecords:
        values = values_instead(content, path)
        if values is None:
            raise
        return values, []


def records_of(form: Form, pieces: Sequence[Piece], within: str, origin: str) -> list[Record]:
    """Those in pieces of a file."""
    records: list[Record] = []
    for record in form.records(pieces):
        if not record.number:
            place = Said("byte {position}", position=record.start)
        elif record.start == OWN_NUMBER:
            place = Said("record {number}", number=record.number)
        else:
            place = Said("byte {position}, record {number}", position=record.start, number=record.number)
        records.append(Record(record.content, within, place, _seed(origin, place), record.unfit))
    return records


def record_of_whole(content: bytes, number: int, occurrence: int, within: str, origin: str) -> Record:
    """The record of that number, and which of its equals it is; 0 where it is told from them by its number."""
    place = Said("record {number}", number=number)
    return Record(content, within, place, _seed(origin, occurrence or place))


class RecordsOfWhole(Sequence[Record]):
    """Some of the records of a document, each made when it is asked for: a document may have millions of them.

    Of each, its index in the document, and which of its equals it is, as in `record_of_whole`.
    """

    def __init__(
        self, contents: Sequence[bytes], some: Iterable[tuple[int, int]], within: str, origin: str
    ) -> None:
        self._contents, self._within, self._origin = contents, within, origin
        self._before: Sequence[Record] = ()
        self._indices, self._occurrences = array("L"), array("L")
        for index, occurrence in some:
            self._indices.append(index)
            self._occurrences.append(occurrence)

    def behind(self, records: Sequence[Record]) -> Sequence[Record]:
        """The same, after some others."""
        self._before = records
        return self

    def __len__(self) -> int:
        return len(self._before) + len(self._indices)

    @overload
    def __getitem__(self, at: int) -> Record: ...
    @overload
    def __getitem__(self, at: slice) -> list[Record]: ...
    def __getitem__(self, at: int | slice) -> Record | list[Record]:
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(len(self)))]
        if at < len(self._before):
            return self._before[at]
        at -= len(self._before)
        index = self._indices[at]
        return record_of_whole(self._contents[index], index + 1, self._occurrences[at], self._within, self._origin)


def all_unfit(path: str, member: str, reason: Said) -> Record:
    """A file, or a member of one, that can't be read as records as a whole."""
    return Record(b"", shown_path(path, member), _ALL, "", reason)


def _seed(origin: str, place: object) -> str:
    """Equal records of two files are two, and equal records of one file as well."""
    return f"{origin}#{place}" if origin else str(place)


def beginning(seen: SeenFile, member: str) -> ReadingPlace:
    """The place at the beginning of what is seen there now."""
    origin = as_text("/".join(filter(None, (seen.name, member))))
    return ReadingPlace(as_text(seen.path), member, seen.size, seen.modified_ns, origin=origin)


def is_read(last: ReadingPlace, seen: SeenFile) -> bool:
    """Whether there is nothing new in a file since it was at that place."""
    return is_unchanged(last, seen) and not last.more and last.was_read_whole


def is_unchanged(last: ReadingPlace, seen: SeenFile) -> bool:
    """Whether a file is as it was then, as far as can be seen without reading it."""
    return (last.size, last.modified_ns) == (seen.size, seen.modified_ns)


def is_old(seen: SeenFile) -> bool:
    """Whether a file was written so long ago that nobody goes on with its last line."""
    return time.time_ns() - seen.modified_ns > limits().rest_seconds * 10**9


def shown_path(path: str, member: str) -> str:
    """A file, or a member of one, for people."""
    return f"{as_text(path)} ({member})" if member else as_text(path)
