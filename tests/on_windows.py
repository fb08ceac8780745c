"""Runs tests in the real Python for Windows, under Wine (`tests/tools/windows-python`), from a Debian machine.

python -m tests.on_windows [PYTEST ARGUMENTS]    all tests that a Windows can bear unless others are named

Servers are this machine's: a test there asks for one over loopback (`servers.lent`), has it for as long as it
keeps that connection, and sees its files on drive Z. The screen is an X server without a monitor.
"""

import json
import os
import re
import shutil
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
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
# Each in a process of its own, the longest first, two at a time: workers of pytest-xdist stop for ever under Wine.
_GROUPS = (
    ["tests/integration"],
    ["tests/unit"],
    ["tests/e2e", *(f"--deselect={_TORTURE}[{kind}]" for kind in ("cuts", "damages", "lies", "disks"))],
    ["tests/gui"],
)


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
        if arguments:
            command = [TOOL, "run", "-m", "pytest", *arguments]
            return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        return all_tests(environment)


def all_tests(environment: dict[str, str]) -> int:
    """Run every group of tests and print what was counted in all of them; 0 where all passed."""
    started = time.monotonic()
    counts: Counter[str] = Counter()

    def run_group(arguments: list[str]) -> int:
        command = [TOOL, "run", "-m", "pytest", "-p", "no:xdist", *arguments]
        last = ""
        with subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process:
            assert process.stdout
            for line in process.stdout:
                last = line.strip("= \r\n") or last
                print(f"{arguments[0]}: {line.rstrip()}", flush=True)
        counts.update({what: int(count) for count, what in re.findall(r"(\d+) ([a-z]+)", last)})
        return process.returncode

    with ThreadPoolExecutor(2) as pool:
        codes = list(pool.map(run_group, _GROUPS))
    told = ", ".join(
        f"{counts[what]} {what}" for what in ("failed", "passed", "skipped", "error", "errors") if counts[what]
    )
    print(f"{told} in {time.monotonic() - started:.2f}s", flush=True)
    return max(codes)


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
