"""Collect from all sources: what their readers give becomes events of the store."""

import hashlib
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec
from msgspec.structs import replace

from desktop_app import __version__
from desktop_app.errors import UserError
from desktop_app.kept_sentence import kept
from desktop_app.settings.model import SourceSettings
from desktop_app.settings.source_kinds import address_of
from desktop_app.sources.collected import Collected, CollectedSource, CollectProgress
from desktop_app.sources.connectors import completed
from desktop_app.sources.intake import Intake, Taken
from desktop_app.sources.kind import Coverage, Gap, Gone, Places, Reader, Record, Secrets, Step
from desktop_app.sources.kinds import no_secrets, open_source
from desktop_app.sources.last_read import LastRead, last_read, remembered, running_out
from desktop_app.sources.order import Order, Reached, with_last
from desktop_app.sources.so_far import address_in_store
from desktop_app.stop import Stop
from desktop_app.trails.store.known_sources import KnownSource, enter_source, set_mapping
from desktop_app.trails.store.places import StoredPlaces, remember
from desktop_app.trails.store.store import Store, StoreDamaged
from desktop_app.wording import Said

_LOG = logging.getLogger(__name__)
_LOGGED = 20  # of what can't be read in a source, which may be every one of a million files


OnProgress = Callable[[CollectProgress], None]


def collect(
    sources: Sequence[SourceSettings],
    store: Store,
    on_progress: OnProgress,
    stop: Stop | None = None,
    secrets: Secrets = no_secrets,
    clock: Callable[[], float] = time.time,
) -> Collected:
    """Collect what is new in every source. One that can't be read holds none of the others up.

    `clock` gives the seconds since 1970. Raises Stopped, and LocalDiskError where the store can't be written.
    """
    return Collected(
        [each.collected(clock) for each in collections(sources, store, on_progress, stop or Stop(), secrets)]
    )


def try_again(
    sources: Sequence[SourceSettings], name: str, store: Store, secrets: Secrets = no_secrets
) -> CollectedSource:
    """Try again what was set aside of one of the sources, and read nothing. Raises LocalDiskError."""
    each_one = zip(sources, collections(sources, store, lambda _: None, Stop(), secrets), strict=True)
    return next(each.tried_again() for source, each in each_one if source.name == name)


def collections(
    sources: Sequence[SourceSettings], store: Store, on_progress: OnProgress, stop: Stop, secrets: Secrets
) -> Iterator["Collection"]:
    """One of each source. Raises LocalDiskError."""
    names = {source.name for source in sources}
    for source in sources:
        known = enter_source(store, source.name, address_in_store(source), names)
        yield Collection(completed(source), known, store, on_progress, stop, secrets)


def mapping_of(source: SourceSettings) -> str:
    """What says of two settings of a source whether they, and this version, make the same of a record."""
    settings = msgspec.json.encode((__version__, replace(source, name="")))
    return hashlib.sha256(settings).hexdigest()


