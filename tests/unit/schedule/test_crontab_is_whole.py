"""A user's crontab is whole whenever this program is killed while it changes it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.windows_gaps import needs

pytestmark = needs("cron")

# Longer than a pipe holds, so that whoever writes into one is killed before the end.
MINE = b"# mine\n" * 20_000 + b"5 5 * * * echo all of it\n"
# What cron's own program does with its table, and it kills who asked: when it is asked, half way, or in the end.
STAND_IN = """#!{python}
import os, signal, subprocess, sys
from pathlib import Path

table, verb = Path(os.environ["TABLE"]), sys.argv[-1]
at, _, when = os.environ["KILL_AT"].partition(" ")

def point(name):
    if (at, when) == (verb, name):
        os.kill(os.getppid(), signal.SIGKILL)

point("first")
if verb == "-l":
    sys.stdout.buffer.write(table.read_bytes())
elif verb == "-e":
    copy = table.with_name("copy")
    copy.write_bytes(table.read_bytes())
    point("half")
    subprocess.run(os.environ["VISUAL"] + " " + str(copy), shell=True, check=True)
elif verb == "-":
    given = sys.stdin.buffer.read(1000)
    point("half")
    given += sys.stdin.buffer.read()
    new = table.with_name("new")
    new.write_bytes(given)
    point("last")
    new.replace(table)
point("last")
"""
ASKS = """
import sys
from pathlib import Path
from desktop_app.schedule.cron import task as cron
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths

paths = Paths(*[Path(sys.argv[2])] * 3)
cron.install(Settings(), paths) if sys.argv[1] == "install" else cron.remove(paths)
"""


def ask(home: Path, verb: str, kill_at: str = "") -> int:
    """How a process that changes the table ended."""
    program = home / "bin" / "crontab"
    program.parent.mkdir(exist_ok=True)
    program.write_text(STAND_IN.format(python=sys.executable), encoding="utf-8")
    program.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "TABLE": str(home / "table"),
        "KILL_AT": kill_at,
    }
    command = [sys.executable, "-c", ASKS, verb, str(home)]
    # Its outputs are this pipe, which ends when the stand-in has ended as well.
    return subprocess.run(command, env=environment, stderr=subprocess.PIPE, check=False).returncode


@pytest.mark.parametrize("kill_at", ["-l first", "-e first", "-e half", "-e last", "- first", "- half", "- last"])
@pytest.mark.parametrize("verb", ["install", "remove"])
def test_a_kill_leaves_a_whole_table(tmp_path: Path, verb: str, kill_at: str) -> None:
    table = tmp_path / "table"
    table.write_bytes(MINE)
    if verb == "remove":
        assert ask(tmp_path, "install") == 0
    before = table.read_bytes()
    assert ask(tmp_path, verb, kill_at) == -signal.SIGKILL
    killed = table.read_bytes()
    assert killed.endswith(MINE)
    assert ask(tmp_path, verb) == 0
    after = table.read_bytes()
    assert killed in (before, after)
    assert (after == MINE) == (verb == "remove")
