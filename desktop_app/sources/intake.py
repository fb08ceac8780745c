"""Store what was read of one source: every record becomes events, or is set aside."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, cast

from msgspec import Struct
from msgspec.structs import replace

from desktop_app.errors import ExitCode, UserError
from desktop_app.portions import portions
from desktop_app.settings.model import SourceSettings
from desktop_app.sources.collected import Reasons
from desktop_app.sources.kind import Record, Step
from desktop_app.sources.mapping import made_id, mapper
from desktop_app.sources.record_lists import records_within
from desktop_app.trails.event import AuditEvent, NotAnEvent
from desktop_app.trails.store.append import Appended
from desktop_app.trails.store.known_sources import Counts, KnownSource, add_counts
from desktop_app.trails.store.places import remember
from desktop_app.trails.store.set_aside import (
    Kept,
    SetAside,
    last_set_aside,
    next_set_aside,
    other_content,
    set_aside,
    take_back,
    take_back_what_is_read_again,
    without_content,
)
from desktop_app.trails.store.store import Store
from desktop_app.wording import Said

_PORTION_BYTES = 1 << 22
_PORTION_RECORDS = 4000
_TRIED_BYTES = 1 << 22
_TRIED_RECORDS = 500
NO_EVENT = Said("there is no event in it")


class NothingFits(UserError):
    """Nothing of what was read of a source can be an event, and more of it can't be kept as set aside."""

    exit_code: ClassVar[ExitCode] = ExitCode.BAD_DATA

    def __init__(self, source: SourceSettings, reasons: Reasons) -> None:
        super().__init__(
            Said(
                "Source {name}: none of its records can be an event ({reason}). No more of it is read.",
                name=source.name,
                reason=reasons.most_common()[0][0],
            ),
            Said("Change its mapping: what is set aside is tried again then, and the rest is read."),
        )


@dataclass
class Taken:
    """What came of some records: `read` is the sum of what was stored, repeated and set aside. So many things were
    set aside as a whole, and are `read_again` from now on. The events that were stored are from `oldest_ms` to
    `newest_ms`, in milliseconds since 1970 (0 where none was); the latest of them came at least `late_ms` behind
    its time.

    Of an intake that begins at some instant: how many events before that were `left_out`, and when all of them
    were created.
    """

    appended: Appended = field(default_factory=lambda: Appended(0, 0))
    set_aside: int = 0
    beyond: int = 0
    read_again: int = 0
    late_ms: int = 0
    left_out: int = 0
    times_ms: list[int] = field(default_factory=list)
    oldest_ms: int = 0
    newest_ms: int = 0
    reasons: Reasons = field(default_factory=Reasons)

    @property
    def read(self) -> int:
        """How many there were; a record that means several events counts as these."""
        return self.appended.stored + self.appended.repeated + self.set_aside


FindRecords = Callable[[Sequence[AuditEvent]], Sequence[tuple[AuditEvent, Record, int]]]
"""Finds of which record an event was made, and which of its events it is."""


class Apart(Struct, frozen=True):
    """What was read of some parts of a source apart from the store: records that can't be events, each with why;
    events to be stored, some at a time; what is to be remembered. `left_out` are too old, and so many events are
    `elsewhere`."""

    unfit: Sequence[tuple[Record, str]]
    events: Iterable[Sequence[AuditEvent]]
    remember: Mapping[str, bytes | None]
    left_out: int
    elsewhere: int


