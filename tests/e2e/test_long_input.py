"""`record` with an input so long that a second process parses it."""

import json
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from desktop_app.trails.event import parse_event
from desktop_app.trails.store.store import open_store_to_read
from tests.e2e.conftest import Program
from tests.servers import wait_until
from tests.stored import lines_in
from tests.windows_gaps import needs

COUNT = 20_000


def line(number: int) -> bytes:
    event = {
        "id": f"event-{number}",
        "createdAt": f"2026-11-22T{8 + number // 60_000:02}:{number // 1000 % 60:02}:30Z",
        "entityType": "Policy",
        "entityName": "p" * 900,
        "actionType": "Update",
    }
    return json.dumps(event).encode() + b"\n"


@pytest.fixture
def long_file(tmp_path: Path) -> Path:
    file = tmp_path / "events.jsonl"
    file.write_bytes(b"".join(map(line, range(COUNT))))
    assert file.stat().st_size > 1 << 24
    return file


def stored(program: Program) -> list[bytes]:
    with open_store_to_read(program.home / "trails.db") as store:
        return lines_in(store)


def test_each_event_is_stored(program: Program, long_file: Path) -> None:
    assert program.run("record", str(long_file)) == "20,000 events stored.\n"
    assert stored(program) == [parse_event(line(number)).line for number in range(COUNT)]
    assert program.run("record", stdin=long_file.read_bytes()) == (
        "0 events stored.\n20,000 events were there already.\n"
    )


@needs("installed")
def test_what_lies_in_the_present_folder_is_not_run(program: Program, long_file: Path, tmp_path: Path) -> None:
    package = tmp_path / "elsewhere" / "desktop_app"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise SystemExit(1)", encoding="utf-8")
    installed = shutil.which("audit-trails-export", path=sysconfig.get_path("scripts"))
    assert installed
    command = [installed, "record", str(long_file)]
    done = subprocess.run(
        command, cwd=package.parent, env=program.environment, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("20,000 events stored.\n", "")


def test_a_line_that_is_no_event_is_told_and_nothing_stored(program: Program, long_file: Path) -> None:
    lines = long_file.read_bytes().splitlines(keepends=True)
    lines[15_000] = b'{"id":7}\n'
    long_file.write_bytes(b"".join(lines))
    told = program.errors("record", str(long_file), code=65)
    assert "Line 15001 can't be an audit event: id is not a text" in told
    assert stored(program) == []


@pytest.fixture
def recording(program: Program, long_file: Path) -> Iterator[subprocess.Popen[bytes]]:
    long_file.write_bytes(b"".join(map(line, range(10 * COUNT))))
    command = program.command("record", str(long_file))
    with subprocess.Popen(command, env=program.environment, stderr=subprocess.PIPE) as process:
        yield process
        process.kill()


def the_parser(recording: subprocess.Popen[bytes]) -> psutil.Process:
    process = psutil.Process(recording.pid)
    wait_until(lambda: process.children() != [], "the process that parses")
    return process.children()[0]


def test_where_the_parser_is_killed_nothing_is_stored(
    program: Program, recording: subprocess.Popen[bytes]
) -> None:
    the_parser(recording).kill()
    _, told = recording.communicate()
    assert recording.returncode == 74, told
    assert "The input could not be read to its end." in told.decode()
    assert stored(program) == []


def test_the_parser_does_not_outlive_who_records(recording: subprocess.Popen[bytes]) -> None:
    parser = the_parser(recording)
    recording.kill()
    wait_until(lambda: not parser.is_running() or parser.status() == psutil.STATUS_ZOMBIE, "the end of the parser")
