"""Makes the bundle, and of it the packages that this system can make, in `dist/` with their SHA-256 sums.

python resources/installer/build.py [deb | rpm | portable | windows]...    all of this system unless named

On Debian, `windows` is made as well where it is named: by PyInstaller under Wine and NSIS, which runs on Linux.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bundle import make_bundles, size_table
from bundle_contents import ROOT
from editions import WHOLE, Edition
from under_wine import make_windows_bundles
from windows import find_makensis, make_installer

WORK, DIST = ROOT / "build", ROOT / "dist"


@dataclass(frozen=True)
class _System:
    """What can be made here for a system: bundles in the folder `work`, and packages of them.

    A package is made by the function of its name, (edition, bundle, work, dist) -> the file.
    """

    work: Path
    make_bundles: Callable[[Path], dict[Edition, Path]]
    packages: dict[str, Callable[[Edition, Path, Path, Path], Path]]


def main(wanted: list[str]) -> int:
    """Build; the exit code."""
    os.environ.setdefault("SOURCE_DATE_EPOCH", _date_of_source())
    systems = _systems()
    possible = [name for system in systems for name in system.packages]
    if unknown := set(wanted) - set(possible):
        print(f"Not made on this system: {', '.join(unknown)}. Made: {', '.join(possible)}.", file=sys.stderr)
        return 2
    wanted = wanted or list(systems[0].packages)
    if "windows" in wanted:
        find_makensis()  # before the minutes that the bundle takes
    DIST.mkdir(exist_ok=True)
    for system in systems:
        if names := [name for name in system.packages if name in wanted]:
            _make(system, names)
    _write_sums()
    return 0


def _make(system: _System, names: list[str]) -> None:
    _say("Making the bundle …")
    bundles = system.make_bundles(system.work)
    _say(size_table(bundles[WHOLE]))
    for name in names:
        for edition, bundle in bundles.items():
            package = system.packages[name](edition, bundle, system.work, DIST)
            _say(f"{package.stat().st_size / 1e6:7.1f} MB  {package.relative_to(ROOT)}")


def _systems() -> list[_System]:
    """This system first: what is made where nothing is named."""
    if sys.platform == "win32":
        return [_System(WORK, make_bundles, {"windows": make_installer})]
    from debian import make_deb
    from portable import make_archive
    from rpm import make_rpm

    return [
        _System(WORK, make_bundles, {"deb": make_deb, "rpm": make_rpm, "portable": make_archive}),
        _System(WORK / "windows", make_windows_bundles, {"windows": make_installer}),
    ]


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
