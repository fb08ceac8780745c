"""The Windows installer over stand-ins for the programs, under Wine: installed, upgraded, removed."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers import program, wait_until

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="CI on Windows installs the real bundle"),
]
INSTALLER = Path(__file__).parents[2] / "resources" / "installer"
# No pipes: the services that Wine starts with the first program would hold on to them.
SILENT = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
OLD, NEW = "1.9.0", "1.10.0"
BUSY, NEWER_INSTALLED = 1618, 1638
KEY = r"Software\Microsoft\Windows\CurrentVersion\Uninstall\AuditTrailsExport"


@dataclass(frozen=True)
class Windows:
    """A Windows of its own; `disk` is its drive C, and holds `setup-<version>.exe`."""

    disk: Path
    environment: dict[str, str]

    @property
    def user(self) -> Path:
        return next(path for path in (self.disk / "users").iterdir() if path.name != "Public")

    @property
    def programs(self) -> Path:
        """Where it is installed for one user."""
        return self.user / "AppData/Local/Programs/Audit Trails Export"

    @property
    def shortcut(self) -> Path:
        return self.user / "AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Audit Trails Export.lnk"

    def start(self, *commands: str) -> "subprocess.Popen[bytes]":
        """Run command lines as Windows' own shell does; `code.txt` has the exit code of the last."""
        batch = Path(tempfile.mkstemp(suffix=".bat", dir=self.disk)[1])
        batch.write_text("\r\n".join(["@echo off", *commands, r">C:\code.txt echo %errorlevel%", ""]))
        return subprocess.Popen(
            [program("wine"), "cmd", "/c", batch.name], cwd=self.disk, env=self.environment, **SILENT
        )

    def run(self, *commands: str) -> int:
        """The exit code of the last command line."""
        (self.disk / "code.txt").unlink(missing_ok=True)
        self.start(*commands).wait(120)
        return int((self.disk / "code.txt").read_text())

    def registered(self, root: str = "HKCU") -> dict[str, str]:
        """What *Add or remove programs* shows; empty where nothing is installed."""
        self.run(rf"reg query {root}\{KEY} >C:\registry.txt 2>nul")
        text = (self.disk / "registry.txt").read_text(encoding="utf-8", errors="replace")
        return dict(re.findall(r"^ +(\w+) +REG_\w+ +(.*?)\r?$", text, re.M))

    def said(self) -> list[str]:
        """How the programs were called since this was asked last."""
        file = self.disk / "said.txt"
        lines = file.read_text().splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return [line.strip() for line in lines]

    def windows_path(self, path: Path) -> str:
        return "C:\\" + str(path.relative_to(self.disk)).replace("/", "\\")


@pytest.fixture(scope="module")
def machine() -> Iterator[Windows]:
    """Wine with two installers; made once, for it takes seconds."""
    program("makensis")
    folder = Path(tempfile.mkdtemp(prefix="atx-setup-"))
    quiet = {"WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree,mshtml="}
    environment = {**os.environ, **quiet, "WINEPREFIX": str(folder / "prefix")}
    environment.pop("DISPLAY", None)
    program("wine")
    try:
        subprocess.run(["wineboot", "--init"], env=environment, check=True, timeout=200, **SILENT)
        windows = Windows(folder / "prefix" / "drive_c", environment)
        for version in (OLD, NEW):
            compile_setup(folder / version, version, windows.disk / f"setup-{version}.exe")
        yield windows
    finally:
        subprocess.run(["wineserver", "--kill"], env=environment, check=False, **SILENT)
        shutil.rmtree(folder, ignore_errors=True)


def compile_setup(folder: Path, version: str, setup: Path) -> None:
    """An installer of stand-ins, with a file that the other version does not have."""
    bundle = folder / "bundle"
    for name in ("_internal/deep", "licences"):
        (bundle / name).mkdir(parents=True)
    (bundle / "_internal/deep/library.dll").write_text(version)
    (bundle / f"_internal/only-{version}.dll").write_text(version)
    (bundle / "licences/LIST.txt").write_text(version)
    for name in ("audit-trails", "audit-trails-daily", "audit-trails-export"):
        command = ["makensis", "-V1", f"-DVERSION={version}", f"-DOUTPUT={bundle}/{name}.exe"]
        subprocess.run([*command, Path(__file__).with_name("stand_in.nsi")], check=True)
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    subprocess.run([sys.executable, INSTALLER / "make_icons.py", folder / "icons"], env=environment, check=True)
    command = [sys.executable, INSTALLER / "windows.py", bundle, folder / "icons/audit-trails.ico", version, setup]
    subprocess.run(command, check=True)


