"""A Windows of its own under Wine, with nothing in it, for trying what installs itself there."""

import os
import re
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers import program

# No pipes: the services that Wine starts with the first program would hold on to them.
SILENT = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
KEY = r"Software\Microsoft\Windows\CurrentVersion\Uninstall\AuditTrailsExport"


@dataclass(frozen=True)
class Started:
    """Command lines that run; each has a file of its own for its exit code, for several may run at once."""

    shell: "subprocess.Popen[bytes]"
    code: Path

    def wait(self, seconds: float) -> int:
        """The exit code of the last command line."""
        self.shell.wait(seconds)
        return int(self.code.read_text())


@dataclass(frozen=True)
class Windows:
    """`disk` is its drive C."""

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

    @property
    def policies(self) -> Path:
        return self.disk / "ProgramData/audit-trails-exporter"

    @property
    def tasks(self) -> Path:
        """Where the Task Scheduler keeps its tasks, a file each."""
        return self.disk / "windows/system32/tasks"

    def have_libraries_of_windows_10(self) -> None:
        """What Wine 8 lacks of a Windows 10, as `windows-python` makes it for its own Windows."""
        made = Path(os.environ.get("WINDOWS_PYTHON", "/var/tmp/windows-python")) / "prefix/drive_c"
        for name in ("bcryptprimitives.dll", "icuuc.dll"):
            shutil.copy(made / "windows/system32" / name, self.disk / "windows/system32")

    def start(self, *commands: str) -> "Started":
        """Run command lines as Windows' own shell does."""
        batch = Path(tempfile.mkstemp(suffix=".bat", dir=self.disk)[1])
        code = batch.with_suffix(".txt")
        batch.write_text("\r\n".join(["@echo off", *commands, rf">C:\{code.name} echo %errorlevel%", ""]))
        wine = [program("wine"), "cmd", "/c", batch.name]
        return Started(subprocess.Popen(wine, cwd=self.disk, env=self.environment, **SILENT), code)

    def run(self, *commands: str) -> int:
        """The exit code of the last command line.

        Wine's server was seen to stand still once in some hundreds of starts: what runs then is said, ended, and
        tried once more.
        """
        try:
            return self.start(*commands).wait(200)
        except subprocess.TimeoutExpired:
            running = [line for line in _processes() if ".exe" in line or "wine" in line]
            warnings.warn("\n".join([f"Windows stands still amid {commands}:", *running]), stacklevel=2)
            subprocess.run(["wineserver", "--kill"], env=self.environment, check=False, **SILENT)
            return self.start(*commands).wait(200)

    def registered(self, root: str = "HKCU") -> dict[str, str]:
        """What *Add or remove programs* shows; empty where nothing is installed."""
        return self.registry(rf"{root}\{KEY}")

    def registry(self, key: str, below: bool = False) -> dict[str, str]:
        """The values of a key, and of those below it; empty where there is none."""
        self.run(rf'reg query "{key}" {"/s" if below else ""} >C:\registry.txt 2>nul')
        text = (self.disk / "registry.txt").read_text(encoding="utf-8", errors="replace")
        return dict(re.findall(r"^ +(\w+) +REG_\w+ +(.*?)\r?$", text, re.M))

    def windows_path(self, path: Path) -> str:
        return "C:\\" + str(path.relative_to(self.disk)).replace("/", "\\")


def _processes() -> list[str]:
    """What runs on this computer, and what each of its threads waits for."""
    columns = ["ps", "-eLo", "pid,ppid,tid,etimes,stat,wchan:20,args"]
    return subprocess.run(columns, capture_output=True, text=True, check=True).stdout.splitlines()


@contextmanager
def new_windows(display: str | None = None) -> Iterator[Windows]:
    """A Windows whose programs show their windows on the X server `display`, if any; gone afterwards."""
    program("wine")
    folder = Path(tempfile.mkdtemp(prefix="atx-windows-"))
    quiet = {"WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree,mshtml=;winemenubuilder.exe="}
    environment = {**os.environ, **quiet, "WINEPREFIX": str(folder / "prefix"), "WINEARCH": "win64"}
    environment.pop("DISPLAY", None)
    if display:
        environment["DISPLAY"] = display
    try:
        subprocess.run(["wineboot", "--init"], env=environment, check=True, timeout=200, **SILENT)
        # Some services (that of the Task Scheduler) are found from the next start on.
        subprocess.run(["wineserver", "--wait"], env=environment, check=True, timeout=200, **SILENT)
        yield Windows(folder / "prefix" / "drive_c", environment)
    finally:
        subprocess.run(["wineserver", "--kill"], env=environment, check=False, **SILENT)
        shutil.rmtree(folder, ignore_errors=True)


def files(folder: Path) -> dict[str, bytes]:
    """What is below a folder, by its path there."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
