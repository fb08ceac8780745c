"""Schedulers and workers of Dask, as processes of their own."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers import free_port, wait_until

_QUIET = {"DASK_LOGGING__DISTRIBUTED": "critical", "DASK_DISTRIBUTED__ADMIN__SYSTEM_MONITOR__DISK": "false"}


@dataclass
class ADask:
    """A scheduler on loopback and its workers; `tls` are the options that name certificates."""

    folder: Path
    tls: Sequence[str] = ()
    port: int = field(default_factory=free_port)
    scheduler: "subprocess.Popen[bytes] | None" = None
    workers: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"{self._protocol}://127.0.0.1:{self.port}"

    @property
    def _protocol(self) -> str:
        return "tls" if self.tls else "tcp"

    def start_scheduler(self) -> None:
        self.scheduler = self._start("scheduler", ["--port", str(self.port)])
        wait_until(lambda: _listens(self.port), "the scheduler", 60)

    def start_worker(self, *options: str, **environment: str) -> None:
        plain = ("--no-nanny", "--nthreads", "1", "--local-directory", str(self.folder))
        self.workers.append(self._start("worker", [self.address, *plain, *options], environment))

    def kill(self, process: "subprocess.Popen[bytes]") -> None:
        process.send_signal(signal.SIGKILL)
        process.wait()

    def _start(
        self, what: str, arguments: Sequence[str], more: Mapping[str, str] = {}
    ) -> "subprocess.Popen[bytes]":
        here = ("--protocol", self._protocol, "--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0")
        command = [sys.executable, "-m", "dask", what, *arguments, *here, *self.tls]
        log = (self.folder / f"{what}.log").open("ab")
        kept = ("PATH", "HOME", "LANG", "TMPDIR")
        environment = {name: os.environ[name] for name in kept if name in os.environ} | _QUIET | dict(more)
        with log:
            return subprocess.Popen(
                command, env={"PYTHONPATH": str(Path(__file__).parents[1])} | environment, cwd=self.folder,
                stdout=log, stderr=log,
            )  # fmt: skip

    def end(self) -> None:
        for process in (*self.workers, *([self.scheduler] if self.scheduler else [])):
            process.kill()
            process.wait()


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


@contextmanager
def dask(folder: Path, workers: int, tls: Sequence[str] = ()) -> Iterator[ADask]:
    """A scheduler with so many workers."""
    folder.mkdir(parents=True, exist_ok=True)
    made = ADask(folder, tls)
    try:
        made.start_scheduler()
        for _ in range(workers):
            made.start_worker()
        yield made
    finally:
        made.end()