@pytest.fixture
def windows(machine: Windows) -> Iterator[Windows]:
    """With nothing installed, before and after."""
    machine.said()
    (machine.disk / "end.txt").unlink(missing_ok=True)
    yield machine
    (machine.disk / "end.txt").touch()
    for root, option in (("HKCU", ""), ("HKLM", "/ALLUSERS")):
        if place := machine.registered(root).get("InstallLocation"):
            machine.run(rf'"{place}\uninstall.exe" /S {option} _?={place}')
    for folder in (machine.programs, machine.disk / "Pro gram"):
        shutil.rmtree(folder, ignore_errors=True)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def bundle_of(windows: Windows, version: str) -> dict[str, bytes]:
    return files(windows.disk.parents[1] / version / "bundle")


def installed(windows: Windows, folder: Path | None = None) -> dict[str, bytes]:
    return {name: data for name, data in files(folder or windows.programs).items() if name != "uninstall.exe"}


def uninstall(windows: Windows, folder: Path, *options: str) -> int:
    place = windows.windows_path(folder)
    return windows.run(rf'"{place}\uninstall.exe" /S {" ".join(options)} _?={place}')


def test_one_user_installs_and_removes_it_silently(windows: Windows) -> None:
    assert windows.run(rf"C:\setup-{OLD}.exe /S") == 0
    assert installed(windows) == bundle_of(windows, OLD)
    entry = windows.registered()
    assert (entry["DisplayName"], entry["DisplayVersion"]) == ("Audit Trails Export", OLD)
    assert int(entry["EstimatedSize"], 16) > 100  # KiB
    assert entry["InstallLocation"] == windows.windows_path(windows.programs)
    assert windows.shortcut.exists()

    settings = windows.user / "AppData/Local/audit-trails-exporter/config.toml"
    settings.parent.mkdir(exist_ok=True)
    settings.write_text("version = 2")
    (windows.programs / "of-the-user.txt").touch()
    quiet = entry["QuietUninstallString"]
    assert windows.run(quiet) == 0
    assert windows.said() == [f"audit-trails-export.exe {OLD} schedule remove"]
    assert settings.exists()
    assert windows.registered() == {}
    assert not windows.shortcut.exists()
    wait_until(lambda: list(files(windows.programs)) == ["of-the-user.txt"], "the uninstaller to delete itself")


def test_settings_go_when_somebody_says_so(windows: Windows) -> None:
    windows.run(rf"C:\setup-{NEW}.exe /S")
    settings = windows.user / "AppData/Local/audit-trails-exporter"
    settings.mkdir(exist_ok=True)
    assert uninstall(windows, windows.programs, "/REMOVESETTINGS") == 0
    assert not settings.exists()


def test_an_upgrade_replaces_all_files_and_no_daily_task(windows: Windows) -> None:
    windows.run(rf"C:\setup-{OLD}.exe /S")
    assert windows.run(rf"C:\setup-{NEW}.exe /S") == 0
    assert installed(windows) == bundle_of(windows, NEW)
    assert windows.registered()["DisplayVersion"] == NEW
    assert windows.said() == []


def test_an_older_version_is_refused(windows: Windows) -> None:
    windows.run(rf"C:\setup-{NEW}.exe /S")
    assert windows.run(rf"C:\setup-{OLD}.exe /S") == NEWER_INSTALLED
    assert installed(windows) == bundle_of(windows, NEW)


def test_it_waits_for_a_running_export(windows: Windows) -> None:
    windows.run(rf"C:\setup-{OLD}.exe /S")
    place = windows.windows_path(windows.programs)
    windows.run(rf'start "" "{place}\audit-trails-daily.exe" run')
    wait_until(lambda: (windows.disk / "said.txt").exists(), "the export to run")
    assert windows.run(rf"C:\setup-{NEW}.exe /S /WAIT=1") == BUSY
    assert uninstall(windows, windows.programs, "/WAIT=1") == BUSY
    assert installed(windows) == bundle_of(windows, OLD)

    (windows.disk / "code.txt").unlink()
    upgrade = windows.start(rf"C:\setup-{NEW}.exe /S")
    wait_until((windows.programs / ".new/licences/LIST.txt").exists, "the upgrade to be under way")
    (windows.disk / "end.txt").touch()
    upgrade.wait(120)
    assert int((windows.disk / "code.txt").read_text()) == 0
    assert installed(windows) == bundle_of(windows, NEW)


def test_for_all_users(windows: Windows) -> None:
    folder = windows.disk / "Program Files/Audit Trails Export"
    assert windows.run(rf"C:\setup-{NEW}.exe /S /ALLUSERS") == 0
    assert installed(windows, folder) == bundle_of(windows, NEW)
    assert windows.registered() == {}
    assert windows.registered("HKLM")["DisplayVersion"] == NEW
    assert uninstall(windows, folder, "/ALLUSERS") == 0
    assert windows.registered("HKLM") == {}


def test_in_a_folder_of_choice_which_upgrades_keep(windows: Windows) -> None:
    assert windows.run(rf"C:\setup-{OLD}.exe /S /D=C:\Pro gram\Audit") == 0
    assert windows.run(rf"C:\setup-{NEW}.exe /S") == 0
    folder = windows.disk / "Pro gram" / "Audit"
    assert installed(windows, folder) == bundle_of(windows, NEW)
    assert not windows.programs.exists()
