"""Bytes that come by the piece, as a file that can be sought."""

import os
from collections.abc import Callable, Iterator
from io import BufferedReader, RawIOBase
from typing import BinaryIO

_BUFFER = 1 << 20


def as_file(pieces: Callable[[], Iterator[bytes]]) -> BinaryIO:
    """A file of what `pieces` gives. To go back further than a buffer of 1 MiB, it is asked again from the
    start."""
    return BufferedReader(_Stream(pieces), _BUFFER)


class _Stream(RawIOBase):
    def __init__(self, pieces: Callable[[], Iterator[bytes]]) -> None:
        self._pieces = pieces
        self._coming = pieces()
        self._piece = memoryview(b"")
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._fill():
            return 0
        some = self._piece[: len(buffer)]
        buffer[: len(some)] = some
        self._move(len(some))
        return len(some)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        if whence == os.SEEK_END:
            while self._fill():
                self._move(len(self._piece))
        target = offset if whence == os.SEEK_SET else self._position + offset
        if target < self._position:
            self._coming, self._piece, self._position = self._pieces(), memoryview(b""), 0
        while self._position < target and self._fill():
            self._move(min(len(self._piece), target - self._position))
        return self._position

    def _fill(self) -> bool:
        """Have some bytes in `_piece`, unless the end is reached."""
        while not self._piece:
            piece = next(self._coming, None)
            if piece is None:
                return False
            self._piece = memoryview(piece)
        return True

    def _move(self, size: int) -> None:
        self._piece = self._piece[size:]
        self._position += size