class Collection:
    """Of one source; `result` is what came of it so far."""

    def __init__(
        self,
        source: SourceSettings,
        known: KnownSource,
        store: Store,
        on_progress: OnProgress,
        stop: Stop,
        secrets: Secrets,
    ) -> None:
        self._source, self._known, self._store = source, known, store
        self._stop, self._secrets = stop, secrets
        self._on_progress = on_progress
        self.result = CollectedSource(source.name)
        self._errors: list[UserError] = []
        self._says_upto = False
        self._oldest_ms = self._newest_ms = 0  # of the events that are stored now

    def collected(self, clock: Callable[[], float]) -> CollectedSource:
        """Read all that is new, and store it step by step; before that, try again what was set aside, where the
        mapping has changed since."""
        begun_ms = int(clock() * 1000)
        for _ in self._stored(None):
            pass
        self._keep_last_read(begun_ms, int(clock() * 1000))
        return self.result

    def reached(self, from_ms: int) -> Iterator[int | None]:
        """The same for what was created from `from_ms` on: after each step that was stored, up to which instant
        all is there, as far as that is known. What is asked for no more stays for the next collection.
        """
        reached: Reached | None = None
        for order, is_last, taken in self._stored(from_ms):
            reached = reached or Reached(order)
            if taken.times_ms:
                reached.note(sorted(taken.times_ms)[(len(taken.times_ms) - 1) // 2], is_last)
            yield reached.ms

    def _stored(self, from_ms: int | None) -> Iterator[tuple[Order, bool, Taken]]:
        """Every step that was stored, with whether it is known to be of the last part."""
        intake = Intake(self._source, self._known, self._store, from_ms)
        places = StoredPlaces(self._store, self._known.label)
        try:
            if self._known.mapping != mapping_of(self._source):
                self._try_again(intake)
            with open_source(self._source, self._secrets) as reader:
                order = reader.order
                parts = reader.parts(places)
                for step, is_last in self._steps(
                    reader,
                    places,
                    ((part, False) for part in parts) if from_ms is None else with_last(parts, order),
                ):
                    yield order, is_last, self._store_step(intake, step)
        except UserError as error:  # of the source as a whole, or of the store
            self._note(self._source.name, error)
        finally:
            self.result.error = _told(self._errors)

    def _keep_last_read(self, begun_ms: int, now_ms: int) -> None:
        """Remember when the source was read and what came; tell where little time is left for the rest."""
        result, before = self.result, last_read(StoredPlaces(self._store, self._known.label))
        missed = next((error for error in self._errors if not isinstance(error, Gone)), None)
        last = LastRead(
            at_ms=now_ms,
            read=result.read,
            stored=result.appended.stored,
            repeated=result.appended.repeated,
            set_aside=result.set_aside,
            whole_ms=before.whole_ms if missed else begun_ms,
            late_ms=max(before.late_ms, result.late_ms, self._behind(before.whole_ms)),
            oldest_ms=min(filter(None, (before.oldest_ms, self._oldest_ms)), default=0),
            newest_ms=max(before.newest_ms, self._newest_ms),
            why=kept(missed.message) if missed else "",
        )
        result.running_out = running_out(self._source, last, now_ms)
        try:
            with self._store.transaction():
                remember(self._store, self._known.label, remembered(last))
        except UserError as error:
            self._note(self._source.name, error)
            result.error = result.error or error

    def _behind(self, whole_ms: int) -> int:
        """How late the latest event came, of a source that does not say itself up to when it was read: it was not
        there at the last collection of all."""
        return 0 if self._says_upto or not self._oldest_ms else max(0, whole_ms - self._oldest_ms)

    def _find_content(self, intake: Intake) -> None:
        """What an earlier version set aside without its content may be where it was."""
        with open_source(self._source, self._secrets) as reader:
            intake.find_content(self._until_stopped(reader.sample()))

    def _until_stopped(self, records: Iterable[Record]) -> Iterator[Record]:
        for record in records:
            self._stop.check()
            yield record

    def tried_again(self) -> CollectedSource:
        """Try again what was set aside, and read nothing else. Raises LocalDiskError, and where that has to be
        looked for in the source, UserError."""
        self._try_again(Intake(self._source, self._known, self._store))
        return self.result

    def _try_again(self, intake: Intake) -> None:
        if intake.has_without_content():
            self._find_content(intake)
        for taken in intake.try_again():
            self.result.read_again += taken.read_again
            self._add(taken)
            self._stop.check()
        set_mapping(self._store, self._known.number, mapping_of(self._source))

    def _steps(
        self, reader: Reader, places: Places, parts: Iterable[tuple[str, bool]]
    ) -> Iterator[tuple[Step, bool]]:
        """Those of all parts. One that can't be read holds up none of the others."""
        has_parts = False
        for part, is_last in parts:
            has_parts = True
            try:
                for step in reader.steps(part, places, self._stop):
                    self._stop.check()
                    yield step, is_last
                    if step.gave_up:
                        self._note(part, step.gave_up)
            except StoreDamaged:
                raise
            except UserError as error:
                self._note(part, error)
        if not has_parts:
            self.result.nowhere = address_of(self._source)

    def _store_step(self, intake: Intake, step: Step) -> Taken:
        taken = intake.store_step(step)
        self._add(taken)
        self._count_pages(step.coverage)
        self._says_upto = self._says_upto or step.coverage.upto_ms > 0
        self.result.gaps += step.coverage.gaps
        if step.coverage.asked not in self.result.asked:
            self.result.asked.append(step.coverage.asked)
        return taken

    def _count_pages(self, coverage: Coverage) -> None:
        result = self.result
        result.pages += coverage.pages
        result.again_ms = max(result.again_ms, coverage.again_ms)
        if coverage.total is not None:
            result.total = (result.total or 0) + coverage.total

    def _add(self, taken: Taken) -> None:
        """Count what is stored now."""
        result = self.result
        result.read += taken.read
        result.appended += taken.appended
        result.set_aside += taken.set_aside
        result.beyond += taken.beyond
        result.left_out += taken.left_out
        result.reasons += taken.reasons
        result.late_ms = max(result.late_ms, taken.late_ms)
        self._newest_ms = max(self._newest_ms, taken.newest_ms)
        self._oldest_ms = min(filter(None, (self._oldest_ms, taken.oldest_ms)), default=0)
        if taken.read:
            self._on_progress(CollectProgress(self._source.name, result.read))

    def _note(self, part: str, error: UserError) -> None:
        """Keep what could not be read: the next collection tries that again."""
        if len(self._errors) < _LOGGED:
            _LOG.warning("%s", error)
        self._errors.append(error)
        self.result.gaps.append(Gap(part, error.message))


def _told(errors: list[UserError]) -> UserError | None:
    """What went wrong with a source, as one error: the first one, which says how many there were besides."""
    if not errors:
        return None
    first, *others = errors
    if others:
        first.message = Said("{problem} {more} more could not be read.", problem=first.message, more=len(others))
        first.args = (first.message,)
    return first
