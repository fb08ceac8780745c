"""What a Windows may lack: Wine does, and some of it an ordinary account of a real one. Tried on the spot.

A test that can't do without is marked `@needs("links")`; it runs wherever it can.
"""

import functools
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Gap:
    """Why tests are left out, and whether what they need is there after all, tried in an empty folder."""

    reason: str
    is_there: Callable[[Path], bool]


def _links_lead_somewhere(folder: Path) -> bool:
    (folder / "a").mkdir()
    (folder / "a" / "file").touch()
    (folder / "link").symlink_to(folder / "a", target_is_directory=True)
    return (folder / "link" / "file").exists()


def _owners_can_be_set(folder: Path) -> bool:
    if sys.platform != "win32":
        return False
    import win32security as security

    guests = "S-1-5-32-546"
    subprocess.run(["icacls", folder, "/setowner", f"*{guests}"], check=True, capture_output=True)
    kept = security.GetFileSecurity(str(folder), security.OWNER_SECURITY_INFORMATION).GetSecurityDescriptorOwner()
    return security.ConvertSidToStringSid(kept) == guests


def _modes_are_kept(folder: Path) -> bool:
    folder.chmod(0o555)
    return folder.stat().st_mode & 0o222 == 0


def _names_are_bytes(folder: Path) -> bool:
    (folder / os.fsdecode(b"caf\xe9")).mkdir()
    return [os.fsencode(each.name) for each in folder.iterdir()] == [b"caf\xe9"]


def _program(name: str) -> Callable[[Path], bool]:
    return lambda _: bool(shutil.which(name))


def _has(module: str, name: str) -> Callable[[Path], bool]:
    """Whether Python has a function here that asks the system for something."""
    return lambda _: find_spec(module) is not None and hasattr(import_module(module), name)


def _in_qt(question: str) -> Callable[[Path], bool]:
    """Whether an expression holds in a program of Qt without a screen."""
    program = (
        "from PySide6.QtCore import Qt; from PySide6.QtGui import QFontDatabase, QImage, QPainter;"
        "from PySide6.QtWidgets import QApplication;"
        f"app = QApplication(['']); raise SystemExit(not ({question}))"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    return lambda _: not subprocess.run([sys.executable, "-c", program], env=environment, check=False).returncode


_FIXED_PITCH = "any(map(QFontDatabase.isFixedPitch, QFontDatabase.families()))"
_FULL_COLOUR = (
    "(image := QImage(200, 50, QImage.Format.Format_RGB32)).fill(Qt.GlobalColor.white)"
    " or (painter := QPainter(image)).drawText(10, 30, 'MMMMM |||||') or painter.end()"
    " and any(image.pixel(x, y) & 0xffffff == 0 for x in range(200) for y in range(50))"
)

GAPS = {
    "links": Gap("Wine's links lead nowhere; on a real Windows they need a right", _links_lead_somewhere),
    "modes": Gap("Windows closes no folder by its mode, also not one that lies on Linux", _modes_are_kept),
    "owners": Gap("Wine keeps no owners of files; its icacls does nothing", _owners_can_be_set),
    "users": Gap("Windows has no table of users, and a folder for each", _has("pwd", "getpwuid")),
    "names of bytes": Gap("names of files are Unicode there", _names_are_bytes),
    "paths of Linux": Gap("the paths that are kept there have slashes", lambda _: os.sep == "/"),
    "devices": Gap("no folder of Windows holds devices", lambda _: os.devnull == "/dev/null"),
    "named pipes": Gap("no folder of Windows holds pipes", _has("os", "mkfifo")),
    "terminals": Gap("Windows makes no terminal for a test", _has("os", "openpty")),
    "full pipes": Gap("nobody can see what is left in a pipe of Windows", _has("fcntl", "ioctl")),
    "file locks": Gap("Windows locks by other calls", _has("fcntl", "flock")),
    "size limits": Gap("Windows limits no size of files", _has("resource", "setrlimit")),
    "signals": Gap("Windows has no signals, and Ctrl+C is for a whole console", _has("signal", "SIGKILL")),
    "clusters": Gap("workers are killed by signals, and looked at in /proc", _has("signal", "SIGKILL")),
    "time zones": Gap("a process of Windows can't choose its time zone", _has("time", "tzset")),
    "mount": Gap("Windows mounts nothing into a folder of Linux", _program("mount")),
    "shell": Gap("Windows has no Bourne shell", _program("sh")),
    "systemd": Gap("systemd is Linux's", _program("systemctl")),
    "cron": Gap("there is no cron", _program("crontab")),
    "D-Bus": Gap(
        "the bus, and what keeps secrets and shows messages there, are of Linux desktops", _program("dbus-daemon")
    ),
    "desktops of Linux": Gap("manuals, menus and packages are Linux's", _program("desktop-file-validate")),
    "fixed-pitch font": Gap("Wine comes without a font of one width", _in_qt(_FIXED_PITCH)),
    "letters of full colour": Gap("Wine draws letters thinner than a pixel", _in_qt(_FULL_COLOUR)),
    "X": Gap("the screen is an X server", _program("Xvfb")),
    "Wine": Gap("Wine stands in for Windows", _program("wine")),
    "installed": Gap(
        "the checkout is not installed in this Python",
        lambda _: bool(shutil.which("audit-trails-export", path=sysconfig.get_path("scripts"))),
    ),
}


@functools.cache
def is_missing(name: str) -> bool:
    """Whether this system lacks it. What can't even be tried is missing."""
    can_not = (OSError, UnicodeError, subprocess.SubprocessError)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, suppress(*can_not):
        return not GAPS[name].is_there(Path(folder))
    return True


def needs(name: str) -> pytest.MarkDecorator:
    """Skips the test where a Windows lacks what GAPS names."""
    return pytest.mark.skipif(sys.platform == "win32" and is_missing(name), reason=GAPS[name].reason)
