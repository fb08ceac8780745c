"""The password in a real gnome-keyring, unlocked, locked, gone, and one that never answers."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import program
from tests.windows_gaps import needs

pytestmark = needs("D-Bus")

HEAD = """
from pathlib import Path
from desktop_app.secrets import keepers as secrets
from desktop_app.settings.paths import Paths

paths = Paths(config=Path("config"), data=Path("data"), logs=Path("logs"))
account = "audit@sftp.example.com:22"
"""
UNLOCKED = "printf login | gnome-keyring-daemon --unlock --components=secrets >unlocked.log && "
LOCKED = "gnome-keyring-daemon --start --components=secrets >locked.log && "
NOTHING_YET = ""

# Takes the name of the Secret Service on the session bus, and never answers what it is asked.
MUTE_SERVICE = """
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

from desktop_app.secrets import system_keyring

mute = open_dbus_connection(bus="SESSION")
mute.send_and_get_reply(message_bus.RequestName("org.freedesktop.secrets"))
system_keyring._PATIENCE = 0.5
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """A home folder whose path is short enough for the sockets in it."""
    with tempfile.TemporaryDirectory(prefix="home-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def run(home: Path, code: str, session: str | None = UNLOCKED) -> str:
    """What Python code prints in a session of its own, with no display; None is no session at all."""
    inherited = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    environment = {**inherited, "HOME": str(home), "XDG_RUNTIME_DIR": str(home), "LANG": "C.UTF-8"}
    checkout = str(Path(__file__).parents[2])
    environment["PYTHONPATH"] = os.pathsep.join([checkout, environment.get("PYTHONPATH", "")])
    command = [sys.executable, "-c", HEAD + code]
    if session is not None:
        program("gnome-keyring-daemon")
        command = [program("dbus-run-session"), "--", "sh", "-c", session + '"$@"', "sh", *command]
    result = subprocess.run(
        command, cwd=home, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=60
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def save(password: str) -> str:
    return f"print(secrets.save_password(paths, account, {password!r}).name)"


READ = "print(secrets.read_password(paths, account))"
WHERE = "print(secrets.where_password_is(paths, account))"
OURS, THEIRS = "an encrypted file", "the Secret Service of this desktop"


def test_an_unlocked_keyring_holds_the_password_and_we_keep_no_copy(home: Path) -> None:
    assert run(home, save("first")) == THEIRS
    assert run(home, save("second")) == THEIRS
    assert run(home, READ) == "second"
    assert THEIRS in run(home, WHERE)
    assert not (home / "config").exists()
    assert run(home, "secrets.delete_password(paths, account); " + READ) == "None"
    assert run(home, READ) == "None"


@pytest.mark.parametrize("session", [None, NOTHING_YET, LOCKED], ids=["no-session", "no-keyring-yet", "locked"])
def test_where_no_keyring_can_be_used_our_file_holds_it(home: Path, session: str | None) -> None:
    if session == LOCKED:
        run(home, "", UNLOCKED)  # makes the keyring
    assert run(home, READ, session) == "None"
    assert run(home, save("kept"), session) == OURS
    assert run(home, READ, session) == "kept"
    assert OURS in run(home, WHERE, session)
    assert run(home, READ, None) == "kept"


def test_a_daily_run_without_a_session_does_not_find_what_the_keyring_holds(home: Path) -> None:
    run(home, save("first"))
    assert run(home, READ, LOCKED) == "None"
    assert run(home, READ, None) == "None"
    assert run(home, READ) == "first"


def test_the_newest_password_counts_wherever_it_is(home: Path) -> None:
    run(home, save("first"))
    assert run(home, save("second"), LOCKED) == OURS
    assert run(home, READ) == "second"
    assert run(home, save("third")) == THEIRS
    assert run(home, READ, None) == "None"
    assert run(home, READ) == "third"


UNDONE = """
try:
    with secrets.keepers_undone_on_failure(paths, account):
        secrets.save_password(paths, account, "undone")
        raise KeyboardInterrupt
except KeyboardInterrupt:
    pass
"""


def test_a_change_that_fails_puts_the_earlier_password_back_where_it_was(home: Path) -> None:
    run(home, UNDONE)
    assert run(home, READ) == "None"
    run(home, save("first"))
    run(home, UNDONE)
    assert run(home, READ) == "first"
    run(home, UNDONE, LOCKED)
    assert run(home, READ, LOCKED) == "None"
    assert run(home, READ) == "first"


def test_a_keyring_that_never_answers_does_not_hold_us_up(home: Path) -> None:
    assert run(home, MUTE_SERVICE + READ + "\n" + save("kept") + "\n" + READ, NOTHING_YET).split("\n") == [
        "None",
        OURS,
        "kept",
    ]


@pytest.mark.parametrize("backend", ["keyring.backends.null.Keyring", "no.such.Backend"])
def test_a_backend_that_was_chosen_but_protects_nothing_is_not_used(home: Path, backend: str) -> None:
    configuration = home / ".config" / "python_keyring" / "keyringrc.cfg"
    configuration.parent.mkdir(parents=True)
    configuration.write_text(f"[backend]\ndefault-keyring={backend}\n", encoding="utf-8")
    assert run(home, save("kept"), None) == OURS
    assert run(home, READ, None) == "kept"
