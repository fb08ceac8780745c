"""Begin the archive of a day from its pieces, apart from the store: the same pieces give the same bytes.

The events go through a store that is deleted again, so that doubles are found, and they are put in order and
packed as those of any archive.
"""

import tempfile
from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from desktop_app.cluster.piece import Entry, Piece, entries_of
from desktop_app.cluster.storage import PieceLost, Pieces, open_pieces
from desktop_app.export.archive import PARTIAL
from desktop_app.export.build import DayFile, PackedDay, pack_day
from desktop_app.export.coverage import Coverage
from desktop_app.export.due import due_day
from desktop_app.files import file_sha256
from desktop_app.trails.event import AuditEvent
from desktop_app.trails.store.known_sources import enter_source
from desktop_app.trails.store.store import Store, open_passing_store


class PackWish(Struct, frozen=True):
    """The pieces of a day, in the order in which they were read, all of the source of this label, and the data
    file that is to be made of them."""

    label: str
    parts: tuple[Piece, ...]
    file: DayFile
    pieces: str
    folder: str


class Other(Struct, frozen=True):
    """An event with the id of another: in which of the pieces, and what it is there."""

    part: int
    entry: Entry


class DayPacked(Struct, frozen=True):
    """An archive that was begun, as it is kept with the pieces; how many events were there `repeated`, and which
    had the id of another."""

    name: str
    sha256: str
    packed: PackedDay
    repeated: int
    others: tuple[Other, ...]


class Lost(Struct, frozen=True):
    """The pieces, by their numbers, that are not there or not what they were."""

    parts: tuple[int, ...]


def pack_pieces(wish: bytes) -> bytes:
    """Pack what a PackWish, as JSON, asks for: DayPacked or Lost, as JSON in a list."""
    return msgspec.json.encode([_named(pack_apart(msgspec.json.decode(wish, type=PackWish)))])


def packed_of(answer: bytes) -> DayPacked | Lost:
    """What `pack_pieces` has answered."""
    ((kind, facts),) = msgspec.json.decode(answer, type=list[tuple[str, msgspec.Raw]])
    if kind == "packed":
        return msgspec.json.decode(facts, type=DayPacked)
    return msgspec.json.decode(facts, type=Lost)


def _named(done: DayPacked | Lost) -> tuple[str, DayPacked | Lost]:
    return ("packed" if isinstance(done, DayPacked) else "lost"), done


def pack_apart(wish: PackWish) -> DayPacked | Lost:
    """The same. Raises PiecesUnreachable, LocalDiskError."""
    pieces = open_pieces(wish.pieces)
    with tempfile.TemporaryDirectory(prefix="audit-trails-") as name:
        folder = Path(name)
        lost = _fetch(pieces, wish.parts, folder)
        if lost:
            return Lost(tuple(lost))
        with open_passing_store(folder / "trails.db") as store:
            stored = _Stored(store, wish.label)
            try:
                stored.add(folder / str(part) for part in range(len(wish.parts)))
            except PieceLost as error:  # which was so when it was written
                return Lost((int(str(error)),))
            day = wish.file.due.day
            due = due_day(store, day, Coverage([]), store.last_seq())
            packed = pack_day(store, replace(wish.file, due=due), folder)
        begun = folder / f"{wish.file.stem}.zip{PARTIAL}"
        sha256 = file_sha256(begun)
        kept = f"{wish.folder}/{sha256}.begun"
        pieces.put(kept, begun)
        return DayPacked(kept, sha256, packed, stored.repeated, tuple(stored.others))


def _fetch(pieces: Pieces, parts: Iterable[Piece], folder: Path) -> list[int]:
    """Fetch pieces under their numbers; return those that are lost."""
    lost = []
    for number, part in enumerate(parts):
        try:
            pieces.get(part.name, part.sha256, folder / str(number))
        except PieceLost:
            lost.append(number)
    return lost


class _Stored:
    def __init__(self, store: Store, label: str) -> None:
        self._store = store
        self._source = enter_source(store, label, "", {label}).number
        self.repeated = 0
        self.others: list[Other] = []

    def add(self, files: Iterable[Path]) -> None:
        with self._store.transaction():
            for part, file in enumerate(files):
                for entries in entries_of(file):
                    self._append(part, entries)

    def _append(self, part: int, entries: list[Entry]) -> None:
        events = [entry.event for entry in entries]
        found = {id(event): entry for event, entry in zip(events, entries, strict=True)}
        differing: list[AuditEvent] = []
        self.repeated += self._store.append(events, self._source, differing.append).repeated
        self.others += [Other(part, found[id(event)]) for event in differing]
