"""The packets of SFTP version 3 (draft-ietf-secsh-filexfer-02): their numbers, and their fields as bytes."""

import struct
from dataclasses import dataclass
from enum import IntEnum, IntFlag

from paramiko import SSHException


class Kind(IntEnum):
    """What a packet asks or answers."""

    INIT = 1
    VERSION = 2
    OPEN = 3
    CLOSE = 4
    READ = 5
    WRITE = 6
    LSTAT = 7
    OPENDIR = 11
    READDIR = 12
    REMOVE = 13
    MKDIR = 14
    RMDIR = 15
    REALPATH = 16
    STAT = 17
    RENAME = 18
    STATUS = 101
    HANDLE = 102
    DATA = 103
    NAME = 104
    ATTRS = 105
    EXTENDED = 200
    EXTENDED_REPLY = 201


class Code(IntEnum):
    """The codes of a STATUS that mean something of their own here."""

    OK = 0
    END_OF_FILE = 1
    NO_SUCH_FILE = 2
    PERMISSION_DENIED = 3
    UNSUPPORTED = 8


class Open(IntFlag):
    """What a file is opened for."""

    READ = 1
    WRITE = 2
    CREATE = 8
    TRUNCATE = 16
    EXCLUSIVE = 32


class _Has(IntFlag):
    """Which attributes there are."""

    SIZE = 1
    OWNER = 2
    MODE = 4
    TIMES = 8
    EXTENDED = 1 << 31


@dataclass(frozen=True)
class Attributes:
    """What the server says of a file, as far as it is of use here; None where it doesn't say.

    `modified` is in seconds since 1970, by the server's clock.
    """

    size: int | None
    mode: int | None
    modified: int | None


class Fields:
    """The fields of a packet, taken one after another. Raises SSHException where it ends too early."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._taken = 0

    def number(self) -> int:
        return int.from_bytes(self._take(4), "big")

    def large_number(self) -> int:
        return int.from_bytes(self._take(8), "big")

    def text(self) -> bytes:
        return self._take(self.number())

    def attributes(self) -> Attributes:
        has = self.number()
        size = self.large_number() if has & _Has.SIZE else None
        if has & _Has.OWNER:
            self._take(8)
        mode = self.number() if has & _Has.MODE else None
        modified = None
        if has & _Has.TIMES:
            self._take(4)
            modified = self.number()
        if has & _Has.EXTENDED:
            for _ in range(self.number()):
                self.text()
                self.text()
        return Attributes(size, mode, modified)

    def _take(self, count: int) -> bytes:
        end = self._taken + count
        if end > len(self._body):
            raise SSHException("an SFTP packet ends too early")
        field, self._taken = self._body[self._taken : end], end
        return field


def text(value: str | bytes) -> bytes:
    """A text, a handle or data as a field."""
    content = value.encode() if isinstance(value, str) else value
    return struct.pack(">I", len(content)) + content


def number(value: int) -> bytes:
    """A number as a field."""
    return struct.pack(">I", value)


def large_number(value: int) -> bytes:
    """A number of 64 bits as a field."""
    return struct.pack(">Q", value)
