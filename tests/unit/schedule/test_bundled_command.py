import os
import sys
from pathlib import Path

import pytest

from desktop_app.environment import system_environment
from desktop_app.own_program import running_program
from desktop_app.schedule.command import task_command
from desktop_app.schedule.processes import ask
from desktop_app.settings.paths import Paths
from tests.windows_gaps import needs

EXPORTER = "audit-trails-export.exe" if os.name == "nt" else "audit-trails-export"


def bundle(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let this process seem to be the bundle in `folder`, started as the form."""
    folder.mkdir(parents=True)
    (folder / EXPORTER).touch()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(folder / "audit-trails"))
    return folder / EXPORTER


def started(tmp_path: Path) -> str:
    return task_command(Paths(tmp_path / "config", tmp_path / "data", tmp_path / "logs")).argv[0]


def test_a_task_starts_the_exporter_beside_the_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exporter = bundle(tmp_path / "anywhere" / "audit-trails", monkeypatch)
    assert started(tmp_path) == str(exporter)


def test_a_task_starts_the_exporter_without_a_console_where_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = bundle(tmp_path / "Audit Trails Export", monkeypatch).with_name("audit-trails.exe")
    form.touch()
    home = tmp_path / "home"
    quiet = task_command(Paths(home, home, home)).argv
    assert quiet == (str(form), "exporter", "--home", str(home), "run", "--scheduled")


def test_a_second_process_is_the_exporter_also_where_the_form_starts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exporter = bundle(tmp_path / "audit-trails", monkeypatch)
    assert running_program().argv == (str(exporter),)


@needs("desktops of Linux")
def test_a_task_outlives_an_upgrade_of_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package turns a link, `current`, from one version's folder to the next, and deletes the old one."""
    bundle(tmp_path / "versions" / "1.1.y", monkeypatch)
    (tmp_path / "current").symlink_to("versions/1.1.y")
    assert started(tmp_path) == str(tmp_path / "current" / EXPORTER)
    bundle(tmp_path / "versions" / "1.0.x", monkeypatch)  # a form of the old version that is still open
    assert started(tmp_path) == str(tmp_path / "current" / EXPORTER)


@needs("shell")
def test_programs_of_the_system_do_not_get_the_libraries_of_the_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setenv("LD_LIBRARY_PATH", "/usr/lib/audit-trails-export/_internal")
    assert system_environment()["LD_LIBRARY_PATH"] == ""
    assert ask(("sh", "-c", "echo $LD_LIBRARY_PATH")).said.strip() == b""
