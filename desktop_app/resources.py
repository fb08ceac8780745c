"""Where the files of `ui/`, `resources/` and the help are: in a checkout, an installed wheel or a bundle."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parent


def resource_path(name: str) -> Path:
    """The path of `resources/<name>`; in a checkout it lies beside the package, elsewhere inside it.

    Raises FileNotFoundError.
    """
    return _find(f"resources/{name}")


def ui_path(name: str) -> Path:
    """The path of `ui/<name>`, likewise. Raises FileNotFoundError."""
    return _find(f"ui/{name}")


def help_path(language: str, name: str) -> Path:
    """The path of `docs/help/<language>/<name>`, likewise. Raises FileNotFoundError."""
    return _find(f"docs/help/{language}/{name}")


@cache
def load_toml(name: str) -> dict[str, Any]:
    """The content of `resources/<name>.toml`."""
    return tomllib.loads(resource_path(f"{name}.toml").read_text(encoding="utf-8"))


def _find(name: str) -> Path:
    for folder in (_PACKAGE, _PACKAGE.parent):
        path = folder / name
        if path.exists():
            return path
    raise FileNotFoundError(name)
