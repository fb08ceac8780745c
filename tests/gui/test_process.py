"""The window as a process of its own."""

import os
import signal
import subprocess
import sys

import pytest

from desktop_app.settings.paths import Paths
from tests.servers import wait_until

# As `python -m desktop_app.gui`, without the policy of this computer.
PROGRAM = """
import pathlib, sys
from desktop_app.settings import paths
policy_file = pathlib.Path(sys.argv.pop())
paths.site_policy_file = lambda: policy_file
from desktop_app.gui.main import main
main()
"""


@pytest.mark.skipif(os.name != "posix", reason="Ctrl+C is no signal that a test can send there")
def test_ctrl_c_ends_it(paths: Paths) -> None:
    command = [sys.executable, "-c", PROGRAM, str(paths.policy_file)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    wait_until(paths.ledger.exists, "the window to have looked at the ledger")
    second = subprocess.run(command, check=False, timeout=60)
    assert second.returncode == 0
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors and not paths.log_file.exists()
