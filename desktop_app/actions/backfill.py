"""Backfill: years of a source at once, in the order of time; a day is forgotten here soon after it was delivered.

It is a run like any other: the position in the source moves with the events, in one transaction, and the ledger
knows what the server has. So one that was killed goes on where it was, and the daily runs after it go on from
there. Only the order differs: a run reads a source to its end before it exports, a backfill exports each day as
soon as the source has gone past it.
"""

import time
from collections.abc import Callable
from datetime import date
from functools import partial

from msgspec import Struct

from desktop_app.actions.note_coverage import note_coverage
from desktop_app.actions.run import RunResult, RunStep, Tell, do_run
from desktop_app.errors import BadSetting
from desktop_app.export.days import calendar_day, day_of
from desktop_app.export.delivery import Backoff
from desktop_app.export.exporter import Export, exporting
from desktop_app.export.job import Job
from desktop_app.export.ledger import StartedBy
from desktop_app.secrets.source_secrets import read_source_secret
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.sources import find_source
from desktop_app.settings.time_zone import find_zone
from desktop_app.sources.collect import collections
from desktop_app.sources.collected import CollectedSource
from desktop_app.sources.kind import Gap
from desktop_app.stop import Stop
from desktop_app.wording import Said

DAY_MS = 24 * 3_600_000
LATE_MS = DAY_MS
"""A day is taken to be whole when the source has come so far beyond its end."""
_EVENTS_AT_ONCE = 200_000  # after which the days that are whole are delivered,
_DAYS_AT_ONCE = 30  # or after so many days: what a round costs besides is little beside them


class Asked(Struct, frozen=True):
    """The events of a source that were created on the days from `first` to `last`."""

    source: str
    first: date
    last: date


class DaysDone(Struct, frozen=True):
    """A backfill has come to the end of `day`: of `total` days, `done` are on the server, and `events` were stored
    so far by this run."""

    day: date
    done: int
    total: int
    events: int


def backfill(
    settings: Settings,
    paths: Paths,
    asked: Asked,
    password: Callable[[], str],
    on_progress: Callable[[RunStep], None] = lambda _: None,
    on_days: Callable[[DaysDone], None] = lambda _: None,
    backoff: Backoff = Backoff(),
    clock: Callable[[], float] = time.time,
    stop: Stop | None = None,
    jobs: int = 1,
) -> RunResult:
    """Collect what is asked for from its source, day after day, and deliver each day that has gone by.

    Events before the first day are left out for good; those after the last are left to the runs to come, which
    deliver also what is found late. So many `jobs`, processes of their own, pack the days. Raises BadSetting where
    there is no such source or no day, and as `run_once` does.
    """
    find_source(settings, asked.source)
    if asked.first > asked.last:
        raise BadSetting(
            Said("{first} is after {last}.", first=asked.first.isoformat(), last=asked.last.isoformat()),
            Said("Name the first day and the last one."),
        )

    def work(job: Job, tell: Tell, stop: Stop, collected: list[CollectedSource]) -> None:
        with exporting(job, password, backoff, stop, jobs) as export:
            _Backfill(job, asked, export, on_days).collect_and_deliver(tell, stop, collected)
        export.forget_delivered()

    return do_run(settings, paths, StartedBy.HAND, work, on_progress, clock, stop or Stop())


class _Backfill:
    def __init__(self, job: Job, asked: Asked, export: Export, on_days: Callable[[DaysDone], None]) -> None:
        self._job, self._asked, self._export, self._on_days = job, asked, export, on_days
        self._zone = find_zone(job.settings.export.timezone)
        self._first_ms = calendar_day(asked.first, self._zone).start_ms
        self._end_ms = calendar_day(asked.last, self._zone).end_ms
        self._told = CollectedSource(asked.source)

    def collect_and_deliver(self, tell: Tell, stop: Stop, collected: list[CollectedSource]) -> None:
        """`collected` gets what came of the source, also when it fails."""
        settings, job = self._job.settings, self._job
        secrets = partial(read_source_secret, job.paths)
        sources = collections(settings.sources, job.store, tell, stop, secrets)
        collection = next(each for each in sources if each.result.name == self._asked.source)
        collected.append(collection.result)
        delivered_ms, is_past_end = self._first_ms, False
        for reached_ms in collection.reached(self._first_ms):
            whole_ms = self._whole_ms(reached_ms)
            if self._is_enough(whole_ms - delivered_ms, collection.result):
                self._deliver(whole_ms, collection.result)
                delivered_ms = whole_ms
            is_past_end = whole_ms == self._end_ms
            if is_past_end:
                break
        if is_past_end or collection.result.error is None:
            delivered_ms = self._end_ms
        self._deliver(delivered_ms, collection.result)

    def _whole_ms(self, reached_ms: int | None) -> int:
        """Up to which instant days are whole; the first one asked for while none is."""
        if reached_ms is None:
            return self._first_ms
        return min(max(day_of(reached_ms - LATE_MS, self._zone).start_ms, self._first_ms), self._end_ms)

    def _is_enough(self, span_ms: int, result: CollectedSource) -> bool:
        """Whether so much has come that a round is worth its while."""
        stored = result.appended.stored - self._told.appended.stored
        return span_ms > 0 and (stored >= _EVENTS_AT_ONCE or span_ms >= _DAYS_AT_ONCE * DAY_MS)

    def _deliver(self, upto_ms: int, result: CollectedSource) -> None:
        """Deliver the days up to an instant, and forget them."""
        job, new = self._job, result.since(self._told)
        if left_out := result.left_out - self._told.left_out:
            before = Said(
                "{count} events from before {day} were left out", count=left_out, day=self._asked.first.isoformat()
            )
            new.gaps.append(Gap(self._asked.source, before))
        note_coverage(job.ledger, job.store, [new], job.now_ms())
        self._told = result.as_it_is()
        if upto_ms <= self._first_ms:
            return
        self._export.days_due(within=(self._first_ms, upto_ms))
        self._export.forget_delivered()
        last = day_of(upto_ms - 1, self._zone).date
        done, total = (last - self._asked.first).days + 1, (self._asked.last - self._asked.first).days + 1
        self._on_days(DaysDone(last, done, total, result.appended.stored))
