"""The licences of everything in a bundle, from where its files come from."""

import re
import shutil
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from importlib.metadata import Distribution, distribution
from pathlib import Path

from bundle_contents import HERE
from owners import OWN, PYTHON, Owner, owners

_LICENCE_FILES = ("licen", "copying", "notice", "authors")
_NATIVE = re.compile(r"\.so(\.[0-9.]+)?$|\.pyd$|\.dll$", re.IGNORECASE)
_HEAD = "Works of others that are in this folder, whole or in part, and where their sources are:"
_FILES = "Libraries, whose works they are, and the works that are linked into them:"


def write_licences(folder: Path, origins: dict[str, Path]) -> None:
    """Fill `folder` with a text on all, LIST.txt, and a folder a work. `origins` are as `read_origins` gives them.

    Raises RuntimeError where a file is nobody's or a work has no licence: nothing goes out without.
    """
    shutil.copytree(
        HERE / "licences", folder, ignore=shutil.ignore_patterns("inside", "missing"), dirs_exist_ok=True
    )
    owner_of = owners(origins)
    works = {owner.name: owner for owner in owner_of.values() if owner != OWN}
    native = sorted(name for name in owner_of if _NATIVE.search(name))
    inside = {name: _linked_into(name) for name in native}
    lines = [
        _HEAD,
        _own(folder),
        *(_work(folder, works[name]) for name in sorted({*works, PYTHON.name} - {"pyinstaller"})),
        _package(folder, distribution("pyinstaller"), "pyinstaller, only the starter of its programs,"),
        *_inside(folder, {work["name"]: work for found in inside.values() for work in found}),
        "",
        _FILES,
        *(
            ": ".join([name, ", ".join([owner_of[name].name, *(w["name"] for w in inside[name])])])
            for name in native
        ),
    ]
    (folder / "LIST.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _linked_into(library: str) -> list[dict[str, str]]:
    listed = tomllib.loads((HERE / "licences/inside/works.toml").read_text(encoding="utf-8"))["work"]
    return [work for work in listed if any(fnmatch(library, pattern) for pattern in work["inside"])]


def _inside(folder: Path, works: dict[str, dict[str, str]]) -> list[str]:
    (folder / "inside").mkdir()
    for work in works.values():
        for name in {work["text"], "Apache-2.0.txt"}:
            shutil.copy(HERE / "licences/inside" / name, folder / "inside")
    return [f"{name}: {work['licence']} ({work['source']})" for name, work in sorted(works.items())]


def _own(folder: Path) -> str:
    _put(HERE.parents[1] / "LICENSE", folder / "audit-trails-export")
    return "audit-trails-export: MIT"


def _work(folder: Path, work: Owner) -> str:
    if work == PYTHON:
        return _python(folder)
    if work.distribution is not None:
        return _package(folder, work.distribution, work.name)
    return _debian(folder, work.name)


def _python(folder: Path) -> str:
    places = [Path(sys.base_prefix) / "LICENSE.txt", Path(shutil.__file__).with_name("LICENSE.txt")]
    texts = [*(place for place in places if place.exists()), *Path("/usr/share/doc").glob("python3*/copyright")]
    if not texts:
        raise RuntimeError("Python's licence is not on this system.")
    _put(texts[0], folder / "python", "LICENSE.txt")
    return f"python {sys.version.split()[0]}: PSF-2.0 (https://www.python.org/)"


def _package(folder: Path, found: Distribution, title: str) -> str:
    name, meta = str(found.metadata["Name"]).lower(), found.metadata
    by_list = [each.rpartition(" :: ")[2] for each in meta.get_all("Classifier") or [] if "License ::" in each]
    by_itself = meta.get("License-Expression") or meta.get("License")
    licence = (by_itself or ", ".join(by_list) or "see its folder").splitlines()[0]
    files = [file for file in found.files or [] if ".dist-info" in str(file) and file.suffix != ".py"]
    texts = [file for file in files if file.name.lower().startswith(_LICENCE_FILES)]
    # What was compiled into its libraries; of Python alone, such a list names the tools of its makers.
    inside = [file for file in files if file.parent.name == "sboms"] if _has_libraries(found) else []
    for file in [*texts, *inside]:
        _put(Path(str(file.locate())), folder / name)
    if not texts and (own := HERE / "licences" / "missing" / f"{name}.txt").exists():
        _put(own, folder / name, "LICENSE")
    elif not texts and "LGPL-3.0" not in licence:  # whose text is in the folder
        raise RuntimeError(f"{name} has no licence file.")
    return f"{title} {found.version}: {licence}" + (f" ({home})" if (home := _home(found)) else "")


def _has_libraries(found: Distribution) -> bool:
    return any(_NATIVE.search(file.name) for file in found.files or [])


def _home(found: Distribution) -> str:
    """Where a work is from, by its own account; empty where it does not say."""
    links = [link.partition(",")[::2] for link in found.metadata.get_all("Project-URL") or []]
    links.sort(key=lambda link: not re.search("source|repository|code|github", link[0], re.IGNORECASE))
    return links[0][1].strip() if links else str(found.metadata.get("Home-page") or "")


def _debian(folder: Path, package: str) -> str:
    """Debian's record of a package that a library of this system is from."""
    text = Path("/usr/share/doc") / package / "copyright"
    if not text.exists():
        raise RuntimeError(f"{package} has no copyright file on this system.")
    _put(text, folder / package)
    query = ["dpkg-query", "--show", "--showformat=${Version} (${source:Package})\n", package]
    version = subprocess.run(query, capture_output=True, text=True, check=True).stdout.splitlines()[0]
    return f"{package} {version}: see its folder (https://packages.debian.org/)"


def _put(file: Path, folder: Path, name: str = "") -> None:
    folder.mkdir(exist_ok=True)
    shutil.copy(file, folder / (name or file.name))
