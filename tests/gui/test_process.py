"""The window as a process of its own."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from desktop_app.settings.paths import Paths
from tests.servers import wait_until
from tests.windows_gaps import needs

# As `python -m desktop_app.gui`, without the policy of this computer.
PROGRAM = """
import pathlib, sys
from desktop_app.settings import paths
policy_file = pathlib.Path(sys.argv.pop())
paths.site_policy_file = lambda: policy_file
from desktop_app.gui.main import main
main()
"""


@contextmanager
def first_start(paths: Paths) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """The program with its window, and the command that started it."""
    command = [sys.executable, "-c", PROGRAM, str(paths.policy_file)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            wait_until(paths.ledger.exists, "the window to have looked at the ledger", 60)
            yield process, command
        finally:
            process.kill()


def test_a_second_start_ends_at_once(paths: Paths) -> None:
    with first_start(paths) as (process, command):
        assert subprocess.run(command, check=False, timeout=60).returncode == 0
        assert process.poll() is None


@needs("signals")
def test_ctrl_c_ends_it(paths: Paths) -> None:
    with first_start(paths) as (process, _):
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors and not paths.log_file.exists()
