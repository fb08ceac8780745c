"""Enter what was read apart from the store: what is remembered of the source, and with it all that came."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from desktop_app.cluster.piece import Entry, Piece, entries_of
from desktop_app.cluster.promised import PromisedPiece, promise_pieces
from desktop_app.cluster.read_task import PartsRead, ReadWish, read_apart, records_of
from desktop_app.cluster.storage import PieceLost, open_pieces
from desktop_app.export.job import Job
from desktop_app.kept_sentence import said
from desktop_app.sources.collected import CollectedSource
from desktop_app.sources.intake import Apart, Intake, Taken
from desktop_app.sources.kind import NothingRemembered, Record
from desktop_app.trails.event import AuditEvent
from desktop_app.trails.store.known_sources import KnownSource


class Entering:
    """Of the readings of one source; all are `like` one."""

    def __init__(self, job: Job, known: KnownSource, like: ReadWish) -> None:
        self.known, self.like, self._job = known, like, job
        self._intake = Intake(like.source, known, job.store)

    def enter(self, wish: ReadWish, read: PartsRead, again: bool) -> Taken:
        """Store what came, or promise it, with the place in the source; `again` says whether the reading can be
        done again. Raises LocalDiskError, PiecesUnreachable."""
        if not (read.pieces or read.unfit or read.remember):
            return Taken()
        with tempfile.TemporaryDirectory(prefix="audit-trails-") as folder:
            beyond = _Beyond(
                wish, self._fetched(wish, read.beyond, Path(folder) / "beyond") if read.beyond else None
            )
            apart = Apart(
                unfit=[(each.record, said(each.reason)) for each in read.unfit],
                events=beyond.events(),
                remember=read.remember,
                left_out=read.left_out,
                elsewhere=sum(each.piece.events for each in read.days),
            )
            with self._job.store.transaction():
                taken = self._intake.store_apart(apart, beyond.with_records)
                promise_pieces(
                    self._job.store,
                    (PromisedPiece(self.known.number, each, wish, again) for each in read.days),
                )
        if read.beyond:
            open_pieces(wish.pieces).remove([read.beyond.name])
        return taken

    def _fetched(self, wish: ReadWish, piece: Piece, file: Path) -> Path:
        pieces = open_pieces(wish.pieces)
        try:
            pieces.get(piece.name, piece.sha256, file)
        except PieceLost:
            read_apart(wish, NothingRemembered())
            pieces.get(piece.name, piece.sha256, file)
        return file


def counted(result: CollectedSource, taken: Taken | CollectedSource) -> None:
    """Add what was taken to what came of a source."""
    result.read += taken.read
    result.appended += replace(taken.appended, differing=0)
    result.set_aside += taken.set_aside
    result.beyond += taken.beyond
    result.left_out += taken.left_out
    result.reasons += taken.reasons


class _Beyond:
    """Events of after the days that are packed elsewhere: they go into the store."""

    def __init__(self, wish: ReadWish, file: Path | None) -> None:
        self._wish, self._file = wish, file
        self._entries: dict[str, list[Entry]] = {}

    def events(self) -> Iterator[list[AuditEvent]]:
        for entries in entries_of(self._file) if self._file else ():
            yield [entry.event for entry in entries]

    def with_records(self, differing: Sequence[AuditEvent]) -> list[tuple[AuditEvent, Record, int]]:
        """Events that have the id of another, each with the record that it was made of."""
        if not differing or not self._file:
            return []
        wanted = {event.line for event in differing}
        entries = {entry.line: entry for some in entries_of(self._file) for entry in some if entry.line in wanted}
        found = [(event, entries[event.line]) for event in differing]
        records = records_of(self._wish, NothingRemembered(), {entry.record for _, entry in found})
        return [(event, records[entry.record], entry.number) for event, entry in found]
