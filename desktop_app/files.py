"""Files on this computer: what more than one room does with them."""

import errno
import hashlib
import os
import re
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import IO

from desktop_app.errors import BadSetting, LocalDiskError
from desktop_app.held import cure, patiently, reason, remove
from desktop_app.wording import Said

_WRITABLE = Said(
    "Is its disk read-only or full, and may this user write there? AUDIT_TRAILS_HOME names another folder."
)
_NOBODY = 65534  # whom root's files seem to belong to, where systemd closes a service off (user_namespaces(7))
_LEFT_OVER_S = 3600  # until then, another process may still be writing it
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
    handle = patiently(lambda: os.open(path, _FLAGS))
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


def make_private_folder(folder: Path) -> None:
    """Create `folder` and its parents, readable only by this user where the system has such modes.

    Raises LocalDiskError.
    """
    try:
        make_folders(folder)
    except OSError as error:
        raise LocalDiskError(
            Said("The folder {path} can't be made ({reason}).", path=folder, reason=reason(error)),
            cure(error, _WRITABLE),
        ) from error


def make_folders(folder: Path) -> None:
    """The same, raising OSError. (Path.mkdir lets the parents have what the umask leaves of mode 0777.)"""
    for missing in [each for each in reversed(folder.parents) if not each.exists()]:
        missing.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


def make_private_file(path: Path, *beside: str) -> None:
    """Create `path` where there is no such file, and let only this user read it where the system has such modes.

    The same goes for files beside it, where they exist: `beside` is what their names have at the end. Raises
    LocalDiskError for a link, which somebody may have laid there, and in a folder that can't be written.
    """
    files = (path, *(path.with_name(path.name + ending) for ending in beside))
    for file in files:
        require_no_link(file)
    if path.parent.exists() and not os.access(path.parent, os.W_OK):
        raise LocalDiskError(Said("The folder {path} can't be written.", path=path.parent), _WRITABLE)
    with suppress(FileExistsError):
        # What exists is not opened: closing a database would let go the locks that this process has on it.
        path.touch(mode=0o600, exist_ok=False)
    if os.name == "posix":
        for file in files:
            with suppress(OSError):  # there is none, or it is another user's
                mode = file.stat().st_mode
                if mode & 0o077:
                    file.chmod(mode & 0o700)


def require_no_link(path: Path) -> None:
    """Raises LocalDiskError for a link: what is written there would go somewhere else."""
    if path.is_symlink():
        raise LocalDiskError(
            Said("{path} is a link; it must be a file.", path=path),
            Said("Move the file there. A whole folder may be elsewhere: AUDIT_TRAILS_HOME names it."),
        )


def others_may_write(folder: Path) -> bool:
    """Whether others than this user and root may write to a folder; never where the system has no such modes."""
    if sys.platform == "win32":
        return False
    import grp
    import pwd

    try:
        state = folder.stat()
    except OSError:
        return False
    if state.st_uid not in (os.geteuid(), 0, _NOBODY) or state.st_mode & stat.S_IWOTH:
        return True
    if not state.st_mode & stat.S_IWGRP:
        return False
    with suppress(KeyError):  # a group of this user's own has only this user in it
        group, user = grp.getgrgid(state.st_gid), pwd.getpwuid(os.geteuid()).pw_name
        return (group.gr_name, set(group.gr_mem) - {user}) != (user, set())
    return True


def read_text(path: Path) -> str | None:
    """The text of a file, or None where there is none. Raises BadSetting and LocalDiskError."""
    try:
        return patiently(lambda: path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise BadSetting(
            Said("{path} is not UTF-8 text.", path=path), Said("Put back an older copy of it.")
        ) from error
    except OSError as error:
        raise _unreadable(path, error) from error


def read_bytes(path: Path) -> bytes | None:
    """What is in a file, or None where there is none. Raises LocalDiskError."""
    try:
        return patiently(path.read_bytes)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> LocalDiskError:
    return LocalDiskError(
        Said("{path} can't be read ({reason}).", path=path, reason=reason(error)),
        cure(error, Said("May you read that file?")),
    )


def write_atomically(path: Path, content: bytes) -> None:
    """Put `content` at `path`, or where that links to, readable only by this user: whole and on disk, or not
    at all.

    Raises LocalDiskError.
    """
    replace_file(Path(os.path.realpath(path)), content)


def replace_file(path: Path, content: bytes, mode: int = 0o600) -> None:
    """The same, with the file's `mode`; a link at `path` is replaced itself. Raises LocalDiskError."""
    make_private_folder(path.parent)
    with replacing_file(path, mode) as file:
        file.write(content)


@contextmanager
def replacing_file(path: Path, mode: int = 0o600) -> Iterator[IO[bytes]]:
    """The same for what is written in pieces, in a folder that is there: a context in which it is written, and
    after which it is at `path`, unless it ended with an exception.

    Raises LocalDiskError, also for an OSError within.
    """
    import tempfile

    temporary: Path | None = None
    try:
        _remove_leftovers(path, _LEFT_OVER_S)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            temporary.chmod(mode)
            os.fsync(file.fileno())
        patiently(partial(temporary.replace, path))
        temporary = None
        sync_folder(path.parent)
    except OSError as error:
        raise _unwritten(path, error) from error
    finally:
        if temporary:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


@contextmanager
def writing_for_user(path: Path) -> Iterator[IO[bytes]]:
    """A file that somebody named, and a context in which it is written: whole, or it stays what it was.

    It has the mode that it had, or that of a new file; a link stays one; what is no file, such as a pipe, is
    written to. Raises LocalDiskError, also for an OSError within.
    """
    if path.exists() and not path.is_file():
        try:
            with path.open("wb") as file:
                yield file
        except OSError as error:
            raise _unwritten(path, error) from error
        return
    place = Path(os.path.realpath(path))
    with replacing_file(place, stat.S_IMODE(place.stat().st_mode) if place.exists() else _mode_of_new()) as file:
        yield file


def _mode_of_new() -> int:
    umask = os.umask(0o077)  # to ask is to set
    os.umask(umask)
    return 0o666 & ~umask


def _unwritten(path: Path, error: OSError) -> LocalDiskError:
    return LocalDiskError(
        Said("{path} could not be written ({reason}).", path=path, reason=reason(error)),
        cure(error, Said("Is there room on the disk, and may you write there?")),
    )


def remove_whole(path: Path) -> None:
    """Remove a file, where it is there, and what a process that was killed amid writing it has left.

    Raises OSError.
    """
    remove(path)
    if path.parent.is_dir():
        _remove_leftovers(path, 0)


def _remove_leftovers(path: Path, least_age_s: float) -> None:
    """Remove what a process that was killed amid writing `path` has left, where that is old enough."""
    ours = re.compile(re.escape(f".{path.name}.") + "[a-z0-9_]{8}")
    for each in path.parent.iterdir():
        if ours.fullmatch(each.name):
            with suppress(OSError):
                if time.time() - each.lstat().st_mtime >= least_age_s and not each.is_dir():
                    each.unlink()


@contextmanager
def undone_on_failure(path: Path) -> Iterator[None]:
    """A context that, where it ends with an exception, puts the file back as it was, or away where there was none.

    Raises LocalDiskError where the file can't be read.
    """
    before = read_bytes(path)
    try:
        yield
    except BaseException:
        with suppress(LocalDiskError, OSError):
            if before is None:
                remove(path)
            elif before != read_bytes(path):
                write_atomically(path, before)
        raise
