"""Put an archive on the server so that it is there whole, under its name, exactly once."""

import hashlib
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from paramiko import SSHException

from desktop_app.errors import UserError
from desktop_app.sftp.connection import Connection
from desktop_app.sftp.errors import (
    ConnectionLost,
    DamagedOnServer,
    FileGone,
    NameTaken,
    NoSuchFile,
    NotPermitted,
    PathUnusable,
    ServerCannotWrite,
    SftpFailure,
)
from desktop_app.sftp.packets import Code
from desktop_app.sftp.parallel_write import write_parallel
from desktop_app.sftp.read_ahead import read_ahead
from desktop_app.sftp.remote_path import join
from desktop_app.wording import Said

READ_BACK_LIMIT = 64 << 20
_TAIL = 1 << 20
_CUT = (EOFError, OSError, SSHException)
_DOING = {"read": Said("read"), "write": Said("write"), "rename": Said("rename"), "delete": Said("delete")}


def put_archive(
    connection: Connection, local: Path, name: str, sha256: str, on_bytes: Callable[[int], None]
) -> None:
    """Upload `local` to the server path as `name`: to a .part file, checked there, then renamed.

    Where `name` is there already with the same content, it counts as done. `on_bytes` gets the number of
    bytes that arrived since the last call. Raises NameTaken where `name` has other content; ConnectionLost,
    PathUnusable, NotPermitted, ServerCannotWrite, DamagedOnServer or FileGone.
    """
    size = local.stat().st_size
    final = join(connection.folder, name)
    part = join(connection.folder, f".{name}.part")
    check_folder(connection)
    if _exists(connection, final):
        _require_same(connection, final, local, size, sha256)
        return
    with telling(connection, "write"):
        write_parallel(connection, local, part, on_bytes)
        _require_arrived(connection, part, size, sha256)
    try:
        rename(connection, part, final)
    except NameTaken:  # by what was renamed, where the server fails afterwards
        _require_same(connection, final, local, size, sha256)


def has_file(connection: Connection, name: str, size: int, sha256: str) -> bool:
    """Whether `name` is at the server path with exactly this content; it is read whole, however large it is.

    Raises ConnectionLost, PathUnusable, NotPermitted or ServerCannotWrite.
    """
    path = join(connection.folder, name)
    check_folder(connection)
    with telling(connection, "read"):
        try:
            there = connection.sftp.stat(path).size
        except NoSuchFile:
            return False
        return there == size and _remote_sha256(connection, path, size) == sha256


def remove_leftovers(connection: Connection, instance: str) -> None:
    """Remove what interrupted uploads of this instance left on the server, as far as that is permitted."""
    pattern = re.compile(rf"\.audit-trails-{re.escape(instance)}-\d{{4}}-\d\d-\d\d(-\d+)?\.zip\.part")
    check_folder(connection)
    with telling(connection, "read"):
        names = [name for name in connection.sftp.names(connection.folder) if pattern.fullmatch(name)]
        for name in names:
            with suppress(SftpFailure):
                connection.sftp.remove(join(connection.folder, name))


def check_folder(connection: Connection) -> str:
    """Make sure that the server path is a folder; returns its full path. Raises PathUnusable, NotPermitted."""
    path = connection.server.path
    with telling(connection, "read"):
        try:
            mode = connection.sftp.stat(connection.folder).mode or 0
        except NoSuchFile:
            home = connection.sftp.full_path(".")
            raise PathUnusable(
                Said(
                    "There is no folder {path} on the server for user {user}.",
                    path=path,
                    user=connection.server.user,
                ),
                Said("The home folder of this user is {home}. Create the folder, or mend the path.", home=home),
                field="server.path",
            ) from None
        if mode & 0o170000 not in (0, 0o040000):
            raise PathUnusable(
                Said("{path} on the server is no folder.", path=path), Said("Name a folder."), field="server.path"
            )
        return connection.sftp.full_path(connection.folder)


def rename(connection: Connection, old: str, new: str) -> None:
    """Rename without ever overwriting.

    Plain SFTP rename fails where the new name exists (draft-ietf-secsh-filexfer-02, section 6.5). A server
    without it may have posix-rename@openssh.com, which would overwrite: it is used only for a free name.
    Raises NameTaken, NotPermitted, ConnectionLost.
    """
    with telling(connection, "rename"):
        try:
            connection.sftp.rename(old, new)
        except SftpFailure as refusal:
            if _exists(connection, new):
                raise NameTaken(new) from None
            _rename_as_posix(connection, old, new, refusal)


def _rename_as_posix(connection: Connection, old: str, new: str, refusal: SftpFailure) -> None:
    """Raises `refusal` of the plain rename where the server has no other."""
    try:
        connection.sftp.posix_rename(old, new)
    except SftpFailure as error:
        raise refusal if error.code == Code.UNSUPPORTED else error from None


class telling:
    """A context in which the failure of an SFTP request becomes an error that a user understands.

    `doing` is what is being tried: "read", "write", "rename" or "delete".
    """

    def __init__(self, connection: Connection, doing: str) -> None:
        self._connection = connection
        self._doing = doing

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, SftpFailure):
            raise self._refused(error) from error
        if isinstance(error, _CUT):
            raise ConnectionLost(
                Said("The connection to {host} was lost.", host=self._connection.server.host),
                Said("What was sent so far is sent again by the next attempt."),
                field="server.host",
            ) from error

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
                Said("Ask its administrator for the right to write, rename and delete there."),
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
        """What is missing is the folder, or a file of ours in it: another run takes that for its own leftover."""
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


def _exists(connection: Connection, path: str) -> bool:
    with telling(connection, "read"):
        try:
            connection.sftp.lstat(path)
        except NoSuchFile:
            return False
    return True


def _require_arrived(connection: Connection, part: str, size: int, sha256: str) -> None:
    arrived = connection.sftp.stat(part).size
    if arrived != size or (size <= READ_BACK_LIMIT and _remote_sha256(connection, part, size) != sha256):
        raise DamagedOnServer(
            Said(
                "What arrived on the server is not what was sent ({arrived} of {size} bytes, or changed ones).",
                arrived=arrived,
                size=size,
            ),
            Said("It is sent again."),
            field="server.path",
        )


def _require_same(connection: Connection, path: str, local: Path, size: int, sha256: str) -> None:
    with local.open("rb") as file, telling(connection, "read"):
        if connection.sftp.stat(path).size != size:
            raise NameTaken(path)
        if size <= READ_BACK_LIMIT:
            same = _remote_sha256(connection, path, size) == sha256
        else:
            # The end of an archive has its manifest, with the SHA-256 of all events.
            file.seek(size - _TAIL)
            same = b"".join(read_ahead(connection.sftp, path, size - _TAIL, size)) == file.read()
    if not same:
        raise NameTaken(path)


def _remote_sha256(connection: Connection, path: str, size: int) -> str:
    digest = hashlib.sha256()
    for piece in read_ahead(connection.sftp, path, 0, size):
        digest.update(piece)
    return digest.hexdigest()
