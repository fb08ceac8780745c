"""One run of the exporter: collect, then build and deliver the archive of every day that is due."""

import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, tzinfo
from pathlib import Path

from msgspec import structs

from desktop_app.errors import LocalDiskError, UserError
from desktop_app.export.agreement import agree, find_there, note_of
from desktop_app.export.archived_lines import UnreadableArchive
from desktop_app.export.believable import clock_ahead, is_ahead, is_doubtful
from desktop_app.export.build import build_archive
from desktop_app.export.days import Day, day_of
from desktop_app.export.delivery import Backoff, Delivery
from desktop_app.export.due import DueDay, coverage_of, due_day, due_days, due_today
from desktop_app.export.ledger import Archive, Ledger, Outcome, open_ledger
from desktop_app.export.other_installations import warning_of_others
from desktop_app.export.outbox import stale_files
from desktop_app.export.progress import Delivered, Progress
from desktop_app.export.prune import prune_delivered
from desktop_app.export.run_lock import run_lock
from desktop_app.files import file_sha256
from desktop_app.settings.kept_instance import keep_instance
from desktop_app.settings.model import ExportSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.time_zone import find_zone
from desktop_app.settings.validation import check, require_configured
from desktop_app.sources.collect import collect
from desktop_app.stop import Stop, Stopped
from desktop_app.trails.own_actions import archive_delivered
from desktop_app.trails.store.archive_notes import is_delivered, note_archive
from desktop_app.trails.store.hours import require_counted
from desktop_app.trails.store.store import Store, StoreDamaged, open_store
from desktop_app.wording import Said

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Request:
    """What is asked of a run. `started_by` is "hand", "schedule" or "form"; `today_too` takes today so far."""

    started_by: str = "hand"
    today_too: bool = False


@dataclass(frozen=True)
class RunResult:
    """What came of a run: the archives that it delivered, also when it failed later; `warnings` fail no run."""

    outcome: Outcome
    archives: list[Archive] = field(default_factory=list)
    error: UserError | None = None
    warnings: list[Said] = field(default_factory=list)


def _ignore(_: Progress) -> None:
    pass


