"""Collect from all sources: what their readers give becomes events of the store."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from desktop_app.errors import UserError
from desktop_app.settings.model import SourceSettings
from desktop_app.sources.kind import Gap, Places, Reader, Record, Secrets, Step
from desktop_app.sources.kinds import no_secrets, open_source
from desktop_app.sources.mapping import mapper
from desktop_app.stop import Stop
from desktop_app.trails.event import AuditEvent, NotAnEvent
from desktop_app.trails.store.places import StoredPlaces, remember
from desktop_app.trails.store.store import Appended, Store, StoreDamaged
from desktop_app.wording import Said

_LOG = logging.getLogger(__name__)
_LOGGED = 20  # of what can't be read in a source, which may be every one of a million files


@dataclass(frozen=True)
class CollectProgress:
    """So many records of a source were read."""

    source: str
    records: int


@dataclass
class CollectedSource:
    """What came of one source: of the records `read`, all are stored, repeated or set aside.

    `asked` is what was asked of it, `gaps` what could not be read, which the next collection tries again, and
    `error` what to tell of that.
    """

    name: str
    read: int = 0
    appended: Appended = field(default_factory=lambda: Appended(0, 0))
    set_aside: int = 0
    asked: list[str] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    error: UserError | None = None


@dataclass(frozen=True)
class Collected:
    """What came of each source."""

    sources: list[CollectedSource] = field(default_factory=list)

    @property
    def appended(self) -> Appended:
        """What came of all."""
        return sum((each.appended for each in self.sources), Appended(0, 0))

    @property
    def errors(self) -> list[UserError]:
        """What to tell of the sources that could not be read, or not whole."""
        return [each.error for each in self.sources if each.error]


def collect(
    sources: Iterable[SourceSettings],
    store: Store,
    on_progress: Callable[[CollectProgress], None],
    stop: Stop | None = None,
    secrets: Secrets = no_secrets,
) -> Collected:
    """Collect what is new in every source. One that can't be read holds none of the others up.

    Raises Stopped.
    """
    stop = stop or Stop()
    return Collected([_Collection(each, store, on_progress, stop, secrets).collected() for each in sources])


class _Collection:
    """Of one source."""

    def __init__(
        self,
        source: SourceSettings,
        store: Store,
        on_progress: Callable[[CollectProgress], None],
        stop: Stop,
        secrets: Secrets,
    ) -> None:
        self._source, self._store, self._stop, self._secrets = source, store, stop, secrets
        self._events_of = mapper(source)
        self._on_progress = on_progress
        self._result = CollectedSource(source.name)
        self._errors: list[UserError] = []

    def collected(self) -> CollectedSource:
        """Read all that is new, and store it step by step."""
        places = StoredPlaces(self._store, self._source.name)
        try:
            with open_source(self._source, self._secrets) as reader:
                for step in self._steps(reader, places):
                    self._store_step(step)
        except UserError as error:  # of the source as a whole, or of the store
            self._note(self._source.name, error)
        self._result.error = _told(self._errors)
        return self._result

    def _steps(self, reader: Reader, places: Places) -> Iterator[Step]:
        """Those of all parts. One that can't be read holds up none of the others."""
        for part in reader.parts(places):
            try:
                for step in reader.steps(part, places, self._stop):
                    self._stop.check()
                    yield step
                    if step.gave_up:
                        self._note(part, step.gave_up)
            except StoreDamaged:
                raise
            except UserError as error:
                self._note(part, error)

    def _store_step(self, step: Step) -> None:
        result, set_aside = self._result, self._result.set_aside
        try:
            with self._store.transaction():
                appended = self._store.append(self._events(step.records))
                remember(self._store, self._source.name, step.remember)
        except BaseException:
            result.set_aside = set_aside
            raise
        result.appended += appended
        result.read += step.coverage.came
        result.gaps += step.coverage.gaps
        if step.coverage.asked not in result.asked:
            result.asked.append(step.coverage.asked)
        if step.coverage.came:
            self._on_progress(CollectProgress(self._source.name, result.read))

    def _events(self, records: Iterable[Record]) -> Iterator[AuditEvent]:
        for record in records:
            try:
                yield from self._events_of(record)
            except NotAnEvent as error:
                self._result.set_aside += 1
                self._store.set_aside(self._source.name, record.within, record.place, error.message)

    def _note(self, part: str, error: UserError) -> None:
        """Keep what could not be read: the next collection tries that again."""
        if len(self._errors) < _LOGGED:
            _LOG.warning("%s", error)
        self._errors.append(error)
        self._result.gaps.append(Gap(part, error.message))


def _told(errors: list[UserError]) -> UserError | None:
    """What went wrong with a source, as one error: the first one, which says how many there were besides."""
    if not errors:
        return None
    first, *others = errors
    if others:
        first.message = Said("{problem} {more} more could not be read.", problem=first.message, more=len(others))
        first.args = (first.message,)
    return first
