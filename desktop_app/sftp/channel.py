"""An SFTP channel: requests, of which many may be under way, and their answers."""

import math
import struct
import time
from collections.abc import Callable
from contextlib import suppress

from paramiko import Channel, SSHException

from desktop_app.sftp.errors import EndOfFile, NoSuchFile, SftpFailure
from desktop_app.sftp.packets import Code, Fields, Kind
from desktop_app.sftp.printable import printable

_VERSION = 3
_LONGEST = 16 << 20  # servers may tell of a whole folder at once


class NoSftp(SSHException):
    """What answers on the channel is not SFTP; `line` is what it said, if anything."""

    def __init__(self, line: str = "") -> None:
        super().__init__("no SFTP")
        self.line = line


class SftpChannel:
    """Takes part in SFTP version 3 over a channel whose other end is the SFTP service.

    Raises SftpFailure where the server refuses, and EndOfFile where it has no more; OSError, EOFError or
    SSHException where the connection breaks, falls silent or makes no sense. Between two requests by `ask`, every
    answer must be taken. `on_moved` gets the number of bytes of files that went over it, either way; `send` sends.
    `round_trip` is the shortest time (seconds) that an answer to `ask` took so far.
    """

    def __init__(
        self,
        channel: Channel,
        on_moved: Callable[[int], object] = lambda _: None,
        send: Callable[[Channel, bytes], object] = lambda channel, data: channel.sendall(data),
    ) -> None:
        self._channel = channel
        self._send = send
        self._on_moved = on_moved
        self._next_id = 0
        self._answers_due: set[int] = set()
        self.round_trip = math.inf

    def begin(self) -> bytes:
        """Agree on the version; returns what the server says of its extensions. Raises NoSftp."""
        with suppress(OSError):  # a service that has ended already may have said why
            self._channel.sendall(struct.pack(">IBI", 5, Kind.INIT, _VERSION))
        try:
            head = self._exactly(5)
        except EOFError:
            if self._channel.eof_received:  # the connection is there, but the service has ended
                raise NoSftp from None
            raise
        length, kind = struct.unpack(">IB", head)
        if kind != Kind.VERSION or not 5 <= length <= _LONGEST:
            said = head + (self._channel.recv(200) if self._channel.recv_ready() else b"")
            raise NoSftp(printable(said, 80))
        return self._exactly(length - 1)[4:]

    def ask(self, request: Kind, fields: bytes, answer: Kind) -> Fields:
        """Send a request and wait for the answer to it."""
        began = time.monotonic()
        asked = self.send(request, fields)
        answered, found = self.receive(answer)
        self.round_trip = min(self.round_trip, time.monotonic() - began)
        if answered != asked:
            raise SSHException(f"an answer to request {answered}, not to {asked}")
        return found

    def send(self, kind: Kind, fields: bytes, data: bytes = b"") -> int:
        """Send a request without waiting; returns its number. `data` is what comes after the fields."""
        number = self._next_id
        self._next_id = (number + 1) % (1 << 32)
        self._answers_due.add(number)
        head = struct.pack(">IBI", 5 + len(fields) + len(data), kind, number)
        self._send(self._channel, b"".join((head, fields, data)))
        self._on_moved(len(data))
        return number

    def receive(self, expected: Kind) -> tuple[int, Fields]:
        """The next answer: the number of its request, and its fields."""
        length, kind, number = struct.unpack(">IBI", self._exactly(9))
        if not 5 <= length <= _LONGEST:
            raise SSHException(f"an SFTP packet of {length} bytes")
        if number not in self._answers_due:
            raise SSHException(f"an answer to request {number}, which was not made")
        self._answers_due.remove(number)
        fields = Fields(self._exactly(length - 5))
        if kind == Kind.DATA:
            self._on_moved(length)
        if kind == Kind.STATUS:
            code = fields.number()
            if code != Code.OK:
                raise _failure(code, fields)
        if kind != expected:
            raise SSHException(f"packet {kind} where {expected} should be")
        return number, fields

    def answers_wait(self) -> bool:
        """Whether an answer can be taken without waiting."""
        return self._channel.recv_ready()

    def close(self) -> None:
        self._channel.close()

    def _exactly(self, count: int) -> bytes:
        parts = []
        while count:
            part = self._channel.recv(count)
            if not part:
                raise EOFError("the channel was closed")
            parts.append(part)
            count -= len(part)
        return b"".join(parts)


def _failure(code: int, fields: Fields) -> Exception:
    try:
        said = printable(fields.text())
    except SSHException:  # servers may leave out the text
        said = ""
    if code == Code.END_OF_FILE:
        return EndOfFile(said)
    return NoSuchFile(code, said) if code == Code.NO_SUCH_FILE else SftpFailure(code, said)
