"""The portable archive: the bundle in a folder that carries its version, for any Linux system."""

import os
import platform
import subprocess
from pathlib import Path

from bundle_contents import compression_level, version
from editions import Edition


def make_archive(edition: Edition, bundle: Path, work: Path, dist: Path) -> Path:
    """Pack the bundle of an edition, and return the archive. The same bundle makes the same bytes."""
    name = f"{edition.name}-{version()}-linux-{platform.machine()}"
    archive = dist / f"{name}.tar.xz"
    tar = ["tar", "--create", "--sort=name", "--owner=0", "--group=0", "--numeric-owner"]
    times = [f"--mtime=@{os.environ['SOURCE_DATE_EPOCH']}", f"--transform=flags=r;s,^{bundle.name},{name},"]
    # With threads, whatever their number: their output differs from that of none.
    packed = [f"--use-compress-program=xz -{compression_level()} --threads=2", "--file", archive]
    subprocess.run([*tar, *times, *packed, "--directory", bundle.parent, bundle.name], check=True)
    return archive
