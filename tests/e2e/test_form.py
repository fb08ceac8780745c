"""The real program on a real screen, with real keys: from an empty home to an archive."""

import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from PySide6.QtGui import QImage

from tests import servers
from tests.all_files import all_bytes
from tests.e2e.conftest import Program
from tests.servers import Server, wait_until
from tests.windows_gaps import needs
from tests.x_display import take_picture, x_display

pytestmark = needs("X")


class Screen:
    """An X server without a monitor, and hands for it. There is no window manager: windows are focused by hand."""

    def __init__(self, display: str) -> None:
        self.display = display

    def xdotool(self, *arguments: object) -> str:
        command = [servers.program("xdotool"), *map(str, arguments)]
        environment = {**os.environ, "DISPLAY": self.display}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
        return done.stdout.strip()

    def window(self, title: str) -> str:
        """The id of a window that is on the screen, or nothing."""
        return self.xdotool("search", "--onlyvisible", "--name", title).partition("\n")[0]

    def focus(self, title: str) -> str:
        """Wait for a window and give it the keyboard; returns its id."""
        wait_until(lambda: bool(self.window(title)), f"the window {title}", 30)
        found = self.window(title)
        self.xdotool("windowfocus", "--sync", found)
        return found

    def write(self, text: str) -> None:
        self.xdotool("type", "--delay", 2, text)

    def is_blue(self, x: int, y: int) -> bool:
        """Whether a place has the colour of the primary button."""
        with TemporaryDirectory() as folder:
            file = Path(folder) / "screen.png"
            take_picture(self.display, file)
            color = QImage(str(file)).pixelColor(x, y)
        return color.blue() > 150 > color.red() + 50

    def press(self, *keys: str) -> None:
        for key in keys:
            self.xdotool("key", key)


@pytest.fixture
def screen() -> Iterator[Screen]:
    with x_display("1280x1024x24") as name:
        yield Screen(name)


@contextmanager
def form(program: Program, screen: Screen) -> Iterator[subprocess.Popen[bytes]]:
    """The program `audit-trails` on this screen."""
    environment = {key: value for key, value in program.environment.items() if not key.startswith("QT_")}
    environment |= {"DISPLAY": screen.display, "QT_QPA_PLATFORM": "xcb", "LANG": "C.UTF-8"}
    process = subprocess.Popen([sys.executable, "-m", "desktop_app.gui"], env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_from_an_empty_home_to_an_archive_on_the_server(
    program: Program, screen: Screen, sshd: Server, served: Path
) -> None:
    config = program.home / "config.toml"
    with form(program, screen) as process:
        screen.focus("Audit Trails Export")
        screen.write(f"127.0.0.1:{sshd.port}")
        screen.press("Tab")
        screen.write(sshd.user)
        screen.press("Tab", "Tab")  # past what to log in with
        screen.write(sshd.password)
        screen.press("Tab", "Tab")  # past the button that shows the password
        screen.write(served.name)
        screen.press("Return")
        screen.focus("Host key")
        screen.press("alt+t")
        wait_until(config.exists, "the settings", 30)
        assert f'path = "{served.name}"' in config.read_text(encoding="utf-8")
        screen.focus("Audit Trails Export")
        screen.press("alt+n")
        wait_until(lambda: any(served.glob("audit-trails-*.zip")), "the archive on the server", 30)
        screen.press("alt+d")  # Edit, which Qt shows pressed for a moment first
        wait_until(
            lambda: screen.is_blue(752, 733), "Test Connection and Save, the primary button while editing", 30
        )
        screen.press("alt+a", "ctrl+a")  # the server path
        screen.write(f"./{served.name}")
        screen.press("Return")
        wait_until(lambda: f'"./{served.name}"' in config.read_text(encoding="utf-8"), "the changed path", 30)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
    (archive,) = served.glob("audit-trails-*.zip")
    with zipfile.ZipFile(archive) as opened:
        assert b'"entityName":"Settings","actionType":"Save"' in opened.read(f"{archive.stem}.json")
    program.run("verify", str(archive))
    kept = list(all_bytes(program.home))
    assert not any(sshd.password.encode() in content for content in kept)
