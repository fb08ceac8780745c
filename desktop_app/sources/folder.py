"""The folder source: files of JSON that others write, collected into the store."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO
from uuid import NAMESPACE_URL, uuid5

from desktop_app.errors import LocalDiskError
from desktop_app.portions import portions
from desktop_app.settings.model import FolderSource
from desktop_app.sources.documents import (
    UNREADABLE,
    NotADocument,
    document_records,
    has_lines,
    is_finished,
    is_json,
    members,
    open_content,
)
from desktop_app.sources.mapping import map_record
from desktop_app.sources.reading_place import (
    ReadingPlace,
    begun_alike,
    find_place,
    grown,
    place_at,
    records_sha256,
    save_place,
    tail_sha256,
    with_head,
)
from desktop_app.trails.event import AuditEvent, NotAnEvent
from desktop_app.trails.store.store import Appended, Store
from desktop_app.wording import Said

_BATCH_RECORDS = 2000
_BATCH_BYTES = 1 << 24
_LONGEST_LINE = 256 << 20
_FEW_FILES = 5
_ALL = Said("all of it")


@dataclass(frozen=True)
class Preview:
    """How the first records of a source map: lines of events, and (place, reason) of what is set aside."""

    events: list[bytes] = field(default_factory=list)
    set_aside: list[tuple[Said, Said]] = field(default_factory=list)
    files: int = 0


@dataclass(frozen=True)
class _Record:
    """A record of a file, the byte or the index at which it is, and the one at which it ends."""

    content: bytes
    place: Said
    end: int


def collect_folder(
    source: FolderSource, store: Store, on_records: Callable[[int], None]
) -> tuple[Appended, LocalDiskError | None]:
    """Read what is new in the source's files; events and place are stored together, batch by batch.

    A file that can't be read holds no other up, and is told in the error that comes back. Raises
    LocalDiskError where the folder itself can't be read, or the store not be written.
    """
    total = Appended(0, 0)
    unreadable: list[tuple[Path, str]] = []
    for path in _files(source):
        try:
            for member in members(path):
                total += _collect_file(source, path, member, store, on_records)
        except UNREADABLE as error:
            unreadable.append((path, getattr(error, "strerror", None) or str(error)))
    return total, _unreadable(source, unreadable) if unreadable else None


def preview(source: FolderSource, limit: int) -> Preview:
    """How the first `limit` records map, and what would be set aside. Stores nothing.

    Raises LocalDiskError where the folder can't be read.
    """
    found = Preview()
    files = 0
    for path in _files(source):
        files += 1
        if len(found.events) + len(found.set_aside) >= limit:
            continue
        try:
            for member in members(path):
                with open_content(path, member) as content:
                    records = _all_records(source, path, member, content)
                    for record in islice(records, limit - len(found.events) - len(found.set_aside)):
                        try:
                            found.events.append(_event(source, _origin(source, path, member), record).line)
                        except NotAnEvent as error:
                            found.set_aside.append((_at(path, member, record.place), error.message))
        except NotADocument as error:
            found.set_aside.append((_at(path, "", _ALL), error.reason))
        except UNREADABLE as error:
            found.set_aside.append((_at(path, "", _ALL), Said("it can't be read ({reason})", reason=error)))
    return replace(found, files=files)


def first_records(source: FolderSource) -> Iterator[bytes]:
    """The records as they are in a few of the source's files; those that can't be read are left out.

    Raises LocalDiskError where the folder can't be read.
    """
    for path in islice(_files(source), _FEW_FILES):
        with suppress(*UNREADABLE, NotADocument):
            for member in members(path):
                with open_content(path, member) as content:
                    yield from (record.content for record in _all_records(source, path, member, content))


def _files(source: FolderSource) -> Iterator[Path]:
    """The regular files that match, oldest first, so that events arrive about in order."""
    folder = Path(source.path)
    try:
        os.scandir(folder).close()
    except OSError as error:
        raise LocalDiskError(
            Said(
                "The folder {folder} of source {name} can't be read ({reason}).",
                folder=folder,
                name=source.name,
                reason=error.strerror,
            ),
            Said("Is it there, and may this user read it?"),
        ) from error
    found: list[tuple[int, Path]] = []
    for path in folder.glob(source.pattern):
        try:
            state = path.stat()
        except OSError:
            continue  # it vanished, or points nowhere
        if stat.S_ISREG(state.st_mode):
            found.append((state.st_mtime_ns, path))
    return (path for _, path in sorted(found))


def _collect_file(
    source: FolderSource, path: Path, member: str, store: Store, on_records: Callable[[int], None]
) -> Appended:
    state = path.stat()
    origin = _origin(source, path, member)
    seen = ReadingPlace(_text(path), member, state.st_size, state.st_mtime_ns, origin=origin)
    last = place_at(store, source.name, _text(path), member)
    unchanged = last is not None and (last.size, last.modified_ns) == (seen.size, seen.modified_ns)
    if last and unchanged and last.position >= (1 if is_finished(path) else last.size):
        return Appended(0, 0)
    with open_content(path, member) as content:
        # What was written anew in its place has the origin of the file before it: its old records are known by it.
        seen = with_head(replace(seen, origin=last.origin) if last else seen, content)
        if has_lines(member or path.name, content, source.records):
            takes_last = _any_line if is_finished(path) else is_json if unchanged else _no_line
            return _collect_lines(source, seen, content, takes_last, store, on_records)
        try:
            return _collect_document(source, seen, content, store, on_records)
        except NotADocument as error:
            # It may be half written: only what stays as it is, is set aside.
            if is_finished(path) or unchanged:
                return _give_up(source, seen, store, error.reason)
            return _look_again(source, seen, store)


def _collect_lines(
    source: FolderSource,
    seen: ReadingPlace,
    content: BinaryIO,
    takes_last: Callable[[bytes], bool],
    store: Store,
    on_records: Callable[[int], None],
) -> Appended:
    place = find_place(seen, content, begun_alike(store, source.name, content))
    if place is None:
        return _look_again(source, seen, store)
    total = Appended(0, 0)
    lines = _lines(content, place.position, takes_last)
    for batch in portions(lines, lambda line: len(line.content), _BATCH_BYTES, _BATCH_RECORDS):
        with store.transaction():
            total += store.append(_events(source, place, batch, store))
            end = batch[-1].end
            place = replace(place, position=end, tail_sha256=tail_sha256(content, end) or "")
            place = save_place(store, source.name, place)
        on_records(len(batch))
    with store.transaction():
        save_place(store, source.name, place)
    return total


def _collect_document(
    source: FolderSource,
    seen: ReadingPlace,
    content: BinaryIO,
    store: Store,
    on_records: Callable[[int], None],
) -> Appended:
    """In one batch: a document has no place in its middle to read on from. Raises NotADocument."""
    content.seek(0)
    records = document_records(content, source.records)
    end = content.tell()
    alike = begun_alike(store, source.name, content)
    whole = [replace(each, records=len(records) if each.position >= end else 0) for each in alike]
    place = find_place(seen, content, grown(store, source.name, records) + whole)
    if place is None:
        return _look_again(source, seen, store)
    new = _numbered(records)[place.records :]
    with store.transaction():
        appended = store.append(_events(source, place, new, store))
        read = replace(place, position=end, tail_sha256=tail_sha256(content, end) or "")
        read = replace(read, records=len(records), records_sha256=records_sha256(records))
        save_place(store, source.name, read)
    if new:
        on_records(len(new))
    return appended


def _lines(content: BinaryIO, position: int, takes_last: Callable[[bytes], bool]) -> Iterator[_Record]:
    """The lines from `position` on. `takes_last` says of one without its end whether it counts."""
    while True:
        content.seek(position)
        line = content.readline(_LONGEST_LINE)
        if not line or not (line.endswith(b"\n") or takes_last(line)):
            return
        place = Said("byte {position}", position=position)
        yield _Record(line.removeprefix(b"\xef\xbb\xbf"), place, position + len(line))
        position += len(line)


def _any_line(line: bytes) -> bool:
    return True


def _no_line(line: bytes) -> bool:
    return False


def _numbered(records: list[bytes]) -> list[_Record]:
    return [
        _Record(record, Said("record {number}", number=number), number)
        for number, record in enumerate(records, start=1)
    ]


def _all_records(source: FolderSource, path: Path, member: str, content: BinaryIO) -> Iterator[_Record]:
    if has_lines(member or path.name, content, source.records):
        return (record for record in _lines(content, 0, _any_line) if record.content.strip())
    content.seek(0)
    return iter(_numbered(document_records(content, source.records)))


def _events(
    source: FolderSource, place: ReadingPlace, records: list[_Record], store: Store
) -> Iterator[AuditEvent]:
    for record in records:
        if record.content.strip():
            try:
                yield _event(source, place.origin, record)
            except NotAnEvent as error:
                store.set_aside(source.name, _shown(Path(place.path), place.member), record.place, error.message)


def _event(source: FolderSource, origin: str, record: _Record) -> AuditEvent:
    def stable_id() -> str:
        digest = hashlib.sha256(record.content).hexdigest()
        file = f"#{origin}" if origin else ""
        return str(uuid5(NAMESPACE_URL, f"{source.name}{file}#{record.place}#{digest}"))

    return map_record(record.content, source.fields, source.name, stable_id)


def _give_up(source: FolderSource, place: ReadingPlace, store: Store, reason: Said) -> Appended:
    with store.transaction():
        store.set_aside(source.name, _shown(Path(place.path), place.member), _ALL, reason)
        save_place(store, source.name, replace(place, position=place.size))
    return Appended(0, 0)


def _look_again(source: FolderSource, place: ReadingPlace, store: Store) -> Appended:
    with store.transaction():
        save_place(store, source.name, place)
    return Appended(0, 0)


def _unreadable(source: FolderSource, files: list[tuple[Path, str]]) -> LocalDiskError:
    path, reason = _text(files[0][0]), files[0][1]
    hint = Said("It is tried again by the next run. Is the file whole, and may this user read it?")
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
