"""Read a file from the server with many requests under way, in large pieces."""

from collections.abc import Iterator
from contextlib import suppress

from desktop_app.sftp.client import SftpClient
from desktop_app.sftp.errors import EndOfFile, SftpFailure
from desktop_app.sftp.packets import Open

_UNDER_WAY = 4 << 20


def read_ahead(client: SftpClient, path: str, start: int, end: int) -> Iterator[bytes]:
    """The bytes of a file on the server from `start` up to `end` (excluded), in order.

    To be read to its end before anything else is asked on this channel. Raises SftpFailure where the server
    refuses, EndOfFile where the file ends early; OSError, EOFError or SSHException where the connection breaks.
    """
    handle = client.open_file(path, Open.READ)
    arrived: dict[int, bytes] = {}
    asked = given = start
    under_way = 0
    try:
        while given < end:
            while asked < end and asked - given < _UNDER_WAY:
                length = min(client.piece_size, end - asked)
                client.start_read(handle, asked, length)
                under_way += 1
                asked += length
            under_way -= 1
            offset, length, piece = client.finish_read()
            if len(piece) < length:
                client.start_read(handle, offset + len(piece), length - len(piece))
                under_way += 1
            arrived[offset] = piece
            while given in arrived:
                piece = arrived.pop(given)
                given += len(piece)
                yield piece
    except (EndOfFile, SftpFailure):
        for _ in range(under_way):  # what asks next on this channel must not get answers that were meant for us
            with suppress(EndOfFile, SftpFailure):
                client.finish_read()
        with suppress(SftpFailure):
            client.close_handle(handle)
        raise
    client.close_handle(handle)
