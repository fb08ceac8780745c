"""Put an archive on the server so that it is there whole, under its name, exactly once."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from paramiko import SSHException

from desktop_app.errors import UserError
from desktop_app.held import patiently
from desktop_app.sftp.connection import Connection
from desktop_app.sftp.errors import (
    ConnectionLost,
    DamagedOnServer,
    NameTaken,
    NoSuchFile,
    NotRenamed,
    PathUnusable,
    SftpFailure,
)
from desktop_app.sftp.folder_care import is_there
from desktop_app.sftp.packets import Code
from desktop_app.sftp.parallel_write import other_channels, size_of, write_parallel
from desktop_app.sftp.part_names import part_names
from desktop_app.sftp.read_back import has_at, has_sha256, has_size
from desktop_app.sftp.remote_path import join
from desktop_app.sftp.telling import telling
from desktop_app.wording import Said

READ_BACK_LIMIT = 64 << 20
_TAIL = 1 << 20


def put_archive(
    connection: Connection, local: Path, name: str, sha256: str, token: str, on_bytes: Callable[[int], None]
) -> int | None:
    """Upload `local` to the server path as `name`: to a .part file with `token` in its name, checked there, then
    renamed. Nobody else may upload with that token.

    Where `name` is there already with the same content, it counts as done. `on_bytes` gets the number of
    bytes that arrived since the last call. Returns the server's time (seconds since 1970) when it had written
    the file, where that is known. Raises NameTaken where `name` has other content; ConnectionLost,
    PathUnusable, NotPermitted, ServerCannotWrite, DamagedOnServer or FileGone. After those the .part is gone as
    well, as far as the server lets us.
    """
    size = size_of(local)
    final = join(connection.folder, name)
    check_folder(connection)
    with other_channels(connection, size) as others:
        if _exists(connection, final):
            _require_same(connection, final, local, size, sha256)
            return None
        with telling(connection, "write"):
            part, handle = create_file(connection, part_names(name, token))
        try:
            with telling(connection, "write"):
                write_parallel(connection, others, local, part, handle, on_bytes)
            written = require_arrived(connection, part, size, sha256)
            rename(connection, part, final)
            return written
        except (NameTaken, NotRenamed):
            remove_quietly(connection, part)
            if not _exists(connection, final):
                raise
            # Renamed by a server that fails afterwards, or that copies; or somebody else has put the same there.
            _require_same(connection, final, local, size, sha256)
            return None
        except UserError as error:
            if not isinstance(error, ConnectionLost):
                remove_quietly(connection, part)
            raise


def has_file(connection: Connection, name: str, size: int, sha256: str) -> bool:
    """Whether `name` is at the server path with exactly this content; it is read whole, however large it is.

    Raises ConnectionLost, PathUnusable, NotPermitted or ServerCannotWrite.
    """
    path = join(connection.folder, name)
    check_folder(connection)
    with telling(connection, "read back"):
        try:
            there = connection.sftp.stat(path)
        except NoSuchFile:
            return False
        return has_size(connection.sftp, path, there.size, size) and has_sha256(
            connection.sftp, path, size, sha256
        )


def create_file(connection: Connection, names: Sequence[str]) -> tuple[str, bytes]:
    """A new, empty file at the server path, by the first of `names` that the server takes: path and handle.

    Raises as `SftpClient` does.
    """
    refusal: SftpFailure | None = None
    for name in names:
        path = join(connection.folder, name)
        try:
            return path, connection.sftp.create_file(path)
        except SftpFailure as error:
            refusal = refusal or error
    assert refusal is not None
    raise refusal


def remove_quietly(connection: Connection, path: str) -> None:
    """Remove a file of ours, as far as the server lets us."""
    with suppress(SftpFailure, EOFError, OSError, SSHException):
        connection.sftp.remove(path)


def check_folder(connection: Connection) -> None:
    """Make sure that the server path is a folder. Raises PathUnusable, NotPermitted."""
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
                Said("The home folder of this user is {home}. Create the folder, or fix the path.", home=home),
                field="server.path",
            ) from None
        if mode & 0o170000 not in (0, 0o040000):
            raise PathUnusable(
                Said("{path} on the server is no folder.", path=path), Said("Name a folder."), field="server.path"
            )


def full_path(connection: Connection) -> str:
    """The server path from the root on. Raises PathUnusable, NotPermitted."""
    with telling(connection, "read"):
        return connection.sftp.full_path(connection.folder)


def rename(connection: Connection, old: str, new: str) -> None:
    """Rename without ever overwriting.

    Plain SFTP rename fails where the new name exists (draft-ietf-secsh-filexfer-02, section 6.5). A server
    without it may have posix-rename@openssh.com, which would overwrite: it is used only for a free name.
    A server that says that it was done is believed when the old name is gone; the new one may be gone by then,
    too, where somebody takes away what arrives. Raises NameTaken, NotPermitted, NotRenamed, ConnectionLost.
    """
    path = connection.server.path
    with telling(connection, "rename"):
        try:
            connection.sftp.rename(old, new)
        except SftpFailure as refusal:
            if _exists(connection, new):
                raise NameTaken(new) from None
            _rename_as_posix(connection, old, new, refusal)
        if is_there(connection, old):
            raise NotRenamed(
                Said("The server said that it renamed a file in {path}, but it did not.", path=path),
                Said("It is sent again. Its administrator should look at how that server renames."),
                field="server.path",
            )


def _rename_as_posix(connection: Connection, old: str, new: str, refusal: SftpFailure) -> None:
    """Raises `refusal` of the plain rename where the server has no other."""
    try:
        connection.sftp.posix_rename(old, new)
    except SftpFailure as error:
        raise refusal if error.code == Code.UNSUPPORTED else error from None


def _exists(connection: Connection, path: str) -> bool:
    with telling(connection, "read"):
        try:
            connection.sftp.lstat(path)
        except NoSuchFile:
            return False
    return True


def require_arrived(connection: Connection, path: str, size: int, sha256: str) -> int | None:
    """Make sure that a file is what was sent: its size, and up to READ_BACK_LIMIT its SHA-256.

    Returns when it was written by the server's clock (seconds since 1970), where that is known. Raises
    DamagedOnServer, or as `telling` does.
    """
    with telling(connection, "read back"):
        there = connection.sftp.stat(path)
        if has_size(connection.sftp, path, there.size, size) and (
            size > READ_BACK_LIMIT or has_sha256(connection.sftp, path, size, sha256)
        ):
            return there.modified
    raise DamagedOnServer(
        Said("What arrived on the server is not what was sent ({size} bytes).", size=size),
        Said("It is sent again."),
        field="server.path",
    )


def _require_same(connection: Connection, path: str, local: Path, size: int, sha256: str) -> None:
    with telling(connection, "read back"):
        same = has_size(connection.sftp, path, connection.sftp.stat(path).size, size)
        if same and size <= READ_BACK_LIMIT:
            same = has_sha256(connection.sftp, path, size, sha256)
        elif same:
            # The end of an archive has its manifest, with the SHA-256 of all events.
            with patiently(lambda: local.open("rb")) as file:
                file.seek(size - _TAIL)
                same = has_at(connection.sftp, path, size - _TAIL, file.read())
    if not same:
        raise NameTaken(path)
