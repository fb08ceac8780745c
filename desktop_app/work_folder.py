"""A folder for what one process needs for a while, such as an archive that it looks at."""

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from desktop_app.errors import LocalDiskError
from desktop_app.files import make_private_folder
from desktop_app.held import cure, reason
from desktop_app.wording import Said

_LEFT_OVER_S = 86_400  # until then, another process may still be at work in it
_OURS = re.compile("(fetch|task|verify)-[a-z0-9_]{8}")


@contextmanager
def work_folder(parent: Path, purpose: str) -> Iterator[Path]:
    """A new folder in `parent`, for this user alone, while the context lasts; `purpose` is how its name begins.

    Those that processes have left there which were killed a day ago or earlier are removed. Raises LocalDiskError.
    """
    import tempfile

    make_private_folder(parent)
    _remove_leftovers(parent)
    try:
        folder = tempfile.mkdtemp(dir=parent, prefix=f"{purpose}-")
    except OSError as error:
        raise LocalDiskError(
            Said(
                "The folder {path} can't be made ({reason}).", path=error.filename or parent, reason=reason(error)
            ),
            cure(error, Said("Is there room on the disk, and may you write there?")),
        ) from error
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_leftovers(parent: Path) -> None:
    with suppress(OSError):  # somebody else removes them as well
        for each in parent.iterdir():
            if _OURS.fullmatch(each.name) and time.time() - each.lstat().st_mtime >= _LEFT_OVER_S:
                shutil.rmtree(each, ignore_errors=True)  # which follows no link
