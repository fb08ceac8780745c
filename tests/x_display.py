"""A screen of its own for a window: Xvfb, and what is seen on it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import program

# In a process of its own, for that of the tests may have Qt on another screen.
_TAKE = """
import sys
from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
app.primaryScreen().grabWindow(0).save(sys.argv[1])
"""


@contextmanager
def x_display(size: str = "1280x800x24") -> Iterator[str]:
    """An X server without a window manager; its name."""
    read, write = os.pipe()
    # Without -noreset it begins anew whenever the only client has gone, and drops who comes meanwhile.
    options = ("-noreset", "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp")
    server = subprocess.Popen([program("Xvfb"), *options], pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as said:
            yield f":{said.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def is_shown(display: str, title: str) -> bool:
    """Whether a window is there whose title begins so."""
    find = [program("xdotool"), "search", "--onlyvisible", "--name", f"^{title}"]
    environment = {**os.environ, "DISPLAY": display}
    return bool(subprocess.run(find, env=environment, capture_output=True, check=False).stdout)


def take_picture(display: str, file: Path) -> None:
    """What is on the screen now, as a file of the kind that its name says."""
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    subprocess.run([sys.executable, "-c", _TAKE, file], env=environment, check=True)
