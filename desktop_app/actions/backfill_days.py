"""The days of a backfill: which are asked for, which are whole, and when a round is worth its while."""

from collections.abc import Callable
from datetime import date, tzinfo

from msgspec import Struct

from desktop_app.actions.note_coverage import note_coverage
from desktop_app.actions.run import Tell
from desktop_app.export.days import calendar_day, day_of
from desktop_app.export.exporter import Export
from desktop_app.export.job import Job
from desktop_app.sources.collected import CollectedSource
from desktop_app.sources.kind import Gap
from desktop_app.stop import Stop
from desktop_app.wording import Said

DAY_MS = 24 * 3_600_000
LATE_MS = DAY_MS
"""A day is taken to be whole when the source has come so far beyond its end."""
_EVENTS_AT_ONCE = 200_000  # after which the days that are whole are delivered,
_DAYS_AT_ONCE = 30  # or after so many days: what a round costs besides is little beside them


class Elsewhere(Struct, frozen=True):
    """Who does what can be done elsewhere: a scheduler, and where the pieces lie; empty, in a folder of this
    computer."""

    address: str
    pieces: str = ""
    tls: tuple[str, str, str] | None = None
    """The files of the authority's certificate, of one's own, and of its key."""


class Asked(Struct, frozen=True):
    """The events of a source that were created on the days from `first` to `last`; so many `jobs`, processes of
    their own, pack the days, or a cluster reads and packs them."""

    source: str
    first: date
    last: date
    jobs: int = 1
    elsewhere: Elsewhere | None = None


class DaysDone(Struct, frozen=True):
    """A backfill has come to the end of `day`: of `total` days, `done` are on the server, and `events` were stored
    so far by this run."""

    day: date
    done: int
    total: int
    events: int


class Days(Struct, frozen=True):
    """The days that are asked for as instants in milliseconds: from the first one up to the second, excluded."""

    first_ms: int
    end_ms: int
    zone: tzinfo

    def whole_ms(self, reached_ms: int | None) -> int:
        """Up to which instant days are whole, of a source that has come so far; the first one while none is."""
        if reached_ms is None:
            return self.first_ms
        return min(max(day_of(reached_ms - LATE_MS, self.zone).start_ms, self.first_ms), self.end_ms)


def days_of(asked: Asked, zone: tzinfo) -> Days:
    """Of all days that are asked for."""
    return Days(calendar_day(asked.first, zone).start_ms, calendar_day(asked.last, zone).end_ms, zone)


class Filling(Struct, frozen=True):
    """What a backfill works with: the run, what is asked of it, the way to the server, who hears of its steps and
    of days that are done, and who may stop it."""

    job: Job
    asked: Asked
    export: Export
    tell: Tell
    on_days: Callable[[DaysDone], None]
    stop: Stop


class Rounds:
    """How far a source has come that is read in the order of time, and when the days that are whole are worth a
    round: `whole_ms` is up to where they are whole now, and `last_ms` where they were in the last round."""

    def __init__(self, days: Days) -> None:
        self._days = days
        self.whole_ms = self.last_ms = days.first_ms
        self._last_events = 0

    @property
    def is_past_end(self) -> bool:
        return self.whole_ms == self._days.end_ms

    def is_due(self, reached_ms: int | None, events: int) -> bool:
        """Whether there is to be a round, of a source that has come so far, with so many events in all."""
        self.whole_ms = self._days.whole_ms(reached_ms)
        span_ms, new = self.whole_ms - self.last_ms, events - self._last_events
        if span_ms <= 0 or (new < _EVENTS_AT_ONCE and span_ms < _DAYS_AT_ONCE * DAY_MS):
            return False
        self.last_ms, self._last_events = self.whole_ms, events
        return True


def note_days(job: Job, asked: Asked, result: CollectedSource, told: CollectedSource) -> CollectedSource:
    """Note for the next manifest what came since the last time, and return all that is noted by now."""
    new = result.since(told)
    if left_out := result.left_out - told.left_out:
        before = Said(
            "{count} events from before {day} were left out", count=left_out, day=asked.first.isoformat()
        )
        new.gaps.append(Gap(asked.source, before))
    note_coverage(job.ledger, job.store, [new], job.now_ms())
    return result.as_it_is()


def days_done(asked: Asked, days: Days, upto_ms: int, events: int) -> DaysDone:
    """What is done once all is delivered up to an instant."""
    last = day_of(upto_ms - 1, days.zone).date
    return DaysDone(last, (last - asked.first).days + 1, (asked.last - asked.first).days + 1, events)
