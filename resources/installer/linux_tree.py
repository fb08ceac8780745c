"""What a Linux package puts where, whoever packs it."""

import gzip
import os
import shutil
import subprocess
import sys
from pathlib import Path

from bundle import make_icons
from bundle_contents import HERE, ROOT, version
from editions import WHOLE, Edition

LIB = "usr/lib/audit-trails-export"


def make_tree(edition: Edition, bundle: Path, work: Path, root: Path, completions: dict[str, str]) -> None:
    """Make the folder `root` anew, with all files of an edition's package in their places.

    `completions` are each shell's folder for completion below `usr/share`.
    """
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(bundle, root / LIB / "bundle", symlinks=True)
    (root / "usr/bin").mkdir(parents=True)
    for program in edition.programs:  # `current` is made on the user's system; see linux/after-install.sh
        (root / "usr/bin" / program).symlink_to(f"../lib/audit-trails-export/current/{program}")
    if edition is WHOLE:
        make_icons(work / "icons")
        shutil.copytree(work / "icons" / "hicolor", root / "usr/share/icons/hicolor")
        copy(HERE / "linux/audit-trails.desktop", root / "usr/share/applications")
        copy(HERE / "linux/audit-trails.metainfo.xml", root / "usr/share/metainfo")
    made = work / "manuals"
    subprocess.run([sys.executable, HERE / "make_manuals.py", made], cwd=ROOT, check=True)
    for program in edition.programs:
        page = made / "man1" / f"{program}.1"
        write_zipped(page.read_bytes(), root / "usr/share/man/man1" / f"{page.name}.gz")
    for shell, folder in completions.items():
        shutil.copytree(made / "completion" / shell, root / "usr/share" / folder)
    for document in ("README.md", "CHANGELOG.md"):
        copy(ROOT / document, root / "usr/share/doc" / edition.name)


def settle(root: Path) -> None:
    """Modes and times that depend on nothing but the source."""
    epoch = int(os.environ["SOURCE_DATE_EPOCH"])
    for path in root.rglob("*"):
        if not path.is_symlink():
            is_program = LIB in str(path) and os.access(path, os.X_OK)
            path.chmod(0o755 if path.is_dir() or is_program else 0o644)
        os.utime(path, (epoch, epoch), follow_symlinks=False)


def script(name: str, condition: str, taken: str) -> str:
    """A script of `linux/` for a package manager, which does nothing unless the shell finds `condition` true.

    `taken` is where a removal notes the tasks that it took.
    """
    common, body = ((HERE / "linux" / f"{part}.sh").read_text(encoding="utf-8") for part in ("common", name))
    text = (common + body).replace("@BUILD@", version()).replace("@TAKEN@", taken)
    return f"#!/bin/sh\n{{ {condition}; }} || exit 0\n\n{text}"


def copy(file: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(file, folder)


def write_zipped(content: bytes, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(content, compresslevel=9, mtime=0))
