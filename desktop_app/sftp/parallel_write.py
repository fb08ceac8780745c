"""Write one file over several SFTP channels of a connection at once.

A channel carries no more than the server's window (2 MiB with OpenSSH) per round trip. On a long line
several channels, each with its own window, fill the line. Each keeps many writes under way, and the
status of every one is checked.
"""

import errno
import os
import struct
import threading
from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from pathlib import Path
from typing import BinaryIO

import paramiko
from paramiko import Channel, SSHException

from desktop_app.sftp.connection import Connection

# draft-ietf-secsh-filexfer-02: packet types, flags of OPEN, status codes
_INIT, _VERSION, _OPEN, _CLOSE, _WRITE = 1, 2, 3, 4, 6
_STATUS, _HANDLE, _EXTENDED, _EXTENDED_REPLY = 101, 102, 200, 201
_OPEN_WRITE, _OPEN_CREATE, _OPEN_TRUNCATE = 2, 8, 16
_ERRNO = {2: errno.ENOENT, 3: errno.EACCES}

_SMALL_WRITE = 32 << 10  # every server takes this much in one WRITE
_LARGE_WRITE = 255 << 10  # OpenSSH says in limits@openssh.com that it takes this much
_CHANNELS = 8
_BYTES_PER_CHANNEL = 2 << 20
_UNDER_WAY = 16 << 20


class SftpFailure(OSError):
    """The server answered a request with a failure."""


class SftpChannel:
    """One SFTP channel, spoken to directly: paramiko's own client does not check pipelined writes."""

    def __init__(self, connection: Connection) -> None:
        channel = connection.transport.open_session(timeout=connection.limits.idle)
        channel.settimeout(connection.limits.idle)
        channel.invoke_subsystem("sftp")
        self._channel: Channel = channel
        self._next_id = 0
        self._send(_INIT, struct.pack(">I", 3))
        kind, body = self._receive()
        if kind != _VERSION:
            raise SSHException("no SFTP version in answer to INIT")
        self.write_size = _LARGE_WRITE if b"limits@openssh.com" in body else _SMALL_WRITE

    def open_for_writing(self, path: str, flags: int) -> bytes:
        """The handle of a file. Raises SftpFailure."""
        kind, body = self._ask(_OPEN, _text(path.encode()) + struct.pack(">II", flags, 0))
        if kind != _HANDLE:
            _raise_unless_ok(kind, body)
            raise SSHException("no handle in answer to OPEN")
        return body[4:]

    def start_write(self, handle: bytes, offset: int, data: bytes) -> None:
        """Send a WRITE without waiting for its status."""
        self._send(_WRITE, self._new_id() + _text(handle) + struct.pack(">QI", offset, len(data)), data)

    def finish_write(self) -> None:
        """Take the status of one WRITE. Raises SftpFailure."""
        kind, body = self._receive()
        _raise_unless_ok(kind, body[4:])

    def answers_wait(self) -> bool:
        """Whether a status can be taken without waiting."""
        return self._channel.recv_ready()

    def close_handle(self, handle: bytes) -> None:
        """Close a file; servers may report a failed write only here. Raises SftpFailure."""
        _raise_unless_ok(*self._ask(_CLOSE, _text(handle)))

    def free_blocks(self, folder: str) -> int:
        """Blocks that an ordinary user may still fill (statvfs@openssh.com). Raises SftpFailure."""
        kind, body = self._ask(_EXTENDED, _text(b"statvfs@openssh.com") + _text(folder.encode()))
        if kind != _EXTENDED_REPLY:
            raise SftpFailure(errno.ENOSYS, "no statvfs")
        return int(struct.unpack(">11Q", body[:88])[4])

    def close(self) -> None:
        """Close the channel."""
        self._channel.close()

    def _ask(self, kind: int, body: bytes) -> tuple[int, bytes]:
        self._send(kind, self._new_id() + body)
        answer, content = self._receive()
        return answer, content[4:]

    def _new_id(self) -> bytes:
        self._next_id = (self._next_id + 1) % (1 << 32)
        return struct.pack(">I", self._next_id)

    def _send(self, kind: int, body: bytes, data: bytes = b"") -> None:
        self._channel.sendall(struct.pack(">IB", 1 + len(body) + len(data), kind) + body + data)

    def _receive(self) -> tuple[int, bytes]:
        length, kind = struct.unpack(">IB", self._exactly(5))
        return kind, self._exactly(length - 1)

    def _exactly(self, count: int) -> bytes:
        parts = []
        while count:
            part = self._channel.recv(count)
            if not part:
                raise EOFError("the channel was closed")
            parts.append(part)
            count -= len(part)
        return b"".join(parts)


