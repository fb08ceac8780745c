"""How this program is started: from a bundle, an installed package or a checkout."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

_DISTRIBUTION = "audit-trails-export"
_PROGRAM = "audit-trails-export.exe" if os.name == "nt" else "audit-trails-export"
# On Windows the form is also the exporter, where this word comes first: without a console, which would be seen
# whenever the Task Scheduler starts it.
_WITHOUT_CONSOLE = ("audit-trails.exe", "exporter")
_PACKAGE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Command:
    """An absolute program with its arguments, and the folder in which it must be started, or None."""

    argv: tuple[str, ...]
    folder: Path | None = None


def is_bundled() -> bool:
    """Whether this is a bundle of PyInstaller, with libraries of its own."""
    return bool(getattr(sys, "frozen", False))


def running_program() -> Command:
    """The exporter as it runs here and now, for a second process of this one."""
    if is_bundled():
        return Command((str(Path(sys.executable).with_name(_PROGRAM)),))
    return Command((sys.executable, "-m", "desktop_app.cli"), _PACKAGE.parent)


def installed_program() -> Command:
    """The exporter by the path that stays for years, for the system's scheduler."""
    if is_bundled():  # all programs lie in one folder
        return Command(_bundled())
    if os.name == "nt":
        return Command((_python_without_console(), "-m", "desktop_app.cli"), _PACKAGE.parent)
    script = _console_script()
    return Command((str(script),)) if script else running_program()


def _bundled() -> tuple[str, ...]:
    """The exporter of this bundle, by the path that stays when the Debian package is upgraded.

    The package has each build in `versions/<build>`, and beside that folder the link `current`.
    """
    program = Path(sys.executable).with_name(_PROGRAM)
    form, word = _WITHOUT_CONSOLE
    if program.with_name(form).exists():
        return str(program.with_name(form)), word
    stays = program.parents[2] / "current" / _PROGRAM
    return (str(stays if program.parents[1].name == "versions" and stays.exists() else program),)


def _python_without_console() -> str:
    """Python's pythonw.exe, which lies beside every python.exe on Windows."""
    quiet = Path(sys.executable).with_name("pythonw.exe")
    return str(quiet) if quiet.exists() else sys.executable


def _console_script() -> Path | None:
    """The script that pip made for this very package, or None in a checkout."""
    from importlib.metadata import PackageNotFoundError, distribution

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
