"""What a Windows may lack: Wine does, and some of it an ordinary account of a real one. Tried on the spot.

A test that can't do without is marked `@needs("links")`; it runs wherever it can.
"""

import functools
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
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


GAPS = {
    "links": Gap("Wine's links lead nowhere; on a real Windows they need a right", _links_lead_somewhere),
    "modes": Gap("Windows closes no folder by its mode, also not one that lies on Linux", _modes_are_kept),
    "mount": Gap("Windows mounts nothing into a folder of Linux", lambda _: bool(shutil.which("mount"))),
    "installed": Gap(
        "the checkout is not installed in this Python",
        lambda _: bool(shutil.which("audit-trails-export", path=sysconfig.get_path("scripts"))),
    ),
    "owners": Gap("Wine keeps no owners of files; its icacls does nothing", _owners_can_be_set),
}


@functools.cache
def is_missing(name: str) -> bool:
    """Whether this system lacks it. What can't even be tried is missing."""
    can_not = (OSError, subprocess.SubprocessError)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, suppress(*can_not):
        return not GAPS[name].is_there(Path(folder))
    return True


def needs(name: str) -> pytest.MarkDecorator:
    """Skips the test where a Windows lacks what GAPS names."""
    return pytest.mark.skipif(sys.platform == "win32" and is_missing(name), reason=GAPS[name].reason)
