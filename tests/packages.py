"""The bundles and packages of this checkout, built once for the tests that try them.

ATX_BUILT=1 takes those that the last build left in build/ and dist/, to save the minute while working on a test.
"""

import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from filelock import FileLock

from desktop_app import __version__
from tests.servers import program

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Built:
    """What the build made of an edition, in a checkout."""

    name: str
    checkout: Path = ROOT

    @property
    def bundle(self) -> Path:
        return self.checkout / "build" / "bundle" / self.name

    @property
    def package(self) -> Path:
        (found,) = (self.checkout / "dist").glob(f"{self.name}_{__version__}_*.deb")
        return found

    @property
    def rpm(self) -> Path:
        return self.checkout / "dist" / f"{self.name}-{__version__}-1.{platform.machine()}.rpm"

    @property
    def archive(self) -> Path:
        return self.checkout / "dist" / f"{self.name}-{__version__}-linux-{platform.machine()}.tar.xz"

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
        pytest.skip("these packages are made on Linux")
    for name in ("icupkg", "dpkg-deb", "rpmbuild", "strip"):
        program(name)
    build_once()
    return Built("audit-trails-export")


def built_headless() -> Built:
    """The exporter alone, of the same build."""
    return Built("audit-trails-export-headless", built().checkout)


def build(checkout: Path, python: str = sys.executable, names: tuple[str, ...] = ()) -> None:
    """Make packages of a checkout in its `build` and `dist`, with little compression: all of this system's unless
    named.
    """
    done = subprocess.run(
        [python, checkout / "resources" / "installer" / "build.py", *names],
        env={**os.environ, "ATX_COMPRESSION": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-5000:]


def build_once(*names: str) -> None:
    """Make packages of this checkout, unless this test run did, or ATX_BUILT says to take what is there."""
    if os.environ.get("ATX_BUILT"):
        return
    folder = ROOT / "build"
    folder.mkdir(exist_ok=True)
    stamp = folder / f"{'-'.join(('tests', *names))}.stamp"
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    with FileLock(folder / "tests.lock"):
        if stamp.exists() and stamp.read_text(encoding="utf-8") == run:
            return
        build(ROOT, names=names)
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
