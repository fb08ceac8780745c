"""What this program keeps in Windows Credential Manager, all of it: for the uninstaller. Windows only."""

from desktop_app.errors import LocalDiskError
from desktop_app.secrets.keeper import SERVICE
from desktop_app.wording import Said

_NOT_FOUND = 1168  # winerror.h: there are none at all


def forget_all_passwords() -> None:
    """Delete every entry of this program and user, whatever the server and the home. Raises LocalDiskError."""
    import pywintypes
    import win32cred

    try:
        entries = win32cred.CredEnumerate(None, 0)
    except pywintypes.error as error:
        if error.winerror == _NOT_FOUND:
            return
        raise LocalDiskError(
            Said("The passwords in Windows Credential Manager can't be listed ({reason}).", reason=error.strerror)
        ) from error
    for each in entries:
        if is_ours(each["TargetName"]):
            win32cred.CredDelete(each["TargetName"], each["Type"], 0)


def is_ours(target: str) -> bool:
    """Whether an entry is of this program: keyring calls one SERVICE, and others ACCOUNT@SERVICE."""
    return target == SERVICE or target.endswith(f"@{SERVICE}")
