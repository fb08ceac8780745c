"""What the daily task starts, and what it is called."""

import hashlib
import os
import sys
from pathlib import Path

from desktop_app.own_program import Command, installed_program
from desktop_app.settings.paths import Paths

_BASE_FOLDERS = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")


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
    program = installed_program()
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
