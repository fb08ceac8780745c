"""An archive that an earlier run built and could not deliver goes on from where it is."""

from desktop_app.export.archived_lines import UnreadableArchive, manifest_of
from desktop_app.export.chain import follows
from desktop_app.export.delivery import Delivery
from desktop_app.export.job import Job
from desktop_app.export.ledger import Archive
from desktop_app.export.outgoing import build_again, deliver, note_delivered
from desktop_app.files import file_sha256
from desktop_app.trails.store.archive_notes import is_delivered


def go_on_with(job: Job, built: Archive, delivery: Delivery) -> None:
    """Deliver it; where its file is not the one that was built, one of the same events. Raises UserError."""
    if is_delivered(job.store, built.name, built.sha256):  # and the run was killed before it noted that
        note_delivered(job, built)
    elif _is_intact(job, built) and follows(built, job.ledger.last_delivered()):
        deliver(job, built, delivery)
    elif delivery.has(built):
        note_delivered(job, built)
    else:
        deliver(job, build_again(job, built, built.number), delivery)


def _is_intact(job: Job, built: Archive) -> bool:
    """Whether the file is the one that was built. Raises LedgerDamaged where the ledger says something else of it
    than its manifest."""
    file = job.file_of(built)
    try:
        if file_sha256(file) != built.sha256:
            return False
        manifest = manifest_of(file)
    except (OSError, UnreadableArchive):
        return False
    for fact in ("instance", "day", "number", "format", "timezone", "events"):
        entered, told = getattr(built, fact), getattr(manifest, fact)
        if entered != told:
            raise job.ledger.damage(f"{built.name}: {fact} {entered} is entered, {told} is in the archive")
    return True
