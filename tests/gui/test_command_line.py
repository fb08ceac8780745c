"""How the form is started."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app import __version__
from tests.windows_gaps import needs

NO_SCREEN = {
    name: value
    for name, value in os.environ.items()
    if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
}


def start(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "desktop_app.gui", *arguments]
    return subprocess.run(command, env=NO_SCREEN, capture_output=True, encoding="utf-8", check=False)


def test_the_version_needs_no_screen() -> None:
    done = start("--version")
    assert (done.returncode, done.stdout) == (0, f"audit-trails {__version__}\n")


def test_an_unknown_option_is_wrong_usage() -> None:
    done = start("--hoem", "x")
    assert done.returncode == 2
    assert "--home" in done.stderr


@needs("X")
def test_without_a_screen_it_says_so(tmp_path: Path) -> None:
    done = start("--home", str(tmp_path))
    assert done.returncode == 1
    assert "There is no screen" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("language", "says"), [("de", "Das Formular für den Export der Audit-Protokolle öffnen."), ("ja", "監査")]
)
def test_the_help_is_in_the_language_of_the_command_line(language: str, says: str, tmp_path: Path) -> None:
    """In a file, which is UTF-8 on every system."""
    file = tmp_path / "help.txt"
    environment = {**NO_SCREEN, "AUDIT_TRAILS_LANG": language}
    with file.open("wb") as output:
        command = [sys.executable, "-m", "desktop_app.gui", "--help"]
        subprocess.run(command, env=environment, stdout=output, check=True)
    assert says in file.read_text(encoding="utf-8")
