"""Why the system refused a file, in words for a sentence; and patience with files that another program holds.

On Windows a virus scanner, a backup or a preview may have a file open in a way that lets nobody else open, rename
or delete it, mostly for a moment. Of such a "sharing violation" (winerror.h), `open` tells no more than that the
permission was denied: so Windows is asked once more, in a way that tells it.
"""

import errno
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from desktop_app.wording import Said

_T = TypeVar("_T")
# ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION, ERROR_DELETE_PENDING, ERROR_USER_MAPPED_FILE
_HELD = (32, 33, 303, 1224)
_BUSY = (errno.EBUSY, errno.ETXTBSY)
_LET_GO = 3  # tries of what Windows refused, and of which nobody holds it when that is asked
_WAITS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8)  # seconds between tries


def patiently(do: Callable[[], _T]) -> _T:
    """Do something with a file, again for a moment while another program holds it. Raises what `do` does."""
    refused = 0
    for wait in _WAITS:
        try:
            return do()
        except OSError as error:
            if not is_held(error):
                refused += 1
                if not _may_be_let_go(error) or refused > _LET_GO:
                    raise
        time.sleep(wait)
    return do()


def remove(path: Path) -> None:
    """Remove a file, where it is there, patiently. Raises OSError."""
    patiently(lambda: path.unlink(missing_ok=True))


def is_held(error: BaseException) -> bool:
    """Whether an error is that another program holds the file."""
    if not isinstance(error, OSError):
        return False
    if getattr(error, "winerror", None) in _HELD or error.errno in _BUSY:
        return True
    files = (error.filename, error.filename2)
    return error.errno == errno.EACCES and any(isinstance(each, str) and _is_held_now(each) for each in files)


def reason(error: BaseException) -> Said | str:
    """Why something failed, for a sentence that names the file: without that name, and without a number."""
    if is_held(error):
        return Said("it is in use by another program")
    if isinstance(error, OSError):
        return error.strerror or str(error) or type(error).__name__
    return str(error) or type(error).__name__


def cure(error: BaseException, otherwise: Said) -> Said:
    """What to do about it: `otherwise`, unless another program holds the file."""
    in_use = Said("Close it there, or wait until that program has ended. Then try again.")
    return in_use if is_held(error) else otherwise


def refusal_of(file: Path) -> OSError | None:
    """The error of another program's holding `file`, or None where none does."""
    return OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(file)) if _is_held_now(str(file)) else None


def _may_be_let_go(error: OSError) -> bool:
    """Whether another program may have held the file when Windows refused it, and no longer when it was asked."""
    return sys.platform == "win32" and error.errno == errno.EACCES


def _is_held_now(file: str) -> bool:
    """Whether Windows says of a file that another program has it open, and shares it with nobody."""
    if sys.platform != "win32":
        return False
    import pywintypes
    import win32con
    import win32file

    shared = win32con.FILE_SHARE_READ | win32con.FILE_SHARE_WRITE | win32con.FILE_SHARE_DELETE
    for access in (win32con.GENERIC_READ, win32con.DELETE):
        try:
            win32file.CreateFile(file, access, shared, None, win32con.OPEN_EXISTING, 0, None).Close()
        except pywintypes.error as refused:
            if refused.winerror in _HELD:
                return True
    return False
