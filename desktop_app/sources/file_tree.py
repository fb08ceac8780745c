"""Where a source's files are, whatever holds them: a folder of this computer, one on a server."""

from contextlib import AbstractContextManager
from fnmatch import fnmatchcase
from typing import BinaryIO, Protocol

from msgspec import Struct

from desktop_app.wording import Said


class SeenFile(Struct, frozen=True):
    """A file as it was when it was looked at.

    `path` opens it. `name` is its path below the source's folder, with `/`: part of the id of records without one.
    """

    path: str
    name: str
    size: int
    modified_ns: int


class LeftOut(Struct, frozen=True):
    """A file or a folder that is not read: why, and what to do about it."""

    path: str
    reason: str
    hint: Said


class Listed(Struct, frozen=True):
    """The files that match, oldest first, so that events arrive about in order; and what is left out."""

    files: list[SeenFile]
    left_out: list[LeftOut]


class FileTree(Protocol):
    """The files of one source. What can't be read is an OSError, but for the folder itself: that is a
    UserError."""

    @property
    def asked(self) -> str:
        """Which files: the folder and the pattern."""

    def listed(self) -> Listed:
        """What there is. Raises UserError where the folder can't be read."""

    def look(self, file: SeenFile) -> SeenFile:
        """A file as it is now."""

    def open(self, path: str) -> AbstractContextManager[BinaryIO]:
        """A file, as a stream that can be sought."""

    def is_same(self, path: str, other: str) -> bool:
        """Whether two paths lead to one file, as far as can be told."""


def as_text(path: str) -> str:
    """A path as a database and a log take it: bytes of a name that are no UTF-8, as escapes."""
    return path.encode("utf-8", "backslashreplace").decode()


def matches(parts: list[str], pattern: list[str]) -> bool:
    """Whether a path matches a pattern, both by their names; `**` is any number of folders."""
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return matches(parts, pattern[1:]) or (bool(parts) and matches(parts[1:], pattern))
    return bool(parts) and fnmatchcase(parts[0], pattern[0]) and matches(parts[1:], pattern[1:])
