"""Reads the files of a source, wherever they are: what is new in each, wherever it was moved."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import ClassVar

from desktop_app.errors import LocalDiskError
from desktop_app.held import reason
from desktop_app.settings.limits import limits
from desktop_app.sources.file_records import (
    RecordsOfWhole,
    all_unfit,
    beginning,
    form_and_records,
    is_read,
    record_of_whole,
    records_of,
    shown_path,
)
from desktop_app.sources.file_tree import FileTree, LeftOut, Listed, SeenFile, as_text
from desktop_app.sources.forms.form import NotRecords, Whole, any_piece
from desktop_app.sources.forms.packed import UNREADABLE, Content, contents
from desktop_app.sources.kind import Coverage, NothingRemembered, Places, Record, Step
from desktop_app.sources.known_files import KnownFiles
from desktop_app.sources.new_records import NewRecords, OpenFile
from desktop_app.sources.order import Order
from desktop_app.stop import Stop
from desktop_app.wording import Said

_BATCH_RECORDS = 2000
_BATCH_BYTES = 1 << 24
_BATCH_MEMBERS = 500
_DAY_NS = 86_400 * 10**9
_GONE = ""  # the part of files that are there no more
_AGAIN = Said("It is tried again by the next run. Is the file whole, and may this user read it?")


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
        reading = NewRecords(self._known, self._list_path, _BATCH_RECORDS, _BATCH_BYTES)
        records: list[Record] = []
        size = members = 0
        try:
            with self._tree.open(seen.path) as opened:
                inside = contents(opened)
                file = OpenFile(seen, {each.member: each for each in inside}, self._tree)
                for each in inside:
                    if self._is_done(seen, each.member):
                        continue
                    stop.check()
                    members += 1
                    failure: LocalDiskError | None = None
                    try:
                        for some in reading.read(file, each):
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
            records += reading.give_up(beginning(seen, ""), error.reason)
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
