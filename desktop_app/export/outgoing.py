"""One archive on its way: built, delivered, and noted as delivered in store and ledger."""

import logging
from datetime import date

from msgspec import structs

from desktop_app.export.agreement import note_of
from desktop_app.export.archived_lines import UnreadableArchive
from desktop_app.export.build import DayFile, PackedDay, finish_day, pack_day
from desktop_app.export.cef_beside import chunks_maker
from desktop_app.export.chain import NextLink, next_link
from desktop_app.export.days import Day
from desktop_app.export.delivery import Delivery
from desktop_app.export.due import DueDay, coverage_of, due_day
from desktop_app.export.job import Job
from desktop_app.export.ledger import Archive
from desktop_app.export.older_copy import find_there
from desktop_app.export.outbox import discard
from desktop_app.export.progress import Delivered
from desktop_app.export.stamping import keep_signature
from desktop_app.settings.model import ExportSettings
from desktop_app.trails.own_actions import archive_delivered
from desktop_app.trails.store.archive_notes import note_archive
from desktop_app.wording import Said

_LOG = logging.getLogger(__name__)


def day_file(job: Job, due: DueDay) -> DayFile:
    """What the next archive of a due day takes."""
    export = job.settings.export
    number = job.ledger.next_number(export.instance, due.day.date)
    return DayFile(due, export, job.settings.cef, number, job.now_ms())


def build(job: Job, due: DueDay) -> Archive:
    """Build the archive of a due day; it waits in the outbox. Raises LocalDiskError, StoreDamaged by the store."""
    return _write(job, day_file(job, due))


def build_packed(job: Job, file: DayFile, day: PackedDay, coverage_upto: int | None = None) -> Archive:
    """The same of a day that was packed by another process."""
    return _enter(job, file, day, next_link(job, coverage_upto))


def build_again(job: Job, built: Archive, number: int) -> Archive:
    """An archive of the same events as `built`, in the same format, which waits instead of it.

    With the same number, place in the chain, key, CEF settings and version of the program it has the same bytes;
    it may have others.
    Raises as `build` does.
    """
    if remade := job.remade(job, built, number):
        return remade
    export = ExportSettings(format=built.format, instance=built.instance, timezone=built.timezone)
    due = due_day(job.store, day_of_archive(built), coverage_of(job.ledger.delivered()), built.upto_seq)
    if due.events != built.events:
        raise job.store.damage(f"{built.events} events were archived, {due.events} are there")
    last = job.ledger.last_delivered()
    created_ms = max(built.built_ms, last.built_ms if last else 0)
    return _write(job, DayFile(due, export, job.settings.cef, number, created_ms), built.coverage_upto)


def deliver(job: Job, archive: Archive, delivery: Delivery) -> None:
    """Bring the archive that waits to the server, if need be under another name. Raises UserError."""
    from desktop_app.sftp.errors import NameTaken

    waiting: Archive | None = archive
    while waiting:
        try:
            delivery.put(waiting, job.file_of(waiting))
        except NameTaken:
            taken = job.file_of(waiting)
            waiting = _after_name_taken(job, waiting, delivery)
            discard(taken)
        else:
            note_delivered(job, waiting)
            return


def note_delivered(job: Job, archive: Archive) -> None:
    """The server has the archive: record that, and take it from the outbox. Raises LocalDiskError."""
    now = job.now_ms()
    delivered = structs.replace(archive, delivered_ms=now)
    host = job.settings.server.host
    event = archive_delivered(archive.name, archive.day, archive.events, archive.sha256, host)
    with job.store.transaction():
        job.store.append([event])
        note_archive(job.store, note_of(delivered))
    job.ledger.mark_delivered(archive.name, job.run, now)
    job.archives.append(delivered)
    keep_signature(job, archive)
    discard(job.file_of(archive))
    _LOG.info(
        "delivered %s: %d events, %d bytes, number %d of the chain, manifest SHA-256 %s",
        archive.name, archive.events, archive.bytes, archive.chain_number, archive.manifest_sha256,
    )  # fmt: skip
    job.on_progress(Delivered(archive.name, archive.events, archive.bytes))


def day_of_archive(archive: Archive) -> Day:
    """The day whose events an archive holds."""
    return Day(date.fromisoformat(archive.day), archive.start_ms, archive.end_ms)


def _after_name_taken(job: Job, built: Archive, delivery: Delivery) -> Archive | None:
    """What to deliver instead of an archive whose name the server has with other content, if anything is left.

    Where store and ledger are of before, it may have been this installation that delivered that.
    """
    try:
        there = find_there(job.store, job.ledger, built, job.paths.outbox, delivery.get)
    except UnreadableArchive:
        there = None
    if there is None:
        return build_again(job, built, number=built.number + 1)
    _LOG.warning("%s was delivered before, with %d events", there.name, there.events)
    due = due_day(job.store, day_of_archive(built), coverage_of(job.ledger.delivered()), job.store.last_seq())
    return build(job, due) if due.events else None


def _write(job: Job, file: DayFile, coverage_upto: int | None = None) -> Archive:
    link = next_link(job, coverage_upto)
    with chunks_maker(job.store, file) as chunks_of:
        packed = pack_day(job.store, file, job.paths.outbox, job.on_progress, chunks_of)
    return _enter(job, file, packed, link)


def _enter(job: Job, file: DayFile, day: PackedDay, link: NextLink) -> Archive:
    """Finish an archive, and note in store and ledger that it waits."""
    archive = finish_day(file, day, link, job.paths.outbox)
    note_archive(job.store, note_of(archive))
    job.ledger.set_built(job.run, archive)
    if link.chain.lost_key:
        _tell_of_lost_key(job, link.chain.lost_key)
    return archive


def _tell_of_lost_key(job: Job, lost: str) -> None:
    warning = Said(
        "The key {key}, which signed the archives, is lost: a new one signs from now on. Give the auditor the new"
        " line for allowed_signers.",
        key=lost,
    )
    _LOG.warning("%s", warning)
    job.warnings.append(warning)
