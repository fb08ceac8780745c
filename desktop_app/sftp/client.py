"""What can be asked of an SFTP server: about files and folders, and pieces of files with many under way."""

import logging
import threading
import time
from contextlib import suppress
from dataclasses import dataclass

from paramiko import SSHException

from desktop_app.sftp.channel import SftpChannel
from desktop_app.sftp.errors import EndOfFile, SftpFailure
from desktop_app.sftp.limits import DEFAULT_LIMITS
from desktop_app.sftp.packets import Attributes, Kind, Open, large_number, number, text
from desktop_app.sftp.printable import printable
from desktop_app.sftp.transport import AuditTransport

_LOG = logging.getLogger(__name__)
_SMALL_PIECE = 32 << 10  # every server takes and gives this much in one WRITE or READ
_LARGE_PIECE = 255 << 10  # OpenSSH says in limits@openssh.com that it takes and gives this much
_FREE_BLOCKS = 4  # the place in an answer of statvfs@openssh.com: `f_bavail`
_LONGEST_PATH = 4096
_MOST_NAMES = 1_000_000
_NO_ATTRIBUTES = number(0)


@dataclass(frozen=True)
class Entry:
    """A name in a folder, and what the server says of it; of a link, that is of the link itself."""

    name: str
    attributes: Attributes

    @property
    def modified(self) -> int | None:
        """Seconds since 1970 by the server's clock, None where it doesn't say."""
        return self.attributes.modified


