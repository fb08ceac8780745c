"""Reads the files in the folder of a source: what is new in each, wherever it was moved."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from msgspec.structs import replace

from desktop_app.errors import LocalDiskError
from desktop_app.held import reason
from desktop_app.portions import portions
from desktop_app.settings.limits import limits
from desktop_app.settings.model import FolderSource
from desktop_app.sources.documents import (
    UNREADABLE,
    Content,
    NotADocument,
    contents,
    document_records,
    has_lines,
    is_finished,
    is_json,
    open_content,
)
from desktop_app.sources.folder_files import FolderFiles, folder_files
from desktop_app.sources.kind import Coverage, NothingRemembered, Places, Record, Step
from desktop_app.sources.known_files import KnownFiles
from desktop_app.sources.lines import Line, any_line, no_line, read_lines
from desktop_app.sources.reading_place import ReadingPlace, find_place, records_sha256, tail_sha256, with_head
from desktop_app.stop import Stop
from desktop_app.wording import Said

_BATCH_RECORDS = 2000
_BATCH_BYTES = 1 << 24
_BATCH_MEMBERS = 500
_DAY_NS = 86_400 * 10**9
_GONE = ""  # the part of the files that are there no more
_ALL = Said("all of it")
_FORGOTTEN = Said("it is so old that whether it was read before is no longer known")
_LINK = Said("a link leads out of the folder, which the source does not follow")


@dataclass(frozen=True)
class _File:
    """A file that is read, as it was when it was looked at, and what is inside of it."""

    path: Path
    state: os.stat_result
    inside: dict[str, Content]

    def open_known(self, known: ReadingPlace) -> AbstractContextManager[BinaryIO]:
        """What is in a known file; of a .zip that is open already, this one's. Raises like `open_content`."""
        if known.path == _text(self.path):
            return self.inside[known.member].open()
        return open_content(Path(known.path), known.member)


