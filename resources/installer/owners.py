"""Whose work the files of the building system are that went into a bundle."""

import subprocess
import sys
import sysconfig
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import Distribution, distributions
from pathlib import Path

from bundle_contents import ROOT


@dataclass(frozen=True)
class Owner:
    """A work: its name, and what Python knows of it; a package of the system's has no distribution."""

    name: str
    distribution: Distribution | None = field(default=None, compare=False)


OWN = Owner("audit-trails-export")
PYTHON = Owner("python")


def owners(origins: dict[str, Path]) -> dict[str, Owner]:
    """By what is in the bundle, whose it is. `origins` are as `read_origins` gives them.

    Raises RuntimeError where that can't be found out.
    """
    return {name: _owner(source) for name, source in origins.items()}


def _owner(source: Path) -> Owner:
    if found := _files_of_distributions().get(source):
        return found
    if source.is_relative_to(Path(sysconfig.get_path("purelib"))):
        raise RuntimeError(f"No Python package is known for {source}.")
    if source.is_relative_to(ROOT):  # ours, or made by the build of what is in the bundle anyway
        return OWN
    if any(source.is_relative_to(place) for place in _places_of_python()):
        return PYTHON
    return Owner(_debian_package(source))


@cache
def _files_of_distributions() -> dict[Path, Owner]:
    found = {}
    for each in distributions():
        owner = Owner(str(each.metadata["Name"]).lower(), each)
        found.update({Path(str(file.locate())): owner for file in each.files or []})
    return found


def _places_of_python() -> list[Path]:
    places = [Path(sysconfig.get_path(name, vars={"base": sys.base_prefix})) for name in ("stdlib", "platstdlib")]
    return places if Path(sys.base_prefix) == Path("/usr") else [*places, Path(sys.base_prefix)]


@cache
def _debian_package(path: Path) -> str:
    for form in (path, path.resolve(), Path(str(path.resolve()).removeprefix("/usr"))):
        found = subprocess.run(["dpkg", "--search", str(form)], capture_output=True, text=True, check=False)
        if found.returncode == 0:
            return found.stdout.split(": ")[0].split(",")[0].split(":")[0]
    raise RuntimeError(f"No package of this system is known for {path}.")
