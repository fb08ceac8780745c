"""The window: how long until it can be used, until its history is listed, and how long it ever stands still."""

import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.benchmarks.measuring import Row, compiled, tell
from tests.servers import answering
from tests.ten_years import ARCHIVES, begin_ten_years_ago

START_TARGET, STALL_TARGET = 0.6, 50  # seconds, milliseconds
OLD_TARGET, HISTORY_TARGET = 1.2, 1.0  # times as long as without an archive, seconds

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

# From the click on History until all runs are listed.
_HISTORY = """
import sys, time
from PySide6.QtWidgets import QApplication
from desktop_app.gui import build_window

app = QApplication([])
window = build_window()
window.show()

def wait(until, what):
    end = time.perf_counter() + 50
    while not until():
        assert time.perf_counter() < end, what
        app.processEvents()

wait(window.isVisible, "window")
begun = time.perf_counter()
window.show_page(1)
page = window.page("HistoryPage")
wait(lambda: page.runs.model().rowCount() == int(sys.argv[1]), "runs")
print(time.perf_counter() - begun, flush=True)
window.close()
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
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as old:
        begin_ten_years_ago(Path(old), datetime.now(UTC).date() - timedelta(days=1))
        starts = [(*_start(Path(home)), *_start(Path(old))) for _ in range(rounds)]
        history = min(_child(_HISTORY, Path(old), str(ARCHIVES))[0] for _ in range(rounds))
    seconds, cpu, old_seconds, old_cpu = map(min, zip(*starts, strict=True))
    text = f"{seconds:.2f} s ({cpu:.2f} s of it busy)"
    tell(Row("start to usable window", text, f"{START_TARGET} s", seconds <= START_TARGET))
    text = f"{old_seconds / seconds:.1f} x ({old_seconds:.2f} s, {old_cpu:.2f} s of it busy)"
    ok = old_seconds <= OLD_TARGET * seconds
    tell(Row(f"the same, {ARCHIVES:,} archives", text, f"{OLD_TARGET} x", ok))
    ok = history <= HISTORY_TARGET
    tell(Row(f"history of {ARCHIVES:,} runs, all listed", f"{history:.2f} s", f"{HISTORY_TARGET} s", ok))
    stall = min(_stall() for _ in range(rounds))
    text = f"{stall:.0f} ms at the longest"
    tell(Row("window, while a server is silent", text, f"{STALL_TARGET} ms", stall <= STALL_TARGET))


def _start(home: Path) -> tuple[float, float]:
    begun = time.monotonic()
    usable, busy = _child(_START, home)
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
