"""The bundles: a folder an edition, with its programs and all that they need.

python resources/installer/bundle.py WORK    makes them below the folder WORK
"""

import fnmatch
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from bundle_contents import CONTENTS, HERE, ROOT
from editions import EDITIONS, WHOLE, Edition
from elf_needs import ask_for_older_symbols
from icu import shrink_icu_data
from licences import write_licences
from origins import read_origins

_LGPL = ("PySide6", "shiboken6")  # stay as they came


def make_bundles(work: Path) -> dict[Edition, Path]:
    """Make the folder `<work>/bundle/<edition>` of each edition again, and return them."""
    if sys.platform == "win32":
        make_icons(work / "icons")  # its .ico goes into the programs
    _run_pyinstaller(work)
    made = bundles_in(work)
    for edition, folder in made.items():
        _finish(edition, folder, read_origins(work / "pyinstaller" / "build_installer", edition))
    return made


def bundles_in(work: Path) -> dict[Edition, Path]:
    """The bundles that were made below `work`: on Windows, there is no edition without the form."""
    bundles = {edition: work / "bundle" / edition.name for edition in EDITIONS}
    return {edition: folder for edition, folder in bundles.items() if folder.exists()}


def _finish(edition: Edition, folder: Path, origins: dict[str, Path]) -> None:
    if sys.platform == "linux":
        _require_libraries(folder, edition is WHOLE)
        for library in (folder / "_internal/PySide6/Qt/lib").glob("libicudata.so.*"):
            shrink_icu_data(library, CONTENTS["linux"]["icu_languages"])
        _strip(folder)
        for library in folder.glob("_internal/libpython3.*.so.*"):
            ask_for_older_symbols(library, CONTENTS["linux"]["glibc"], CONTENTS["linux"]["older_symbols"])
    write_licences(folder / "licences", origins)
    _settle(folder)


def make_icons(folder: Path) -> None:
    """Draw the icons of all sizes below `folder`. Without a screen, hence in a process of its own."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    subprocess.run([sys.executable, HERE / "make_icons.py", folder], env=environment, check=True)


def size_table(folder: Path) -> str:
    """Where the bundle's size goes, largest first, as lines of `MB  what`."""
    sizes: Counter[str] = Counter()
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            sizes[_part(path.relative_to(folder).as_posix())] += path.stat().st_size
    lines = [f"{size / 1e6:7.1f}  {part}" for part, size in sizes.most_common()]
    return "\n".join([*lines, f"{sum(sizes.values()) / 1e6:7.1f}  MB in all"])


def _part(path: str) -> str:
    names = {
        "_internal/PySide6/Qt/lib/libicu": "Qt: ICU (languages)",
        "_internal/PySide6/Qt/": "Qt",
        "_internal/PySide6/Qt6": "Qt",
        "_internal/PySide6/plugins": "Qt",
        "_internal/PySide6/": "Qt for Python",
        "_internal/shiboken6": "Qt for Python",
        "_internal/cryptography": "cryptography",
        "_internal/libpython": "Python",
        "_internal/python": "Python",
        "_internal/base_library": "Python",
        "_internal/libcrypto": "OpenSSL",
        "_internal/libssl": "OpenSSL",
        "_internal/tzdata": "time zones",
        "_internal/resources": "our own data",
        "_internal/ui": "our own data",
        "_internal/modules.pyz": "Python modules",
        "_internal": "other libraries",
        "licences": "licences",
        "audit-trails": "the two programs",
    }
    return next(name for start, name in names.items() if path.startswith(start))


def _run_pyinstaller(work: Path) -> None:
    places = ["--distpath", work / "bundle", "--workpath", work / "pyinstaller"]
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", *places]
    # The order of sets, and with it of what is stored, depends on this seed.
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    subprocess.run([*command, ROOT / "build_installer.spec"], cwd=ROOT, env=environment, check=True)


def _require_libraries(folder: Path, desktop: bool) -> None:
    """Raises RuntimeError where this system lacks a library that has to go into the bundle."""
    wanted = [*CONTENTS["linux"]["libraries"], *(CONTENTS["linux"]["desktop_libraries"] if desktop else [])]
    there = [path.name.split(".so")[0] for path in (folder / "_internal").glob("lib*.so*")]
    missing = [name for name in wanted if not fnmatch.filter(there, name)]
    if missing:
        raise RuntimeError(
            f"Libraries that belong into the bundle are missing on this system: {', '.join(missing)}"
        )


def _strip(folder: Path) -> None:
    """Take symbols that only a debugger reads out of all but Qt."""
    libraries = [path for path in folder.rglob("*.so*") if path.is_file() and not path.is_symlink()]
    free = [path for path in libraries if path.name.startswith("libicu") or not set(_LGPL) & set(path.parts)]
    subprocess.run(["strip", "--strip-unneeded", *free], check=True)


def _settle(folder: Path) -> None:
    """Modes and times that depend on nothing but the source."""
    epoch = int(os.environ["SOURCE_DATE_EPOCH"])
    for path in [folder, *folder.rglob("*")]:
        if path.is_symlink():
            os.utime(path, (epoch, epoch), follow_symlinks=False)
            continue
        is_program = path.is_dir() or (path.parent == folder and path.name.startswith("audit-trails"))
        path.chmod(0o755 if is_program else 0o644)
        os.utime(path, (epoch, epoch))


if __name__ == "__main__":
    make_bundles(Path(sys.argv[1]))
