"""The files in a folder of this computer that match a pattern, and the links among them that lead elsewhere."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager
from fnmatch import fnmatch
from functools import cache, cached_property
from pathlib import Path, PurePath
from typing import BinaryIO

from desktop_app.errors import LocalDiskError
from desktop_app.files import open_regular
from desktop_app.held import reason
from desktop_app.settings.model import FolderSource
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
        try:
            os.scandir(self._folder).close()
        except OSError as error:
            raise LocalDiskError(
                Said(
                    "The folder {folder} of source {name} can't be read ({reason}).",
                    folder=self._folder,
                    name=self._source.name,
                    reason=reason(error),
                ),
                Said("Is it there, and may this user read it?"),
            ) from error

        @cache
        def leads_out(path: Path) -> bool:
            return self._within is not None and not Path(os.path.realpath(path)).is_relative_to(self._within)

        files: list[SeenFile] = []
        left_out = list(_folders_not_listed(self._folder, PurePath(self._source.pattern).parts))
        for path in self._folder.glob(self._source.pattern):
            try:
                state = path.lstat()
                is_link = stat.S_ISLNK(state.st_mode)
                if is_link:
                    state = path.stat()
            except OSError as error:
                if error.errno not in _NOWHERE:
                    left_out.append(_unreadable(path, error))
                continue
            if stat.S_ISREG(state.st_mode):
                if leads_out(path if is_link else path.parent):
                    left_out.append(LeftOut(str(path), _LINK, _LINK_HINT))
                else:
                    files.append(self._seen(path, state))
        files.sort(key=lambda file: (file.modified_ns, Path(file.path)))
        return Listed(files, sorted(left_out, key=lambda each: each.path))

    def look(self, file: SeenFile) -> SeenFile:
        path = Path(file.path)
        return self._seen(path, path.stat())

    def open(self, path: str) -> AbstractContextManager[BinaryIO]:
        return open_regular(Path(path), self._within)

    def is_same(self, path: str, other: str) -> bool:
        return Path(path).samefile(other)

    def _seen(self, path: Path, state: os.stat_result) -> SeenFile:
        name = str(path.relative_to(self._folder)).replace(os.sep, "/")
        return SeenFile(str(path), name, state.st_size, state.st_mtime_ns)

    @cached_property
    def _within(self) -> Path | None:
        return None if self._source.follow_links else Path(os.path.realpath(self._folder))


def _folders_not_listed(folder: Path, pattern: tuple[str, ...]) -> Iterator[LeftOut]:
    """The folders inside of `folder` that a pattern leads into, and that can't be listed: `glob` passes them over
    without a word."""
    folders = [(folder, pattern)]
    while folders:
        path, parts = folders.pop()
        try:
            with os.scandir(path) as entries:
                inside = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
        except OSError as error:
            if error.errno not in _NOWHERE:
                yield _unreadable(path, error)
            continue
        if parts[0] == "**":
            folders += [(path / name, parts) for name in inside]
        elif len(parts) > 1:
            folders += [(path / name, parts[1:]) for name in inside if fnmatch(name, parts[0])]


def _unreadable(path: Path, error: OSError) -> LeftOut:
    return LeftOut(str(path), reason(error), _UNREADABLE_HINT)
