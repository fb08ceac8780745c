"""Runs tests in the real Python for Windows, under Wine (`tests/tools/windows-python`), from a Debian machine.

python -m tests.on_windows [PYTEST ARGUMENTS]    all tests that a Windows can bear unless others are named

Servers are this machine's: a test there asks for one over loopback (`servers.lent`), has it for as long as it
keeps that connection, and sees its files on drive Z. The screen is an X server without a monitor.
"""

import json
import os
import re
import shutil
import signal
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from typing import IO

import psutil

from tests.servers import LENDER, openssh, rclone
from tests.x_display import x_display

ROOT = Path(__file__).parents[1]
NO_FAILURE, NO_TESTS = 0, 5  # exit codes of pytest
TOOL = ROOT / "tests" / "tools" / "windows-python"
LOCK = ROOT / "requirements" / "dev.txt"
_CHANGES: dict[str, Callable[..., None]] = {  # of a server's folder, which a Windows can't make
    "owner": lambda path, user: shutil.chown(path, user, user),
    "mode": lambda path, octal: Path(path).chmod(int(octal, 8)),
}
FOLDERS = ("integration", "unit", "e2e", "gui")
# Of the torture the kills alone: what a line or a server does is the same for every system, and takes long here.
_TORTURE = "tests/e2e/test_torture.py::test_nothing_is_lost_and_nothing_comes_twice"
OPTIONS = ["-p", "no:xdist", *(f"--deselect={_TORTURE}[{kind}]" for kind in ("cuts", "damages", "lies", "disks"))]
# Wine's server ends now and then (an assertion of its server/sock.c), and with it all that runs in that Windows: a
# process there has lost its first thread, and the others wait for ever. Now and then it also answers too late, or
# with an error that no Windows has. So two Windows run a few files at a time, and each of these alone where they
# have stopped or one has failed: what fails alone has failed.
WINDOWS = [Path(os.environ.get("WINDOWS_PYTHON", "/var/tmp/windows-python")), Path("/var/tmp/windows-python-2")]
FILES_AT_ONCE = 5
ATTEMPTS = 4
STOPPED_SECONDS = 420  # without a sign of life; no test that a Windows bears may take as long


def main(arguments: list[str]) -> int:
    """Make the Windows Python unless it is there, and run pytest in it; the exit code of the tests."""
    wanted = WINDOWS[:1] if arguments else WINDOWS
    codes = [each.wait() for each in [tool(folder, {}, "make", LOCK) for folder in wanted]]
    if any(codes):
        return max(codes)
    with (
        tempfile.TemporaryDirectory(prefix="atx-lent-") as folder,
        lending(Path(folder)) as address,
        x_display() as display,
    ):
        environment = {
            LENDER: address,
            "DISPLAY": display,
            "PYTHONPATH": f"Z:{ROOT}",  # for the processes that tests start elsewhere
            "PYTHONPYCACHEPREFIX": "C:\\pycache",  # not beside the files of this system's Python
        }
        if arguments:
            return tool(WINDOWS[0], environment, "run", "-m", "pytest", *arguments).wait()
        return all_tests(environment)


def all_tests(environment: Mapping[str, str]) -> int:
    """Run all tests, two processes at a time, and print what was counted in all of them; 0 where all passed."""
    started = time.monotonic()
    counts: Counter[str] = Counter()
    portions = [portion for folder in FOLDERS for portion in portions_of(ROOT / "tests" / folder)]
    free: SimpleQueue[Path] = SimpleQueue()
    for each in WINDOWS:
        free.put(each)

    def run_files(folder: Path, files: list[str], attempt: int = 1) -> bool:
        code, output = run_pytest(folder, [*OPTIONS, *files], environment)
        print(output, flush=True)
        passed = code in (NO_FAILURE, NO_TESTS)
        if passed or (code is not None and attempt > 1):
            counts.update(counted(output))
            return passed
        ending = "Stopped" if code is None else "Failed"
        print(f"{ending}, attempt {attempt} of {ATTEMPTS}: {' '.join(files)}", flush=True)
        if attempt == ATTEMPTS:
            counts["error"] += 1
            return False
        alone = [run_files(folder, [each], attempt + 1) for each in files]
        return all(alone)

    def run_portion(files: list[str]) -> bool:
        folder = free.get()
        try:
            return run_files(folder, files)
        finally:
            free.put(folder)

    with ThreadPoolExecutor(len(WINDOWS)) as pool:
        passed = list(pool.map(run_portion, portions))
    told = ", ".join(f"{counts[what]} {what}" for what in ("failed", "passed", "skipped", "error") if counts[what])
    print(f"{told} in {time.monotonic() - started:.2f}s", flush=True)
    return 0 if all(passed) else 1


def portions_of(folder: Path) -> list[list[str]]:
    """The files of tests in a folder, those that run in one process together."""
    files = [path.relative_to(ROOT).as_posix() for path in sorted(folder.rglob("test_*.py"))]
    return [files[first : first + FILES_AT_ONCE] for first in range(0, len(files), FILES_AT_ONCE)]


def tool(
    windows: Path, environment: Mapping[str, str], *arguments: str | Path, output: IO[bytes] | None = None
) -> "subprocess.Popen[bytes]":
    """Start tests/tools/windows-python for the Windows in a folder."""
    variables = {**os.environ, **environment, "WINDOWS_PYTHON": str(windows)}
    return subprocess.Popen(
        [str(TOOL), *map(str, arguments)], cwd=ROOT, env=variables, stdout=output, stderr=output
    )


def run_pytest(windows: Path, arguments: list[str], environment: Mapping[str, str]) -> tuple[int | None, str]:
    """The exit code of pytest in a Windows and what it printed; no code where it has stopped."""
    with (
        tempfile.TemporaryFile() as output,
        tool(windows, environment, "run", "-m", "pytest", *arguments, output=output) as process,
    ):
        size, since, code = 0, time.monotonic(), None
        while code is None and not has_stopped(process.pid, time.monotonic() - since):
            with suppress(subprocess.TimeoutExpired):
                code = process.wait(5)
            if size != (size := os.fstat(output.fileno()).st_size):
                since = time.monotonic()
        if code is None:
            below = psutil.Process(process.pid).children(recursive=True)
            for each in [process.pid, *(child.pid for child in below)]:
                with suppress(ProcessLookupError):
                    os.kill(each, signal.SIGKILL)
        output.seek(0)
        return code, output.read().decode(errors="replace")


def has_stopped(pid: int, silent_seconds: float) -> bool:
    """Whether a process of a tree lives on without its first thread, or none has said anything for too long."""
    if silent_seconds < 30:
        return False
    below = psutil.Process(pid).children(recursive=True)
    return silent_seconds > STOPPED_SECONDS or any(each.status() == psutil.STATUS_ZOMBIE for each in below)


def counted(output: str) -> dict[str, int]:
    """What pytest has counted, such as {"passed": 12, "error": 1}, by the last line that it printed."""
    last = [line for line in output.splitlines() if re.search(r" in [0-9.]+s", line)][-1:]
    return {what.removesuffix("s"): int(count) for count, what in re.findall(r"(\d+) ([a-z]+)", "".join(last))}


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
