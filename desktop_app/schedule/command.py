"""What the daily task starts, and what it is called."""

import hashlib
import os
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from desktop_app.settings.paths import Paths

_DISTRIBUTION = "audit-trails-export"
_PROGRAM = "audit-trails-export.exe" if os.name == "nt" else "audit-trails-export"
_BASE_FOLDERS = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
_WITHOUT_CONSOLE = "audit-trails-daily.exe"  # the same program; the Task Scheduler would show the other's console
_PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Command:
    """An absolute program with its arguments, and the folder in which it must be started, or None."""

    argv: tuple[str, ...]
    folder: Path | None = None


def task_name(paths: Paths) -> str:
    """The name of this configuration's task: a second one on the same account (AUDIT_TRAILS_HOME) has another."""
    home = _own_folder(paths)
    if home is None:
        return "audit-trails-export"
    return f"audit-trails-export-{hashlib.sha256(os.fsencode(home)).hexdigest()[:8]}"


def task_command(paths: Paths) -> Command:
    """What the daily task starts."""
    return program_command(paths, "run", "--scheduled")


def program_command(paths: Paths, *arguments: str) -> Command:
    """How to start the exporter for this configuration from a checkout, an installed package or a bundle."""
    program = _program()
    home = _own_folder(paths)
    where = ("--home", str(home)) if home else ()
    return Command((*_carried(), *program.argv, *where, *arguments), program.folder)


def _own_folder(paths: Paths) -> Path | None:
    """The one folder that holds everything, where AUDIT_TRAILS_HOME named it."""
    return paths.config if paths.config == paths.data == paths.logs else None


def _carried() -> tuple[str, ...]:
    """The folders that this session moved (XDG base directories), which a scheduler would not know."""
    moved = [f"{name}={os.environ[name]}" for name in _BASE_FOLDERS if os.environ.get(name)]
    return ("/usr/bin/env", *moved) if moved and sys.platform == "linux" else ()


def _program() -> Command:
    if getattr(sys, "frozen", False):  # a bundle: all programs lie in one folder
        return Command((str(_bundled()),))
    if os.name == "nt":
        return Command((_python_without_console(), "-m", "desktop_app.cli"), _PACKAGE.parent)
    if script := _console_script():
        return Command((str(script),))
    return Command((sys.executable, "-m", "desktop_app.cli"), _PACKAGE.parent)


def _bundled() -> Path:
    """The exporter of this bundle, by the path that stays when the Debian package is upgraded.

    The package has each build in `versions/<build>`, and beside that folder the link `current`.
    """
    program = Path(sys.executable).with_name(_PROGRAM)
    if program.with_name(_WITHOUT_CONSOLE).exists():
        return program.with_name(_WITHOUT_CONSOLE)
    stays = program.parents[2] / "current" / _PROGRAM
    return stays if program.parents[1].name == "versions" and stays.exists() else program


def _python_without_console() -> str:
    """Python's pythonw.exe, which lies beside every python.exe on Windows."""
    quiet = Path(sys.executable).with_name("pythonw.exe")
    return str(quiet) if quiet.exists() else sys.executable


def _console_script() -> Path | None:
    """The script that pip made for this very package, or None in a checkout."""
    try:
        installed = distribution(_DISTRIBUTION)
    except PackageNotFoundError:
        return None
    if Path(str(installed.locate_file("desktop_app"))).resolve() != _PACKAGE:
        return None
    for file in installed.files or ():
        if file.name == _PROGRAM:
            return Path(str(file.locate())).resolve()
    return None
