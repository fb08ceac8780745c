"""The licences of everything in the bundle, from what is installed here."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

from bundle_contents import HERE, ROOT
from packaging.requirements import Requirement

_LICENCE_FILES = ("licen", "copying", "notice", "authors")


def write_licences(folder: Path, system_libraries: list[Path]) -> None:
    """Fill `folder`: a text on all, LIST.txt, and a folder a work. `system_libraries` are files of this system.

    Raises RuntimeError where a work has no licence that can be found: nothing goes out without.
    """
    shutil.copytree(HERE / "licences", folder, dirs_exist_ok=True)
    works = [
        "Works of others that are in this folder, whole or in part, and where their sources are:",
        _own(folder),
        _python(folder),
        *(_package(folder, found) for found in sorted(_packages("audit-trails-export", {"gui"}), key=_name)),
        _bootloader(folder),
        *_system(folder, system_libraries),
    ]
    (folder / "LIST.txt").write_text("".join(f"{line}\n" for line in works), encoding="utf-8")


def _own(folder: Path) -> str:
    (folder / "audit-trails-export").mkdir()
    shutil.copy(ROOT / "LICENSE", folder / "audit-trails-export")
    return "audit-trails-export: MIT"


def _python(folder: Path) -> str:
    (folder / "python").mkdir()
    places = [Path(sys.base_prefix) / "LICENSE.txt", Path(shutil.__file__).with_name("LICENSE.txt")]
    texts = [*(place for place in places if place.exists()), *Path("/usr/share/doc").glob("python3*/copyright")]
    if not texts:
        raise RuntimeError("Python's licence is not on this system.")
    shutil.copy(texts[0], folder / "python" / "LICENSE.txt")
    return f"python {sys.version.split()[0]}: PSF-2.0 (https://www.python.org/)"


def _packages(name: str, extras: set[str], seen: set[str] | None = None) -> Iterator[Distribution]:
    """What `name` needs on this system, all the way down, without itself."""
    seen = set() if seen is None else seen
    for text in distribution(name).requires or []:
        need = Requirement(text)
        applies = need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in {"", *extras})
        found = need.name.lower().replace("_", "-")
        if applies and found not in seen:
            seen.add(found)
            yield distribution(need.name)
            yield from _packages(need.name, need.extras, seen)


def _package(folder: Path, found: Distribution) -> str:
    name, meta = _name(found), found.metadata
    licence = meta.get("License-Expression") or (meta.get("License") or "see its folder").splitlines()[0]
    files = [
        file
        for file in found.files or []
        if ".dist-info" in str(file) and file.name.lower().startswith(_LICENCE_FILES) and file.suffix != ".py"
    ]
    for file in files:
        target = folder / name / file.name
        target.parent.mkdir(exist_ok=True)
        shutil.copy(str(file.locate()), target)
    if not files and "LGPL-3.0" not in licence:  # whose text is in the folder
        raise RuntimeError(f"{name} has no licence file.")
    return f"{name} {found.version}: {licence}" + (f" ({home})" if (home := _home(found)) else "")


def _home(found: Distribution) -> str:
    """Where a work is from, by its own account; empty where it does not say."""
    links = [link.partition(",")[::2] for link in found.metadata.get_all("Project-URL") or []]
    links.sort(key=lambda link: not re.search("source|repository|code|github", link[0], re.IGNORECASE))
    return links[0][1].strip() if links else str(found.metadata.get("Home-page") or "")


def _name(found: Distribution) -> str:
    return str(found.metadata["Name"]).lower()


def _bootloader(folder: Path) -> str:
    line = _package(folder, distribution("pyinstaller"))
    return line.replace("pyinstaller", "pyinstaller, only the starter of its programs,", 1)


def _system(folder: Path, libraries: list[Path]) -> Iterator[str]:
    """Debian's record of each package that a library of this system is from."""
    packages = sorted({_debian_package(path) for path in libraries})
    for package in packages:
        text = Path("/usr/share/doc") / package.split(":")[0] / "copyright"
        if not text.exists():
            raise RuntimeError(f"{package} has no copyright file on this system.")
        (folder / package.split(":")[0]).mkdir()
        shutil.copy(text, folder / package.split(":")[0])
        version = _output("dpkg-query", "--show", "--showformat=${Version} (${source:Package})", package)
        yield f"{package.split(':')[0]} {version}: see its folder (https://packages.debian.org/)"


def _debian_package(path: Path) -> str:
    for form in (path, path.resolve(), Path(str(path.resolve()).removeprefix("/usr"))):
        found = subprocess.run(["dpkg", "--search", str(form)], capture_output=True, text=True, check=False)
        if found.returncode == 0:
            return found.stdout.split(": ")[0].split(",")[0]
    raise RuntimeError(f"No Debian package is known for {path}.")


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
