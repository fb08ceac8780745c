"""Reads the files of a source, wherever they are: what is new in each, wherever it was moved."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO, ClassVar

from msgspec.structs import replace

from desktop_app.errors import LocalDiskError
from desktop_app.held import reason
from desktop_app.portions import portions
from desktop_app.settings.limits import limits
from desktop_app.sources.file_records import (
    RecordsOfWhole,
    all_unfit,
    beginning,
    form_and_records,
    is_old,
    is_read,
    is_unchanged,
    record_of_whole,
    records_of,
    shown_path,
)
from desktop_app.sources.file_tree import FileTree, LeftOut, Listed, SeenFile, as_text
from desktop_app.sources.forms.form import Form, NotRecords, Piece, Whole, any_piece, no_piece
from desktop_app.sources.forms.packed import UNREADABLE, Content, contents, open_content
from desktop_app.sources.kind import Coverage, NothingRemembered, Places, Record, Step
from desktop_app.sources.known_files import KnownFiles
from desktop_app.sources.known_lines import KnownLines
from desktop_app.sources.order import Order
from desktop_app.sources.reading_place import ReadingPlace, find_place, tail_sha256, with_head
from desktop_app.sources.record_digests import beginnings, digests_of, new_ones, remembered
from desktop_app.stop import Stop
from desktop_app.wording import Said

_BATCH_RECORDS = 2000
_BATCH_BYTES = 1 << 24
_BATCH_MEMBERS = 500
_DAY_NS = 86_400 * 10**9
_GONE = ""  # the part of files that are there no more
_FORGOTTEN = Said("it is so old that whether it was read before is no longer known")
_AGAIN = Said("It is tried again by the next run. Is the file whole, and may this user read it?")


@dataclass(frozen=True)
class _File:
    """A file that is read, as it was when it was looked at, and what is inside of it."""

    seen: SeenFile
    inside: dict[str, Content]
    tree: FileTree

    @contextmanager
    def open_known(self, known: ReadingPlace) -> Iterator[BinaryIO]:
        """What is in a known file; of a .zip that is open already, this one's. Raises KeyError where it has no
        such member, and what is UNREADABLE."""
        with ExitStack() as stack:
            if known.path == as_text(self.seen.path):
                yield stack.enter_context(self.inside[known.member].open())
            else:
                file = stack.enter_context(self.tree.open(known.path))
                yield stack.enter_context(open_content(file, known.member))

    def is_same(self, path: str) -> bool:
        """Whether a known file is this one. Raises OSError."""
        return self.tree.is_same(path, self.seen.path)


def _long_ago_ns() -> int:
    return time.time_ns() - limits().gone_file_days * _DAY_NS


class FilesReader:
    """A part is a file, by its path. `path` is the key path of the list of records in a file, or empty. What is
    there no more, and was written before `forgotten_before_ns`, is known no longer."""

    order: ClassVar[Order] = Order.NAMED

    def __init__(
        self, name: str, tree: FileTree, path: str, forgotten_before_ns: Callable[[], int] = _long_ago_ns
    ) -> None:
        self._name, self._tree, self._list_path = name, tree, path
        self._forgotten_before_ns = forgotten_before_ns
        self._known = KnownFiles(NothingRemembered())
        self._came = 0
        self._lack_lines = False

    def parts(self, places: Places) -> Iterator[str]:
        """What is left out, files, the oldest first, and what is to be noted of all.

        Raises UserError where the folder can't be read.
        """
        self._lack_lines = KnownFiles(places).lack_lines
        yield from self._left_out
        yield from self._files
        if self._came or self._lack_lines:
            yield _GONE

    def files(self, places: Places) -> Listed:
        """What there is to read, the oldest first. Raises UserError where the folder can't be read."""
        return self._listed

    def steps(self, part: str, places: Places, stop: Stop) -> Iterator[Step]:
        """What is new in a file; of a .zip, some members in one step, which costs as much as many events.

        A member that can't be read holds up none of the others. Raises LocalDiskError for such a file.
        """
        if self._known.places is not places:
            self._known = KnownFiles(places)
        self._known.taken()  # of a part that was left in its middle
        if part == _GONE:
            self._known.forget(set(map(as_text, self._files)), self._forgotten_before_ns())
            if self._lack_lines:
                self._known.note_lines()
            if self._known.has_changes:
                yield self._step([])
        elif part in self._left_out:
            left_out = self._left_out[part]
            yield self._step([], self._unreadable(part, "", left_out.reason, left_out.hint))
        else:
            try:
                yield from self._read(self._files[part], stop)
            except FileNotFoundError:
                return  # renamed or removed since it was listed: the next run sees what became of it
            except UNREADABLE as error:
                raise self._unreadable(part, "", reason(error)) from error

    def sample(self) -> Iterator[Record]:
        """The records of one file after the other, and what can't be read. Raises as `parts` does."""
        for file in self._files.values():
            try:
                with self._tree.open(file.path) as opened:
                    for each in contents(opened):
                        yield from self._sample_of(file, each)
            except NotRecords as error:
                yield all_unfit(file.path, "", error.reason)
            except UNREADABLE as error:
                yield all_unfit(file.path, "", Said("it can't be read ({reason})", reason=reason(error)))
        for left_out in self._listed.left_out:
            yield all_unfit(left_out.path, "", Said("it can't be read ({reason})", reason=left_out.reason))

    @cached_property
    def _listed(self) -> Listed:
        return self._tree.listed()

    @cached_property
    def _files(self) -> dict[str, SeenFile]:
        return {file.path: file for file in self._listed.files}

    @cached_property
    def _left_out(self) -> dict[str, LeftOut]:
        return {each.path: each for each in self._listed.left_out}

    def _read(self, listed: SeenFile, stop: Stop) -> Iterator[Step]:
        seen = self._tree.look(listed)
        if self._is_done(seen, ""):
            return
        records: list[Record] = []
        size = members = 0
        try:
            with self._tree.open(seen.path) as opened:
                inside = contents(opened)
                file = _File(seen, {each.member: each for each in inside}, self._tree)
                for each in inside:
                    if self._is_done(seen, each.member):
                        continue
                    stop.check()
                    members += 1
                    failure: LocalDiskError | None = None
                    try:
                        for some in self._read_content(file, each):
                            if isinstance(some, RecordsOfWhole) and len(some) > _BATCH_RECORDS:
                                yield self._step(some.behind(records))
                                records, size, members = [], 0, 0
                                continue
                            stop.check()
                            records += some
                            size += sum(len(record.content) for record in some)
                            if size >= _BATCH_BYTES or len(records) >= _BATCH_RECORDS:
                                yield self._step(records)
                                records, size, members = [], 0, 0
                    except UNREADABLE as error:
                        failure = self._unreadable(seen.path, each.member, reason(error))
                    if failure or members >= _BATCH_MEMBERS:
                        yield self._step(records, failure)
                        records, size, members = [], 0, 0
        except NotRecords as error:
            records += self._give_up(beginning(seen, ""), error.reason)
        if records or self._known.has_changes:
            yield self._step(records)

    def _is_done(self, seen: SeenFile, member: str) -> bool:
        """Whether there is nothing new in it, and nothing to make up for."""
        last = self._known.at(as_text(seen.path), member)
        return last is not None and is_read(last, seen) and not (self._lack_lines and last.lacks_lines)

    def _step(self, records: Sequence[Record], failure: LocalDiskError | None = None) -> Step:
        """All that was read since the last step."""
        self._came += len(records)
        return Step(records, self._known.taken(), Coverage(as_text(self._tree.asked), len(records)), failure)

    def _read_content(self, file: _File, inside: Content) -> Iterator[Sequence[Record]]:
        """What is new in a file, or in a member; its place is saved as it is read."""
        last = self._known.at(as_text(file.seen.path), inside.member)
        rests = inside.finished or is_old(file.seen) or (last is not None and is_unchanged(last, file.seen))
        seen = beginning(file.seen, inside.member)
        try:
            with inside.open() as content:
                # What was written anew in its place has the origin of the file before it: its old records are
                # known by it.
                if last:
                    seen = replace(seen, origin=last.origin, lines=last.lines, edition=last.edition)
                seen = with_head(seen, content)
                yield from self._read_form(file, inside, seen, last, rests, content)
        except NotRecords as error:
            # It may be half written: only what stays as it is, is set aside.
            if last and is_read(last, file.seen):
                return  # by an earlier version
            if rests:
                yield self._give_up(seen, error.reason)
            else:
                self._known.save(seen)

    def _read_form(
        self,
        file: _File,
        inside: Content,
        seen: ReadingPlace,
        last: ReadingPlace | None,
        rests: bool,
        content: BinaryIO,
    ) -> Iterator[Sequence[Record]]:
        form, records = form_and_records(content, inside.member or file.seen.name, self._list_path)
        if isinstance(form, Whole):
            yield self._read_whole(file, seen, last, content, records)
        else:
            ended = inside.finished or is_old(file.seen)
            takes_last = any_piece if ended else form.is_whole if rests else no_piece
            yield from self._read_pieces(file, seen, last, content, form, takes_last)

    def _read_pieces(
        self,
        file: _File,
        seen: ReadingPlace,
        last: ReadingPlace | None,
        content: BinaryIO,
        form: Form,
        takes_last: Callable[[bytes], bool],
    ) -> Iterator[list[Record]]:
        place = find_place(seen, content, self._known.files_continued(seen, content), file)
        if place is None:
            self._known.save(seen)  # to look again
            return
        if place is seen and self._known.may_be_forgotten(seen):
            yield self._give_up(seen, _FORGOTTEN)
            return
        lines = None if form.numbered else KnownLines(self._known, place, last, place is seen, form, content)
        place = lines.place if lines else place
        for new, end in _batches(form, content, place.position, takes_last, lines):
            read = replace(lines.place if lines else place, position=end, more=True, key=place.key)
            place = self._known.save(replace(read, tail_sha256=tail_sha256(content, end) or ""))
            within = shown_path(file.seen.path, seen.member)
            yield lines.records(new, within) if lines else records_of(form, new, within, place.seed)
        content.seek(place.position)
        self._known.save(replace(place, more=False, whole=takes_last is any_piece or not content.read(1)))

    def _read_whole(
        self,
        file: _File,
        seen: ReadingPlace,
        last: ReadingPlace | None,
        content: BinaryIO,
        records: list[bytes],
    ) -> Sequence[Record]:
        """All at once: it has no place in its middle to read on from."""
        end = content.tell()
        known = self._known.digests(seen.path, seen.member)
        digests = digests_of(records)
        begins = beginnings(records, self._known.record_counts)
        place: ReadingPlace | None
        if not records:  # nothing of it can be read twice
            place = replace(seen, key=last.key) if last and last.head_sha256 == seen.head_sha256 else seen
        else:
            alike = self._known.files_continued(seen, content)
            whole = [replace(each, records=len(records) if each.position >= end else 0) for each in alike]
            place = find_place(seen, content, self._known.documents_continued(seen, begins) + whole, file)
        if place is None:
            self._known.save(seen)  # to look again
            return []
        if place is seen and self._known.may_be_forgotten(seen):
            return self._give_up(seen, _FORGOTTEN)
        first = place.records
        unknown = new_ones(digests, known) if known else ((index, 0) for index in range(len(records)))
        # Where it only grows at its end, if at all, its records are told apart by their numbers.
        by_number = first or not (known and place.origin)
        new = ((index, 0 if by_number else time) for index, time in unknown if index >= first)
        read = replace(place, position=end, tail_sha256=tail_sha256(content, end) or "")
        sha256 = begins.get(len(records), "")
        read = replace(read, records=len(records), records_sha256=sha256, more=False, whole=True)
        self._known.save_digests(self._known.save(read), remembered(digests, known))
        shown = shown_path(file.seen.path, seen.member)
        return RecordsOfWhole(records, new, shown, place.origin)

    def _give_up(self, place: ReadingPlace, reason: Said) -> list[Record]:
        saved = self._known.save(replace(place, position=place.size, more=False, whole=True))
        return [replace(all_unfit(place.path, place.member, reason), again=saved.key)]

    def _sample_of(self, file: SeenFile, inside: Content) -> Iterator[Record]:
        shown, origin = shown_path(file.path, inside.member), beginning(file, inside.member).origin
        try:
            with inside.open() as content:
                form, records = form_and_records(content, inside.member or file.name, self._list_path)
                if isinstance(form, Whole):
                    for number, record in enumerate(records, start=1):
                        yield record_of_whole(record, number, 0, shown, origin)
                    return
                for piece in form.pieces(content, 0, any_piece):
                    yield from records_of(form, [piece], shown, origin)
        except NotRecords as error:
            yield all_unfit(file.path, inside.member, error.reason)

    def _unreadable(self, path: str, member: str, reason: object, hint: Said = _AGAIN) -> LocalDiskError:
        return LocalDiskError(
            Said(
                "Source {name}: {path} can't be read ({reason}).",
                name=self._name,
                path=shown_path(path, member),
                reason=reason,
            ),
            hint,
        )


def _batches(
    form: Form, content: BinaryIO, position: int, takes_last: Callable[[bytes], bool], lines: KnownLines | None
) -> Iterator[tuple[Sequence[Piece], int]]:
    """Some pieces at a time that are new, and the byte up to which that is all."""
    is_over = False
    while not is_over:
        is_over = True
        pieces = form.pieces(content, position, takes_last)
        for batch in portions(pieces, lambda piece: len(piece.content), _BATCH_BYTES, _BATCH_RECORDS):
            new, position = lines.take(batch, content) if lines else (batch, batch[-1].end)
            yield new, position
            if position != batch[-1].end:
                is_over = False
                break