def run_export(
    settings: Settings,
    paths: Paths,
    request: Request,
    password: Callable[[], str],
    on_progress: Callable[[Progress], None] = _ignore,
    backoff: Backoff = Backoff(),
    clock: Callable[[], float] = time.time,
    stop: Stop | None = None,
) -> RunResult:
    """Run once and enter it into the ledger.

    `password` is asked for when a server was reached whose host key is known. `clock` gives the seconds
    since 1970. Asking `stop` ends the run soon, between two archives or within one; the next run goes on there.

    What goes wrong after the run has begun is in the result. Raises BadSetting where nothing can be run,
    AlreadyRunning while another run lasts, LocalDiskError when store or ledger can't be opened.
    """
    if turned_down(settings, request):
        return RunResult(Outcome.NOTHING_DUE)
    require_configured(settings)
    check(settings)
    with open_ledger(paths.ledger) as ledger, run_lock(paths, ledger), open_store(paths.store) as store:
        keep_instance(paths, settings.export.instance)
        run = ledger.begin_run(request.started_by, os.getpid(), _ms(clock))
        _LOG.info("run %d begins, started by %s", run, request.started_by)
        stop = stop or Stop()
        tell = _until_stopped(on_progress, stop)
        exporter = _Exporter(settings, paths, ledger, store, run, password, tell, clock, stop)
        outcome, error = Outcome.INTERRUPTED, None
        try:
            error = exporter.work(request.today_too, backoff)
            outcome = (
                Outcome.FAILED if error
                else Outcome.DELIVERED if exporter.delivered
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
            told = (int(error.exit_code), error.message, error.advice) if error else None
            try:
                ledger.end_run(run, outcome, _ms(clock), told)
            except LocalDiskError as failure:
                outcome, error = Outcome.FAILED, error or failure
            _LOG.log(logging.ERROR if error else logging.INFO, "run %d: %s %s", run, outcome, error or "")
        return RunResult(outcome, exporter.delivered, error, exporter.warnings)


def turned_down(settings: Settings, request: Request) -> bool:
    """Whether the switch is OFF for this request, whatever else is in the settings: the daily task's alone."""
    return request.started_by == "schedule" and not settings.enabled


def _as_told(failure: Exception) -> UserError:
    """What a user reads of a failure."""
    if isinstance(failure, UserError):
        return failure
    _LOG.error("not foreseen where it happened", exc_info=failure)
    return LocalDiskError(
        Said("A file could not be read or written ({reason}).", reason=failure),
        Said("Look at its permissions and at the room on the disk. The next run goes on from there."),
    )


def _unreadable(day: date, paths: Paths, damage: StoreDamaged) -> UserError:
    """What to tell of a day whose events the store does not give. Each run tries again."""
    _LOG.error("%s can't be read", day, exc_info=damage)
    return LocalDiskError(
        Said("The events of {day} can't be read from the store ({reason}).", day=day, reason=damage.reason),
        Said(
            "Other days are exported. Put back a copy of {path}; then this day is exported as well.",
            path=paths.store,
        ),
    )


def _until_stopped(on_progress: Callable[[Progress], None], stop: Stop) -> Callable[[Progress], None]:
    """`on_progress`, which raises Stopped once `stop` was asked."""

    def tell(progress: Progress) -> None:
        stop.check()
        on_progress(progress)

    return tell


def note_switch(ledger: Ledger, enabled: bool, zone: tzinfo, now_ms: int) -> None:
    """Remember the day on which the export was switched on, from which on no day may be missing."""
    since = ledger.switched_on_since()
    if enabled and since is None:
        ledger.set_switched_on_since(day_of(now_ms, zone).date, now_ms)
    elif not enabled and since is not None:
        ledger.set_switched_on_since(None)


@dataclass(frozen=True)
class _Exporter:
    settings: Settings
    paths: Paths
    ledger: Ledger
    store: Store
    run: int
    password: Callable[[], str]
    on_progress: Callable[[Progress], None]
    clock: Callable[[], float]
    stop: Stop
    delivered: list[Archive] = field(default_factory=list)
    warnings: list[Said] = field(default_factory=list)

    def work(self, today_too: bool, backoff: Backoff) -> UserError | None:
        """Deliver all that is due. Returns what went wrong with a day or a source, which holds nothing else up."""
        zone = find_zone(self.settings.export.timezone)
        note_switch(self.ledger, self.settings.enabled, zone, _ms(self.clock))
        collected = collect(self.settings.sources, self.store, self.on_progress)
        unreadable: list[UserError] = []
        with Delivery(self.settings, self.password, self.paths, backoff, self.on_progress, self.stop) as delivery:
            agree(self.store, self.ledger, self.paths.outbox, delivery.get)
            held = self._finish_all_built(delivery, unreadable)
            now_ms = self._believed_ms(zone, delivery, unreadable)
            for due in self._due(zone, today_too, now_ms):
                self.stop.check()
                if any(due.day.start_ms < each.end_ms and each.start_ms < due.day.end_ms for each in held):
                    continue
                delivery.connect_ahead()
                try:
                    archive = self._build(due)
                except StoreDamaged as damage:
                    unreadable.append(_unreadable(due.day.date, self.paths, damage))
                    continue
                self._deliver(archive, delivery)
            self._warn_of_others(delivery)
        try:
            require_counted(self.store)
        except StoreDamaged as damage:
            unreadable.append(damage)
        prune_delivered(self.store, self.ledger.delivered(), self.settings.store.keep_days, now_ms)
        return next(iter(unreadable + collected.errors), None)

    def _believed_ms(self, zone: tzinfo, delivery: Delivery, wrong: list[UserError]) -> int:
        """The time by which days are over: the server's, where this computer's clock jumped ahead of it."""
        now_ms = _ms(self.clock)
        success = self.ledger.last_success()
        last_ms = (success.finished_ms or success.started_ms) if success else None
        if not is_doubtful(now_ms, last_ms) or not self._due(zone, False, now_ms):
            return now_ms
        server_ms = delivery.server_ms()
        if server_ms is None:
            _LOG.warning("the server does not show its time; this computer's clock is believed")
        if server_ms is None or not is_ahead(now_ms, server_ms):
            return now_ms
        wrong.append(clock_ahead(now_ms, server_ms))
        return server_ms

    def _due(self, zone: tzinfo, today_too: bool, now_ms: int) -> list[DueDay]:
        delivered = self.ledger.delivered()
        due = due_days(self.store, delivered, zone, now_ms, self.ledger.switched_on_since())
        today = due_today(self.store, delivered, zone, now_ms) if today_too else None
        return [*due, today] if today else due

    def _finish_all_built(self, delivery: Delivery, unreadable: list[UserError]) -> list[Archive]:
        """Deliver what earlier runs built. Those of which the store gives only a part are held, and their days
        with them: what the archive had is known, and less is not delivered instead."""
        waiting = [built.name] if (built := self.ledger.built()) else []
        waiting += [archive.name for archive in self.ledger.held()]
        for name in waiting:
            self.ledger.set_held(name, held=False)
            built = self.ledger.built()
            try:
                self._finish_built(delivery)
            except StoreDamaged as damage:
                assert built
                self.ledger.set_held(name, held=True)
                unreadable.append(_unreadable(_day(built).date, self.paths, damage))
        if not waiting:
            self._finish_built(delivery)
        return self.ledger.held()

    def _finish_built(self, delivery: Delivery) -> None:
        """Deliver what an earlier run built and could not deliver; remove what else of ours is in the outbox."""
        built = self.ledger.built()
        for file in stale_files(self.paths.outbox, self.settings.export.instance, self.ledger.delivered(), built):
            _discard(file)
        if built is None:
            return
        if is_delivered(self.store, built.name, built.sha256):  # and the run was killed before it noted that
            self._note_delivered(built)
        elif self._is_intact(built):
            self._deliver(built, delivery)
        elif delivery.has(built):
            self._note_delivered(built)
        else:
            self._deliver(self._build_again(built, built.number), delivery)

    def _is_intact(self, built: Archive) -> bool:
        try:
            return file_sha256(self._file(built)) == built.sha256
        except OSError:
            return False

    def _deliver(self, archive: Archive, delivery: Delivery) -> None:
        from desktop_app.sftp.errors import NameTaken

        waiting: Archive | None = archive
        while waiting:
            try:
                delivery.put(waiting, self._file(waiting))
            except NameTaken:
                taken = self._file(waiting)
                waiting = self._after_name_taken(waiting, delivery)
                _discard(taken)
            else:
                self._note_delivered(waiting)
                return

    def _after_name_taken(self, built: Archive, delivery: Delivery) -> Archive | None:
        """What to deliver instead of an archive whose name the server has with other content, if anything is left.

        Where store and ledger are of before, it may have been this installation that delivered that.
        """
        try:
            there = find_there(self.store, self.ledger, built, self.paths.outbox, delivery.get)
        except UnreadableArchive:
            there = None
        if there is None:
            return self._build_again(built, number=built.number + 1)
        _LOG.warning("%s was delivered before, with %d events", there.name, there.events)
        due = due_day(self.store, _day(built), coverage_of(self.ledger.delivered()), self.store.last_seq())
        return self._build(due) if due.events else None

    def _note_delivered(self, archive: Archive) -> None:
        """The server has the archive: record that, and take it from the outbox."""
        server = self.settings.server
        now = _ms(self.clock)
        delivered = structs.replace(archive, delivered_ms=now)
        event = archive_delivered(archive.name, archive.day, archive.events, archive.sha256, server.host)
        with self.store.transaction():
            self.store.append([event])
            note_archive(self.store, note_of(delivered))
        self.ledger.mark_delivered(archive.name, self.run, now)
        self.delivered.append(delivered)
        _discard(self._file(archive))
        _LOG.info("delivered %s: %d events, %d bytes", archive.name, archive.events, archive.bytes)
        self.on_progress(Delivered(archive.name, archive.events, archive.bytes))

    def _warn_of_others(self, delivery: Delivery) -> None:
        if not self.delivered:
            return
        known = {archive.name for archive in self.ledger.delivered()}
        warning = warning_of_others(delivery.others, self.settings.export.instance, known, self.store)
        if warning:
            _LOG.warning("%s", warning)
            self.warnings.append(warning)

    def _build(self, due: DueDay) -> Archive:
        export = self.settings.export
        number = self.ledger.next_number(export.instance, due.day.date)
        return self._write(due, export, number, _ms(self.clock))

    def _build_again(self, built: Archive, number: int) -> Archive:
        """An archive of the same events as `built`, in the same format.

        With the same number, CEF settings and version of the program it has the same bytes; it may have others.
        """
        export = ExportSettings(format=built.format, instance=built.instance, timezone=built.timezone)
        due = due_day(self.store, _day(built), coverage_of(self.ledger.delivered()), built.upto_seq)
        if due.events != built.events:
            raise self.store.damage(f"{built.events} events were archived, {due.events} are there")
        return self._write(due, export, number, built.built_ms)

    def _write(self, due: DueDay, export: ExportSettings, number: int, created_ms: int) -> Archive:
        archive = build_archive(
            self.store,
            due,
            export,
            self.settings.cef,
            number,
            self.ledger.last_delivered(),
            created_ms,
            self.paths.outbox,
            self.on_progress,
        )
        note_archive(self.store, note_of(archive))
        self.ledger.set_built(self.run, archive)
        return archive

    def _file(self, archive: Archive) -> Path:
        return self.paths.outbox / archive.name


def _day(archive: Archive) -> Day:
    return Day(date.fromisoformat(archive.day), archive.start_ms, archive.end_ms)


def _discard(file: Path) -> None:
    """Take a file from the outbox. Where another program holds it, as a virus scanner may, a later run does."""
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        _LOG.warning("%s stays in the outbox for now: %s", file.name, error)


def _ms(clock: Callable[[], float]) -> int:
    return int(clock() * 1000)
