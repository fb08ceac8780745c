"""Days that were read apart from the store: packed where they are not yet, and delivered. Any run does that."""

import logging
from collections.abc import Sequence
from datetime import date
from functools import partial

from msgspec.structs import replace

from desktop_app.actions.note_coverage import note_left_over
from desktop_app.cluster.pack_task import DayPacked, Lost, Other, PackWish, pack_apart
from desktop_app.cluster.promised import (
    PromisedDay,
    PromisedPiece,
    promise_day,
    promised_days,
    promised_pieces,
    set_promised_day,
)
from desktop_app.cluster.read_task import read_apart, records_of
from desktop_app.cluster.storage import PieceLost, open_pieces
from desktop_app.errors import LocalDiskError, UserError
from desktop_app.export.archive import PARTIAL
from desktop_app.export.build import DayFile
from desktop_app.export.days import Day
from desktop_app.export.due import DueDay
from desktop_app.export.exporter import Export
from desktop_app.export.job import Job
from desktop_app.export.ledger import Archive
from desktop_app.export.outgoing import build_packed
from desktop_app.files import make_private_file, make_private_folder
from desktop_app.sources.intake import Intake, Taken
from desktop_app.sources.kind import NothingRemembered, Record
from desktop_app.trails.event import AuditEvent
from desktop_app.trails.store.append import Appended
from desktop_app.trails.store.known_sources import known_sources
from desktop_app.wording import Said

_LOG = logging.getLogger(__name__)
_READ_AGAIN = Said("an event read apart from the store")

Keyed = Sequence[tuple[str, PromisedPiece]]
"""The pieces of a day, with the keys of their promises."""


class PieceGone(LocalDiskError):
    """A piece is lost, and what it was read from is another by now."""


def finish_promised(job: Job, export: Export, upto_ms: int | None = None) -> None:
    """Pack here what is promised of days that end up to an instant, or of all, and deliver it, with what is packed
    already. What goes wrong with a day holds up no other."""
    for keyed in promised_pieces(job.store, upto_ms):
        try:
            wish = pack_wish(job, keyed)
            enter_packed(job, keyed, wish, packed_or_again(keyed, wish, pack_apart(wish)))
        except UserError as error:
            job.errors.append(error)
    note_left_over(job.ledger, job.store, job.now_ms())
    deliver_promised(job, export)


def pack_wish(job: Job, keyed: Keyed) -> PackWish:
    """How the archive of these pieces is begun."""
    part, read = keyed[0][1].part, keyed[0][1].wish
    day = Day(date.fromisoformat(part.day), part.start_ms, part.end_ms)
    export = job.settings.export
    number = job.ledger.next_number(export.instance, day.date)
    # No event of the store is in it.
    file = DayFile(DueDay(day, 0, 0, 0, ()), export, job.settings.cef, number, job.now_ms())
    parts = tuple(piece.part.piece for _, piece in keyed)
    return PackWish(read.label, parts, file, read.pieces, read.folder)


def packed_or_again(keyed: Keyed, wish: PackWish, done: DayPacked | Lost) -> DayPacked:
    """What was packed; where pieces were lost, they are read again, and the day is packed here.

    Raises PieceGone, PiecesUnreachable, LocalDiskError.
    """
    while isinstance(done, Lost):
        _LOG.warning("%d pieces of %s are lost, and read again", len(done.parts), wish.file.due.day.date)
        for number in done.parts:
            _read_again(keyed[number][1])
        done = pack_apart(wish)
    return done


def enter_packed(job: Job, keyed: Keyed, wish: PackWish, packed: DayPacked) -> Taken:
    """Count the events of a day that was packed, and promise it instead of its pieces. Raises LocalDiskError."""
    pieces = [piece for _, piece in keyed]
    known = next(each for each in known_sources(job.store) if each.number == pieces[0].source)
    intake = Intake(pieces[0].wish.source, known, job.store)
    others = _with_records(pieces, packed.others)
    with job.store.transaction():
        taken = intake.count_apart(Appended(packed.packed.events, packed.repeated), others)
        promise_day(job.store, [key for key, _ in keyed], PromisedDay(tuple(pieces), wish, packed))
    return taken


