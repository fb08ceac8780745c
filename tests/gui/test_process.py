"""The window as a process of its own."""

import os
import signal
import subprocess
import sys

import pytest

from desktop_app.settings.paths import Paths
from tests.servers import wait_until


@pytest.mark.skipif(os.name != "posix", reason="Ctrl+C is no signal that a test can send there")
def test_ctrl_c_ends_it(paths: Paths) -> None:
    process = subprocess.Popen([sys.executable, "-m", "desktop_app.gui"], stderr=subprocess.PIPE, text=True)
    wait_until(paths.ledger.exists, "the window to have looked at the ledger")
    second = subprocess.run([sys.executable, "-m", "desktop_app.gui"], check=False, timeout=60)
    assert second.returncode == 0
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors and not paths.log_file.exists()
