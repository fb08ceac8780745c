"""The secret of a source in a real gnome-keyring: kept there, read by a run, gone with the source."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.all_files import all_bytes
from tests.http_service import Asked, Reply, serving
from tests.servers import program
from tests.windows_gaps import needs

pytestmark = needs("D-Bus")

TOKEN = "t0ken-in-the-keyring"
UNLOCKED = "printf login | gnome-keyring-daemon --unlock --components=secrets >unlocked.log && "
# Commands by their words; what is to be typed is in the environment's file, one line a command.
COMMANDS = """
import json, sys
from click.testing import CliRunner
from desktop_app.cli.main import program
from desktop_app.errors import UserError
from desktop_app.secrets import login_secret

login_secret.login_secret = lambda *_: ""
for words, typed in json.load(sys.stdin):
    done = CliRunner().invoke(program, words, input=typed)
    told = str(done.exception) if isinstance(done.exception, UserError) else done.output
    code = done.exception.exit_code if isinstance(done.exception, UserError) else done.exit_code
    print(json.dumps([int(code), told]))
"""
IN_KEYRING = """
from desktop_app.secrets.keepers import read_password
from desktop_app.settings.paths import find_paths
import sys
print(read_password(find_paths(), sys.argv[1]))
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """A home folder whose path is short enough for the sockets in it."""
    with tempfile.TemporaryDirectory(prefix="home-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture
def url() -> Iterator[str]:
    """A service with one event, for who has the token."""
    record = {"id": "1", "when": datetime.now(UTC).isoformat(), "what": "Open", "who": "ines"}

    def answer(asked: Asked) -> Reply:
        if asked.headers["Authorization"] != f"Bearer {TOKEN}":
            return Reply(b"{}", 401)
        return Reply(json.dumps([record]).encode())

    with serving(answer) as found:
        yield found


def in_session(home: Path, code: str, *argv: str, given: str = "", session: str | None = UNLOCKED) -> str:
    """What Python code prints in a session of its own, with no display; None is no session at all."""
    checkout = str(Path(__file__).parents[2])
    path = os.pathsep.join(filter(None, [checkout, os.environ.get("PYTHONPATH", "")]))
    environment = {
        "PATH": os.environ["PATH"], "PYTHONPATH": path, "HOME": str(home), "XDG_RUNTIME_DIR": str(home),
        "LANG": "C.UTF-8", "AUDIT_TRAILS_HOME": str(home / "ours"),
    }  # fmt: skip
    command = [sys.executable, "-c", code, *argv]
    if session is not None:
        program("gnome-keyring-daemon")
        command = [program("dbus-run-session"), "--", "sh", "-c", session + '"$@"', "sh", *command]
    done = subprocess.run(
        command, cwd=home, env=environment, input=given, capture_output=True, encoding="utf-8", timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def told(
    home: Path, *commands: tuple[list[str], str | None], session: str | None = UNLOCKED
) -> list[tuple[int, str]]:
    """Exit code and output of each command."""
    lines = in_session(home, COMMANDS, given=json.dumps(commands), session=session)
    return [(code, text) for code, text in map(json.loads, lines.splitlines())]


def kept(home: Path, account: str) -> str:
    return in_session(home, IN_KEYRING, account)


def added(name: str, url: str) -> list[str]:
    fields = ("createdAt=when", "entityType==Door", "entityName=who", "actionType=what", "id=id")
    settings = ("auth.type=bearer", "window.from=since", "pages.next=none")
    words = ["source", "add", name, "--kind", "rest", "--url", url]
    words += [word for field in fields for word in ("--field", field)]
    return words + [word for setting in settings for word in ("--set", setting)]


def test_it_is_kept_read_by_a_run_and_removed_with_the_source(home: Path, url: str) -> None:
    server = ["config", "set", "server.host=127.0.0.1:9", "server.user=u", "server.path=/x"]
    results = told(
        home,
        (server, None),
        (added("doors", url), None),
        (["source", "secret", "doors"], f"{TOKEN}\n"),
        (["source", "preview", "doors"], None),
        (["run"], None),
        (["source", "list", "--json"], None),
    )
    assert [code for code, _ in results] == [0] * 6, results
    assert "the Secret Service of this desktop" in results[2][1]
    (listed,) = json.loads(results[5][1])
    assert (listed["read"], listed["stored"]) == (1, 1)
    assert kept(home, "rest:doors") == TOKEN
    ours = list(all_bytes(home / "ours"))
    assert ours and not any(TOKEN.encode() in content for content in ours)
    ((code, text),) = told(home, (["run"], None), session=None)  # the daily task while nobody is signed in
    assert code == 78 and "no password that can be read now" in text, (code, text)
    renamed = told(
        home,
        (["source", "remove", "doors"], None),
        (added("gates", url), None),
        (["run"], None),
        (["source", "secret", "gates"], f"{TOKEN}\n"),
        (["run"], None),
    )
    assert [code for code, _ in renamed] == [0, 0, 78, 0, 0], renamed
    assert kept(home, "rest:doors") == "None" and kept(home, "rest:gates") == TOKEN
