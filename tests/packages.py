"""The bundle and the Debian package of this checkout, built once for the tests that try them.

ATX_BUILT=1 takes those that the last build left in build/ and dist/, to save the minute while working on a test.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from filelock import FileLock

from tests.servers import program

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Built:
    """What the build made."""

    bundle: Path
    package: Path

    @property
    def exporter(self) -> Path:
        return self.bundle / "audit-trails-export"

    @property
    def form(self) -> Path:
        return self.bundle / "audit-trails"


@cache
def built() -> Built:
    """Build, once a test run: the first worker that asks does it, and the others take what it made."""
    if sys.platform != "linux":
        pytest.skip("the Debian package is made on Linux")
    for name in ("icupkg", "dpkg-deb", "strip"):
        program(name)
    if not os.environ.get("ATX_BUILT"):
        _build()
    package = max((ROOT / "dist").glob("*.deb"), key=lambda path: path.stat().st_mtime)
    return Built(ROOT / "build" / "bundle" / "audit-trails-export", package)


def _build() -> None:
    folder = ROOT / "build"
    folder.mkdir(exist_ok=True)
    stamp, run = folder / "tests.stamp", os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    with FileLock(folder / "tests.lock"):
        if stamp.exists() and stamp.read_text(encoding="utf-8") == run:
            return
        command = [sys.executable, ROOT / "resources" / "installer" / "build.py", "deb"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-5000:]
        stamp.write_text(run, encoding="utf-8")


def older(package: Path, folder: Path) -> Path:
    """The same package, as if of version 0.0.1."""
    old = folder / "older.deb"
    tree = folder / "tree"
    subprocess.run(["dpkg-deb", "--raw-extract", package, tree], check=True)
    control = tree / "DEBIAN" / "control"
    lines = control.read_text(encoding="utf-8").splitlines(keepends=True)
    control.write_text("".join("Version: 0.0.1\n" if line.startswith("Version:") else line for line in lines))
    command = ["dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", tree, old]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return old
