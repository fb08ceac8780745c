"""Run the export: collect, then deliver what is due, all of it entered into the ledger."""

import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from desktop_app.actions.future_events import future_events
from desktop_app.actions.note_coverage import note_coverage, note_left_over
from desktop_app.errors import LocalDiskError, UserError
from desktop_app.export.delivery import Backoff
from desktop_app.export.exporter import Export, run_export
from desktop_app.export.job import Job
from desktop_app.export.ledger import Archive, Ledger, Outcome, StartedBy, open_ledger
from desktop_app.export.progress import Progress
from desktop_app.export.run_lock import run_lock
from desktop_app.export.switch import note_switch
from desktop_app.export.tidy_ledger import tidy_ledger
from desktop_app.held import cure, reason
from desktop_app.schedule.spread import own_moment
from desktop_app.schedule.time_of_day import last_time
from desktop_app.settings.kept_instance import keep_instance
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.time_zone import find_zone
from desktop_app.settings.validation import check, require_configured
from desktop_app.sources.collected import Collected, CollectedSource, CollectProgress
from desktop_app.stop import Stop, Stopped
from desktop_app.trails.store.promises import has_promises
from desktop_app.trails.store.store import Store, StoreDamaged, open_store
from desktop_app.wording import Said

_LOG = logging.getLogger(__name__)

RunStep = CollectProgress | Progress


@dataclass(frozen=True)
class Request:
    """What is asked of a run, and by whom; `today_too` takes the events of today so far."""

    started_by: StartedBy = StartedBy.HAND
    today_too: bool = False


@dataclass(frozen=True)
class RunResult:
    """What came of a run: of each source that was collected from, and the archives that it delivered, also when it
    failed later; `warnings` fail no run."""

    outcome: Outcome
    archives: list[Archive] = field(default_factory=list)
    error: UserError | None = None
    warnings: list[Said] = field(default_factory=list)
    sources: list[CollectedSource] = field(default_factory=list)


def run_once(
    settings: Settings,
    paths: Paths,
    request: Request,
    password: Callable[[], str],
    on_progress: Callable[[RunStep], None] = lambda _: None,
    backoff: Backoff = Backoff(),
    clock: Callable[[], float] = time.time,
    stop: Stop | None = None,
) -> RunResult:
    """Run once: collect from the sources, then export.

    `password` is asked for when a server was reached whose host key is known. `clock` gives the seconds
    since 1970. Asking `stop` ends the run soon, between two archives or within one; the next run goes on there.

    What goes wrong after the run has begun is in the result. Raises BadSetting where nothing can be run,
    AlreadyRunning while another run lasts, LocalDiskError when store or ledger can't be opened.
    """
    if turned_down(settings, request):
        return RunResult(Outcome.NOTHING_DUE)

    def work(job: Job, tell: Tell, stop: Stop, collected: list[CollectedSource]) -> None:
        collected += _collect(settings, paths, job.store, tell, stop).sources
        note_coverage(job.ledger, job.store, collected, job.now_ms())
        run_export(job, password, request.today_too, backoff, stop, partial(finish_promises, job))

    return do_run(settings, paths, request.started_by, work, on_progress, clock, stop or Stop())


Tell = Callable[[RunStep], None]
Work = Callable[[Job, Tell, Stop, list[CollectedSource]], None]
"""What a run does: it says in its job what it delivered, and in the list what it collected."""


def do_run(
    settings: Settings,
    paths: Paths,
    started_by: StartedBy,
    work: Work,
    on_progress: Callable[[RunStep], None],
    clock: Callable[[], float],
    stop: Stop,
) -> RunResult:
    """Do some work as a run: no other beside it, and how it ends in the ledger. Raises as `run_once` does."""
    require_configured(settings)
    check(settings)
    tell = _until_stopped(on_progress, stop)
    with open_ledger(paths.ledger) as ledger, run_lock(paths, ledger), open_store(paths.store) as store:
        keep_instance(paths, settings.export.instance)
        run = ledger.begin_run(started_by, os.getpid(), int(clock() * 1000))
        _LOG.info("run %d begins, started by %s", run, started_by)
        job = Job(settings, paths, ledger, store, run, tell, clock, _remade)
        collected = Collected()
        outcome, error = Outcome.INTERRUPTED, None
        try:
            note_switch(ledger, settings.enabled, find_zone(settings.export.timezone), job.now_ms())
            note_left_over(ledger, store, job.now_ms())
            tidy_ledger(ledger)  # also where each run fails
            work(job, tell, stop, collected.sources)
            _warn_of_future(job)
            error = next(iter([*job.errors, *collected.errors]), None)
            outcome = (
                Outcome.FAILED if error
                else Outcome.DELIVERED if job.archives
                else Outcome.NOTHING_DUE
            )  # fmt: skip
        except Stopped:
            outcome = Outcome.STOPPED
        except KeyboardInterrupt:
            outcome = Outcome.STOPPED
            raise
        except (UserError, OSError) as failure:
            # A connection that is closed for a stop fails.
            outcome, error = (Outcome.STOPPED, None) if stop.asked else (Outcome.FAILED, _as_told(failure))
        finally:
            outcome, error = _enter_end(ledger, job, outcome, error)
        set_aside = [warning for source in collected.sources for warning in source.warnings()]
        return RunResult(outcome, job.archives, error, [*set_aside, *job.warnings], collected.sources)


