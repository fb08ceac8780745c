"""What goes into the bundle: `bundle.toml`, asked by the build."""

import os
import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# What pip notes with a package of where and how it was installed.
_ABOUT_THE_ENVIRONMENT = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")
CONTENTS = tomllib.loads((HERE / "bundle.toml").read_text(encoding="utf-8"))
_LIBRARIES = [*CONTENTS["linux"]["libraries"], *CONTENTS["linux"]["desktop_libraries"]]


def version() -> str:
    """The one version, from the package."""
    text = (ROOT / "desktop_app" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "(.+)"$', text, re.M)
    assert found
    return found[1]


def compression_level() -> int:
    """xz's, 1 to 9, for all packages; tests take a quick one."""
    return int(os.environ.get("ATX_COMPRESSION", "6"))


def own_files() -> list[tuple[str, str]]:
    """Pairs of (file, folder in the bundle) of everything in `ui/`, `resources/` and the help that the
    programs read."""
    return [
        (str(path), str(path.parent.relative_to(ROOT)))
        for folder in ("ui", "resources", "docs/help")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.is_file() and path.suffix != ".ts" and HERE not in path.parents
    ]


def apprise_plugin_names(package: Path, empty: Path) -> list[tuple[str, str]]:
    """apprise learns its plugins from the file names in its folder: empty files with those names, as `own_files`.

    The modules themselves are in the program, where Python looks first.
    """
    pairs = []
    for folder in ("plugins", "attachment", "config"):
        for path in sorted((package / folder).iterdir()):
            if path.name.startswith("_") or path.suffix not in ("", ".py"):
                continue
            (empty / folder).mkdir(parents=True, exist_ok=True)
            mark = empty / folder / (path.stem + ".py")
            mark.touch()
            pairs.append((str(mark), f"apprise/{folder}"))
    return pairs


def is_wanted(destination: str, source: str) -> bool:
    """Whether a file that PyInstaller found belongs in the bundle.

    `destination` is its path there; `source` where it is on this system, or for a link what it points to.
    """
    path = PurePosixPath(destination.replace("\\", "/"))
    folder = path.parent.name
    if folder.endswith(".dist-info") and path.name in _ABOUT_THE_ENVIRONMENT:
        return False
    if "translations" in path.parts and "PySide6" in path.parts:
        return path.name in CONTENTS["qt"]["translations"]
    if "plugins" in path.parts and "PySide6" in path.parts:
        return path.stem.removeprefix("lib") in CONTENTS["qt"]["plugins"].get(folder, [])
    if path.name.split(".")[0] in CONTENTS["qt"]["unused_libraries"]:
        return False
    if source.startswith(("/usr/lib/", "/lib/", "/usr/local/lib/")) and path.parent == PurePosixPath("."):
        name = path.name.split(".so")[0]
        return any(fnmatch(name, wanted) for wanted in _LIBRARIES)
    return True