def deliver_promised(job: Job, export: Export) -> None:
    """Deliver the days that are packed, oldest first. Raises as `run_export` does."""
    ledger = job.ledger
    delivered = {_place_of(archive) for archive in ledger.delivered()}
    held = {_place_of(archive) for archive in ledger.held()}
    for key, promised in promised_days(job.store):
        file = promised.wish.file
        place = (file.due.day.date.isoformat(), file.number, file.created_ms)
        if place in held:
            continue
        if place not in delivered:
            try:
                if not export.deliver(file.due.day, partial(_build, job, key, promised)):
                    continue
            except PieceGone as error:
                job.errors.append(error)
                continue
        set_promised_day(job.store, key, None)
        names = {promised.packed.name, *(part.name for part in promised.wish.parts)}
        open_pieces(promised.wish.pieces).remove(names)


def remade(job: Job, built: Archive, number: int) -> Archive | None:
    """The archive of a promised day once more, under a number; None where it is no such one. Raises StoreDamaged
    where that can't be done: it is held until it can."""
    for key, promised in promised_days(job.store):
        file = promised.wish.file
        if (file.due.day.date.isoformat(), file.number, file.created_ms) == _place_of(built):
            last = job.ledger.last_delivered()
            created_ms = max(built.built_ms, last.built_ms if last else 0)
            try:
                promised = _as(job, key, promised, number, created_ms)
                return _put_together(job, promised, built.coverage_upto)
            except UserError as error:
                raise job.store.damage(error.message) from error
    return None


def _place_of(archive: Archive) -> tuple[str, int, int]:
    """What no two archives of an installation share."""
    return archive.day, archive.number, archive.built_ms


def _build(job: Job, key: str, promised: PromisedDay) -> Archive:
    file, last = promised.wish.file, job.ledger.last_delivered()
    number = job.ledger.next_number(file.export.instance, file.due.day.date)
    created_ms = max(file.created_ms, last.built_ms if last else 0)
    return _put_together(job, _as(job, key, promised, number, created_ms))


def _as(job: Job, key: str, promised: PromisedDay, number: int, created_ms: int) -> PromisedDay:
    """A promised day with that number and time, packed again where it has others."""
    file = promised.wish.file
    if (file.number, file.created_ms) == (number, created_ms):
        return promised
    wish = replace(promised.wish, file=replace(file, number=number, created_ms=created_ms))
    changed = replace(promised, wish=wish, packed=_packed_again(promised, wish))
    set_promised_day(job.store, key, changed)
    return changed


def _packed_again(promised: PromisedDay, wish: PackWish) -> DayPacked:
    keyed = [("", piece) for piece in promised.parts]
    return packed_or_again(keyed, wish, pack_apart(wish))


def _put_together(job: Job, promised: PromisedDay, coverage_upto: int | None = None) -> Archive:
    wish, packed = promised.wish, promised.packed
    pieces, outbox = open_pieces(wish.pieces), job.paths.outbox
    begun = outbox / f"{wish.file.stem}.zip{PARTIAL}"
    make_private_folder(outbox)
    make_private_file(begun)
    try:
        pieces.get(packed.name, packed.sha256, begun)
    except PieceLost:
        packed = _packed_again(promised, wish)
        pieces.get(packed.name, packed.sha256, begun)
    return build_packed(job, wish.file, packed.packed, coverage_upto)


def _read_again(piece: PromisedPiece) -> None:
    if piece.again:
        read = read_apart(piece.wish, NothingRemembered())
        if piece.part.piece in read.pieces:
            return
    raise PieceGone(
        Said("A piece of the events of {day} is lost from {place}.", day=piece.part.day, place=piece.wish.pieces),
        Said("It can't be read again: its files are others by now. Put it back, or them as they were."),
    )


def _with_records(
    pieces: Sequence[PromisedPiece], others: Sequence[Other]
) -> list[tuple[AuditEvent, Record, int]]:
    """Each event with the record that it was made of, as far as that can be read again; else with itself."""
    found: list[tuple[AuditEvent, Record, int]] = []
    for part in sorted({other.part for other in others}):
        entries = [other.entry for other in others if other.part == part]
        piece = pieces[part]
        numbers = {entry.record for entry in entries}
        records = records_of(piece.wish, NothingRemembered(), numbers) if piece.again else {}
        for entry in entries:
            itself = Record(entry.line, piece.wish.source.name, _READ_AGAIN, entry.id)
            found.append((entry.event, records.get(entry.record, itself), entry.number))
    return found
