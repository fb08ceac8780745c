"""Makes the bundle, and of it the packages that this system can make, in `dist/` with their SHA-256 sums.

python resources/installer/build.py [deb | rpm | portable | windows]...    all of this system unless named
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from bundle import make_bundles, size_table
from bundle_contents import ROOT
from editions import WHOLE, Edition

WORK, DIST = ROOT / "build", ROOT / "dist"


def main(wanted: list[str]) -> int:
    """Build; the exit code."""
    os.environ.setdefault("SOURCE_DATE_EPOCH", _date_of_source())
    possible = _packages_of_this_system()
    if unknown := set(wanted) - set(possible):
        print(f"Not made on this system: {', '.join(unknown)}. Made: {', '.join(possible)}.", file=sys.stderr)
        return 2
    _say("Making the bundle …")
    bundles = make_bundles(WORK)
    _say(size_table(bundles[WHOLE]))
    DIST.mkdir(exist_ok=True)
    for name in wanted or possible:
        for edition, bundle in bundles.items():
            package = possible[name](edition, bundle, WORK, DIST)
            _say(f"{package.stat().st_size / 1e6:7.1f} MB  {package.relative_to(ROOT)}")
    _write_sums()
    return 0


def _packages_of_this_system() -> dict[str, Callable[[Edition, Path, Path, Path], Path]]:
    """What can be made here: name to function (edition, bundle, work, dist) -> the file."""
    if sys.platform == "win32":
        from windows import make_installer

        return {"windows": make_installer}
    from debian import make_deb
    from portable import make_archive
    from rpm import make_rpm

    return {"deb": make_deb, "rpm": make_rpm, "portable": make_archive}


def _date_of_source() -> str:
    """The time of the commit, so that the same commit makes the same files; else that of the version's file."""
    if shutil.which("git"):
        command = ["git", "log", "-1", "--format=%ct"]
        git = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if git.returncode == 0:
            return git.stdout.strip()
    return str(int((ROOT / "desktop_app/__init__.py").stat().st_mtime))


def _write_sums() -> None:
    """SHA256SUMS of every package in `dist/`, as sha256sum checks it."""
    files = sorted(path for path in DIST.iterdir() if path.is_file() and path.name != "SHA256SUMS")
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (DIST / "SHA256SUMS").write_text("".join(sums), encoding="utf-8", newline="\n")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
