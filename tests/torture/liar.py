"""An SFTP server that answers as if it had done what it was asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import asyncssh

LIES = (
    "rename",
    "write",
    "write half",
    "write other bytes",
    "remove",
    "stat less",
    "stat more",
    "list less",
    "list more",
    "read zeros",
    "rename and refuse",
    "write and refuse",
    "close and refuse",
)


@dataclass
class Lie:
    """Which lie is told `times` times, after the truth was told `truths` times."""

    name: str = ""
    truths: int = 0
    times: int = 0
    told: int = 0

    def is_told(self, name: str) -> bool:
        if name != self.name or not self.times:
            return False
        if self.truths:
            self.truths -= 1
            return False
        self.times -= 1
        self.told += 1
        return True


def liar(lie: Lie) -> type[asyncssh.SFTPServer]:
    """A class of servers that tell `lie`."""

    class Liar(asyncssh.SFTPServer):
        def rename(self, oldpath: bytes, newpath: bytes) -> None:
            self._rename(super().rename, oldpath, newpath)

        def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
            self._rename(super().posix_rename, oldpath, newpath)

        def _rename(self, do: Callable[[bytes, bytes], Any], oldpath: bytes, newpath: bytes) -> None:
            if not lie.is_told("rename"):
                do(oldpath, newpath)
                self._refuse("rename and refuse")

        def write(self, file_obj: Any, offset: int, data: bytes) -> int:
            if lie.is_told("write"):
                return len(data)
            written = data
            if lie.is_told("write half"):
                written = data[: len(data) // 2]
            if lie.is_told("write other bytes"):
                written = data[:-1] + bytes([data[-1] ^ 1])
            super().write(file_obj, offset, written)
            self._refuse("write and refuse")
            return len(data)

        def read(self, file_obj: Any, offset: int, size: int) -> bytes:
            data: bytes = super().read(file_obj, offset, size)
            return bytes(len(data)) if lie.is_told("read zeros") else data

        def close(self, file_obj: Any) -> None:
            super().close(file_obj)
            self._refuse("close and refuse")

        def remove(self, path: bytes) -> None:
            if not lie.is_told("remove"):
                super().remove(path)

        def stat(self, path: bytes) -> Any:
            return self._sized(super().stat(path))

        def lstat(self, path: bytes) -> Any:
            return self._sized(super().lstat(path))

        def fstat(self, file_obj: Any) -> Any:
            return self._sized(super().fstat(file_obj))

        async def scandir(self, path: bytes) -> Any:
            first = True
            async for entry in super().scandir(path):
                if not (first and entry.filename not in (b".", b"..") and lie.is_told("list less")):
                    yield entry
                if lie.is_told("list more"):
                    yield asyncssh.SFTPName(b".audit-trails-ws-2026-01-01.zip.part", attrs=entry.attrs)
                first = False

        @staticmethod
        def _sized(found: Any) -> Any:
            attributes = asyncssh.SFTPAttrs.from_local(found)
            if lie.is_told("stat less"):
                attributes.size = max(0, (attributes.size or 0) - 1)
            if lie.is_told("stat more"):
                attributes.size = (attributes.size or 0) + 1
            return attributes

        @staticmethod
        def _refuse(name: str) -> None:
            if lie.is_told(name):
                raise asyncssh.SFTPFailure("something went wrong")

    return Liar
