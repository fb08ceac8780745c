"""The daily task as the scheduler has it, as plain data; and what can go wrong with schedulers."""

from typing import ClassVar

from msgspec import Struct

from desktop_app.errors import ExitCode, UserError
from desktop_app.wording import Said

UNKNOWN = "unknown"
NO_SCHEDULER = "none"


class TaskState(Struct, frozen=True, kw_only=True):
    """What the scheduler has of the daily task.

    `scheduler`: "systemd", "cron", "Task Scheduler" or "none"; "unknown" where it could not be asked, and then
    `problem` says why, and nothing else here is a fact. `name`: what to look for there, such as the
    timer's name. `next_run`: when the scheduler starts it next, epoch milliseconds, None where it won't.
    `problem`: one sentence on what differs from what should be there, or None; `hint` and `command`: what to do
    about it, as in a UserError. `only_signed_in`: the task does not run while its user is not signed in;
    `may_run_signed_out`: its user can choose that it does, on Windows; `needs_windows_password`: it can be brought
    up to date only with that.
    """

    scheduler: str
    name: str
    installed: bool
    next_run: int | None = None
    problem: str | None = None
    hint: str = ""
    command: str = ""
    only_signed_in: bool = False
    may_run_signed_out: bool = False
    needs_windows_password: bool = False

    @property
    def is_known(self) -> bool:
        """Whether the scheduler could be asked."""
        return self.scheduler != UNKNOWN

    @property
    def is_left_to_another(self) -> bool:
        """Whether somebody chose to start the export by a scheduler that this program does not know."""
        return self.scheduler == NO_SCHEDULER and self.problem is None

    @property
    def advice(self) -> str:
        """Hint and command in one, for where there is no form."""
        return Said("{hint} {command}", hint=self.hint, command=self.command) if self.command else self.hint


class SchedulerError(UserError):
    """The scheduler refused something, or can't be spoken to."""

    exit_code: ClassVar[ExitCode] = ExitCode.NO_PERMISSION


class NoDailyTask(UserError):
    """There is no daily task that could be started."""

    exit_code: ClassVar[ExitCode] = ExitCode.CONFIG


class WindowsPasswordNeeded(SchedulerError):
    """A task that runs also while its user is signed out can be changed only with that user's Windows password."""
