"""Files on this computer: what more than one room does with them."""

import errno
import hashlib
import os
import stat
from io import BufferedReader
from pathlib import Path

# Waits for nothing, whatever it is.
_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


def file_sha256(path: Path) -> str:
    """The SHA-256 of a regular file, in hexadecimal. Raises OSError."""
    with open_regular(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` durable; Windows does that by itself."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def open_regular(path: Path, within: Path | None = None) -> BufferedReader:
    """A regular file, open for reading; not a pipe without a writer, which would be waited for, or a device.

    `within` is a folder, without links in its own path, that the file must be in once all links were followed.
    Raises OSError.
    """
    handle = os.open(path, _FLAGS)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "it is no regular file", str(path))
        if within and not _place_of(handle, path).is_relative_to(within):
            raise OSError(errno.EXDEV, "a link leads out of the folder", str(path))
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def _place_of(handle: int, path: Path) -> Path:
    """Where an open file is, also if links were changed meanwhile, as far as the system tells."""
    try:
        return Path(f"/proc/self/fd/{handle}").readlink()
    except OSError:
        return Path(os.path.realpath(path))
