"""The files in a folder of this computer that match a pattern, and the links among them that lead elsewhere."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import cache, cached_property
from pathlib import Path, PurePath
from typing import BinaryIO

from desktop_app.errors import LocalDiskError
from desktop_app.files import open_regular
from desktop_app.held import reason
from desktop_app.settings.model import FolderSource
from desktop_app.sources.file_pattern import FilePattern
from desktop_app.sources.file_tree import LeftOut, Listed, SeenFile
from desktop_app.wording import Said

_LINK = Said("a link leads out of the folder, which the source does not follow")
_NOWHERE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)  # it vanished, or is a link that leads nowhere
_UNREADABLE_HINT = Said("It is tried again by the next run. May this user read it?")
_LINK_HINT = Said("Have the source follow links, or remove the link.")


class FolderTree:
    """Those of a source. All that is read is in its folder, unless it follows links."""

    def __init__(self, source: FolderSource) -> None:
        self._source = source
        self._folder = Path(source.path)

    @property
    def asked(self) -> str:
        return f"{self._folder}{os.sep}{self._source.pattern}"

    def listed(self) -> Listed:
        """Regular files. Raises LocalDiskError where the folder can't be read."""

        @cache
        def leads_out(path: str) -> bool:
            return self._within is not None and not Path(os.path.realpath(path)).is_relative_to(self._within)

        files: list[SeenFile] = []
        left_out: list[LeftOut] = []
        for path in self._matching(left_out):
            try:
                state = Path(path).lstat()
                is_link = stat.S_ISLNK(state.st_mode)
                if is_link:
                    state = Path(path).stat()
            except OSError as error:
                if error.errno not in _NOWHERE:
                    left_out.append(_unreadable(path, error))
                continue
            if stat.S_ISREG(state.st_mode):
                if leads_out(path if is_link else str(Path(path).parent)):
                    left_out.append(LeftOut(path, _LINK, _LINK_HINT))
                else:
                    files.append(self._seen(path, state))
        files.sort(key=lambda file: (file.modified_ns, Path(file.path)))
        return Listed(files, sorted(left_out, key=lambda each: each.path))

    def look(self, file: SeenFile) -> SeenFile:
        return self._seen(file.path, Path(file.path).stat())

    def open(self, path: str) -> AbstractContextManager[BinaryIO]:
        return open_regular(Path(path), self._within)

    def is_same(self, path: str, other: str) -> bool:
        return Path(path).samefile(other)

    def _matching(self, left_out: list[LeftOut]) -> Iterator[str]:
        """What is no folder and matches; `left_out` gets the folders on the way that can't be listed."""
        pattern = FilePattern(PurePath(self._source.pattern).parts)
        folders = [(str(self._folder), pattern.begin)]
        while folders:
            folder, at = folders.pop()
            try:
                with os.scandir(folder) as entries:
                    for entry in entries:
                        if _is_folder(entry):
                            below = pattern.below(at, entry.name, entry.is_symlink())
                            folders += [(entry.path, below)] if below else []
                        elif pattern.takes(at, entry.name):
                            yield entry.path
            except OSError as error:
                if folder == str(self._folder):
                    raise self._no_folder(error) from error
                if error.errno not in _NOWHERE and _may_be_folder(folder):
                    left_out.append(_unreadable(folder, error))

    def _no_folder(self, error: OSError) -> LocalDiskError:
        return LocalDiskError(
            Said(
                "The folder {folder} of source {name} can't be read ({reason}).",
                folder=self._folder,
                name=self._source.name,
                reason=reason(error),
            ),
            Said("Is it there, and may this user read it?"),
        )

    def _seen(self, path: str, state: os.stat_result) -> SeenFile:
        name = os.path.relpath(path, self._folder).replace(os.sep, "/")
        return SeenFile(path, name, state.st_size, state.st_mtime_ns)

    @cached_property
    def _within(self) -> Path | None:
        return None if self._source.follow_links else Path(os.path.realpath(self._folder))


def _may_be_folder(path: str) -> bool:
    """Whether a folder is there, as far as can be seen: what Windows says where a file is in its place varies."""
    try:
        return stat.S_ISDIR(Path(path).stat().st_mode)
    except OSError as error:
        return error.errno not in _NOWHERE


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # as of a link that leads to itself
        return False


def _unreadable(path: str, error: OSError) -> LeftOut:
    return LeftOut(path, reason(error), _UNREADABLE_HINT)
