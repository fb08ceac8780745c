"""Take a file from the server."""

from pathlib import Path

from desktop_app.files import make_private_file
from desktop_app.sftp.connection import Connection
from desktop_app.sftp.errors import NoSuchFile
from desktop_app.sftp.read_ahead import read_ahead
from desktop_app.sftp.remote_path import join
from desktop_app.sftp.telling import telling


def get_file(connection: Connection, name: str, to: Path) -> bool:
    """Write the server's file `name` to `to`, and say whether there was one.

    Raises ConnectionLost, PathUnusable, NotPermitted or ServerCannotWrite; OSError of this computer's disk
    as ConnectionLost, since both may pass.
    """
    path = join(connection.folder, name)
    make_private_file(to)
    with to.open("wb") as file, telling(connection, "read"):
        try:
            size = connection.sftp.stat(path).size or 0
        except NoSuchFile:
            return False
        for piece in read_ahead(connection.sftp, path, 0, size):
            file.write(piece)
    return True
