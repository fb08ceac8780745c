"""What the server's clock says."""

from desktop_app.sftp.connection import Connection
from desktop_app.sftp.errors import SftpFailure
from desktop_app.sftp.remote_path import join


def server_seconds(connection: Connection, name: str) -> int | None:
    """The time (seconds since 1970) that the server gives a file `name` that is just made, and removed again.

    None where it lets nobody make one, or gives it no time.
    """
    path = join(connection.folder, name)
    try:
        connection.sftp.close_handle(connection.sftp.create_file(path))
        try:
            return connection.sftp.stat(path).modified
        finally:
            connection.sftp.remove(path)
    except SftpFailure:
        return None
