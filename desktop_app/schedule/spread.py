"""When this installation starts: at its own minute of the span after `schedule.at`, so that those who share a
server do not come to it all at once."""

import hashlib
import socket
import sys
from contextlib import suppress
from pathlib import Path

from desktop_app.settings.duration import duration_ms
from desktop_app.settings.model import Settings
from desktop_app.settings.validation import require_schedule

_MACHINE_ID = Path("/etc/machine-id")
_MINUTE_MS = 60_000
_DAY = 1440  # minutes


def own_moment(settings: Settings, machine: str | None = None) -> str:
    """The time of day (HH:MM, local) at which the daily task starts; where the span goes past midnight, that of
    the day after.

    It stays the same as long as the settings, the name of the instance and the computer do. `machine` is what
    tells this computer from others, None to find that out. Raises BadSetting.
    """
    require_schedule(settings.schedule)
    at, minutes = settings.schedule.at, duration_ms(settings.schedule.spread) // _MINUTE_MS
    if minutes == 0:
        return at
    whose = f"{settings.export.instance}\n{this_machine() if machine is None else machine}"
    drawn = int.from_bytes(hashlib.sha256(whose.encode(errors="surrogatepass")).digest()[:8]) % minutes
    hour, minute = map(int, at.split(":"))
    moment = (hour * 60 + minute + drawn) % _DAY
    return f"{moment // 60:02}:{moment % 60:02}"


def this_machine() -> str:
    """What the system tells this computer from others by; its name where there is no such thing."""
    with suppress(OSError):
        if found := _system_id():
            return found
    return socket.gethostname()


def _system_id() -> str:
    if sys.platform != "win32":
        return _MACHINE_ID.read_text(encoding="ascii", errors="replace").strip()
    import winreg

    place, access = r"SOFTWARE\Microsoft\Cryptography", winreg.KEY_READ | winreg.KEY_WOW64_64KEY
    with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, place, 0, access) as key:
        return str(winreg.QueryValueEx(key, "MachineGuid")[0])
