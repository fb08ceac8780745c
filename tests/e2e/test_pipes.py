"""The program between others, in a pipe."""

import json
import os
import sqlite3
import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.conftest import Program
from tests.servers import Server, wait_until
from tests.windows_gaps import is_missing, needs

EVENT = {"createdAt": "2026-11-22T08:15:30Z", "entityType": "Policy", "entityName": "p", "actionType": "Update"}
LINE = json.dumps(EVENT).encode() + b"\n"


@needs("full pipes")
def test_events_that_are_waited_for_hold_up_no_run(program: Program) -> None:
    from fcntl import ioctl
    from struct import unpack
    from termios import FIONREAD

    program.run("record", stdin=LINE)
    command = program.command("record")
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=program.environment) as recording:
        assert recording.stdin is not None
        pipe = recording.stdin.fileno()
        recording.stdin.write(LINE)
        recording.stdin.flush()
        wait_until(lambda: unpack("i", ioctl(pipe, FIONREAD, bytes(4))) == (0,), "the reading of the event")
        store = sqlite3.connect(program.home / "trails.db", timeout=1, isolation_level=None)
        store.execute("BEGIN IMMEDIATE")
        store.execute("ROLLBACK")
        recording.stdin.close()
        assert recording.wait() == 0
    assert store.execute("SELECT count(*) FROM events").fetchone() == (2,)
    store.close()


def test_all_of_a_pipe_is_recorded_or_nothing(program: Program) -> None:
    told = program.errors("record", stdin=LINE * 3 + b"{}\n" + LINE, code=65)
    assert "Line 4 can't be an audit event" in told
    assert program.run("record", stdin=LINE * 3) == "3 events stored.\n"
    assert sorted(path.name for path in program.home.iterdir() if path.name != "trails.db") == [
        "audit-trails-export.log"
    ]


@needs("size limits")
def test_a_disk_without_room_for_a_pipe_is_told(program: Program) -> None:
    limited = f"ulimit -f 2000; exec {' '.join(program.command('record'))}"  # of 512 or 1024 bytes each
    done = subprocess.run(
        ["sh", "-c", limited], input=LINE * 40_000, capture_output=True, env=program.environment, check=False
    )
    assert done.returncode == 74
    assert "The input can't be kept in" in done.stderr.decode()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["history", "--json"], 0),
        (["--help"], 0),
        (["config", "--help"], 0),
        (["config", "import", os.devnull], 78),
        (["run", "--json"], 78),
        (["run"], 78),
        (["no-such-command"], 2),
    ],
)
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_command_whose_reader_has_gone_ends_with_its_own_code(
    program: Program, arguments: list[str], code: int, unbuffered: str
) -> None:
    environment = {**program.environment, "PYTHONUNBUFFERED": unbuffered}
    reader, writer = os.pipe()
    os.close(reader)
    with ExitStack() as ends:
        ends.callback(os.close, writer)
        readers = [subprocess.PIPE, writer]
        if not is_missing("terminals"):
            screen, terminal = os.openpty()
            os.close(screen)
            ends.callback(os.close, terminal)
            readers.append(terminal)
        for errors in readers:
            done = subprocess.run(
                program.command(*arguments), stdout=writer, stderr=errors, env=environment, check=False
            )
            assert done.returncode == code
            assert b"Traceback" not in (done.stderr or b"")
            assert b"BrokenPipe" not in (done.stderr or b"")


@needs("devices")
@pytest.mark.parametrize("disk", ["/dev/full", "/proc/self/mem"], ids=["full", "failing"])  # ENOSPC, EIO
@pytest.mark.parametrize("arguments", [["status"], ["status", "--json"], ["config", "export"]])
def test_results_that_a_disk_does_not_take_are_told(program: Program, arguments: list[str], disk: str) -> None:
    with Path(disk).open("r+b", buffering=0) as file:
        done = subprocess.run(
            program.command(*arguments), stdout=file, stderr=subprocess.PIPE, env=program.environment, check=False
        )
    assert done.returncode == 74
    assert done.stderr.decode().startswith("The output could not be written")
    assert b"Traceback" not in done.stderr


@needs("devices")
@pytest.mark.parametrize(("arguments", "code"), [(["run"], 78), (["config", "start-over"], 74), (["no-such"], 2)])
def test_messages_that_a_full_disk_does_not_take_change_nothing(
    program: Program, arguments: list[str], code: int
) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(program.command(*arguments), stderr=full, env=program.environment, check=False)
    assert done.returncode == code


@needs("terminals")
def test_a_run_whose_terminal_goes_while_it_shows_progress_goes_on(
    program: Program, sshd: Server, served: Path
) -> None:
    program.configure(sshd, served.name)
    program.run("record", stdin=LINE)
    screen, terminal = os.openpty()
    with subprocess.Popen(
        program.command("run"),
        stdout=subprocess.PIPE,
        stderr=terminal,
        env=program.environment,
        start_new_session=True,  # or it would be told that its terminal hung up
    ) as run:
        os.close(terminal)
        os.read(screen, 1)
        os.close(screen)
        assert run.wait() == 0
    assert [file.name for file in served.iterdir()] == ["audit-trails-ws-2026-11-22.zip"]


@needs("devices")
def test_a_configuration_comes_through_a_pipe(program: Program) -> None:
    text = b"version = 2\n[server]\nhost = 'sftp.example.com'\nspeed = 9\n"
    told = program.errors("config", "import", "/dev/stdin", stdin=text)
    assert "not known to this version: server.speed." in told
    assert program.json("config", "show")["server"]["host"] == "sftp.example.com"
    assert "no settings in it" in program.errors("config", "import", "/dev/stdin", stdin=b"", code=78)
