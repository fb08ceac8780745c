"""Clean Debian systems, booted with systemd, for tests: `tools/debian-box`."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

TOOL = Path(__file__).with_name("tools") / "debian-box"
BOXES = Path("/var/tmp/debian-boxes")
# What the tests want to find in every box, which is made once with it, and copied for each use.
PACKAGES = ("cron",)


@dataclass(frozen=True)
class Box:
    """A booted system; `root` is its root folder. It has this computer's network."""

    name: str
    root: Path

    def sh(self, command: str, code: int = 0) -> str:
        """What root's shell prints for a command line, both outputs. It must end with `code`."""
        return self._ask("sh", code, command)

    def login(self, user: str, command: str, code: int = 0) -> str:
        """The same as `user`, who is made where there is none, and whose tasks run without a login."""
        return self._ask("login", code, user, command)

    def _ask(self, verb: str, code: int, *arguments: str) -> str:
        done = subprocess.run(
            [TOOL, verb, self.name, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        said = done.stdout.decode(errors="replace")
        assert done.returncode == code, (done.returncode, arguments[-1], said)
        return said


@contextmanager
def debian(name: str, suite: str = os.environ.get("ATX_SUITE", "bookworm")) -> Iterator[Box]:
    """A clean system of its own for one use. Skipped where none can be made, which fails in CI."""
    if os.name != "posix" or os.geteuid() != 0:
        if os.environ.get("CI"):
            pytest.fail("no Debian box can be made here")
        pytest.skip("Debian boxes need root")
    base, name = _base(suite), f"{name}-{os.getpid()}"  # two runs of the tests must not share one
    root = BOXES / name
    _tool("drop", name)
    subprocess.run(["cp", "--archive", "--reflink=auto", base, root], check=True)
    try:
        _tool("boot", name)
        yield Box(name, root)
    finally:
        _tool("drop", name)


def _base(suite: str) -> Path:
    """The system that all boxes of a suite are copies of; made by the first who wants one."""
    base = BOXES / f"atx-base-{suite}"
    BOXES.mkdir(parents=True, exist_ok=True)
    with FileLock(BOXES / f"{base.name}.lock"):
        stamp = BOXES / f"{base.name}.made"
        if not stamp.exists() or stamp.read_text() != " ".join(PACKAGES):
            shutil.rmtree(base, ignore_errors=True)
            _tool("make", base.name, *PACKAGES, SUITE=suite)
            stamp.write_text(" ".join(PACKAGES))
    return base


def _tool(*arguments: str, **environment: str) -> None:
    done = subprocess.run(
        [TOOL, *arguments],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