class FolderReader:
    """A part is a file, by its path."""

    def __init__(self, source: FolderSource) -> None:
        self._source = source
        self._known = KnownFiles(NothingRemembered())
        self._came = 0

    def parts(self, places: Places) -> Iterator[str]:
        """Links that are not followed, files, the oldest first, and what is gone where anything new came.

        Raises LocalDiskError where the folder can't be read.
        """
        yield from sorted(self._not_followed)
        yield from map(str, self._listed.files)
        if self._came:
            yield _GONE

    def steps(self, part: str, places: Places, stop: Stop) -> Iterator[Step]:
        """What is new in a file; of a .zip, some members in one step, which costs as much as many events.

        A member that can't be read holds up none of the others. Raises LocalDiskError for such a file.
        """
        if self._known.places is not places:
            self._known = KnownFiles(places)
        self._known.taken()  # of a part that was left in its middle
        if part == _GONE:
            oldest_ns = time.time_ns() - limits().gone_file_days * _DAY_NS
            if self._known.forget({_text(path) for path in self._listed.files}, oldest_ns):
                yield self._step([])
        elif part in self._not_followed:
            yield self._step([], self._unreadable(Path(part), "", _LINK))
        else:
            path = Path(part)
            try:
                yield from self._read(path, stop)
            except FileNotFoundError:
                return  # renamed or removed since it was listed: the next run sees what became of it
            except UNREADABLE as error:
                raise self._unreadable(path, "", reason(error)) from error

    def sample(self) -> Iterator[Record]:
        """The records of one file after the other, and what can't be read. Raises as `parts` does."""
        for path in self._listed.files:
            try:
                with contents(path, self._listed.within) as inside:
                    for each in inside:
                        yield from self._sample_of(path, each)
            except NotADocument as error:
                yield _all_unfit(path, "", error.reason)
            except UNREADABLE as error:
                yield _all_unfit(path, "", Said("it can't be read ({reason})", reason=reason(error)))
        for path in self._listed.not_followed:
            yield _all_unfit(path, "", _LINK)

    @cached_property
    def _listed(self) -> FolderFiles:
        return folder_files(self._source)

    @cached_property
    def _not_followed(self) -> set[str]:
        return set(map(str, self._listed.not_followed))

    def _read(self, path: Path, stop: Stop) -> Iterator[Step]:
        state = path.stat()
        if _is_read(self._known.at(_text(path), ""), path, state):
            return
        records: list[Record] = []
        size = members = 0
        try:
            with contents(path, self._listed.within) as inside:
                file = _File(path, state, {each.member: each for each in inside})
                for each in inside:
                    if _is_read(self._known.at(_text(path), each.member), path, state):
                        continue
                    stop.check()
                    members += 1
                    failure: LocalDiskError | None = None
                    try:
                        with each.open() as content:
                            for some in self._read_content(file, each.member, content):
                                records += some
                                size += sum(len(record.content) for record in some)
                                if size >= _BATCH_BYTES or len(records) >= _BATCH_RECORDS:
                                    yield self._step(records)
                                    records, size, members = [], 0, 0
                    except UNREADABLE as error:
                        failure = self._unreadable(path, each.member, reason(error))
                    if failure or members >= _BATCH_MEMBERS:
                        yield self._step(records, failure)
                        records, size, members = [], 0, 0
        except NotADocument as error:
            records += self._give_up(_seen(self._source, path, "", state), error.reason)
        if records or self._known.has_changes:
            yield self._step(records)

    def _step(self, records: list[Record], failure: LocalDiskError | None = None) -> Step:
        """All that was read since the last step."""
        self._came += len(records)
        asked = f"{_text(Path(self._source.path))}{os.sep}{self._source.pattern}"
        return Step(records, self._known.taken(), Coverage(asked, len(records)), failure)

    def _read_content(self, file: _File, member: str, content: BinaryIO) -> Iterator[list[Record]]:
        """What is new in a file, or in a member; its place is saved as it is read."""
        path = file.path
        last = self._known.at(_text(path), member)
        unchanged = last is not None and _is_unchanged(last, file.state)
        seen = _seen(self._source, path, member, file.state)
        # What was written anew in its place has the origin of the file before it: its old records are known by it.
        seen = with_head(replace(seen, origin=last.origin) if last else seen, content)
        if has_lines(member or path.name, content, self._source.records):
            takes_last = any_line if is_finished(path) else is_json if unchanged else no_line
            yield from self._read_lines(file, seen, content, takes_last)
            return
        try:
            yield self._read_document(file, seen, last, content)
        except NotADocument as error:
            # It may be half written: only what stays as it is, is set aside.
            if is_finished(path) or unchanged:
                yield self._give_up(seen, error.reason)
            else:
                self._known.save(seen)

    def _read_lines(
        self, file: _File, seen: ReadingPlace, content: BinaryIO, takes_last: Callable[[bytes], bool]
    ) -> Iterator[list[Record]]:
        place = find_place(seen, content, self._known.files_continued(seen, content), file.open_known)
        if place is None:
            self._known.save(seen)  # to look again
            return
        if place is seen and self._known.may_be_forgotten(seen):
            yield self._give_up(seen, _FORGOTTEN)
            return
        lines = read_lines(content, place.position, takes_last)
        for batch in portions(lines, lambda line: len(line.content), _BATCH_BYTES, _BATCH_RECORDS):
            end = batch[-1].end
            read = replace(place, position=end, tail_sha256=tail_sha256(content, end) or "", more=True)
            place = self._known.save(read)
            yield _records_of_lines(batch, _shown(file.path, seen.member), place.origin)
        self._known.save(replace(place, more=False))

    def _read_document(
        self, file: _File, seen: ReadingPlace, last: ReadingPlace | None, content: BinaryIO
    ) -> list[Record]:
        """All at once: a document has no place in its middle to read on from. Raises NotADocument."""
        content.seek(0)
        records = document_records(content, self._source.records)
        end = content.tell()
        place: ReadingPlace | None
        if not records:  # nothing of it can be read twice
            place = replace(seen, key=last.key) if last and last.head_sha256 == seen.head_sha256 else seen
        else:
            alike = self._known.files_continued(seen, content)
            whole = [replace(each, records=len(records) if each.position >= end else 0) for each in alike]
            continued = self._known.documents_continued(seen, records) + whole
            place = find_place(seen, content, continued, file.open_known)
        if place is None:
            self._known.save(seen)  # to look again
            return []
        if place is seen and self._known.may_be_forgotten(seen):
            return self._give_up(seen, _FORGOTTEN)
        read = replace(place, position=end, tail_sha256=tail_sha256(content, end) or "")
        whole_sha256 = records_sha256(records)
        self._known.save(replace(read, records=len(records), records_sha256=whole_sha256, more=False))
        shown = _shown(file.path, seen.member)
        return _records_of_document(records, place.records, shown, place.origin)

    def _give_up(self, place: ReadingPlace, reason: Said) -> list[Record]:
        saved = self._known.save(replace(place, position=place.size, more=False))
        return [replace(_all_unfit(Path(place.path), place.member, reason), again=saved.key)]

    def _sample_of(self, path: Path, inside: Content) -> Iterator[Record]:
        shown, origin = _shown(path, inside.member), _origin(self._source, path, inside.member)
        with inside.open() as content:
            if has_lines(inside.member or path.name, content, self._source.records):
                for line in read_lines(content, 0, any_line):
                    yield from _records_of_lines([line], shown, origin)
                return
            content.seek(0)
            try:
                yield from _records_of_document(document_records(content, self._source.records), 0, shown, origin)
            except NotADocument as error:
                yield _all_unfit(path, inside.member, error.reason)

    def _unreadable(self, path: Path, member: str, reason: object) -> LocalDiskError:
        hint = Said("It is tried again by the next run. Is the file whole, and may this user read it?")
        if reason is _LINK:
            hint = Said("Have the source follow links, or remove the link.")
        return LocalDiskError(
            Said(
                "Source {name}: {path} can't be read ({reason}).",
                name=self._source.name,
                path=_shown(path, member),
                reason=reason,
            ),
            hint,
        )


