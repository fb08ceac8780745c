"""Export: build and deliver the archive of every day that is due. It reads only the store, not the sources."""

import logging
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import tzinfo
from functools import cached_property, partial

from desktop_app.errors import LocalDiskError
from desktop_app.export.agreement import agree
from desktop_app.export.believable import clock_ahead, is_ahead, is_doubtful
from desktop_app.export.days import Day
from desktop_app.export.delivery import Backoff, Delivery
from desktop_app.export.due import DueDay, due_days, due_today
from desktop_app.export.job import Job
from desktop_app.export.ledger import Archive
from desktop_app.export.prune import prune_delivered
from desktop_app.export.waiting import finish_waiting, unreadable
from desktop_app.settings.time_zone import find_zone
from desktop_app.stop import Stop
from desktop_app.trails.store.hours import require_counted, set_right_last_numbers
from desktop_app.trails.store.store import StoreDamaged
from desktop_app.wording import Said

_LOG = logging.getLogger(__name__)


def run_export(
    job: Job,
    password: Callable[[], str],
    today_too: bool,
    backoff: Backoff,
    stop: Stop,
    first: "Callable[[Export], None]" = lambda _: None,
) -> None:
    """Deliver all that is due, oldest day first; `job` says what came of it. `first` is done before that.

    `password` is asked for when a server was reached whose host key is known. Raises UserError for what holds all
    up, and Stopped once `stop` was asked.
    """
    with exporting(job, password, backoff, stop) as export:
        first(export)
        export.days_due(today_too=today_too)
    export.forget_delivered()


@contextmanager
def exporting(
    job: Job, password: Callable[[], str], backoff: Backoff, stop: Stop, jobs: int = 1
) -> Iterator["Export"]:
    """An export that may go on in several rounds, over one connection; `jobs` processes pack its days.

    Raises as `run_export` does.
    """
    with Delivery(job.settings, password, job.paths, backoff, job.on_progress, stop) as delivery:
        agree(job.store, job.ledger, job.paths.outbox, delivery.get)
        _look_for_late_events(job)
        held = finish_waiting(job, delivery)
        yield Export(job, delivery, held, stop, jobs)
        _warn_of_others(job, delivery)
        _stamp_newest(job, delivery)
    try:
        require_counted(job.store)
    except StoreDamaged as damage:
        job.errors.append(damage)


class Export:
    """Of one run. Days that an archive has which is `held` back wait with it."""

    def __init__(self, job: Job, delivery: Delivery, held: Collection[Archive], stop: Stop, jobs: int) -> None:
        self._job, self._delivery, self._held, self._stop, self._jobs = job, delivery, held, stop, jobs
        self._zone = find_zone(job.settings.export.timezone)

    @cached_property
    def now_ms(self) -> int:
        """The time by which days are over, in milliseconds since 1970."""
        return _believed_ms(self._job, self._zone, self._delivery)

    def days_due(self, within: tuple[int, int] | None = None, today_too: bool = False) -> None:
        """Deliver the days that are due, oldest first; only those from the first up to the second instant of
        `within`, where it is given. Raises as `run_export` does."""
        due = [each for each in _due(self._job, self._zone, today_too, self.now_ms) if self._may_go(each, within)]
        if not due:
            return
        self._delivery.connect_ahead()
        from desktop_app.export.outgoing import build, day_file  # what has nothing to do starts without

        if self._jobs < 2 or len(due) < 2:
            for each in due:
                self._stop.check()
                self.deliver(each.day, partial(build, self._job, each))
            return
        from desktop_app.export.outgoing import build_packed
        from desktop_app.export.packers import Packers, ahead

        job = self._job
        with Packers(self._jobs, job.paths.store, job.paths.outbox) as packers:
            files = (day_file(job, each) for each in due)
            for file, packed in ahead(files, packers, self._jobs, self._stop.check):
                made = partial(build_packed, job, file, packed) if packed else partial(build, job, file.due)
                self.deliver(file.due.day, made)

    def _may_go(self, due: DueDay, within: tuple[int, int] | None) -> bool:
        if within and not (within[0] <= due.day.start_ms and due.day.end_ms <= within[1]):
            return False
        return not any(due.day.start_ms < each.end_ms and each.start_ms < due.day.end_ms for each in self._held)

    def deliver(self, day: Day, build: Callable[[], Archive]) -> bool:
        """Build and deliver the archive of a day; say whether it could be built. Raises as `run_export` does."""
        from desktop_app.export.outgoing import deliver

        self._delivery.connect_ahead()
        try:
            archive = build()
        except StoreDamaged as damage:
            self._job.errors.append(unreadable(self._job, day, damage))
            return False
        deliver(self._job, archive, self._delivery)
        return True

    def forget_delivered(self) -> None:
        """Delete what was delivered long ago. What fails is a warning: all that is due is on the server.

        Raises StoreDamaged.
        """
        job = self._job
        try:
            prune_delivered(job.store, job.ledger.delivered(), job.settings.store.keep_days, self.now_ms)
        except StoreDamaged:
            raise
        except LocalDiskError as error:
            _LOG.warning("old events stay in the store: %s", error)
            job.warnings.append(
                Said("Old events stay in the store: {problem} The next run tries again.", problem=error.message)
            )


def _look_for_late_events(job: Job) -> None:
    """Find what came for days that were delivered before also where the store's count of an hour is damaged.

    What came before the last run that went well was due then.
    """
    success = job.ledger.last_success()
    until_ms = (success.finished_ms or success.started_ms) if success else 0
    taken = max(
        (each.upto_seq for each in job.ledger.delivered() if (each.delivered_ms or 0) <= until_ms), default=0
    )
    if taken and (wrong := set_right_last_numbers(job.store, taken)):
        _LOG.warning("the counts of %d hours did not know of their last event", wrong)


def _believed_ms(job: Job, zone: tzinfo, delivery: Delivery) -> int:
    """The time by which days are over: the server's, where this computer's clock jumped ahead of it."""
    now_ms = job.now_ms()
    success = job.ledger.last_success()
    last_ms = (success.finished_ms or success.started_ms) if success else None
    if not is_doubtful(now_ms, last_ms) or not _due(job, zone, False, now_ms):
        return now_ms
    server_ms = delivery.server_ms()
    if server_ms is None:
        _LOG.warning("the server does not show its time; this computer's clock is believed")
    if server_ms is None or not is_ahead(now_ms, server_ms):
        return now_ms
    job.errors.append(clock_ahead(now_ms, server_ms))
    return server_ms


def _due(job: Job, zone: tzinfo, today_too: bool, now_ms: int) -> list[DueDay]:
    delivered = job.ledger.delivered()
    due = due_days(job.store, delivered, zone, now_ms, job.ledger.switched_on_since())
    today = due_today(job.store, delivered, zone, now_ms) if today_too else None
    return [*due, today] if today else due


def _stamp_newest(job: Job, delivery: Delivery) -> None:
    if job.to_stamp:
        from desktop_app.export.stamping import stamp_newest

        stamp_newest(job, delivery)


def _warn_of_others(job: Job, delivery: Delivery) -> None:
    if not job.archives:
        return
    from desktop_app.export.other_installations import warning_of_others

    known = {archive.name for archive in job.ledger.delivered()}
    warning = warning_of_others(delivery.others, job.settings.export.instance, known, job.store)
    if warning:
        _LOG.warning("%s", warning)
        job.warnings.append(warning)
