"""An installation that has exported for ten years: its ledger, and what the store knows of the archives."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from msgspec import structs

from desktop_app.export.agreement import note_of
from desktop_app.export.ledger import Archive, Outcome, StartedBy, open_ledger
from desktop_app.trails.store.archive_notes import note_archive
from desktop_app.trails.store.store import open_store

DAYS = 3652
ARCHIVES = 10_000
_DAY_MS = 86_400_000


def begin_ten_years_ago(folder: Path, last: date, instance: str = "ws", archives: int = ARCHIVES) -> None:
    """Make ledger and store in `folder`: all days up to `last` (of UTC) are delivered, in so many archives, the
    events are pruned."""
    first = last - timedelta(days=min(DAYS, archives) - 1)
    days = (last - first).days + 1
    with open_ledger(folder / "ledger.db") as ledger, open_store(folder / "trails.db") as store:
        ledger.set_switched_on_since(first, 1)
        with ledger.transaction(), store.transaction():
            for number in range(archives):
                archive = _archive(instance, first + timedelta(days=number * days // archives), number + 1)
                run = ledger.begin_run(StartedBy.SCHEDULE, 1, archive.built_ms)
                ledger.set_built(run, archive)
                ledger.mark_delivered(archive.name, run, archive.built_ms)
                ledger.end_run(run, Outcome.DELIVERED, archive.built_ms)
                note_archive(store, note_of(structs.replace(archive, delivered_ms=archive.built_ms)))


def _archive(instance: str, day: date, number: int) -> Archive:
    start_ms = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)
    return Archive(
        instance=instance,
        day=day.isoformat(),
        number=number,
        name=f"audit-trails-{instance}-{day}-{number}.zip",
        format="json",
        timezone="UTC",
        start_ms=start_ms,
        end_ms=start_ms + _DAY_MS,
        upto_seq=number,
        events=100,
        bytes=10_000,
        sha256=f"{number:064x}",
        built_ms=start_ms + _DAY_MS + 7_200_000,
        chain_number=number,
        manifest_sha256=f"{number:064x}",
        signed_by="SHA256:key",
    )
