"""The folder source: files of JSON that others write, collected into the store."""

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO
from uuid import NAMESPACE_URL, uuid5

from desktop_app.errors import LocalDiskError
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
from desktop_app.sources.folder_files import folder_files
from desktop_app.sources.lines import Record, any_line, no_line, read_lines
from desktop_app.sources.mapping import map_record
from desktop_app.sources.reading_place import (
    KnownFiles,
    ReadingPlace,
    find_place,
    records_sha256,
    tail_sha256,
    with_head,
)
from desktop_app.trails.event import AuditEvent, NotAnEvent
from desktop_app.trails.store.store import Appended, Store
from desktop_app.wording import Said

_BATCH_RECORDS = 2000
_BATCH_BYTES = 1 << 24
_BATCH_MEMBERS = 500
_FEW_FILES = 5
_DAY_NS = 86_400 * 10**9
_ALL = Said("all of it")
_FORGOTTEN = Said("it is so old that whether it was read before is no longer known")
_LINK = Said("a link leads out of the folder, which the source does not follow")


@dataclass(frozen=True)
class Preview:
    """How the first records of a source map: lines of events, and (place, reason) of what is set aside."""

    events: list[bytes] = field(default_factory=list)
    set_aside: list[tuple[Said, Said]] = field(default_factory=list)
    files: int = 0


@dataclass(frozen=True)
class _Reading:
    """What reading one source needs to know all the time."""

    source: FolderSource
    store: Store
    known: KnownFiles
    on_records: Callable[[int], None]
    within: Path | None
    unreadable: list[tuple[str, object]] = field(default_factory=list)


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


def collect_folder(
    source: FolderSource, store: Store, on_records: Callable[[int], None]
) -> tuple[Appended, LocalDiskError | None]:
    """Read what is new in the source's files; events and place are stored together, batch by batch.

    A file that can't be read, or is not, holds no other up, and is told in the error that comes back. Raises
    LocalDiskError where the folder itself can't be read, or the store not be written.
    """
    found = folder_files(source)
    reading = _Reading(source, store, KnownFiles(store, source.name), on_records, found.within)
    reading.unreadable.extend((_text(path), _LINK) for path in found.not_followed)
    total = Appended(0, 0)
    for path in found.files:
        try:
            total += _collect_path(reading, path)
        except UNREADABLE as error:
            reading.unreadable.append((_text(path), _reason(error)))
    if found.files and total.stored:
        oldest_ns = time.time_ns() - limits().gone_file_days * _DAY_NS
        reading.known.forget({_text(path) for path in found.files}, oldest_ns)
    return total, _unreadable(source, reading.unreadable) if reading.unreadable else None


def preview(source: FolderSource, limit: int) -> Preview:
    """How the first `limit` records map, and what would be set aside. Stores nothing.

    Raises LocalDiskError where the folder can't be read.
    """
    found = Preview()
    listed = folder_files(source)
    for path in listed.files:
        if len(found.events) + len(found.set_aside) >= limit:
            break
        try:
            with contents(path, listed.within) as inside:
                for each in inside:
                    room = limit - len(found.events) - len(found.set_aside)
                    _preview_content(source, path, each, room, found)
        except NotADocument as error:
            found.set_aside.append((_at(path, "", _ALL), error.reason))
        except UNREADABLE as error:
            found.set_aside.append((_at(path, "", _ALL), Said("it can't be read ({reason})", reason=error)))
    found.set_aside.extend((_at(path, "", _ALL), _LINK) for path in listed.not_followed)
    return replace(found, files=len(listed.files) + len(listed.not_followed))


def first_records(source: FolderSource) -> Iterator[bytes]:
    """The records as they are in a few of the source's files; those that can't be read are left out.

    Raises LocalDiskError where the folder can't be read.
    """
    listed = folder_files(source)
    for path in listed.files[:_FEW_FILES]:
        with suppress(*UNREADABLE, NotADocument), contents(path, listed.within) as inside:
            for each in inside:
                with suppress(NotADocument), each.open() as content:
                    records = _all_records(source, path, each.member, content)
                    yield from (record.content for record in records if not record.unfit)


