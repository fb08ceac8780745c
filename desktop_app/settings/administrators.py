"""Whether a file is one that only administrators of this computer can have written."""

import stat
import sys
from pathlib import Path

from desktop_app.errors import BadSetting, LocalDiskError
from desktop_app.held import reason
from desktop_app.wording import Said

_MEND = Said("An administrator must make sure that users can't write it; nothing runs until then.")
# In ProgramData any user may make folders and files; in /etc none may.
_USERS_MAY_MAKE_ONE = sys.platform == "win32"


def why_it_may_be_a_users(file: Path) -> Said | None:
    """Why `file` may be one that a user has put there, where a system lets users do so. None where it is the
    administrators', or where there is none.

    Such a file binds nobody: were it obeyed, or did it stop everything, any user could do that to all others.
    """
    if not _USERS_MAY_MAKE_ONE:
        return None
    for path in (file.parent, file):  # what a folder of a user's says of its file is not asked
        try:
            found = _who_else_may_write(path)
        except FileNotFoundError:
            return None
        except OSError as error:
            found = Said("its owner can't be seen ({reason})", reason=error.strerror)
        if found:
            return None if _is_surely_missing(file) else found
    return None


def _is_surely_missing(file: Path) -> bool:
    try:
        file.lstat()
    except OSError as error:
        return isinstance(error, FileNotFoundError)
    return False


def require_administrators_file(file: Path) -> None:
    """Raises BadSetting when a user may change or replace `file`, LocalDiskError when that can't be seen."""
    for path in (file, file.parent):
        try:
            found = _who_else_may_write(path)
        except OSError as error:
            raise LocalDiskError(
                Said("{path} can't be looked at ({reason}).", path=path, reason=reason(error)), _MEND
            ) from error
        if found:
            raise BadSetting(Said("{path} is not safe: {reason}.", path=path, reason=found), _MEND)


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    # Well-known security identifiers (MS-DTYP 2.4.2.4): Administrators, SYSTEM, TrustedInstaller.
    _ADMINISTRATORS = {
        "S-1-5-32-544",
        "S-1-5-18",
        "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464",
    }

    def _who_else_may_write(path: Path) -> Said | None:
        """By the owner: in ProgramData, only the owner and administrators may change a file."""
        if path.lstat().st_reparse_tag in (stat.IO_REPARSE_TAG_MOUNT_POINT, stat.IO_REPARSE_TAG_SYMLINK):
            return Said("it is a link")
        owner = _owner(path)
        if owner in _ADMINISTRATORS:
            return None
        return Said("it belongs to {owner}, not to the Administrators", owner=owner)

    def _owner(path: Path) -> str:
        """The owner's security identifier in text (GetNamedSecurityInfoW, ConvertSidToStringSidW)."""
        file_object, owner_information = 1, 1
        sid, descriptor, text = ctypes.c_void_p(), ctypes.c_void_p(), wintypes.LPWSTR()
        api, free = ctypes.WinDLL("advapi32", use_last_error=True), ctypes.WinDLL("kernel32").LocalFree
        free.argtypes = [ctypes.c_void_p]
        api.ConvertSidToStringSidW.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
        code = api.GetNamedSecurityInfoW(
            *(str(path), file_object, owner_information),
            *(ctypes.byref(sid), None, None, None, ctypes.byref(descriptor)),
        )
        if code:
            raise ctypes.WinError(code)
        try:
            if not api.ConvertSidToStringSidW(sid, ctypes.byref(text)):
                raise ctypes.WinError(ctypes.get_last_error())
            return text.value or ""
        finally:
            free(text)
            free(descriptor)

else:
    _OWNERS = Path("/proc/self/uid_map")
    _NOBODY = Path("/proc/sys/kernel/overflowuid")

    def _who_else_may_write(path: Path) -> Said | None:
        state = path.stat()
        if state.st_uid != _root():
            return Said("it does not belong to root")
        if state.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            return Said("others than root may write it (mode {mode:o})", mode=stat.S_IMODE(state.st_mode))
        return None

    def _root() -> int:
        """The user that root's files seem to belong to: nobody, where systemd closes a service off (PrivateUsers,
        user_namespaces(7)).
        """
        try:
            ranges = [line.split() for line in _OWNERS.read_text(encoding="ascii").splitlines()]
            if any(first == "0" for first, _, _ in ranges):
                return 0
            return int(_NOBODY.read_text(encoding="ascii"))
        except OSError:  # no /proc, and so no such namespace
            return 0