def _collect(
    settings: Settings, paths: Paths, store: Store, on_progress: Callable[[RunStep], None], stop: Stop
) -> Collected:
    if not settings.sources:
        return Collected()
    from desktop_app.secrets.source_secrets import read_source_secret
    from desktop_app.sources.collect import collect

    return collect(settings.sources, store, on_progress, stop, partial(read_source_secret, paths))


def finish_promises(job: Job, export: Export, upto_ms: int | None = None) -> None:
    """Deliver what an unfinished backfill has promised, of days that end up to an instant, or of all."""
    if has_promises(job.store):
        from desktop_app.actions.promised_days import finish_promised

        finish_promised(job, export, upto_ms)


def _remade(job: Job, built: Archive, number: int) -> Archive | None:
    if not has_promises(job.store):
        return None
    from desktop_app.actions.promised_days import remade

    return remade(job, built, number)


def _warn_of_future(job: Job) -> None:
    try:
        if future := future_events(job.store, job.now_ms()):
            job.warnings.append(future)
    except StoreDamaged:
        raise
    except LocalDiskError as error:  # it is looked for beside the delivery, which is done
        job.warnings.append(error.message)


def turned_down(settings: Settings, request: Request) -> bool:
    """Whether the switch is OFF for this request, whatever else is in the settings: only the daily task's."""
    return request.started_by is StartedBy.SCHEDULE and not settings.enabled


def was_missed(settings: Settings, paths: Paths, now: float) -> bool:
    """Whether no run began since the daily time came last, for schedulers that do not know that themselves.

    `now` is in seconds since 1970. Raises BadSetting and LocalDiskError.
    """
    with open_ledger(paths.ledger) as ledger:
        runs = ledger.runs(limit=1)
    return not runs or runs[0].started_ms < last_time(own_moment(settings), now) * 1000


def _enter_end(
    ledger: Ledger, job: Job, outcome: Outcome, error: UserError | None
) -> tuple[Outcome, UserError | None]:
    """Enter how the run ended, and say how it did if that fails as well."""
    told = (int(error.exit_code), error.message, error.advice) if error else None
    try:
        ledger.end_run(job.run, outcome, job.now_ms(), told, error.field if error else None)
    except LocalDiskError as failure:
        if outcome is Outcome.DELIVERED:  # which the ledger knows of each archive
            what = Said("The end of the run is not in the history: {problem}", problem=failure.message)
            job.warnings.append(what)
        else:
            outcome, error = Outcome.FAILED, error or failure
    _LOG.log(logging.ERROR if error else logging.INFO, "run %d: %s %s", job.run, outcome, error or "")
    return outcome, error


def _as_told(failure: UserError | OSError) -> UserError:
    """What a user reads of a failure."""
    if isinstance(failure, UserError):
        return failure
    _LOG.error("not foreseen where it happened", exc_info=failure)
    hint = Said("Look at its permissions and at the room on the disk. The next run goes on from there.")
    why, file = reason(failure), failure.filename
    if file is None:
        return LocalDiskError(Said("A file could not be read or written ({reason}).", reason=why), hint)
    return LocalDiskError(
        Said("{path} could not be read or written ({reason}).", path=file, reason=why), cure(failure, hint)
    )


def _until_stopped(on_progress: Callable[[RunStep], None], stop: Stop) -> Callable[[RunStep], None]:
    """`on_progress`, which raises Stopped once `stop` was asked."""

    def tell(progress: RunStep) -> None:
        stop.check()
        on_progress(progress)

    return tell