def _preview_content(source: FolderSource, path: Path, inside: Content, limit: int, found: Preview) -> None:
    with inside.open() as content:
        for record in islice(_all_records(source, path, inside.member, content), limit):
            try:
                found.events.append(_event(source, _origin(source, path, inside.member), record).line)
            except NotAnEvent as error:
                found.set_aside.append((_at(path, inside.member, record.place), error.message))


def _collect_path(reading: _Reading, path: Path) -> Appended:
    """Read what is new in a file; of a .zip, some members in one transaction, which costs as much as many events.

    A member that can't be read holds up none of the others.
    """
    total = Appended(0, 0)
    state = path.stat()
    last = reading.known.at(_text(path), "")
    if last and _is_read(last, path, state):
        return total
    try:
        with contents(path, reading.within) as inside:
            file = _File(path, state, {each.member: each for each in inside})
            known = ((each, reading.known.at(_text(path), each.member)) for each in inside)
            new = (each for each, last in known if not _is_read(last, path, state))
            for some in portions(new, lambda each: each.size, _BATCH_BYTES, _BATCH_MEMBERS):
                with reading.store.transaction() if len(some) > 1 else nullcontext():
                    for each in some:
                        try:
                            with each.open() as content:
                                total += _collect_content(reading, file, each.member, content)
                        except UNREADABLE as error:
                            reading.unreadable.append((_shown(path, each.member), _reason(error)))
    except NotADocument as error:
        return total + _give_up(reading, _seen(reading.source, path, "", state), error.reason)
    return total


def _seen(source: FolderSource, path: Path, member: str, state: os.stat_result) -> ReadingPlace:
    """The place at the beginning of what is seen there now."""
    origin = _origin(source, path, member)
    return ReadingPlace(_text(path), member, state.st_size, state.st_mtime_ns, origin=origin)


def _is_read(last: ReadingPlace | None, path: Path, state: os.stat_result) -> bool:
    """Whether there is nothing new in it."""
    return (
        last is not None
        and _is_unchanged(last, state)
        and last.position >= (1 if is_finished(path) else last.size)
    )


def _is_unchanged(last: ReadingPlace, state: os.stat_result) -> bool:
    return (last.size, last.modified_ns) == (state.st_size, state.st_mtime_ns)


def _collect_content(reading: _Reading, file: _File, member: str, content: BinaryIO) -> Appended:
    path = file.path
    last = reading.known.at(_text(path), member)
    unchanged = last is not None and _is_unchanged(last, file.state)
    seen = _seen(reading.source, path, member, file.state)
    # What was written anew in its place has the origin of the file before it: its old records are known by it.
    seen = with_head(replace(seen, origin=last.origin) if last else seen, content)
    if has_lines(member or path.name, content, reading.source.records):
        takes_last = any_line if is_finished(path) else is_json if unchanged else no_line
        return _collect_lines(reading, file, seen, content, takes_last)
    try:
        return _collect_document(reading, file, seen, last, content)
    except NotADocument as error:
        # It may be half written: only what stays as it is, is set aside.
        if is_finished(path) or unchanged:
            return _give_up(reading, seen, error.reason)
        return _look_again(reading, seen)


def _collect_lines(
    reading: _Reading, file: _File, seen: ReadingPlace, content: BinaryIO, takes_last: Callable[[bytes], bool]
) -> Appended:
    place = find_place(seen, content, reading.known.begun_alike(seen, content), file.open_known)
    if place is None:
        return _look_again(reading, seen)
    if place is seen and reading.known.may_be_forgotten(seen):
        return _give_up(reading, seen, _FORGOTTEN)
    total = Appended(0, 0)
    lines = read_lines(content, place.position, takes_last)
    for batch in portions(lines, lambda line: len(line.content), _BATCH_BYTES, _BATCH_RECORDS):
        with reading.store.transaction():
            total += reading.store.append(_events(reading, place, batch))
            end = batch[-1].end
            place = replace(place, position=end, tail_sha256=tail_sha256(content, end) or "")
            place = reading.known.save(place)
        reading.on_records(len(batch))
    with reading.store.transaction():
        reading.known.save(place)
    return total


