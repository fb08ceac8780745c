"""The bundle: a folder with both programs and all that they need."""

import ast
import fnmatch
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from bundle_contents import CONTENTS, HERE, ROOT
from icu import shrink_icu_data
from licences import write_licences

_NAME = "audit-trails-export"
_LGPL = ("PySide6", "shiboken6")  # stay as they came


def make_bundle(work: Path) -> Path:
    """Make the folder `<work>/bundle/audit-trails-export` anew, and return it."""
    folder = work / "bundle" / _NAME
    if sys.platform == "win32":
        make_icons(work / "icons")  # its .ico goes into the programs
    _run_pyinstaller(work)
    if sys.platform == "linux":
        _require_libraries(folder)
        for library in (folder / "_internal/PySide6/Qt/lib").glob("libicudata.so.*"):
            shrink_icu_data(library, CONTENTS["linux"]["icu_languages"])
        _strip(folder)
    write_licences(folder / "licences", _system_libraries(work, folder))
    _settle(folder)
    return folder


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
        "_internal": "other libraries",
        "licences": "licences",
        "audit-trails": "the two programs with their Python modules",
    }
    return next(name for start, name in names.items() if path.startswith(start))


def _run_pyinstaller(work: Path) -> None:
    places = ["--distpath", work / "bundle", "--workpath", work / "pyinstaller"]
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", *places]
    # The order of sets, and with it of what is stored, depends on this seed.
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    subprocess.run([*command, ROOT / "build_installer.spec"], cwd=ROOT, env=environment, check=True)


def _require_libraries(folder: Path) -> None:
    """Raises RuntimeError where this system lacks a library that has to go into the bundle."""
    there = [path.name.split(".so")[0] for path in (folder / "_internal").glob("lib*.so*")]
    missing = [name for name in CONTENTS["linux"]["libraries"] if not fnmatch.filter(there, name)]
    if missing:
        raise RuntimeError(
            f"Libraries that belong into the bundle are missing on this system: {', '.join(missing)}"
        )


def _strip(folder: Path) -> None:
    """Take symbols that only a debugger reads out of all but Qt."""
    libraries = [path for path in folder.rglob("*.so*") if path.is_file() and not path.is_symlink()]
    free = [path for path in libraries if path.name.startswith("libicu") or not set(_LGPL) & set(path.parts)]
    subprocess.run(["strip", "--strip-unneeded", *free], check=True)


def _system_libraries(work: Path, folder: Path) -> list[Path]:
    """Files of this system's packages that went into the bundle."""
    toc = ast.literal_eval((work / "pyinstaller/build_installer/COLLECT-00.toc").read_text(encoding="utf-8"))
    sources = {Path(source) for _, source, kind in _entries(toc) if kind == "BINARY" and source.startswith("/")}
    return sorted(path for path in sources if path.is_relative_to("/usr/lib") or path.is_relative_to("/lib"))


def _entries(toc: object) -> list[tuple[str, str, str]]:
    """All triples (destination, source, kind) that are somewhere in PyInstaller's note of what it did."""
    if isinstance(toc, tuple) and len(toc) == 3 and all(isinstance(part, str) for part in toc):
        return [toc]
    if isinstance(toc, list | tuple):
        return [entry for part in toc for entry in _entries(part)]
    return []


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
