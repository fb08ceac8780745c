"""Results and progress on one terminal, as a person sees them."""

import os
import subprocess
import sys
from pathlib import Path

from desktop_app.export.ledger import Outcome, StartedBy, open_ledger
from desktop_app.settings.paths import Paths
from tests.stored import event
from tests.windows_gaps import needs

pytestmark = needs("terminals")
COLUMNS = 80


def on_terminal(*argv: str, home: Path, **variables: str) -> str:
    """What a program writes to a terminal that it has for all of its streams."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))
    environment = {**os.environ, "AUDIT_TRAILS_HOME": str(home), "TERM": "xterm", **variables}
    with subprocess.Popen([sys.executable, *argv], stdin=theirs, stdout=theirs, stderr=theirs, env=environment):
        os.close(theirs)
        written = b""
        while piece := _read(ours):
            written += piece
    os.close(ours)
    return written.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # the other side is closed
        return b""


def shown(written: str) -> list[str]:
    """What stays on the lines, where only carriage returns and line feeds move the cursor."""
    lines, at = [""], 0
    for sign in written:
        if sign == "\r":
            at = 0
        elif sign == "\n":
            lines.append("")
        else:
            lines[-1] = f"{lines[-1][:at].ljust(at)}{sign}{lines[-1][at + 1 :]}"
            at += 1
    return [line.rstrip() for line in lines]


SCRIPT = """
import sys
from desktop_app.cli.output import Messages, Results, as_output, say
from desktop_app.cli.progress import shown_count
sys.stdout, sys.stderr = as_output(sys.stdout, Results), as_output(sys.stderr, Messages)
with shown_count("Storing", " events") as show:
    show(0, 100)
    show(100, 100)
say("the result")
"""


def test_a_result_begins_where_a_line_does(tmp_path: Path) -> None:
    written = on_terminal("-c", SCRIPT, home=tmp_path)
    assert "Storing" in written
    assert shown(written)[0] == "the result"


def test_record_shows_how_far_it_is(tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"
    events.write_bytes(b"".join(event(id=str(number)) + b"\n" for number in range(5000)))
    written = on_terminal("-m", "desktop_app.cli", "record", str(events), home=tmp_path / "home")
    assert "Storing: " in written
    assert shown(written)[0] == "5,000 events stored."


def test_no_line_of_the_history_is_wider_than_the_terminal(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path, tmp_path)
    started = 1_795_000_000_000
    long = (
        "The server took the connection, said nothing for a minute, and then hung up on it for no reason at all."
    )
    with open_ledger(paths.ledger) as ledger:
        ledger.end_run(ledger.begin_run(StartedBy.SCHEDULE, 1, started), Outcome.NOTHING_DUE, started + 100_000)
        failed = ledger.begin_run(StartedBy.SCHEDULE, 1, started)
        ledger.end_run(failed, Outcome.FAILED, started + 1000, (69, long, ""))
    lines = shown(on_terminal("-m", "desktop_app.cli", "history", home=tmp_path))
    assert max(map(len, lines)) <= COLUMNS
    assert long in " ".join(line.strip() for line in lines)


def test_a_test_says_a_failure_once(tmp_path: Path) -> None:
    settings = ["server.host=127.0.0.1:1", "server.user=u", "server.path=/x"]
    on_terminal("-m", "desktop_app.cli", "config", "set", *settings, home=tmp_path)
    written = on_terminal("-m", "desktop_app.cli", "test", home=tmp_path)
    assert "connect       failed" in written
    assert written.count("refuses the connection on port 1") == 1


def test_colours_are_for_those_who_want_them(tmp_path: Path) -> None:
    argv = ["-m", "desktop_app.cli", "no-such-command"]
    assert "\x1b[31m" in on_terminal(*argv, home=tmp_path)
    assert "\x1b" in on_terminal(*argv, home=tmp_path, NO_COLOR="")  # an empty one says nothing
    assert "\x1b" not in on_terminal(*argv, home=tmp_path, NO_COLOR="1")
    assert "\x1b" not in on_terminal(*argv, home=tmp_path, TERM="dumb")


def test_a_dumb_terminal_gets_lines_that_stay(tmp_path: Path) -> None:
    written = on_terminal("-c", SCRIPT, home=tmp_path, TERM="dumb")
    assert written.replace("\r\n", "\n") == "Storing …\nthe result\n"
