"""Read some files of a source apart from its store: what they hold, as pieces by day, and what to remember.

It needs the files and the place of the pieces, and nothing else: no store, no ledger, no secret.
"""

import hashlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import tzinfo
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec import Struct

from desktop_app.cluster.piece import Entry, Piece, PieceFile
from desktop_app.cluster.storage import open_pieces
from desktop_app.errors import LocalDiskError
from desktop_app.export.days import Day, day_of
from desktop_app.kept_sentence import kept, said
from desktop_app.settings.model import FolderSource, ObjectsSource
from desktop_app.settings.time_zone import zone_called
from desktop_app.sources.file_tree import FileTree, Listed, SeenFile
from desktop_app.sources.files_reader import FilesReader
from desktop_app.sources.folder_tree import FolderTree
from desktop_app.sources.intake import NO_EVENT
from desktop_app.sources.kind import NothingRemembered, Places, Record, Step
from desktop_app.sources.mapping import mapper
from desktop_app.sources.objects.object_tree import ObjectTree
from desktop_app.stop import Stop
from desktop_app.trails.event import NotAnEvent
from desktop_app.wording import Said

FilesSource = FolderSource | ObjectsSource
_PENDING = 1 << 26  # bytes of events, of all days together


class ReadWish(Struct, frozen=True):
    """These files of a source, by the label that the store has of it.

    What was created before `from_ms` is left out; what was from `upto_ms` on is a piece of its own, whatever its
    day. Days are those of `zone`, UTC or an IANA name. `pieces` is where these go, there in a `folder`.
    """

    source: FilesSource
    label: str
    files: tuple[SeenFile, ...]
    from_ms: int
    upto_ms: int
    zone: str
    pieces: str
    folder: str


class Unfit(Struct, frozen=True):
    """A record that can't be an event, as it is set aside; `place` and `reason` are kept sentences."""

    within: str
    place: str
    seed: str
    reason: str
    again: str
    content: bytes

    @property
    def record(self) -> Record:
        place = said(self.place)
        where = place if isinstance(place, Said) else Said("record {number}", number=place)
        return Record(self.content, self.within, where, self.seed, again=self.again)


class PieceOfDay(Struct, frozen=True):
    """A piece, and the day of its events."""

    day: str
    start_ms: int
    end_ms: int
    piece: Piece


class PartsRead(Struct, frozen=True):
    """What came of a reading: pieces of days, and the one of what came after all of them; records that are no
    events; what the reader remembers; how many events were left out, and what was asked.

    `middles_ms` has, of each step with events, an instant than which half of them are not older. Files that could
    not be read, or not whole, are `unread`.
    """

    days: tuple[PieceOfDay, ...]
    beyond: Piece | None
    unfit: tuple[Unfit, ...]
    remember: dict[str, bytes | None]
    left_out: int
    asked: tuple[str, ...]
    middles_ms: tuple[int, ...]
    unread: tuple[str, ...]

    @property
    def pieces(self) -> list[Piece]:
        """All of them."""
        return [*(each.piece for each in self.days), *([self.beyond] if self.beyond else [])]


def read_files(wish: bytes) -> bytes:
    """Read what a ReadWish, as JSON, asks for: a PartsRead, as MessagePack. Files that are the same give the same
    pieces."""
    return msgspec.msgpack.encode(read_apart(msgspec.json.decode(wish, type=ReadWish), NothingRemembered()))


def read_apart(wish: ReadWish, places: Places) -> PartsRead:
    """The same, with what is remembered of the source. Raises PiecesUnreachable, LocalDiskError."""
    pieces = open_pieces(wish.pieces)
    with tempfile.TemporaryDirectory(prefix="audit-trails-") as folder:
        reading = _Reading(wish, places, Path(folder))
        reading.read()
        read, files = reading.ended()
        for piece in read.pieces:
            pieces.put(piece.name, files[piece.name])
    return read


def records_of(wish: ReadWish, places: Places, numbers: set[int]) -> dict[int, Record]:
    """The records of a reading that have these numbers. Raises as `read_apart` does."""
    found: dict[int, Record] = {}
    for number, record in enumerate(each for step in _steps(wish, places, []) for each in step.records):
        if number in numbers:
            found[number] = record
    return found


def _steps(wish: ReadWish, places: Places, unread: list[str]) -> Iterator[Step]:
    reader = FilesReader(wish.source.name, _Given(_tree(wish.source), wish.files), wish.source.records)
    known = _Since(places)
    for file in wish.files:
        try:
            for step in reader.steps(file.path, known, Stop()):
                known.remember(step.remember)
                yield step
                if step.gave_up:
                    unread.append(file.path)
        except LocalDiskError:  # whoever reads it again tells why
            unread.append(file.path)