def write_parallel(connection: Connection, local: Path, remote: str, on_bytes: Callable[[int], None]) -> None:
    """Write the file `local` to `remote`, anew. `on_bytes` gets the bytes that the server confirmed.

    A server that allows fewer channels gets the file over those. Raises SftpFailure where the server
    refuses, OSError, EOFError or SSHException where the connection breaks or falls silent.
    """
    size = local.stat().st_size
    first = SftpChannel(connection)
    try:
        flags = _OPEN_WRITE | _OPEN_CREATE | _OPEN_TRUNCATE
        handle = first.open_for_writing(remote, flags)
        work = _Work(size, first.write_size, on_bytes)
        channels = min(_CHANNELS, 1 + size // _BYTES_PER_CHANNEL) if _writes_anywhere(connection) else 1
        _run(
            connection,
            [lambda: _write_stripes(first, handle, local, work)],
            local,
            remote,
            work,
            channels - 1,
        )
    finally:
        first.close()


def _writes_anywhere(connection: Connection) -> bool:
    """Whether the server writes to a disk, at any place of a file, and not to a store that only appends.

    No server says so; OpenSSH is known to. Servers in front of object stores (rclone, AWS Transfer) refuse
    what comes out of order, and then may no longer answer.
    """
    return "OpenSSH" in connection.transport.remote_version


def free_blocks(connection: Connection) -> int:
    """The free blocks of the disk of the server path. Raises SftpFailure where the server can't say."""
    channel = SftpChannel(connection)
    try:
        return channel.free_blocks(connection.folder)
    finally:
        channel.close()


class _Work:
    """The stripes of a file that are still to be written, shared by the channels."""

    def __init__(self, size: int, stripe: int, on_bytes: Callable[[int], None]) -> None:
        self._offsets = iter(range(0, size, stripe))
        self._size = size
        self._stripe = stripe
        self._on_bytes = on_bytes
        self._lock = threading.Lock()
        self.confirmed = 0

    def next_stripe(self) -> tuple[int, int] | None:
        """Offset and length of the next stripe, or None when all are taken."""
        with self._lock:
            offset = next(self._offsets, None)
        return None if offset is None else (offset, min(self._stripe, self._size - offset))

    def stop(self) -> None:
        """Let the channels end after what they have under way."""
        with self._lock:
            self._offsets = iter(range(0))

    def confirm(self, count: int) -> None:
        with self._lock:
            self.confirmed += count
            self._on_bytes(count)


def _run(
    connection: Connection,
    jobs: list[Callable[[], None]],
    local: Path,
    remote: str,
    work: _Work,
    more_channels: int,
) -> None:
    """Let all channels work; the first failure of one that had begun ends the others."""
    jobs = [*jobs, *([lambda: _join_in(connection, local, remote, work)] * more_channels)]
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


def _join_in(connection: Connection, local: Path, remote: str, work: _Work) -> None:
    try:
        channel = SftpChannel(connection)
        handle = channel.open_for_writing(remote, _OPEN_WRITE)
    except (paramiko.ChannelException, SSHException, SftpFailure, EOFError):
        return  # the server allows no more channels, or no second handle: the others do it
    try:
        _write_stripes(channel, handle, local, work)
    finally:
        channel.close()


def _write_stripes(channel: SftpChannel, handle: bytes, local: Path, work: _Work) -> None:
    under_way: list[int] = []
    with local.open("rb", buffering=0) as file:
        while stripe := work.next_stripe():
            offset, length = stripe
            channel.start_write(handle, offset, _read(file, offset, length))
            under_way.append(length)
            while under_way and (channel.answers_wait() or sum(under_way) > _UNDER_WAY):
                channel.finish_write()
                work.confirm(under_way.pop(0))
    while under_way:
        channel.finish_write()
        work.confirm(under_way.pop(0))
    channel.close_handle(handle)


def _read(file: BinaryIO | object, offset: int, length: int) -> bytes:
    assert hasattr(file, "seek") and hasattr(file, "read")
    file.seek(offset, os.SEEK_SET)
    data: bytes = file.read(length)
    if len(data) != length:
        raise OSError(errno.EIO, "the archive in the outbox was cut short while it was read")
    return data


def _text(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


def _raise_unless_ok(kind: int, body: bytes) -> None:
    if kind != _STATUS:
        raise SSHException(f"packet {kind} where a status should be")
    (code,) = struct.unpack(">I", body[:4])
    if code:
        length = int.from_bytes(body[4:8], "big")
        raise SftpFailure(_ERRNO.get(code, 0), body[8 : 8 + length].decode(errors="replace"))
