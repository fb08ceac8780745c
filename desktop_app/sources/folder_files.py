"""The files in the folder of a source that match its pattern, and the links among them that lead elsewhere."""

import os
import stat
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from desktop_app.errors import LocalDiskError
from desktop_app.held import reason
from desktop_app.settings.model import FolderSource
from desktop_app.wording import Said


@dataclass(frozen=True)
class FolderFiles:
    """Regular files, oldest first, so that events arrive about in order; and those not read, since a link on their
    path leads out of the folder. All read ones are `within` that folder, if that was asked."""

    files: list[Path]
    not_followed: list[Path]
    within: Path | None


def folder_files(source: FolderSource) -> FolderFiles:
    """Raises LocalDiskError where the folder can't be read."""
    folder = Path(source.path)
    try:
        os.scandir(folder).close()
    except OSError as error:
        raise LocalDiskError(
            Said(
                "The folder {folder} of source {name} can't be read ({reason}).",
                folder=folder,
                name=source.name,
                reason=reason(error),
            ),
            Said("Is it there, and may this user read it?"),
        ) from error
    within = None if source.follow_links else Path(os.path.realpath(folder))

    @cache
    def leads_out(path: Path) -> bool:
        return within is not None and not Path(os.path.realpath(path)).is_relative_to(within)

    found: list[tuple[int, Path]] = []
    not_followed: list[Path] = []
    for path in folder.glob(source.pattern):
        try:
            state = path.lstat()
            is_link = stat.S_ISLNK(state.st_mode)
            if is_link:
                state = path.stat()
        except OSError:
            continue  # it vanished, or points nowhere
        if stat.S_ISREG(state.st_mode):
            if leads_out(path if is_link else path.parent):
                not_followed.append(path)
            else:
                found.append((state.st_mtime_ns, path))
    return FolderFiles([path for _, path in sorted(found)], sorted(not_followed), within)