def _collect_document(
    reading: _Reading, file: _File, seen: ReadingPlace, last: ReadingPlace | None, content: BinaryIO
) -> Appended:
    """In one batch: a document has no place in its middle to read on from. Raises NotADocument."""
    content.seek(0)
    records = document_records(content, reading.source.records)
    end = content.tell()
    place: ReadingPlace | None
    if not records:  # nothing of it can be read twice
        place = replace(seen, id=last.id) if last and last.head_sha256 == seen.head_sha256 else seen
    else:
        alike = reading.known.begun_alike(seen, content)
        whole = [replace(each, records=len(records) if each.position >= end else 0) for each in alike]
        place = find_place(seen, content, reading.known.grown(seen, records) + whole, file.open_known)
    if place is None:
        return _look_again(reading, seen)
    if place is seen and reading.known.may_be_forgotten(seen):
        return _give_up(reading, seen, _FORGOTTEN)
    new = _numbered(records)[place.records :]
    with reading.store.transaction():
        appended = reading.store.append(_events(reading, place, new))
        read = replace(place, position=end, tail_sha256=tail_sha256(content, end) or "")
        reading.known.save(replace(read, records=len(records), records_sha256=records_sha256(records)))
    if new:
        reading.on_records(len(new))
    return appended


def _numbered(records: list[bytes]) -> list[Record]:
    return [
        Record(record, Said("record {number}", number=number), number)
        for number, record in enumerate(records, start=1)
    ]


def _all_records(source: FolderSource, path: Path, member: str, content: BinaryIO) -> Iterator[Record]:
    if has_lines(member or path.name, content, source.records):
        return (each for each in read_lines(content, 0, any_line) if each.unfit or each.content.strip())
    content.seek(0)
    return iter(_numbered(document_records(content, source.records)))


def _events(reading: _Reading, place: ReadingPlace, records: list[Record]) -> Iterator[AuditEvent]:
    for record in records:
        if record.unfit or record.content.strip():
            try:
                yield _event(reading.source, place.origin, record)
            except NotAnEvent as error:
                file = _shown(Path(place.path), place.member)
                reading.store.set_aside(reading.source.name, file, record.place, error.message)


def _event(source: FolderSource, origin: str, record: Record) -> AuditEvent:
    """Raises NotAnEvent."""
    if record.unfit:
        raise NotAnEvent(record.unfit)

    def stable_id() -> str:
        digest = hashlib.sha256(record.content).hexdigest()
        file = f"#{origin}" if origin else ""
        return str(uuid5(NAMESPACE_URL, f"{source.name}{file}#{record.place}#{digest}"))

    return map_record(record.content, source.fields, source.name, stable_id)


def _give_up(reading: _Reading, place: ReadingPlace, reason: Said) -> Appended:
    with reading.store.transaction():
        file = _shown(Path(place.path), place.member)
        reading.store.set_aside(reading.source.name, file, _ALL, reason)
        reading.known.save(replace(place, position=place.size))
    return Appended(0, 0)


def _look_again(reading: _Reading, place: ReadingPlace) -> Appended:
    with reading.store.transaction():
        reading.known.save(place)
    return Appended(0, 0)


def _reason(error: BaseException) -> str:
    return getattr(error, "strerror", None) or str(error)


def _unreadable(source: FolderSource, files: list[tuple[str, object]]) -> LocalDiskError:
    path, reason = files[0]
    hint = Said("It is tried again by the next run. Is the file whole, and may this user read it?")
    if reason is _LINK:
        hint = Said("Have the source follow links, or remove the link.")
    if len(files) == 1:
        message = Said(
            "Source {name}: {path} can't be read ({reason}).", name=source.name, path=path, reason=reason
        )
    else:
        message = Said(
            "Source {name}: {path} and {more} more can't be read ({reason}).",
            name=source.name,
            path=path,
            more=len(files) - 1,
            reason=reason,
        )
    return LocalDiskError(message, hint)


def _at(path: Path, member: str, place: Said) -> Said:
    return Said("{file}, {place}", file=_shown(path, member), place=place)


def _shown(path: Path, member: str) -> str:
    return f"{_text(path)} ({member})" if member else _text(path)


def _origin(source: FolderSource, path: Path, member: str) -> str:
    """What a file is called in its source when it is first seen."""
    return "/".join(filter(None, (_text(path.relative_to(source.path)), member))).replace(os.sep, "/")


def _text(path: Path) -> str:
    """A path as a database and a log take it: bytes of a name that are no UTF-8, as escapes."""
    return str(path).encode("utf-8", "backslashreplace").decode()
