"""Failures of SFTP requests as errors that a user understands."""

from contextlib import suppress

from paramiko import SSHException

from desktop_app.errors import UserError
from desktop_app.sftp.connection import Connection
from desktop_app.sftp.deadline import Deadline
from desktop_app.sftp.errors import (
    ConnectionLost,
    FileGone,
    NoSuchFile,
    NotPermitted,
    PathUnusable,
    ServerCannotWrite,
    SftpFailure,
    TooSlow,
)
from desktop_app.sftp.packets import Code
from desktop_app.wording import Said

_CUT = (EOFError, OSError, SSHException)
_DOING = {
    "read": Said("read"),
    "write": Said("write"),
    "read back": Said("read back what was written"),
    "rename": Said("rename"),
    "delete": Said("delete"),
}


class telling:
    """A context in which the failure of an SFTP request becomes an error that a user understands.

    `doing` is what is being tried: "read", "write", "read back", "rename" or "delete".
    """

    def __init__(self, connection: Connection, doing: str) -> None:
        self._connection = connection
        self._doing = doing
        self._deadline = Deadline(connection)

    def __enter__(self) -> None:
        self._deadline.start()

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        try:
            self._tell(error)
        finally:
            self._deadline.cancel()

    def _tell(self, error: BaseException | None) -> None:
        if isinstance(error, SftpFailure):
            raise self._refused(error) from error
        if isinstance(error, _CUT):
            self._connection.close()  # whatever else is asked of a silent server would wait as long again
            raise self._cut() from error

    def _cut(self) -> UserError:
        host = self._connection.server.host
        if self._deadline.passed:
            seconds = round(self._deadline.seconds)
            return TooSlow(
                Said("{host} is too slow: after {seconds} seconds there was no end.", host=host, seconds=seconds),
                Said("The line or the server may be overloaded; a later attempt may succeed."),
                field="server.host",
            )
        return ConnectionLost(
            Said("The connection to {host} was lost.", host=host),
            Said("What was sent so far is sent again by the next attempt."),
            field="server.host",
        )

    def _refused(self, error: SftpFailure) -> UserError:
        server = self._connection.server
        doing = _DOING[self._doing]
        if error.code == Code.PERMISSION_DENIED:
            return NotPermitted(
                Said("User {user} may not read {path} on the server.", user=server.user, path=server.path)
                if self._doing == "read"
                else Said(
                    "User {user} may read {path} on the server, but not {doing} there.",
                    user=server.user,
                    path=server.path,
                    doing=doing,
                ),
                Said("Ask its administrator for the right to {doing} there.", doing=doing),
                field="server.path",
            )
        if isinstance(error, NoSuchFile):
            return self._gone()
        if self._doing == "rename":
            return NotPermitted(
                Said(
                    "The server refused to rename a file in {path} ({reason}).",
                    path=server.path,
                    reason=error.reason or "failure",
                ),
                Said("Its user needs the right to rename there."),
                field="server.path",
            )
        if self._free_space() == 0:
            return ServerCannotWrite(
                Said("The server's disk is full."),
                Said("Ask its administrator to make room; the next run goes on."),
                field="server.path",
            )
        return ServerCannotWrite(
            Said(
                "The server could not {doing} in {path} and gave no clear reason ({reason}).",
                doing=doing,
                path=server.path,
                reason=error.reason or "failure",
            ),
            Said("Likely its disk is full, or a quota is reached."),
            field="server.path",
        )

    def _gone(self) -> UserError:
        """What is missing is the folder, or a file of ours in it."""
        server = self._connection.server
        try:
            self._connection.sftp.stat(self._connection.folder)
        except (SftpFailure, *_CUT):
            return PathUnusable(
                Said("There is no folder {path} on the server any more.", path=server.path),
                Said("Create it again."),
                field="server.path",
            )
        return FileGone(
            Said("Somebody removed from {path} on the server what was just written there.", path=server.path),
            Said("Does another computer export there under the same instance name? Give each a name of its own."),
            field="export.instance",
        )

    def _free_space(self) -> int | None:
        """Free blocks on the server's disk, where it can say so (statvfs@openssh.com)."""
        with suppress(SftpFailure, *_CUT):  # it can't
            return self._connection.sftp.free_blocks(self._connection.folder)
        return None
