"""The search path that Windows keeps for terminals, in the registry.

The installer has it changed by this program: NSIS knows no text of more than 1,023 characters, and would cut it.
"""

import sys
from collections.abc import Callable


def with_folder(value: str, folder: str) -> str:
    """A search path that has `folder`, last unless it was there."""
    entries = value.split(";") if value else []
    if any(_is(entry, folder) for entry in entries):
        return value
    return ";".join([*([value.rstrip(";")] if value.strip(";") else []), folder])


def without_folder(value: str, folder: str) -> str:
    """A search path without `folder`; everything else in it stays as it is."""
    return ";".join(entry for entry in value.split(";") if not _is(entry, folder))


def _is(entry: str, folder: str) -> bool:
    """Whether both are one folder, as Windows compares them."""
    a, b = (each.strip().strip('"').rstrip("\\").casefold() for each in (entry, folder))
    return a == b


if sys.platform == "win32":
    import ctypes
    import winreg

    _OF_USER = (winreg.HKEY_CURRENT_USER, "Environment")
    _OF_ALL = (winreg.HKEY_LOCAL_MACHINE, r"SYSTEM\CurrentControlSet\Control\Session Manager\Environment")
    _BROADCAST, _SETTING_CHANGE, _ABORT_IF_HUNG = 0xFFFF, 0x1A, 2  # winuser.h
    _PATIENCE_MS = 1000

    def change_search_path(edit: Callable[[str], str], all_users: bool) -> None:
        """Change the search path of this user, or of all, to what `edit` makes of it; one that is empty then goes.

        Programs that start from now on have it. Raises OSError.
        """
        root, place = _OF_ALL if all_users else _OF_USER
        with winreg.CreateKeyEx(root, place, access=winreg.KEY_READ | winreg.KEY_WRITE) as key:
            before, kind = _value(key)
            after = edit(before)
            if after == before:
                return
            if after:
                winreg.SetValueEx(key, "Path", 0, kind, after)
            else:
                winreg.DeleteValue(key, "Path")
        ctypes.windll.user32.SendMessageTimeoutW(
            _BROADCAST, _SETTING_CHANGE, 0, "Environment", _ABORT_IF_HUNG, _PATIENCE_MS, None
        )

    def _value(key: winreg.HKEYType) -> tuple[str, int]:
        try:
            value, kind = winreg.QueryValueEx(key, "Path")
        except FileNotFoundError:
            return "", winreg.REG_EXPAND_SZ
        return str(value), kind