class Intake:
    """Of one source, as the store knows it; what was created before `from_ms` is not stored."""

    def __init__(
        self, source: SourceSettings, known: KnownSource, store: Store, from_ms: int | None = None
    ) -> None:
        self._source, self._known, self._store, self._from_ms = source, known, store, from_ms
        self._fits = known.stored + known.repeated > 0
        self._events_of = mapper(source, known.label)

    def store_step(self, step: Step) -> Taken:
        """Store a step, all of it or nothing.

        Raises NothingFits where no more can be kept, and nothing of the source was an event: then its mapping is
        wrong, and the rest is read once that is right. Raises LocalDiskError.
        """
        store, number, taken = self._store, self._known.number, Taken()
        with store.transaction():
            before = store.last_seq()
            superseded = take_back_what_is_read_again(store, number, step.remember)
            for some in portions(step.records, _content_size, _PORTION_BYTES, _PORTION_RECORDS):
                self._take(some, taken)
            self._fits = self._fits or taken.appended.stored + taken.appended.repeated > 0
            if taken.beyond and not self._fits:
                raise NothingFits(self._source, taken.reasons)
            remember(store, self._known.label, step.remember)
            self._count(taken, superseded)
            if taken.appended.stored and (times := store.times_since(before)):
                taken.oldest_ms, taken.newest_ms = times
                taken.late_ms = max(0, step.coverage.upto_ms - taken.oldest_ms)
        return taken

    def store_apart(self, apart: Apart, find: FindRecords) -> Taken:
        """Store what a reading apart from the store has brought, all of it or nothing. Raises as `store_step`
        does."""
        store, number, taken = self._store, self._known.number, Taken(left_out=apart.left_out)
        with store.transaction():
            superseded = take_back_what_is_read_again(store, number, apart.remember)
            for record, reason in apart.unfit:
                self._set_aside(record, reason, 1, taken)
            differing: list[AuditEvent] = []
            for events in apart.events:
                appended = store.append(events, number, differing.append)
                taken.appended += Appended(appended.stored, appended.repeated)
            self._take_differing(find(differing), taken)
            self._fits = self._fits or apart.elsewhere + taken.appended.stored + taken.appended.repeated > 0
            if taken.beyond and not self._fits:
                raise NothingFits(self._source, taken.reasons)
            remember(store, self._known.label, apart.remember)
            self._count(taken, superseded)
        return taken

    def count_apart(self, appended: Appended, differing: Sequence[tuple[AuditEvent, Record, int]]) -> Taken:
        """Count events that never were in the store, in the transaction of what becomes of them: those that were
        stored elsewhere, or are there twice, and those that have the id of another."""
        taken = Taken(appended)
        self._take_differing(differing, taken)
        self._count(taken, 0)
        return taken

    def has_without_content(self) -> bool:
        """Whether an earlier version set something aside without its content. Raises StoreDamaged."""
        return bool(without_content(self._store, self._known.number, 1))

    def find_content(self, records: Iterable[Record]) -> None:
        """Give content to what an earlier version set aside without it, where that is among `records`.

        Raises LocalDiskError.
        """
        store, number = self._store, self._known.number
        wanted = {(each.path, str(each.place)): each for each in without_content(store, number)}
        found: list[tuple[SetAside, Record]] = []
        looked_at = iter(records)
        while wanted and (record := next(looked_at, None)):
            if (aside := wanted.pop((record.within, str(record.place)), None)) and record.content:
                found.append((aside, record))
        if not found:
            return
        with store.transaction():
            for aside, record in found:
                take_back(store, number, aside)
                set_aside(store, number, replace(aside, content=record.content, seed=record.seed))

    def try_again(self) -> Iterator[Taken]:
        """Make events of what was set aside where that can be done now: some records at a time, in one transaction
        each. What was set aside as a whole is forgotten, so that it is read again.

        Raises LocalDiskError.
        """
        after, upto = 0, last_set_aside(self._store, self._known.number)
        while after < upto:
            with self._store.transaction():
                some = list(self._next_set_aside(after, upto))
                taken = self._try([record for record in some if record.content or record.again])
            yield taken
            after = some[-1].number if some else upto

    def _take(self, records: Sequence[Record], taken: Taken) -> None:
        """Store the events of records."""
        origins: dict[int, tuple[Record, int]] = {}
        events: list[AuditEvent] = []
        for record in records:
            try:
                found = self._events_of(record)
            except NotAnEvent as error:
                self._set_aside(record, error.message, 1, taken)
                continue
            if not found:
                self._set_aside(record, NO_EVENT, 1, taken)
            if self._from_ms is not None:
                taken.times_ms += [event.created_ms for event in found]
            for number, event in enumerate(found):
                origins[id(event)] = record, number
            events += found
        if self._from_ms is not None:
            known, events = len(events), [event for event in events if event.created_ms >= self._from_ms]
            taken.left_out += known - len(events)
        differing: list[AuditEvent] = []
        appended = self._store.append(events, self._known.number, differing.append)
        taken.appended += Appended(appended.stored, appended.repeated)
        if differing:
            self._take_differing([(event, *origins[id(event)]) for event in differing], taken)

    def _take_differing(self, differing: Iterable[tuple[AuditEvent, Record, int]], taken: Taken) -> None:
        """What has the id of another event is set aside; not where the id was made of the record: that is the same
        then, and mapped otherwise."""
        events = Counter[int]()
        first: dict[int, tuple[AuditEvent, Record]] = {}
        for event, record, number in differing:
            if event.id == made_id(record, self._known.label, number):
                taken.appended += Appended(0, 1)
            else:
                first.setdefault(id(record), (event, record))
                events[id(record)] += 1
        for key, (event, record) in first.items():
            self._set_aside(record, other_content(event.id), events[key], taken)

    def _set_aside(self, record: Record, reason: str, events: int, taken: Taken) -> None:
        aside = SetAside(
            record.within, record.place, reason, record.content or None, record.seed, record.again, events
        )
        kept = set_aside(self._store, self._known.number, aside)
        if kept is Kept.THERE:
            taken.appended += Appended(0, events)
            return
        taken.set_aside += events
        taken.reasons.add(reason, events)
        if kept is Kept.BEYOND:
            taken.beyond += events

    def _next_set_aside(self, after: int, upto: int) -> Iterator[SetAside]:
        size = 0
        for _ in range(_TRIED_RECORDS):
            record = next_set_aside(self._store, self._known.number, after)
            if record is None or record.number > upto or size > _TRIED_BYTES:
                return
            yield record
            after = record.number
            size += len(record.content or b"")

    def _try(self, records: Sequence[SetAside]) -> Taken:
        """Take records as if they were read just now."""
        taken = Taken(read_again=sum(1 for each in records if each.again))
        for record in records:
            take_back(self._store, self._known.number, record)
        remember(self._store, self._known.label, {each.again: None for each in records if each.again})
        self._take([read for each in records if each.content for read in self._as_read(each, each.content)], taken)
        self._count(taken, sum(each.events for each in records))
        return taken

    def _as_read(self, aside: SetAside, content: bytes) -> list[Record]:
        """A record as it would be read now: a document may have become a list of them."""
        record = Record(content, aside.path, cast(Said, aside.place), aside.seed)
        return records_within(record, getattr(self._source, "records", ""))

    def _count(self, taken: Taken, before: int) -> None:
        """Add to what is known of the source; so many of the records were counted before."""
        appended = taken.appended
        counts = Counts(taken.read - before, appended.stored, appended.repeated)
        add_counts(self._store, self._known.number, counts)


def _content_size(record: Record) -> int:
    return len(record.content)
