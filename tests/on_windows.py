"""Runs tests in the real Python for Windows, under Wine (`tests/tools/windows-python`), from a Debian machine.

python -m tests.on_windows [PYTEST ARGUMENTS]    all tests that a Windows can bear unless others are named

Servers are this machine's: a test there asks for one over loopback (`servers.lent`), has it for as long as it
keeps that connection, and sees its files on drive Z. The screen is an X server without a monitor.
"""

import json
import os
import shutil
import socketserver
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import LENDER, openssh, rclone
from tests.x_display import x_display

ROOT = Path(__file__).parents[1]
TOOL = ROOT / "tests" / "tools" / "windows-python"
LOCK = ROOT / "requirements" / "dev.txt"
_CHANGES: dict[str, Callable[..., None]] = {  # of a server's folder, which a Windows can't make
    "owner": lambda path, user: shutil.chown(path, user, user),
    "mode": lambda path, octal: Path(path).chmod(int(octal, 8)),
}
# Of the torture the kills alone: what a line or a server does is the same for every system, and takes long here.
_TORTURE = "tests/e2e/test_torture.py::test_nothing_is_lost_and_nothing_comes_twice"
TESTS = [
    *("-n", "2", "--dist", "loadfile", "tests/unit", "tests/integration", "tests/gui", "tests/e2e"),
    *(f"--deselect={_TORTURE}[{kind}]" for kind in ("cuts", "damages", "lies", "disks")),
]


def main(arguments: list[str]) -> int:
    """Make the Windows Python unless it is there, and run pytest in it; the exit code of the tests."""
    made = subprocess.run([TOOL, "make", LOCK], check=False)
    if made.returncode:
        return made.returncode
    with (
        tempfile.TemporaryDirectory(prefix="atx-lent-") as folder,
        lending(Path(folder)) as address,
        x_display() as display,
    ):
        environment = {
            **os.environ,
            LENDER: address,
            "DISPLAY": display,
            "PYTHONPATH": f"Z:{ROOT}",  # for the processes that tests start elsewhere
            "PYTHONPYCACHEPREFIX": "C:\\pycache",  # not beside the files of this system's Python
        }
        command = [TOOL, "run", "-m", "pytest", *(arguments or TESTS)]
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


@contextmanager
def lending(folder: Path) -> Iterator[str]:
    """Lend servers, whose files are below `folder`; where to ask for one, as host:port."""

    class Lender(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            kind, asked_for, options = json.loads(self.rfile.readline())
            if kind in _CHANGES:
                _CHANGES[kind](asked_for, *options)
                self.wfile.write(b"{}\n")
                return
            own = folder / kind / "".join(each if each.isalnum() else "_" for each in asked_for)
            with {"openssh": openssh, "rclone": rclone}[kind](own, *options) as server:
                fields = {name: str(value) for name, value in vars(server).items()}
                self.wfile.write(json.dumps(fields).encode() + b"\n")
                self.rfile.read()  # until its end

    class Lenders(socketserver.ThreadingTCPServer):
        daemon_threads = False

    with Lenders(("127.0.0.1", 0), Lender) as lenders:
        threading.Thread(target=lenders.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{lenders.server_address[1]}"
        lenders.shutdown()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
