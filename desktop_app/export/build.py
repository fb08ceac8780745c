"""Build the archive of a day in the outbox."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import starmap
from pathlib import Path

from msgspec import Struct

from desktop_app import __version__
from desktop_app.evidence.archive_name import archive_stem
from desktop_app.evidence.coverage import Delivered
from desktop_app.evidence.manifest import MANIFEST_VERSION, DataFile, Manifest
from desktop_app.export.archive import Chunk, Packed, finish_archive, pack_data
from desktop_app.export.cef_format import cef_chunks
from desktop_app.export.chain import NextLink, sha256_of_manifest
from desktop_app.export.due import DueDay
from desktop_app.export.json_format import json_chunks
from desktop_app.export.ledger import Archive
from desktop_app.export.progress import Building
from desktop_app.files import make_private_folder
from desktop_app.settings.model import CefSettings, ExportSettings
from desktop_app.trails.event import iso_time
from desktop_app.trails.store.block import SEPARATOR
from desktop_app.trails.store.hours import count_by_source
from desktop_app.trails.store.known_sources import known_sources
from desktop_app.trails.store.store import Store
from desktop_app.trails.store.timeline import Batch, PackedBatch, packed_batches, unpacked


class DayFile(Struct, frozen=True):
    """What an archive takes, whatever its place in the chain will be: the events of a due day, in a format, under
    the name and number of the archive."""

    due: DueDay
    export: ExportSettings
    cef: CefSettings
    number: int
    created_ms: int

    @property
    def stem(self) -> str:
        """The archive's name without its ending."""
        return archive_stem(self.export.instance, self.due.day.date.isoformat(), self.number)

    @property
    def created(self) -> datetime:
        """When the archive was begun."""
        return datetime.fromtimestamp(self.created_ms / 1000, UTC)


class PackedDay(Struct, frozen=True):
    """A day file as it lies in an archive that was begun; when its first and last events were created, and how
    many are of each source."""

    events: int
    first_ms: int | None
    last_ms: int | None
    delivered: tuple[Delivered, ...]
    packed: Packed


ChunksOf = Callable[[Store, DayFile, Iterable[PackedBatch | Batch]], Iterator[Chunk]]
"""What makes the content of a day's data file of its events. It raises StoreDamaged."""


def chunks_here(store: Store, file: DayFile, events: Iterable[PackedBatch | Batch]) -> Iterator[Chunk]:
    """The content of a day's data file, made by this process alone."""
    batches = (unpacked(store, each) if isinstance(each, PackedBatch) else each for each in events)
    return json_chunks(batches) if file.export.format == "json" else cef_chunks(batches, file.cef)


def pack_day(
    store: Store,
    file: DayFile,
    outbox: Path,
    on_progress: Callable[[Building], None] = lambda _: None,
    chunks_of: ChunksOf = chunks_here,
) -> PackedDay:
    """Begin the archive of a due day in `outbox`. The same arguments give the same bytes, in whatever process.

    Raises LocalDiskError, StoreDamaged where the store does not give what it counted; then nothing is left behind.
    """
    taken = _Taken(store, file.due, on_progress)

    def chunks() -> Iterator[Chunk]:
        yield from chunks_of(store, file, taken)
        taken.require_all()

    make_private_folder(outbox)
    data_name = f"{file.stem}.{file.export.format}"
    packed = pack_data(outbox / f"{file.stem}.zip", data_name, chunks(), file.created, file.due.bytes)
    return PackedDay(taken.events, taken.first_ms, taken.last_ms, _delivered(store, file.due), packed)


def finish_day(file: DayFile, day: PackedDay, link: NextLink, outbox: Path) -> Archive:
    """Make the archive of a day that was packed, at its place in the chain, synced. Raises LocalDiskError."""
    due, export = file.due, file.export
    others: Mapping[str, bytes] = {}

    def make_others(data: DataFile) -> Mapping[str, bytes]:
        nonlocal others
        others = link.signed(
            Manifest(
                format_version=MANIFEST_VERSION,
                instance=export.instance,
                day=due.day.date.isoformat(),
                timezone=export.timezone,
                number=file.number,
                format=export.format,
                events=day.events,
                first_created_at=None if day.first_ms is None else iso_time(day.first_ms),
                last_created_at=None if day.last_ms is None else iso_time(day.last_ms),
                program_version=__version__,
                created=iso_time(file.created_ms),
                data=data,
                previous=link.previous,
                chain=link.chain,
                key=link.signing.key.public.fingerprint,
                next_key=link.signing.next_key,
                every_day_since=link.every_day_since,
                coverage=link.coverage,
                delivered=day.delivered,
            )
        )
        return others

    path = outbox / f"{file.stem}.zip"
    sha256 = finish_archive(path, day.packed, make_others, file.created)
    return Archive(
        instance=export.instance,
        day=due.day.date.isoformat(),
        number=file.number,
        name=path.name,
        format=export.format,
        timezone=export.timezone,
        start_ms=due.day.start_ms,
        end_ms=due.day.end_ms,
        upto_seq=due.upto_seq,
        events=day.events,
        bytes=path.stat().st_size,
        sha256=sha256,
        built_ms=file.created_ms,
        chain_number=link.chain.number,
        manifest_sha256=sha256_of_manifest(others),
        signed_by=link.signing.key.public.fingerprint,
        next_key=link.signing.next_key or "",
        coverage_upto=link.coverage_upto,
    )


def _delivered(store: Store, due: DueDay) -> tuple[Delivered, ...]:
    """How many of the events are of each source, by the name that it has now, as in `coverage`."""
    counts = sum((Counter(count_by_source(store, span)) for span in due.spans), Counter[int | None]())
    names: dict[int | None, str] = {each.number: each.name or each.label for each in known_sources(store)}
    sums = Counter[str | None]()
    for number, events in counts.items():
        sums[names.get(number)] += events
    found = starmap(Delivered, sums.items())
    return tuple(sorted(found, key=lambda each: (each.source is None, each.source or "")))


class _Taken:
    """The events of a due day, batch by batch, counted on their way."""

    def __init__(self, store: Store, due: DueDay, on_progress: Callable[[Building], None]) -> None:
        self._store = store
        self._due = due
        self._on_progress = on_progress
        self.events = self.bytes = 0
        self.first_ms: int | None = None
        self.last_ms: int | None = None

    def __iter__(self) -> Iterator[PackedBatch | Batch]:
        day = self._due.day.date.isoformat()
        for span in self._due.spans:
            for batch in packed_batches(self._store, span):
                if self.first_ms is None:
                    self.first_ms = batch.first_ms
                self.last_ms = batch.last_ms
                self.events += batch.events
                self.bytes += batch.size - len(SEPARATOR) * (batch.events - 1)
                yield batch
                self._on_progress(Building(day, self.events, self._due.events, self.bytes))

    def require_all(self) -> None:
        """What was counted and what was read are two records of one fact."""
        counted = f"{self._due.events} events ({self._due.bytes} bytes)"
        found = f"{self.events} ({self.bytes} bytes)"
        if (self._due.events, self._due.bytes) != (self.events, self.bytes):
            raise self._store.damage(f"{counted} are counted, {found} are there")
