"""The program as `dev.py build windows` makes it, installed in a Windows of its own under Wine, and used there.

Its Python is in the bundle: this Windows has none. What Wine 8 lacks: its Task Scheduler answers no calls as the
program makes them, keeps what `schtasks` registers, and starts nothing.
"""

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QImage

from desktop_app import __version__
from desktop_app.own_program import Command
from desktop_app.schedule.windows.definition import as_file, definition
from tests.packages import ROOT, build_once
from tests.servers import Server, program, wait_until
from tests.windows_machine import Started, Windows, files, new_windows
from tests.x_display import is_shown, take_picture, x_display

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="CI on Windows installs the bundle on a real one"),
    pytest.mark.timeout(1500),  # the first asks for the build, and that for a Python for Windows
]
MB = 1_000_000
BUSY = 1618
TASK = "audit-trails-export"
VAULT = r"HKCU\Software\Wine\Credential Manager"
EVENT = {"createdAt": "2026-03-01T12:00:00Z", "entityType": "t", "entityName": "Käln", "actionType": "a"}


@dataclass(frozen=True)
class Installed:
    """The program in its Windows, and the screen of that."""

    windows: Windows
    setup: Path
    display: str

    @property
    def folder(self) -> str:
        return self.windows.windows_path(self.windows.programs)

    def run(self, *arguments: str, stdin: bytes = b"", code: int = 0, name: str = "audit-trails-export") -> str:
        """What a command says, found by its name as in a terminal. It must end with `code`."""
        # Files of its own: what Wine starts beside a command holds on to those of that command.
        folder = Path(tempfile.mkdtemp(dir=self.windows.disk))
        (folder / "in.txt").write_bytes(stdin)
        there = self.windows.windows_path(folder)
        line = " ".join(f'"{each}"' if " " in each else each for each in (name, *arguments))
        ended = self.windows.run(rf"{line} <{there}\in.txt >{there}\out.txt 2>{there}\err.txt")
        said, errors = ((folder / file).read_bytes().decode(errors="replace") for file in ("out.txt", "err.txt"))
        assert "Traceback" not in errors, errors
        assert ended == code, (ended, errors, said)
        return said + errors

    def configure(self, server: Server, path: str) -> None:
        settings = {"host": f"127.0.0.1:{server.port}", "user": server.user, "path": path}
        self.run("config", "set", *(f"server.{key}={value}" for key, value in settings.items()))
        self.run("config", "set", "export.instance=ws", "export.timezone=UTC")
        self.run("config", "password", stdin=server.password.encode() + b"\n")
        self.run("trust", "--yes")

    def install(self, *options: str) -> int:
        return self.windows.run(rf"C:\{self.setup.name} /S {' '.join(options)}")

    def uninstall(self, *options: str) -> int:
        return self.windows.run(rf'"{self.folder}\uninstall.exe" /S {" ".join(options)} _?={self.folder}')

    def open_form(self) -> Started:
        form = self.windows.start(rf'"{self.folder}\audit-trails.exe"')
        wait_until(lambda: is_shown(self.display, "Audit Trails Export"), "the window", 120)
        return form

    def close_form(self, form: Started) -> None:
        self.windows.run("taskkill /im audit-trails.exe")
        form.wait(60)


@pytest.fixture(scope="module")
def setup() -> Path:
    for name in ("makensis", "wine", "xdotool"):
        program(name)
    build_once("windows")
    return ROOT / "dist" / f"audit-trails-export-{__version__}-windows-x64-setup.exe"


@pytest.fixture(scope="module")
def installed(setup: Path) -> Iterator[Installed]:
    with x_display() as display, new_windows(display) as windows:
        windows.have_libraries_of_windows_10()
        there = Installed(windows, Path(shutil.copy(setup, windows.disk)), display)
        assert there.install() == 0
        yield there


def test_it_is_small(setup: Path, installed: Installed) -> None:
    content = files(installed.windows.programs)
    assert sum(map(len, content.values())) < 130 * MB
    assert setup.stat().st_size < 43 * MB
    names = {name.lower() for name in content}
    assert not [name for name in names if "opengl32sw" in name or "pythonwin" in name or name.endswith(".ts")]


def test_every_library_is_in_the_list_of_licences(installed: Installed) -> None:
    internal = installed.windows.programs / "_internal"
    native = {path.relative_to(internal) for path in internal.rglob("*") if path.suffix in (".dll", ".pyd")}
    text = (installed.windows.programs / "licences/LIST.txt").read_text(encoding="utf-8")
    listed = {Path(line.partition(": ")[0]) for line in text.partition("\n\n")[2].splitlines()}
    assert native <= listed


