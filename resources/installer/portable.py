"""The portable archive: the bundle in a folder that carries its version, for Linux systems without dpkg."""

import os
import platform
import subprocess
from pathlib import Path

from bundle_contents import version


def make_archive(bundle: Path, work: Path, dist: Path) -> Path:
    """Pack `bundle`, and return the archive. The same bundle makes the same bytes."""
    name = f"audit-trails-export-{version()}-linux-{platform.machine()}"
    archive = dist / f"{name}.tar.xz"
    tar = ["tar", "--create", "--sort=name", "--owner=0", "--group=0", "--numeric-owner"]
    times = [f"--mtime=@{os.environ['SOURCE_DATE_EPOCH']}", f"--transform=flags=r;s,^{bundle.name},{name},"]
    packed = ["--use-compress-program=xz -6 --threads=0", "--file", archive]
    subprocess.run([*tar, *times, *packed, "--directory", bundle.parent, bundle.name], check=True)
    return archive