class _Reading:
    def __init__(self, wish: ReadWish, places: Places, folder: Path) -> None:
        self._wish, self._places, self._folder = wish, places, folder
        self._zone: tzinfo = zone_called(wish.zone)
        self._events_of = mapper(wish.source, wish.label)
        self._files: dict[int, tuple[Day | None, PieceFile]] = {}
        self._unfit: list[Unfit] = []
        self._remember: dict[str, bytes | None] = {}
        self._asked: dict[str, None] = {}
        self._middles: list[int] = []
        self._unread: list[str] = []
        self._left_out = self._records = 0
        self._about = hashlib.sha256(msgspec.json.encode(wish)).digest()
        self._pending = 0
        self._day: Day | None = None

    def read(self) -> None:
        for step in _steps(self._wish, self._places, self._unread):
            self._take(step.records)
            self._remember |= step.remember
            self._asked[step.coverage.asked] = None

    def ended(self) -> tuple[PartsRead, dict[str, Path]]:
        """What came, and the files of its pieces by their names."""
        days: list[PieceOfDay] = []
        beyond, files = None, {}
        for _, (day, file) in sorted(self._files.items()):
            piece = file.end()
            files[piece.name] = file.path
            if day is None:
                beyond = piece
            else:
                days.append(PieceOfDay(day.date.isoformat(), day.start_ms, day.end_ms, piece))
        read = PartsRead(
            days=tuple(days),
            beyond=beyond,
            unfit=tuple(self._unfit),
            remember=self._remember,
            left_out=self._left_out,
            asked=tuple(self._asked),
            middles_ms=tuple(self._middles),
            unread=tuple(dict.fromkeys(self._unread)),
        )
        return read, files

    def _take(self, records: Sequence[Record]) -> None:
        times: list[int] = []
        for record in records:
            try:
                events = self._events_of(record)
            except NotAnEvent as error:
                self._set_aside(record, error.message)
            else:
                if not events:
                    self._set_aside(record, NO_EVENT)
                for number, event in enumerate(events):
                    times.append(event.created_ms)
                    self._add(Entry(event.created_ms, event.id, event.line, self._records, number))
            self._records += 1
        if times:
            times.sort()
            self._middles.append(times[(len(times) - 1) // 2])

    def _add(self, entry: Entry) -> None:
        created_ms = entry.created_ms
        if created_ms < self._wish.from_ms:
            self._left_out += 1
            return
        day = None
        if created_ms < self._wish.upto_ms:
            day = self._day
            if day is None or not day.start_ms <= created_ms < day.end_ms:
                day = self._day = day_of(created_ms, self._zone)
        key = day.start_ms if day else self._wish.upto_ms
        if key not in self._files:
            self._files[key] = day, PieceFile(self._folder / f"{len(self._files)}", self._wish.folder, self._about)
        self._files[key][1].add(entry)
        self._pending += len(entry.line)
        if self._pending >= _PENDING:
            for _, file in self._files.values():
                file.flush()
            self._pending = 0

    def _set_aside(self, record: Record, reason: Said) -> None:
        self._unfit.append(
            Unfit(record.within, kept(record.place), record.seed, kept(reason), record.again, record.content)
        )


class _Since(Places):
    """What is remembered, and what was since."""

    def __init__(self, places: Places) -> None:
        self._places, self._changes = places, dict[str, bytes | None]()

    def remember(self, changes: Mapping[str, bytes | None]) -> None:
        self._changes |= changes

    def get(self, key: str) -> bytes | None:
        return self._changes[key] if key in self._changes else self._places.get(key)

    def starting_with(self, prefix: str, after: str = "") -> Iterator[tuple[str, bytes]]:
        first = dict(self._places.starting_with(prefix, after))
        for key, value in self._changes.items():
            if key.startswith(prefix) and key > after:
                first.pop(key, None)
                if value is not None:
                    first[key] = value
        yield from sorted(first.items())


class _Given(FileTree):
    """Files of a tree that somebody else has listed."""

    def __init__(self, tree: FileTree, files: Sequence[SeenFile]) -> None:
        self._tree, self._files = tree, files

    @property
    def asked(self) -> str:
        return self._tree.asked

    def listed(self) -> Listed:
        return Listed(list(self._files), [])

    def look(self, file: SeenFile) -> SeenFile:
        return self._tree.look(file)

    def open(self, path: str) -> AbstractContextManager[BinaryIO]:
        return self._tree.open(path)

    def is_same(self, path: str, other: str) -> bool:
        return self._tree.is_same(path, other)


def _tree(source: FilesSource) -> FileTree:
    return FolderTree(source) if isinstance(source, FolderSource) else ObjectTree(source, lambda: None)
