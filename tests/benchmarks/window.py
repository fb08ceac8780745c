"""The form: from the start of the process to a window that can be used, and how long it ever stands still."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.measuring import Row, compiled, tell
from tests.servers import answering

START_TARGET, STALL_TARGET = 0.9, 50  # seconds, milliseconds

# As `main` starts the window, but it says when it can be used instead of waiting for its user.
_START = """
import os, time
import desktop_app.gui

build = desktop_app.gui.build_window

def build_and_watch():
    from PySide6.QtCore import QTimer
    window = build()

    def usable():
        if window.windowHandle() and window.windowHandle().isExposed():
            print(time.monotonic(), time.process_time(), flush=True)
            os._exit(0)
        QTimer.singleShot(1, usable)

    QTimer.singleShot(0, usable)
    return window

desktop_app.gui.build_window = build_and_watch
from desktop_app.gui.main import main
main([], standalone_mode=False)
"""

# A beat every millisecond, and the longest time between two, from the click to the end of the stopped test.
_STALL = """
import sys, time
from PySide6.QtCore import QTimer, Qt
from PySide6.QtWidgets import QApplication, QMainWindow
from desktop_app.gui import build_window

app = QApplication([])
window = build_window()
window.show()
page = window.page("ExportPage")
beats = []
timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=1)
timer.timeout.connect(lambda: beats.append(time.perf_counter()))

def wait(seconds):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        app.processEvents()

wait(3)
for name, text in (("host", "127.0.0.1:" + sys.argv[1]), ("user", "u"), ("password", "p"), ("path", "x")):
    getattr(page, name).setText(text)
timer.start()
wait(0.2)
page.test_and_save.click()
wait(3)
page.cancel.click()
wait(1)
gaps = [after - before for before, after in zip(beats, beats[1:])]
print(max(gaps) * 1000, flush=True)
window.close()
"""


def measure_window(rounds: int) -> None:
    """Print the best of some rounds: what else runs on the machine only adds to them."""
    starts = [_start() for _ in range(rounds)]
    seconds, cpu = min(each[0] for each in starts), min(each[1] for each in starts)
    text = f"{seconds:.2f} s ({cpu:.2f} s of it busy)"
    tell(Row("start to usable window", text, f"{START_TARGET} s", seconds <= START_TARGET))
    stall = min(_stall() for _ in range(rounds))
    text = f"{stall:.0f} ms at the longest"
    tell(Row("window, while a server is silent", text, f"{STALL_TARGET} ms", stall <= STALL_TARGET))


def _start() -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as home:
        begun = time.monotonic()
        usable, busy = _child(_START, Path(home))
    return usable - begun, busy


def _stall() -> float:
    with tempfile.TemporaryDirectory() as home, answering(b"") as port:
        return _child(_STALL, Path(home), str(port))[0]


def _child(code: str, home: Path, *arguments: str) -> list[float]:
    environment = {
        **compiled(os.environ),
        "AUDIT_TRAILS_HOME": str(home),
        "AUDIT_TRAILS_SCHEDULER": "none",
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
        "HOME": str(home),
        "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
    }
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, check=True, timeout=60)
    return [float(word) for word in done.stdout.split()]
