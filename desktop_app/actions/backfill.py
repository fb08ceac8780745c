"""Backfill: years of a source at once, in the order of time; a day is forgotten here soon after it was delivered.

It is a run like any other: the position in the source moves with the events, in one transaction, and the ledger
knows what the server has. So one that was killed goes on where it was, and the daily runs after it go on from
there. Only the order differs: a run reads a source to its end before it exports, a backfill exports each day as
soon as the source has gone past it.
"""

import time
from collections.abc import Callable
from functools import partial, reduce

from msgspec import Struct, field

from desktop_app.actions.backfill_days import Asked, DaysDone, Filling, Rounds, days_done, days_of, note_days
from desktop_app.actions.run import RunResult, RunStep, Tell, do_run, finish_promises
from desktop_app.errors import BadSetting
from desktop_app.export.delivery import Backoff
from desktop_app.export.exporter import exporting
from desktop_app.export.job import Job
from desktop_app.export.ledger import StartedBy
from desktop_app.secrets.source_secrets import read_source_secret
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.sources import find_source
from desktop_app.settings.time_zone import find_zone
from desktop_app.sources.collect import collections
from desktop_app.sources.collected import CollectedSource, together
from desktop_app.stop import Stop
from desktop_app.wording import Said


class Surroundings(Struct, frozen=True):
    """What a run is in touch with: who gives the password of the server and when it is asked for, who hears of the
    progress, how often a server is tried, what time it is (seconds since 1970), and who may stop it."""

    password: Callable[[], str]
    on_progress: Callable[[RunStep], None] = lambda _: None
    on_days: Callable[[DaysDone], None] = lambda _: None
    backoff: Backoff = Backoff()
    clock: Callable[[], float] = time.time
    stop: Stop = field(default_factory=Stop)


def backfill(settings: Settings, paths: Paths, asked: Asked, around: Surroundings) -> RunResult:
    """Collect what is asked for from its source, day after day, and deliver each day that has gone by.

    Events before the first day are left out for good; those after the last are left to the runs to come, which
    deliver also what is found late. Raises BadSetting where there is no such source or no day, or it can't be read
    elsewhere, and as `run_once` does.
    """
    find_source(settings, asked.source)
    if asked.first > asked.last:
        raise BadSetting(
            Said("{first} is after {last}.", first=asked.first.isoformat(), last=asked.last.isoformat()),
            Said("Name the first day and the last one."),
        )

    def work(job: Job, tell: Tell, stop: Stop, collected: list[CollectedSource]) -> None:
        with exporting(job, around.password, around.backoff, stop, asked.jobs) as export:
            filling = Filling(job, asked, export, tell, around.on_days, stop)
            if asked.elsewhere:
                from desktop_app.actions.cluster_backfill import backfill_elsewhere

                collected.append(CollectedSource(asked.source))
                backfill_elsewhere(filling, asked.elsewhere, collected[0])
            _Backfill(filling).collect_and_deliver(collected)
        collected[:] = [reduce(together, collected)]
        export.forget_delivered()

    return do_run(settings, paths, StartedBy.HAND, work, around.on_progress, around.clock, around.stop)


class _Backfill:
    def __init__(self, filling: Filling) -> None:
        self._filling = filling
        self._days = days_of(filling.asked, find_zone(filling.job.settings.export.timezone))
        self._told = CollectedSource(filling.asked.source)

    def collect_and_deliver(self, collected: list[CollectedSource]) -> None:
        """`collected` gets what came of the source, also when it fails."""
        filling, days = self._filling, self._days
        job, name = filling.job, filling.asked.source
        secrets = partial(read_source_secret, job.paths)
        sources = collections(job.settings.sources, job.store, filling.tell, filling.stop, secrets)
        collection = next(each for each in sources if each.result.name == name)
        collected.append(collection.result)
        rounds = Rounds(days)
        for reached_ms in collection.reached(days.first_ms):
            if rounds.is_due(reached_ms, collection.result.appended.stored):
                self._deliver(rounds.whole_ms, collection.result)
            if rounds.is_past_end:
                break
        read_all = rounds.is_past_end or collection.result.error is None
        self._deliver(days.end_ms if read_all else rounds.last_ms, collection.result)

    def _deliver(self, upto_ms: int, result: CollectedSource) -> None:
        """Deliver the days up to an instant, and forget them."""
        job, export, days = self._filling.job, self._filling.export, self._days
        self._told = note_days(job, self._filling.asked, result, self._told)
        finish_promises(job, export, upto_ms)
        if upto_ms <= days.first_ms:
            return
        export.days_due(within=(days.first_ms, upto_ms))
        export.forget_delivered()
        self._filling.on_days(days_done(self._filling.asked, days, upto_ms, result.appended.stored))