class SftpClient:
    """The requests of one channel. All raise as `SftpChannel` says; NoSuchFile where there is no such file.

    `piece_size` is how many bytes the server takes in one write, and gives in one read. What is started must be
    finished before anything else is asked.
    """

    def __init__(self, channel: SftpChannel) -> None:
        self._channel = channel
        self._reads: dict[int, tuple[int, int]] = {}
        self.piece_size = _LARGE_PIECE if b"limits@openssh.com" in channel.begin() else _SMALL_PIECE

    @property
    def round_trip(self) -> float:
        """The shortest time (seconds) that an answer took so far; infinite before the first."""
        return self._channel.round_trip

    def stat(self, path: str) -> Attributes:
        return self._channel.ask(Kind.STAT, text(path), Kind.ATTRS).attributes()

    def lstat(self, path: str) -> Attributes:
        """Of a link itself."""
        return self._channel.ask(Kind.LSTAT, text(path), Kind.ATTRS).attributes()

    def full_path(self, path: str) -> str:
        """The path from the root on, as it may be shown."""
        found = self._channel.ask(Kind.REALPATH, text(path), Kind.NAME)
        if found.number() != 1:
            raise SSHException("not one path in answer to REALPATH")
        return printable(found.text(), _LONGEST_PATH)

    def entries(self, folder: str, seconds: float = DEFAULT_LIMITS.listing) -> list[Entry]:
        """What is in a folder, up to a million and as far as the server tells it in time; what is not UTF-8 in a
        name is replaced."""
        ends = time.monotonic() + seconds
        handle = self._channel.ask(Kind.OPENDIR, text(folder), Kind.HANDLE).text()
        entries: list[Entry] = []
        with suppress(EndOfFile):
            while len(entries) < _MOST_NAMES:
                found = self._channel.ask(Kind.READDIR, text(handle), Kind.NAME)
                count = found.number()
                if time.monotonic() > ends:
                    _LOG.warning(
                        "the names in a folder of the server take too long: %d of them count", len(entries)
                    )
                    break
                if not count:  # or a server might answer so for ever
                    break
                for _ in range(count):
                    name = found.text().decode(errors="replace")
                    found.text()  # as `ls -l` has it
                    entries.append(Entry(name, found.attributes()))
        self.close_handle(handle)
        return entries

    def rename(self, old: str, new: str) -> None:
        self._channel.ask(Kind.RENAME, text(old) + text(new), Kind.STATUS)

    def posix_rename(self, old: str, new: str) -> None:
        """Rename, and replace what has the new name (posix-rename@openssh.com)."""
        self._channel.ask(Kind.EXTENDED, text("posix-rename@openssh.com") + text(old) + text(new), Kind.STATUS)

    def remove(self, path: str) -> None:
        self._channel.ask(Kind.REMOVE, text(path), Kind.STATUS)

    def make_folder(self, path: str) -> None:
        self._channel.ask(Kind.MKDIR, text(path) + _NO_ATTRIBUTES, Kind.STATUS)

    def remove_folder(self, path: str) -> None:
        self._channel.ask(Kind.RMDIR, text(path), Kind.STATUS)

    def free_blocks(self, folder: str) -> int:
        """Blocks that an ordinary user may still fill (statvfs@openssh.com)."""
        fields = text("statvfs@openssh.com") + text(folder)
        answer = self._channel.ask(Kind.EXTENDED, fields, Kind.EXTENDED_REPLY)
        return [answer.large_number() for _ in range(_FREE_BLOCKS + 1)][_FREE_BLOCKS]

    def write(self, handle: bytes, content: bytes) -> None:
        """Write all of a small file, and close it."""
        self.start_write(handle, 0, content)
        self.finish_write()
        self.close_handle(handle)

    def read(self, handle: bytes, offset: int, length: int) -> bytes:
        """A piece of a file, of `length` bytes or fewer; empty at its end."""
        self.start_read(handle, offset, length)
        with suppress(EndOfFile):
            return self.finish_read()[2]
        return b""

    def open_file(self, path: str, how: Open) -> bytes:
        """The handle of a file."""
        return self._channel.ask(Kind.OPEN, text(path) + number(how) + _NO_ATTRIBUTES, Kind.HANDLE).text()

    def create_file(self, path: str) -> bytes:
        """The handle of a new file to be written, in place of what has that path. A connection that was cut and
        still writes there does so to a file that is gone, unless the server lets nobody delete."""
        anew = Open.WRITE | Open.CREATE | Open.TRUNCATE
        with suppress(SftpFailure):
            return self.open_file(path, anew | Open.EXCLUSIVE)
        with suppress(SftpFailure):
            self.remove(path)
            return self.open_file(path, anew | Open.EXCLUSIVE)
        return self.open_file(path, anew)

    def close_handle(self, handle: bytes) -> None:
        """Close a file or a folder; servers may report a failed write only here."""
        self._channel.ask(Kind.CLOSE, text(handle), Kind.STATUS)

    def start_close(self, handle: bytes) -> None:
        """Close a file after what was asked of it before; the status is taken as that of a write."""
        self._channel.send(Kind.CLOSE, text(handle))

    def start_write(self, handle: bytes, offset: int, data: bytes) -> None:
        """Send a piece of a file without waiting for its status."""
        self._channel.send(Kind.WRITE, text(handle) + large_number(offset) + number(len(data)), data)

    def finish_write(self) -> None:
        """Take the status of one piece."""
        self._channel.receive(Kind.STATUS)

    def start_read(self, handle: bytes, offset: int, length: int) -> None:
        """Ask for a piece of a file without waiting for it."""
        request = self._channel.send(Kind.READ, text(handle) + large_number(offset) + number(length))
        self._reads[request] = offset, length

    def finish_read(self) -> tuple[int, int, bytes]:
        """A piece that was asked for, in any order: its offset, the length that was asked for, and what came,
        which may be less. Raises EndOfFile where the file ends before it."""
        request, fields = self._channel.receive(Kind.DATA)
        (offset, length), data = self._reads.pop(request), fields.text()
        if not 0 < len(data) <= length:
            raise SSHException(f"{len(data)} bytes in answer to a READ of {length}")
        return offset, length, data

    def answers_wait(self) -> bool:
        """Whether a status can be taken without waiting."""
        return self._channel.answers_wait()

    def close(self) -> None:
        self._channel.close()


def open_sftp(transport: AuditTransport, seconds: float) -> SftpClient:
    """Open an SFTP channel; the connection is closed when that, or any later wait on it, takes longer.

    Raises NoSftp where the service is no SFTP, else SSHException, EOFError or OSError.
    """
    # paramiko itself would wait for some of the answers for ever.
    too_long = threading.Timer(seconds, transport.close)
    too_long.daemon = True
    too_long.start()
    try:
        channel = transport.open_session(timeout=seconds)
        channel.settimeout(seconds)
        transport.begin_sftp(channel)
        return SftpClient(SftpChannel(channel, transport.count_moved, transport.send_all))
    finally:
        too_long.cancel()
