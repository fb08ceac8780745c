"""What earlier runs built and could not deliver."""

import logging

from desktop_app.database import DatabaseDamaged
from desktop_app.errors import LocalDiskError, UserError
from desktop_app.export.days import Day
from desktop_app.export.delivery import Delivery
from desktop_app.export.job import Job
from desktop_app.export.ledger import Archive, LedgerDamaged
from desktop_app.export.outbox import discard, stale_files
from desktop_app.trails.store.store import StoreDamaged
from desktop_app.wording import Said

_LOG = logging.getLogger(__name__)


def finish_waiting(job: Job, delivery: Delivery) -> list[Archive]:
    """Deliver what earlier runs built; return what is held.

    That are archives which were lost, and of which the store gives only a part now, and those of which the ledger
    says something else than their manifest. Their days are held with them: what the archive had is known, and less
    is not delivered instead. Raises UserError.
    """
    waiting = [built.name] if (built := job.ledger.built()) else []
    waiting += [archive.name for archive in job.ledger.held()]
    for name in waiting:
        job.ledger.set_held(name, held=False)
        built = job.ledger.built()
        try:
            _finish(job, delivery)
        except (StoreDamaged, LedgerDamaged) as damage:
            from desktop_app.export.outgoing import day_of_archive

            assert built
            job.ledger.set_held(name, held=True)
            of_store = isinstance(damage, StoreDamaged)
            job.errors.append(unreadable(job, day_of_archive(built), damage) if of_store else damage)
    if not waiting:
        _finish(job, delivery)
    return job.ledger.held()


def unreadable(job: Job, day: Day, damage: DatabaseDamaged) -> UserError:
    """What to tell of a day whose events the store does not give. Each run tries again."""
    _LOG.error("%s can't be read", day.date, exc_info=damage)
    return LocalDiskError(
        Said("The events of {day} can't be read from the store ({reason}).", day=day.date, reason=damage.reason),
        Said(
            "Other days are exported. Put back a copy of {path}; then this day is exported as well.",
            path=job.paths.store,
        ),
    )


def _finish(job: Job, delivery: Delivery) -> None:
    """Deliver the one that waits, if there is one; remove what else of ours is in the outbox."""
    built = job.ledger.built()
    instance = job.settings.export.instance
    for file in stale_files(job.paths.outbox, instance, job.ledger.delivered(), built):
        discard(file)
    if built is None:
        return
    from desktop_app.export.continued import go_on_with

    go_on_with(job, built, delivery)
