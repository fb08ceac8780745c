"""Write one file over several SFTP channels of a connection at once.

A channel carries no more than the server's window (2 MiB with OpenSSH) per round trip. On a long line
several channels, each with its own window, fill the line. Each keeps many writes under way, and the
status of every one is checked. Of more than the line holds, the rest would lie in the server's buffers,
which makes OpenSSH slow.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from functools import partial
from io import FileIO
from pathlib import Path

from paramiko import SSHException

from desktop_app.errors import LocalDiskError
from desktop_app.held import patiently, reason
from desktop_app.sftp.client import SftpClient, open_sftp
from desktop_app.sftp.connection import Connection
from desktop_app.sftp.errors import SftpFailure
from desktop_app.sftp.packets import Open
from desktop_app.wording import Said

_CHANNELS = 10  # OpenSSH's MaxSessions, unless somebody set it
_BYTES_PER_CHANNEL = 8 << 20  # so much goes over the first one until another takes part, a few round trips later
_WINDOW = 2 << 20
_LEAST_UNDER_WAY, _MOST_UNDER_WAY = 512 << 10, _CHANNELS * _WINDOW
_BYTES_PER_SECOND = 400 << 20  # more than is encrypted in that time
_LONG_WAIT = 0.05  # seconds


@contextmanager
def other_channels(connection: Connection, size: int) -> Iterator[Sequence[Future[SftpClient]]]:
    """As many channels besides the connection's own as a file of `size` bytes is written faster by, until the end
    of the context. They open while something else is asked, which saves the round trips that it takes."""
    count = _how_many(connection, size)
    with ThreadPoolExecutor(max(1, count)) as pool:
        opening = [pool.submit(open_sftp, connection.transport, connection.limits.idle) for _ in range(count)]
        try:
            yield opening
        finally:
            for each in opening:
                with suppress(SSHException, EOFError, OSError):
                    each.result().close()


def write_parallel(
    connection: Connection,
    others: Sequence[Future[SftpClient]],
    local: Path,
    remote: str,
    handle: bytes,
    on_bytes: Callable[[int], None],
) -> None:
    """Write the file `local` to `remote`, an empty file open by `handle`, which is closed in the end.

    `on_bytes` gets the bytes that the server confirmed. The connection's own channel begins; of `others`, those
    that the server allows take part. Raises SftpFailure where the server refuses, OSError, EOFError or
    SSHException where the connection breaks or falls silent, LocalDiskError where `local` can't be read.
    """
    work = _Work(size_of(local), connection.transport.is_openssh, on_bytes)
    jobs: list[Callable[[], None]] = [lambda: _write_stripes(connection.sftp, handle, local, work)]
    jobs += [partial(_join_in, other, local, remote, work) for other in others]
    with ThreadPoolExecutor(len(jobs)) as pool:
        running = {pool.submit(job) for job in jobs}
        try:
            while running:
                before = work.confirmed
                done, running = wait(running, connection.limits.idle, FIRST_EXCEPTION)
                for job in done:
                    job.result()
                if not done and work.confirmed == before:
                    raise TimeoutError("the server makes no progress")
        except BaseException as error:
            work.stop()
            if not isinstance(error, SftpFailure):
                # Frees the threads that wait for a server that is silent.
                connection.close()
            raise


def _how_many(connection: Connection, size: int) -> int:
    """How many channels more than one are of use for a file: the line must be long, and the file large."""
    if not _writes_anywhere(connection):
        return 0
    return min(_CHANNELS - 1, _on_the_line(connection.sftp) // _WINDOW, size // _BYTES_PER_CHANNEL)


def _on_the_line(client: SftpClient) -> int:
    """How many bytes the line holds between us and the server, up to the windows of all channels."""
    return int(min(client.round_trip * _BYTES_PER_SECOND, _MOST_UNDER_WAY))


def _writes_anywhere(connection: Connection) -> bool:
    """Whether the server writes to a disk, at any place of a file, and not to a store that only appends.

    No server says so; OpenSSH is known to. Servers in front of object stores (rclone, AWS Transfer) refuse
    what comes out of order, and then may no longer answer.
    """
    return connection.transport.is_openssh


class _Work:
    """The stripes of a file that are still to be written, shared by the channels. `in_order`: whether the server
    is known to do one thing after another, as it is asked to."""

    def __init__(self, size: int, in_order: bool, on_bytes: Callable[[int], None]) -> None:
        self.in_order = in_order
        self._size = size
        self._offset = 0
        self._on_bytes = on_bytes
        self._lock = threading.Lock()
        self.confirmed = 0

    def next_stripe(self, limit: int) -> tuple[int, int] | None:
        """Offset and length (`limit` at most) of the next stripe, or None when all are taken."""
        with self._lock:
            offset, length = self._offset, min(limit, self._size - self._offset)
            self._offset += length
        return (offset, length) if length else None

    def stop(self) -> None:
        """Let the channels end after what they have under way."""
        with self._lock:
            self._offset = self._size

    def confirm(self, count: int) -> None:
        with self._lock:
            self.confirmed += count
            self._on_bytes(count)


def _join_in(opening: Future[SftpClient], local: Path, remote: str, work: _Work) -> None:
    try:
        client = opening.result()
    except (SSHException, EOFError, OSError):
        return  # the server allows no more channels, or closes this one: the others do it
    try:
        handle = client.open_file(remote, Open.WRITE)
    except SftpFailure:
        return  # nor a second handle
    _write_stripes(client, handle, local, work)


def _write_stripes(client: SftpClient, handle: bytes, local: Path, work: _Work) -> None:
    """Write stripes until all are taken, and close the file.

    A server that does one thing after another is asked to close it right behind the last write, which saves a
    round trip; some do many at once.
    """
    under_way: deque[int] = deque()
    most = max(_LEAST_UNDER_WAY, _on_the_line(client))

    def finish() -> None:
        length = under_way.popleft()
        client.finish_write()
        work.confirm(length)

    try:
        with _opened(local) as file:
            while stripe := work.next_stripe(client.piece_size):
                offset, length = stripe
                client.start_write(handle, offset, _read(file, offset, length))
                under_way.append(length)
                while sum(under_way) > most:
                    began = time.monotonic()
                    finish()
                    if time.monotonic() - began > _LONG_WAIT:  # for a server that takes its time
                        most = min(2 * most, _MOST_UNDER_WAY)
                while under_way and client.answers_wait():
                    finish()
        if work.in_order:
            client.start_close(handle)
            under_way.append(0)
        while under_way:
            finish()
        if not work.in_order:
            client.close_handle(handle)
    except SftpFailure:
        # What asks next on this channel must not get answers that were meant for us.
        for _ in under_way:
            with suppress(SftpFailure):
                client.finish_write()
        with suppress(SftpFailure):  # where it is closed already
            client.close_handle(handle)
        raise


def size_of(local: Path) -> int:
    """The size of an archive in the outbox, in bytes. Raises LocalDiskError."""
    try:
        return local.stat().st_size
    except OSError as error:
        raise _unreadable(reason(error)) from error


def _opened(local: Path) -> FileIO:
    try:
        return patiently(lambda: FileIO(local))
    except OSError as error:
        raise _unreadable(reason(error)) from error


def _read(file: FileIO, offset: int, length: int) -> bytes:
    try:
        file.seek(offset)
        data = file.read(length)
    except OSError as error:
        raise _unreadable(reason(error)) from error
    if data is None or len(data) != length:
        raise _unreadable("it was cut short")
    return data


def _unreadable(why: str) -> LocalDiskError:
    return LocalDiskError(
        Said("The archive in the outbox could not be read ({reason}).", reason=why),
        Said("The next run writes it again."),
    )
