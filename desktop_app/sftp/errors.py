"""What can go wrong between here and the SFTP server."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.errors import ExitCode, UserError
from desktop_app.wording import Said


class ServerUnreachable(UserError):
    """No connection to the server could be made."""

    exit_code: ClassVar[ExitCode] = ExitCode.UNREACHABLE
    may_pass: ClassVar[bool] = True


class NotSsh(UserError):
    """What answers does not speak SSH."""

    exit_code: ClassVar[ExitCode] = ExitCode.UNREACHABLE


class ConnectionLost(UserError):
    """The connection was cut, or the server fell silent."""

    exit_code: ClassVar[ExitCode] = ExitCode.UNREACHABLE
    may_pass: ClassVar[bool] = True


class TooSlow(ConnectionLost):
    """The server answered, but so slowly that what was done came to no end."""


class HungUp(ConnectionLost):
    """The server took the connection and closed it before it said anything, as older OpenSSH does when busy."""


class ServerBusy(UserError):
    """The server says that it takes no connection just now."""

    exit_code: ClassVar[ExitCode] = ExitCode.TRY_LATER
    may_pass: ClassVar[bool] = True


# What a server does to one of many that come at once: whoever waits longer gets in.
TAKES_NO_MORE = (ServerBusy, HungUp)


class NoCommonAlgorithm(UserError):
    """None of the ticked choices of a list is among what the server offers.

    `server_offers` is that, `all_offers` what it offers in every list, and `matching` are the choices that
    would do although they are not ticked.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.PROTOCOL

    def __init__(
        self,
        message: Said,
        hint: Said,
        *,
        field: str,
        server_offers: Sequence[str],
        matching: Sequence[str],
        all_offers: dict[str, list[str]],
    ) -> None:
        super().__init__(message, hint, field=field)
        self.server_offers = tuple(server_offers)
        self.matching = tuple(matching)
        self.all_offers = all_offers


class LoginCut(UserError):
    """The connection was cut between the password and the answer to it: it may be how the server refuses, and
    what is refused several times locks many an account."""

    exit_code: ClassVar[ExitCode] = ExitCode.NO_PERMISSION


class LoginUnanswered(UserError):
    """The server is silent since it got the password. That is not sent again in the same run: each time
    may count as a wrong one."""

    exit_code: ClassVar[ExitCode] = ExitCode.UNREACHABLE


class ProtocolError(UserError):
    """The server broke the rules of SSH or SFTP."""

    exit_code: ClassVar[ExitCode] = ExitCode.PROTOCOL


class HostKeyUnknown(UserError):
    """The server's host key was never accepted."""

    exit_code: ClassVar[ExitCode] = ExitCode.PROTOCOL


class HostKeyChanged(UserError):
    """The server has another host key than the one that was accepted."""

    exit_code: ClassVar[ExitCode] = ExitCode.PROTOCOL


class HostKeyRevoked(UserError):
    """The server's host key is one that must not be used any more."""

    exit_code: ClassVar[ExitCode] = ExitCode.PROTOCOL


class LoginRefused(UserError):
    """The server did not accept user and password."""

    exit_code: ClassVar[ExitCode] = ExitCode.NO_PERMISSION


class PathUnusable(UserError):
    """The server path is missing or is no folder."""

    exit_code: ClassVar[ExitCode] = ExitCode.CONFIG


class NotPermitted(UserError):
    """The server does not let this user do what is needed."""

    exit_code: ClassVar[ExitCode] = ExitCode.NO_PERMISSION


class ServerCannotWrite(UserError):
    """The server's disk is full, a quota is reached, or it failed without a reason."""

    exit_code: ClassVar[ExitCode] = ExitCode.TRY_LATER
    may_pass: ClassVar[bool] = True


class NotRenamed(ServerCannotWrite):
    """The server said that it renamed a file, which still has its old name."""


class DamagedOnServer(UserError):
    """What arrived on the server is not what was sent."""

    exit_code: ClassVar[ExitCode] = ExitCode.TRY_LATER
    may_pass: ClassVar[bool] = True


class FileGone(UserError):
    """What was written was removed by somebody before it had its final name."""

    exit_code: ClassVar[ExitCode] = ExitCode.TRY_LATER
    may_pass: ClassVar[bool] = True


class SftpFailure(Exception):
    """The server answered a request with a failure, by the number `code`; `reason` is what it says of it."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason


class NoSuchFile(SftpFailure):
    """There is no such file on the server."""


class EndOfFile(EOFError):
    """The server has no more of a file or a folder."""


class NameTaken(Exception):
    """The final name belongs to a file with other content on the server."""
