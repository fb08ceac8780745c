"""A run that two processes make the CEF of, either of which is killed."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import psutil
import pytest

from desktop_app.export.cef_format import cef_chunks
from desktop_app.settings.model import CefSettings
from desktop_app.trails.store.span import Span
from desktop_app.trails.store.store import open_store_to_read
from desktop_app.trails.store.timeline import batches
from tests.e2e.conftest import Program
from tests.servers import Server, wait_until

COUNT = 4_500


def line(number: int) -> bytes:
    event = {
        "id": f"event-{number}",
        "createdAt": f"2026-11-22T{number // 300:02}:00:{number % 60:02}Z",
        "entityType": "Policy",
        "entityName": f"a=b|{number % 7}",
        "actionType": "Update",
        "actor": {"user": "zoë\\", "session": number},
        "kept": "x" * 16_000,
    }
    return json.dumps(event).encode() + b"\n"


@pytest.fixture
def due(program: Program, sshd: Server, served: Path) -> Iterator[bytes]:
    """A program with a large day to export, and the CEF of that."""
    program.configure(sshd, served.name)
    program.run("config", "set", "export.format=cef")
    program.run("record", stdin=b"".join(map(line, range(COUNT))))
    with open_store_to_read(program.home / "trails.db") as store:
        day = Span(1_795_305_600_000, 1_795_392_000_000)
        yield b"".join(chunk.text for chunk in cef_chunks(batches(store, day), CefSettings()))


def formats(process: psutil.Process) -> bool:
    try:
        return "format" in process.cmdline()
    except (psutil.Error, OSError):  # it has ended or just begins, which Wine tells in its own way
        return False


def formatter(run: "subprocess.Popen[bytes]") -> psutil.Process:
    """The other process of a run, once it is there."""
    found: list[psutil.Process] = []

    def there() -> bool:
        found.extend(filter(formats, psutil.Process(run.pid).children()))
        return bool(found)

    wait_until(there, "the process that formats")
    return found[0]


def delivered(served: Path) -> bytes:
    (archive,) = served.glob("audit-trails-ws-2026-11-22*")
    with ZipFile(archive) as file:
        return file.read(f"{archive.stem}.cef")


def test_a_run_delivers_what_one_process_would_make(program: Program, served: Path, due: bytes) -> None:
    assert due.count(b"\n") == COUNT
    program.run("run")
    assert delivered(served) == due


def test_where_the_other_process_is_killed_the_run_goes_on(program: Program, served: Path, due: bytes) -> None:
    with subprocess.Popen(program.command("run"), env=program.environment) as run:
        formatter(run).kill()
    assert run.returncode == 0
    assert delivered(served) == due


def test_where_the_run_is_killed_the_other_ends_and_nothing_is_half_there(
    program: Program, served: Path, due: bytes
) -> None:
    with subprocess.Popen(program.command("run"), env=program.environment) as run:
        other = formatter(run)
        run.kill()
    wait_until(lambda: not other.is_running() or other.status() == psutil.STATUS_ZOMBIE, "the end of the other")
    assert list(served.glob("audit-trails-*")) == []
    program.run("run")
    assert delivered(served) == due