def test_an_archive_reaches_the_server(installed: Installed, sshd: Server, served: Path) -> None:
    assert installed.run("--version").strip() == f"audit-trails-export {__version__}"
    installed.configure(sshd, served.name)
    installed.run("test")
    assert "1 event stored" in installed.run("record", stdin=json.dumps(EVENT).encode())
    installed.run("run")
    assert (served / "audit-trails-ws-2026-03-01.zip").exists()
    installed.run("verify", f"Z:{served}", "--to", "2026-03-01")
    assert "Credential Manager" in installed.run("status")


def test_the_form_opens(installed: Installed, tmp_path: Path) -> None:
    form = installed.open_form()
    picture = tmp_path / "form.png"

    def is_drawn() -> bool:
        take_picture(installed.display, picture)
        image = QImage(str(picture))
        places = ((x, y) for x in range(0, image.width(), 4) for y in range(0, image.height(), 4))
        return len({image.pixel(*place) for place in places}) > 30

    wait_until(is_drawn, "something to be seen in the window", 60)
    installed.close_form(form)


def test_a_notification_is_shown(installed: Installed) -> None:
    told = json.dumps(["The daily export of audit trails failed", "in Käln"]).encode()
    assert installed.run("notify", "toast", stdin=told).strip() == "shown"


def test_the_daily_task_is_taken_and_what_it_starts_delivers(
    installed: Installed, sshd: Server, served: Path
) -> None:
    installed.configure(sshd, served.name)
    installed.run("config", "set", "enabled=true")  # without registering: tests set AUDIT_TRAILS_SCHEDULER
    installed.run("record", stdin=json.dumps(EVENT | {"createdAt": "2026-03-02T12:00:00Z"}).encode())
    command = Command((rf"{installed.folder}\audit-trails.exe", "exporter", "run", "--scheduled"))
    xml = definition("02:00", "S-1-5-21-0-0-0-1000", "InteractiveToken", command, datetime(2026, 11, 29))
    (installed.windows.disk / "task.xml").write_bytes(as_file(xml))
    assert installed.windows.run(rf"schtasks /create /tn {TASK} /xml C:\task.xml /f") == 0

    assert (installed.windows.tasks / TASK).exists()
    program_, arguments = (each.text or "" for each in ElementTree.fromstring(xml).iterfind(".//{*}Exec/*"))
    assert installed.windows.run(f'start /wait "" "{program_}" {arguments}') == 0
    assert (served / "audit-trails-ws-2026-03-02.zip").exists()
    installed.windows.run(f"schtasks /delete /tn {TASK} /f")


def test_a_policy_that_a_user_put_there_stops_nothing(installed: Installed) -> None:
    """Wine gives every file to its user."""
    policy = installed.windows.policies / "policy.toml"
    policy.parent.mkdir()
    policy.write_text("[server\n")
    try:
        assert "does not count" in installed.run("config", "show")
    finally:
        shutil.rmtree(policy.parent)


def test_an_upgrade_waits_for_the_form_and_a_removal_leaves_nothing(
    installed: Installed, sshd: Server, served: Path
) -> None:
    installed.configure(sshd, served.name)
    installed.run("--home", r"C:\other home", "config", "set", "server.host=other.example", "server.user=u")
    installed.run("--home", r"C:\other home", "config", "password", stdin=b"other secret\n")
    windows, old = installed.windows, installed.windows.programs / "_internal/only in the old one.txt"
    old.touch()
    assert windows.registry(VAULT, below=True)

    form = installed.open_form()
    assert installed.install("/WAIT=1") == BUSY
    assert installed.uninstall("/WAIT=1") == BUSY
    assert old.exists()
    installed.close_form(form)
    assert installed.install() == 0
    assert not old.exists()
    installed.run("test")  # settings and password are there

    (windows.disk / "task.xml").write_bytes(
        as_file(definition("02:00", "me", "InteractiveToken", Command((r"C:\a.exe",)), datetime(2026, 11, 29)))
    )
    windows.run(rf"schtasks /create /tn {TASK} /xml C:\task.xml /f")
    assert installed.uninstall("/REMOVESETTINGS") == 0
    wait_until(lambda: not windows.programs.exists(), "the uninstaller to delete itself", 60)
    assert windows.registered() == {}
    assert "Path" not in windows.registry(r"HKCU\Environment")
    assert not windows.registry(r"HKCU\Software\Microsoft\Windows\CurrentVersion\App Paths\audit-trails.exe")
    assert windows.registry(VAULT, below=True).keys() <= {"EncryptionKey"}  # Wine's own
    assert [*windows.tasks.iterdir()] == []
    assert [path for path in windows.user.rglob("*") if "audit" in path.name.lower()] == []
