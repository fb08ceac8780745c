"""What lies at the server path, and the removal of what interrupted uploads left there."""

from collections.abc import Iterable

from desktop_app.sftp.client import Entry
from desktop_app.sftp.connection import Connection
from desktop_app.sftp.errors import NoSuchFile, SftpFailure
from desktop_app.sftp.remote_path import join
from desktop_app.sftp.telling import telling


def list_folder(connection: Connection) -> list[Entry] | None:
    """What is at the server path; None where this user may not list it. Raises ConnectionLost."""
    with telling(connection, "read"):
        try:
            return connection.sftp.entries(connection.folder)
        except SftpFailure:
            return None


def remove_files(connection: Connection, names: Iterable[str]) -> list[str]:
    """Remove files from the server path. Returns those that the server lets stay.

    Raises ConnectionLost.
    """
    staying = []
    with telling(connection, "delete"):
        for name in names:
            path = join(connection.folder, name)
            try:
                connection.sftp.remove(path)
            except NoSuchFile:
                pass
            except SftpFailure:
                if is_there(connection, path):
                    staying.append(name)
    return staying


def is_there(connection: Connection, path: str) -> bool:
    """Whether the server shows a file. Some servers say of one that is gone only that they failed, or that it is
    not permitted; where it must have been there before, that is as good. Raises as `SftpClient` does."""
    try:
        connection.sftp.lstat(path)
    except SftpFailure:
        return False
    return True