def _records_of_lines(lines: list[Line], within: str, origin: str) -> list[Record]:
    """Those of the lines that have anything in them."""
    records: list[Record] = []
    for line in lines:
        if line.unfit or line.content.strip():
            place = Said("byte {position}", position=line.start)
            records.append(Record(line.content, within, place, _seed(origin, place), line.unfit))
    return records


def _records_of_document(contents: list[bytes], known: int, within: str, origin: str) -> list[Record]:
    """Those behind the first `known`."""
    records: list[Record] = []
    for number, content in enumerate(contents[known:], start=known + 1):
        place = Said("record {number}", number=number)
        records.append(Record(content, within, place, _seed(origin, place)))
    return records


def _all_unfit(path: Path, member: str, reason: Said) -> Record:
    return Record(b"", _shown(path, member), _ALL, "", reason)


def _seed(origin: str, place: Said) -> str:
    """Equal lines of two files are two, and equal lines of one file as well."""
    return f"{origin}#{place}" if origin else str(place)


def _seen(source: FolderSource, path: Path, member: str, state: os.stat_result) -> ReadingPlace:
    """The place at the beginning of what is seen there now."""
    origin = _origin(source, path, member)
    return ReadingPlace(_text(path), member, state.st_size, state.st_mtime_ns, origin=origin)


def _is_read(last: ReadingPlace | None, path: Path, state: os.stat_result) -> bool:
    """Whether there is nothing new in it."""
    return (
        last is not None
        and _is_unchanged(last, state)
        and not last.more
        and last.position >= (1 if is_finished(path) else last.size)
    )


def _is_unchanged(last: ReadingPlace, state: os.stat_result) -> bool:
    return (last.size, last.modified_ns) == (state.st_size, state.st_mtime_ns)


def _shown(path: Path, member: str) -> str:
    return f"{_text(path)} ({member})" if member else _text(path)


def _origin(source: FolderSource, path: Path, member: str) -> str:
    """What a file is called in its source when it is first seen."""
    return "/".join(filter(None, (_text(path.relative_to(source.path)), member))).replace(os.sep, "/")


def _text(path: Path) -> str:
    """A path as a database and a log take it: bytes of a name that are no UTF-8, as escapes."""
    return str(path).encode("utf-8", "backslashreplace").decode()
