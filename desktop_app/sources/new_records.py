"""What is new in a file of a source, or in a member of a .zip, whatever became of it since it was read before."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from msgspec.structs import replace

from desktop_app.portions import portions
from desktop_app.sources.file_records import (
    RecordsOfWhole,
    all_unfit,
    beginning,
    form_and_records,
    is_old,
    is_read,
    is_unchanged,
    records_of,
    shown_path,
)
from desktop_app.sources.file_tree import FileTree, SeenFile, as_text
from desktop_app.sources.forms.form import Form, NotRecords, Piece, Whole, any_piece, no_piece
from desktop_app.sources.forms.packed import Content, open_content
from desktop_app.sources.kind import Record
from desktop_app.sources.known_files import KnownFiles
from desktop_app.sources.known_lines import KnownLines
from desktop_app.sources.reading_place import ReadingPlace, find_place, tail_sha256, with_head
from desktop_app.sources.record_digests import beginnings, digests_of, new_ones, remembered
from desktop_app.wording import Said

_FORGOTTEN = Said("it is so old that whether it was read before is no longer known")


@dataclass(frozen=True)
class OpenFile:
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


@dataclass(frozen=True)
class NewRecords:
    """Finds what is not among the `known` files, so many at a time at most. `list_path` is the key path of the
    list of records in a file, or empty."""

    known: KnownFiles
    list_path: str
    most_records: int
    most_bytes: int

    def read(self, file: OpenFile, inside: Content) -> Iterator[Sequence[Record]]:
        """What is new in a file, or in a member; its place is saved as it is read."""
        last = self.known.at(as_text(file.seen.path), inside.member)
        rests = inside.finished or is_old(file.seen) or (last is not None and is_unchanged(last, file.seen))
        seen = beginning(file.seen, inside.member)
        try:
            with inside.open() as content:
                # What replaced a file has the origin of that: its old records are known by it.
                if last:
                    seen = replace(seen, origin=last.origin, lines=last.lines, edition=last.edition)
                seen = with_head(seen, content)
                form, records = form_and_records(content, inside.member or file.seen.name, self.list_path)
                if isinstance(form, Whole):
                    yield self._read_whole(file, seen, last, content, records)
                else:
                    ended = inside.finished or is_old(file.seen)
                    takes_last = any_piece if ended else form.is_whole if rests else no_piece
                    yield from self._read_pieces(file, seen, last, content, form, takes_last)
        except NotRecords as error:
            # It may be half written: only what stays as it is, is set aside.
            if last and is_read(last, file.seen):
                return  # by an earlier version
            if rests:
                yield self.give_up(seen, error.reason)
            else:
                self.known.save(seen)

    def give_up(self, place: ReadingPlace, reason: Said) -> list[Record]:
        """Set a file aside as a whole."""
        saved = self.known.save(replace(place, position=place.size, more=False, whole=True))
        return [replace(all_unfit(place.path, place.member, reason), again=saved.key)]

    def _read_pieces(
        self,
        file: OpenFile,
        seen: ReadingPlace,
        last: ReadingPlace | None,
        content: BinaryIO,
        form: Form,
        takes_last: Callable[[bytes], bool],
    ) -> Iterator[list[Record]]:
        place = find_place(seen, content, self.known.files_continued(seen, content), file)
        if place is None:
            self.known.save(seen)  # to look again
            return
        if place is seen and self.known.may_be_forgotten(seen):
            yield self.give_up(seen, _FORGOTTEN)
            return
        lines = None if form.numbered else KnownLines(self.known, place, last, place is seen, form, content)
        place = lines.place if lines else place
        for new, end in self._batches(form, content, place.position, takes_last, lines):
            read = replace(lines.place if lines else place, position=end, more=True, key=place.key)
            place = self.known.save(replace(read, tail_sha256=tail_sha256(content, end) or ""))
            within = shown_path(file.seen.path, seen.member)
            yield lines.records(new, within) if lines else records_of(form, new, within, place.seed)
        content.seek(place.position)
        self.known.save(replace(place, more=False, whole=takes_last is any_piece or not content.read(1)))

    def _read_whole(
        self,
        file: OpenFile,
        seen: ReadingPlace,
        last: ReadingPlace | None,
        content: BinaryIO,
        records: list[bytes],
    ) -> Sequence[Record]:
        """All at once: it has no place in its middle to read on from."""
        end = content.tell()
        known = self.known.digests(seen.path, seen.member)
        digests = digests_of(records)
        begins = beginnings(records, self.known.record_counts)
        place: ReadingPlace | None
        if not records:  # nothing of it can be read twice
            place = replace(seen, key=last.key) if last and last.head_sha256 == seen.head_sha256 else seen
        else:
            alike = self.known.files_continued(seen, content)
            whole = [replace(each, records=len(records) if each.position >= end else 0) for each in alike]
            place = find_place(seen, content, self.known.documents_continued(seen, begins) + whole, file)
        if place is None:
            self.known.save(seen)  # to look again
            return []
        if place is seen and self.known.may_be_forgotten(seen):
            return self.give_up(seen, _FORGOTTEN)
        first = place.records
        unknown = new_ones(digests, known) if known else ((index, 0) for index in range(len(records)))
        # Where it only grows at its end, if at all, its records are distinguished by their numbers.
        by_number = first or not (known and place.origin)
        new = ((index, 0 if by_number else time) for index, time in unknown if index >= first)
        read = replace(place, position=end, tail_sha256=tail_sha256(content, end) or "")
        sha256 = begins.get(len(records), "")
        read = replace(read, records=len(records), records_sha256=sha256, more=False, whole=True)
        self.known.save_digests(self.known.save(read), remembered(digests, known))
        shown = shown_path(file.seen.path, seen.member)
        return RecordsOfWhole(records, new, shown, place.origin)

    def _batches(
        self,
        form: Form,
        content: BinaryIO,
        position: int,
        takes_last: Callable[[bytes], bool],
        lines: KnownLines | None,
    ) -> Iterator[tuple[Sequence[Piece], int]]:
        """Some pieces at a time that are new, and the byte up to which that is all."""
        is_over = False
        while not is_over:
            is_over = True
            pieces = form.pieces(content, position, takes_last)
            for batch in portions(pieces, lambda piece: len(piece.content), self.most_bytes, self.most_records):
                new, position = lines.take(batch, content) if lines else (batch, batch[-1].end)
                yield new, position
                if position != batch[-1].end:
                    is_over = False
                    break
