"""A file on the server as a stream that can be sought, without a copy of it on this computer."""

import errno
import os
from contextlib import suppress
from io import RawIOBase

from paramiko import SSHException

from desktop_app.sftp.client import SftpClient
from desktop_app.sftp.connection import Connection
from desktop_app.sftp.errors import ConnectionLost, EndOfFile, SftpFailure
from desktop_app.sftp.packets import Code, Open
from desktop_app.wording import Said

_FIRST, _MOST = 1 << 16, 1 << 22
_ERRNO: dict[int, int] = {Code.NO_SUCH_FILE: errno.ENOENT, Code.PERMISSION_DENIED: errno.EACCES}


class RemoteFile(RawIOBase):
    """Reads ahead where it is read in order, more each time, and has nothing under way in between: several files
    may be open on one channel.

    Raises OSError with a `strerror` where the server refuses, and ConnectionLost.
    """

    def __init__(self, connection: Connection, path: str) -> None:
        super().__init__()
        self._connection = connection
        self._client = client = connection.sftp
        self._position = self._ahead_at = 0
        self._ahead = b""
        self._burst = _FIRST
        with server_says(self._connection):
            size = client.stat(path).size
            self._handle = client.open_file(path, Open.READ)
            self._size = _probed_size(client, self._handle) if size is None else size

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        begin = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        self._position = max(0, begin + offset)
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        at = self._position - self._ahead_at
        if not 0 <= at < len(self._ahead):
            in_order = at == len(self._ahead)
            self._burst = min(2 * self._burst, _MOST) if in_order else _FIRST
            self._ahead_at, self._ahead, at = self._position, self._read(max(self._burst, len(buffer))), 0
        piece = self._ahead[at : at + len(buffer)]
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def close(self) -> None:
        if not self.closed:
            with suppress(SftpFailure, OSError, EOFError, SSHException):
                self._client.close_handle(self._handle)
        super().close()

    def _read(self, count: int) -> bytes:
        """That many bytes from the position on, or what there is; all requests of it are under way at once."""
        client, start = self._client, self._position
        end = min(start + count, self._size)
        pieces: dict[int, bytes] = {}
        failure: SftpFailure | None = None
        under_way = 0
        with server_says(self._connection):
            for offset in range(start, end, client.piece_size):
                client.start_read(self._handle, offset, min(client.piece_size, end - offset))
                under_way += 1
            while under_way:
                under_way -= 1
                try:
                    offset, length, piece = client.finish_read()
                except EndOfFile:  # it is shorter now
                    continue
                except SftpFailure as error:
                    failure = error
                    continue
                pieces[offset] = piece
                if len(piece) < length:
                    client.start_read(self._handle, offset + len(piece), length - len(piece))
                    under_way += 1
            if failure:
                raise failure
        content = bytearray()
        while piece := pieces.pop(start + len(content), b""):
            content += piece
        return bytes(content)


class server_says:
    """A context in which what the server refuses is an OSError, and a connection that is cut is closed:
    ConnectionLost."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, SftpFailure):
            number = _ERRNO.get(error.code, errno.EIO)
            raise OSError(number, error.reason or os.strerror(number)) from error
        if isinstance(error, (EOFError, OSError, SSHException)):
            self._connection.close()  # whatever else is asked of a silent server would wait as long again
            raise ConnectionLost(
                Said("The connection to {host} was lost.", host=self._connection.server.host),
                Said("What was not read is read by the next run."),
                field="server.host",
            ) from error


def _probed_size(client: SftpClient, handle: bytes) -> int:
    """The size of a file whose server doesn't say it: where reading comes to its end."""
    low, high = 0, 1
    while client.read(handle, high - 1, 1):
        low, high = high, 2 * high
    while low < high - 1:
        middle = (low + high) // 2
        if client.read(handle, middle - 1, 1):
            low = middle
        else:
            high = middle
    return low
