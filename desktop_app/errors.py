"""The one family of errors that a user can meet."""

from enum import IntEnum
from typing import ClassVar

from desktop_app.wording import NOTHING, Said


class ExitCode(IntEnum):
    """What the process answers its caller (BSD sysexits where there is one)."""

    DONE = 0
    USAGE = 2
    BAD_DATA = 65
    UNREACHABLE = 69
    LOCAL_DISK = 74
    TRY_LATER = 75
    PROTOCOL = 76
    NO_PERMISSION = 77
    CONFIG = 78


class UserError(Exception):
    """Something that a user can understand and do something about.

    `message` is one plain sentence that says what happened, `hint` what to do, and `command` what to type for
    that where there is no form. `field` is the settings key that it concerns (`server.host`), or None.
    Subclasses fix the exit code, and whether the same attempt may succeed later without anybody's doing
    (`may_pass`): only those are retried.
    """

    exit_code: ClassVar[ExitCode]
    may_pass: ClassVar[bool] = False

    def __init__(
        self, message: Said, hint: Said = NOTHING, *, command: str = "", field: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.command = command
        self.field = field

    @property
    def advice(self) -> Said:
        """Hint and command in one, for where there is no form."""
        return Said("{hint} {command}", hint=self.hint, command=self.command) if self.command else self.hint


class BadData(UserError):
    """Input that can't be used as it is."""

    exit_code = ExitCode.BAD_DATA


class LocalDiskError(UserError):
    """Reading or writing on this computer failed."""

    exit_code = ExitCode.LOCAL_DISK


class BadSetting(UserError):
    """Not configured, or a setting that can't be right; `field` names it."""

    exit_code = ExitCode.CONFIG
