"""Change what is configured, and all that goes with it: `config set`, `config import`, `source` and the form.

A change is prepared first, which reads and checks, and committed then: all of it or nothing. To it belong the
password, the daily task, the note of the switch, the settings file, and its trace among the audit events.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import tzinfo

from msgspec import Struct

from desktop_app.actions.keep_password import kept, task_after
from desktop_app.actions.keep_source_secret import NewSecret, forget_secrets, kept_secret, read_at_night
from desktop_app.errors import ExitCode, LocalDiskError, UserError
from desktop_app.export.ledger import Ledger, open_ledger
from desktop_app.export.switch import note_switch
from desktop_app.files import undone_on_failure, write_atomically
from desktop_app.schedule import daily_task
from desktop_app.schedule.task_state import SchedulerError, TaskState, WindowsPasswordNeeded
from desktop_app.settings.describe import as_plain
from desktop_app.settings.edits import Edit
from desktop_app.settings.effective import Configuration, read_configuration
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.policy import Policy
from desktop_app.settings.time_zone import find_zone
from desktop_app.settings.validation import check, require_configured
from desktop_app.stop import done_uninterrupted
from desktop_app.trails.event import AuditEvent
from desktop_app.trails.own_actions import settings_saved, switched
from desktop_app.trails.store.store import open_store
from desktop_app.wording import Said

_LOG = logging.getLogger(__name__)


class ChangedMeanwhile(UserError):
    """Somebody else saved other settings since those were read that are being changed."""

    exit_code = ExitCode.TRY_LATER


class Saved(Struct, frozen=True):
    """A change that is made: how the daily task stands then, and what was left open."""

    task: TaskState
    warnings: tuple[Said, ...] = ()


class Change(Struct, frozen=True):
    """What `edit` makes of the settings `before`: `after`, which can be right. Nothing is done yet."""

    paths: Paths
    edit: Edit
    policy: Policy
    before: Settings
    after: Settings

    def commit(self, password: str | None = None, new_secret: NewSecret | None = None) -> Saved:
        """Make the change, and keep `password`, where the server's user has a new one, and that of a source.

        Raises ChangedMeanwhile, LocalDiskError, SchedulerError where the switch or the time of day changed and the
        daily task can't follow, BadSetting for a password that is no text, and KeyboardInterrupt: then all is as
        it was. What fails once the change is made is in the result, and so is a task that another change found
        in disorder.
        """
        left_open, stopped = done_uninterrupted(lambda: self._make(password, new_secret))
        task, warnings = task_after(self.after, self.paths, stopped)
        if new_secret and not stopped:
            warnings += read_at_night(self.after, self.paths, new_secret.source)
        return Saved(task, left_open + warnings)

    def _make(self, password: str | None, new_secret: NewSecret | None) -> tuple[Said, ...]:
        """All of it; what was left open."""
        zone = find_zone(self.after.export.timezone)
        with open_store(self.paths.store) as store, open_ledger(self.paths.ledger) as ledger:
            self._read_again()  # before anything is touched
            with (
                nullcontext() if password is None else kept(self.paths, self.after, password),
                kept_secret(self.paths, *new_secret) if new_secret else nullcontext(),
                self._task_set_up(),
                _switch_noted(ledger, self.after.enabled, zone),
                undone_on_failure(self.paths.config_file),
                store.transaction(),  # lets in one change at a time
            ):
                now = self._read_again()
                store.append(self._traces())
                write_atomically(self.paths.config_file, self.edit(now).text.encode())
        left_open = forget_secrets(self.paths, self.before.sources, self.after.sources)
        if self.after.enabled:
            return left_open
        left = _task_removed(self.paths)
        return left_open + left if self.before.enabled else left_open  # else how the task stands says it

    def _read_again(self) -> Configuration:
        """What is configured now. Raises ChangedMeanwhile unless the settings are still `before`."""
        now = read_configuration(self.paths, self.policy)
        if now.settings != self.before:
            raise ChangedMeanwhile(
                Said("The settings were changed elsewhere meanwhile."),
                Said("Nothing was saved. Save again to add your changes to those."),
            )
        return now

    def _traces(self) -> list[AuditEvent]:
        """The change among the audit events. Saving what is saved changes nothing."""
        saved = [settings_saved(as_plain(self.before), as_plain(self.after))] if self.after != self.before else []
        return saved + [switched(self.after.enabled)] * (self.after.enabled != self.before.enabled)

    @contextmanager
    def _task_set_up(self) -> Iterator[None]:
        """The daily task as `after` wants it, while that is ON: before the settings, which can be put back. Where
        the context fails, it is as the settings want it that are saved then.
        """
        if not self.after.enabled:
            yield
            return
        try:
            task = daily_task.standing(self.after, self.paths)
            if not task.installed or task.problem:
                self._set_up()
            yield
        except BaseException:
            self._put_task_back()
            raise

    def _set_up(self) -> None:
        """Raises SchedulerError where the task can't become as this change wants it."""
        try:
            daily_task.install(self.after, self.paths)
        except WindowsPasswordNeeded:
            return  # the task goes on as it was until that is typed, which how it stands then says
        except SchedulerError as error:
            if (self.before.enabled, self.before.schedule) == (self.after.enabled, self.after.schedule):
                return  # it was in disorder before, and is no reason to keep something else from being saved
            raise SchedulerError(
                Said("Nothing was saved, for the daily task can't be set up. {why}", why=error.message),
                error.hint,
                command=error.command,
            ) from error

    def _put_task_back(self) -> None:
        try:
            saved = read_configuration(self.paths, self.policy).settings
            if not saved.enabled or daily_task.standing(saved, self.paths).problem:
                daily_task.mend(saved, self.paths)
        except UserError as error:  # that nothing was saved is what must be told; `status` tells the rest
            _LOG.warning("The daily task could not be put back: %s", error)


def prepare(paths: Paths, edit: Edit) -> Change:
    """Read what is configured, once, and check what `edit` makes of it. Changes nothing.

    Raises BadSetting, which names the field, LocalDiskError, and what the edit raises, such as SetByPolicy.
    """
    before = read_configuration(paths)
    after = edit(before)
    check(after.settings)
    # Who can't switch it off must be able to fill in the rest.
    if after.settings.enabled and "enabled" not in after.policy.keys:
        require_configured(after.settings)
    return Change(paths, edit, before.policy, before.settings, after.settings)


@contextmanager
def _switch_noted(ledger: Ledger, on: bool, zone: tzinfo) -> Iterator[None]:
    """Note since when the export is on, or that it is off; where the context fails, what was noted before."""
    since, since_ms = ledger.switched_on_since(), ledger.switched_on_ms()
    try:
        note_switch(ledger, on, zone, int(time.time() * 1000))
        yield
    except BaseException:
        try:
            ledger.set_switched_on_since(since, since_ms or 0)
        except LocalDiskError as error:  # the next run notes it as the settings have it
            _LOG.warning("The note of the switch could not be put back: %s", error)
        raise


def _task_removed(paths: Paths) -> tuple[Said, ...]:
    """Remove the task, which does nothing any more; a warning where it can't be removed."""
    try:
        daily_task.remove(paths)
    except UserError as error:
        return (
            Said(
                "The export is switched off, but its daily task could not be removed. {why} {hint} {command}",
                why=error.message,
                hint=error.hint,
                command=error.command or "audit-trails-export schedule remove",
            ),
        )
    return ()
