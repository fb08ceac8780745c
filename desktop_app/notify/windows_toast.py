"""A balloon of the notification area, which Windows 10 and later show as a toast. Windows only."""

import os
import threading
import time
from collections.abc import Callable
from typing import Any

_SHOWN = 10  # seconds; it goes with the process that shows it
_LONGEST = 60  # seconds that this process lasts, whatever hangs in it
_LONGEST_TITLE, _LONGEST_TEXT = 63, 255  # NOTIFYICONDATAW
_ERROR = 3  # NIIF_ERROR


def show_toast(title: str, text: str, on_shown: Callable[[], None]) -> None:
    """Show a message, say so, and wait for as long as it is to be seen. Raises pywintypes.error.

    A notification area that hangs ends the process.
    """
    deadline = threading.Timer(_LONGEST, os._exit, (1,))
    deadline.daemon = True
    deadline.start()
    import win32api
    import win32con
    import win32gui

    api: Any = win32gui  # whose stubs know no class of windows and no tuples
    window_class = api.WNDCLASS()
    window_class.lpszClassName = "AuditTrailsToast"
    window_class.hInstance = win32api.GetModuleHandle(None)
    window_class.lpfnWndProc = {}
    kind = api.RegisterClass(window_class)
    window = api.CreateWindow(kind, "", 0, 0, 0, 0, 0, 0, 0, window_class.hInstance, None)
    icon = api.LoadIcon(0, win32con.IDI_HAND)
    what = api.NIF_ICON | api.NIF_TIP | api.NIF_INFO
    told = (_cut(text, _LONGEST_TEXT), 0, _cut(title, _LONGEST_TITLE), _ERROR)
    api.Shell_NotifyIcon(api.NIM_ADD, (window, 0, what, win32con.WM_USER, icon, "Audit Trails Export", *told))
    on_shown()
    end = time.monotonic() + _SHOWN
    while time.monotonic() < end:
        api.PumpWaitingMessages()
        time.sleep(0.1)
    api.Shell_NotifyIcon(api.NIM_DELETE, (window, 0))


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
