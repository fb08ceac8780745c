"""Who hears of a failed daily run: a desktop on a real D-Bus, a real web hook and a real mail server."""

import getpass
import json
import logging
import os
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email import message_from_string
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from desktop_app.errors import BadSetting, LocalDiskError, UserError
from desktop_app.export.ledger import Outcome, StartedBy, open_ledger
from desktop_app.export.run_lock import AlreadyRunning
from desktop_app.notify import desktop
from desktop_app.notify.address import (
    NotTold,
    has_address,
    remove_address,
    set_address,
    shown_address,
    try_address,
)
from desktop_app.notify.after_run import mostly_set_aside, tell_of_run
from desktop_app.notify.message import Message
from desktop_app.notify.ping import ping
from desktop_app.secrets import keepers as secrets
from desktop_app.settings.paths import Paths
from desktop_app.sftp.errors import ServerUnreachable
from desktop_app.sources.collected import CollectedSource
from desktop_app.wording import Said
from tests.noon import NOON
from tests.servers import free_port, program, wait_until
from tests.windows_gaps import needs

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

# Takes the notifications of a session bus and writes each as a line; answers as the specification wants it.
# Its arguments: a file for the lines, and what it says it is capable of.
DAEMON = """
import json, sys
from jeepney import DBusAddress, MessageType, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

with open_dbus_connection(bus="SESSION") as bus:
    bus.send_and_get_reply(message_bus.RequestName("org.freedesktop.Notifications"))
    print("ready", flush=True)
    while True:
        call = bus.receive()
        if call.header.fields[3] == "GetCapabilities":
            bus.send(new_method_return(call, "as", (sys.argv[2:],)))
        elif call.header.message_type is MessageType.method_call:
            with open(sys.argv[1], "a") as file:
                file.write(json.dumps(call.body, default=str) + "\\n")
            bus.send(new_method_return(call, "u", (7,)))
"""
SHOW = """
from desktop_app.notify import desktop
from desktop_app.notify.message import Message
from desktop_app.notify.ping import ping
print(desktop.show(Message(kind="failure", title="It failed", text="a < b & c\\nDo this.", facts="User: x")))
"""
FAILED = Message(kind="failure", title="It failed", text="in Käln\nDo this.")


def unreachable(host: str = "sftp.example.com") -> UserError:
    return ServerUnreachable(Said("{host} does not answer.", host=host), Said("May this computer reach it?"))


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    monkeypatch.setattr(secrets, "_system_keyrings", list)
    return Paths(tmp_path / "c", tmp_path / "d", tmp_path / "l")


@pytest.fixture
def no_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")


@contextmanager
def web_hook(port: int = 0, status: int = 200) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """A web server that takes JSON; its port, and what it was sent."""
    taken: list[dict[str, Any]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if status == 200:  # before the answer, after which the test looks
                taken.append(json.loads(body))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", port), Hook) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server.server_port, taken
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def mail_server() -> Iterator[tuple[int, list[str]]]:
    """A mail server (SMTP) that takes everything; its port, and the mails."""
    mails: list[str] = []

    class Smtp(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 ready\r\n")
            while line := self.rfile.readline():
                if line.upper().startswith(b"QUIT"):
                    self.wfile.write(b"221 bye\r\n")
                    return
                if line.upper().startswith(b"DATA"):
                    self.wfile.write(b"354 go on\r\n")
                    mails.append(b"".join(iter(self.rfile.readline, b".\r\n")).decode())
                self.wfile.write(b"250 ok\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Smtp) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield server.server_address[1], mails
        finally:
            server.shutdown()


def in_session(tmp_path: Path, *commands: str) -> str:
    """What shell commands print in a session bus of their own."""
    script = "\n".join(commands)
    result = subprocess.run(
        [program("dbus-run-session"), "--", "sh", "-c", script, "sh", sys.executable, str(tmp_path)],
        cwd=Path(__file__).parents[2],
        env={name: os.environ[name] for name in ("PATH", "HOME", "XVFB", "DUNST") if name in os.environ},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


# Starts a screen and the notification daemon dunst on it, which prints what it shows.
DUNST = """
rm -f "$2/display"
"$XVFB" -noreset -displayfd 3 -screen 0 640x480x24 -nolisten tcp 3> "$2/display" & screen=$!
while [ ! -s "$2/display" ]; do sleep 0.05; done
DISPLAY=:$(cat "$2/display") "$DUNST" -print > "$2/shown" 2>&1 & daemon=$!
until dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
    string:org.freedesktop.Notifications | grep -q true; do sleep 0.05; done
PYTHONPATH=. "$1" "$2/show.py"
until grep -q urgency "$2/shown"; do sleep 0.05; done
kill $daemon $screen
"""


@needs("D-Bus")
def test_a_real_desktop_shows_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XVFB", program("Xvfb"))
    monkeypatch.setenv("DUNST", program("dunst"))
    (tmp_path / "show.py").write_text(SHOW, encoding="utf-8")
    assert in_session(tmp_path, DUNST) == "True\n"
    shown = (tmp_path / "shown").read_text(encoding="utf-8")
    assert "summary: 'It failed'" in shown
    assert "body: 'a &lt; b &amp; c\nDo this.'" in shown
    assert "urgency: CRITICAL" in shown


@pytest.mark.parametrize(
    ("capabilities", "wanted"),
    [("body body-markup", "a &lt; b &amp; c\nDo this."), ("body", "a < b & c\nDo this.")],
)
@needs("D-Bus")
def test_a_desktop_is_told_in_its_own_way(tmp_path: Path, capabilities: str, wanted: str) -> None:
    (tmp_path / "daemon.py").write_text(DAEMON, encoding="utf-8")
    (tmp_path / "show.py").write_text(SHOW, encoding="utf-8")
    said = in_session(
        tmp_path,
        'mkfifo "$2/ready"',
        f'"$1" "$2/daemon.py" "$2/shown" {capabilities} > "$2/ready" & daemon=$!',
        'read _ < "$2/ready"',
        'PYTHONPATH=. "$1" "$2/show.py"',
        "kill $daemon",
    )
    assert said == "True\n"
    notification = json.loads((tmp_path / "shown").read_text(encoding="utf-8"))
    program_name, replaces, icon, title, body, actions, hints, timeout = notification
    assert (program_name, icon, title) == ("Audit Trails Export", "audit-trails-export", "It failed")
    assert body == wanted
    assert (replaces, actions, hints, timeout) == (0, [], {"urgency": ["y", 2]}, -1)


@needs("D-Bus")
def test_a_session_without_notifications_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "show.py").write_text(SHOW, encoding="utf-8")
    assert in_session(tmp_path, 'PYTHONPATH=. "$1" "$2/show.py"') == "False\n"


# Shows a notification, as far as whoever started it can see, until its input ends; and what it was given.
SHOWS = """
import sys
open(sys.argv[1], "w").write(sys.stdin.read())
print("shown", flush=True)
open(sys.argv[2]).read()
"""


@needs("named pipes")
def test_a_run_does_not_wait_until_a_notification_was_read(tmp_path: Path) -> None:
    (tmp_path / "show.py").write_text(SHOWS, encoding="utf-8")
    given, end = tmp_path / "given", tmp_path / "end"
    os.mkfifo(end)
    command = [sys.executable, str(tmp_path / "show.py"), str(given), str(end)]
    assert desktop.shown_by(command, FAILED)  # while the process still shows it
    end.write_text("")  # it waits for this: else nobody would open the other end
    assert json.loads(given.read_text(encoding="utf-8")) == ["It failed", "in Käln\nDo this."]


def test_a_process_that_shows_nothing_is_no_notification(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not desktop.shown_by([sys.executable, "-c", "import sys; sys.exit(1)"], FAILED)
    monkeypatch.setattr(desktop, "_PROGRAM_PATIENCE", 0.5)
    assert not desktop.shown_by([sys.executable, "-c", "import time; time.sleep(60)"], FAILED)


# Starts a process that has the same output, as Wine starts its desktop, and shows nothing.
STARTS_ANOTHER = """
import subprocess, sys, time
waits = "import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1]))).recv(1)"
subprocess.Popen([sys.executable, "-c", waits, sys.argv[1]])
time.sleep(600)
"""


def test_what_a_notification_starts_in_turn_holds_no_run_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desktop, "_PROGRAM_PATIENCE", 5.0)
    (tmp_path / "start.py").write_text(STARTS_ANOTHER, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        command = [sys.executable, str(tmp_path / "start.py"), str(server.getsockname()[1])]
        assert not desktop.shown_by(command, FAILED)
        server.settimeout(10)
        server.accept()[0].close()  # it still waits, and ends with this


@needs("D-Bus")
def test_a_bus_that_takes_nobody_in_holds_no_run_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path / 'bus'}")
    with socket.socket(socket.AF_UNIX) as bus, socket.socket(socket.AF_UNIX) as other:
        bus.bind(str(tmp_path / "bus"))
        bus.listen(0)
        other.connect(str(tmp_path / "bus"))
        assert desktop.show(FAILED) is False


@needs("D-Bus")
def test_no_session_is_no_error(no_desktop: None) -> None:
    assert desktop.show(FAILED) is False


@pytest.mark.usefixtures("no_desktop")
def test_a_web_hook_is_told_of_each_cause_once_until_all_is_well(paths: Paths) -> None:
    with web_hook() as (port, told):
        set_address(paths, f"json://127.0.0.1:{port}/hook")
        for error in (
            unreachable(),
            unreachable(),
            unreachable("sftp2.example.com"),  # the same to a reader
            LocalDiskError(Said("The disk is full."), Said("Make room."), command="df"),
            unreachable(),
            AlreadyRunning(Said("Another export is running."), Said("Wait.")),
            unreachable(),
            None,
            unreachable(),
        ):
            tell_of_run(paths, error)
    assert [message["message"].split("\n")[0] for message in told] == [
        "sftp.example.com does not answer.",
        "The disk is full.",
        "sftp.example.com does not answer.",
        "The daily export works again. What had to wait is delivered.",
        "sftp.example.com does not answer.",
    ]
    assert told[1]["message"].startswith("The disk is full.\nMake room. df\n\n")


def configured(paths: Paths) -> None:
    """An installation with a day that waits, since the export was switched on the day before yesterday."""
    paths.config.mkdir(parents=True)
    paths.config_file.write_text(
        f'[export]\ninstance = "finance"\ntimezone = "{NOON.key}"\n'
        '[server]\nhost = "sftp.example.com"\nuser = "audit"\npath = "/in"\n',
        encoding="utf-8",
    )
    with open_ledger(paths.ledger) as ledger:
        ledger.set_switched_on_since(datetime.now(NOON).date() - timedelta(days=1), 1)


@pytest.mark.usefixtures("no_desktop")
def test_a_message_says_which_computer_and_how_many_days_wait(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "ws-0042")
    monkeypatch.setattr(getpass, "getuser", lambda: "ann")
    configured(paths)
    yesterday = (datetime.now(NOON).date() - timedelta(days=1)).isoformat()
    with web_hook() as (port, told):
        set_address(paths, f"json://127.0.0.1:{port}/hook")
        tell_of_run(paths, unreachable())
    (message,) = told
    assert message["type"] == "failure"
    assert message["title"] == "Audit trails export failed: finance on ws-0042, 1 day waiting"
    lines = message["message"].splitlines()
    assert lines[:3] == ["sftp.example.com does not answer.", "May this computer reach it?", ""]
    assert lines[3:7] == [
        "Instance: finance",
        "Computer: ws-0042",
        "User: ann",
        "Server: audit@sftp.example.com:/in",
    ]
    assert lines[7].startswith("Time: 20")
    assert lines[8:] == [f"Days waiting: 1 ({yesterday})", "Exit code: 69"]


@pytest.mark.usefixtures("no_desktop")
def test_a_computer_whose_settings_can_not_be_read_is_named(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "ws-0042")
    paths.config.mkdir(parents=True)
    paths.config_file.write_text("this is no TOML", encoding="utf-8")
    with web_hook() as (port, told):
        set_address(paths, f"json://127.0.0.1:{port}/hook")
        tell_of_run(paths, BadSetting(Said("The settings can't be read.")))
    assert told[0]["title"] == "Audit trails export failed: ws-0042"
    assert "Computer: ws-0042" in told[0]["message"] and "Exit code: 78" in told[0]["message"]


DAY = 86_400.0


def runs(paths: Paths, outcome: Outcome, seconds: float) -> None:
    """A run in the ledger, of an instant."""
    with open_ledger(paths.ledger) as ledger:
        ledger.end_run(ledger.begin_run(StartedBy.HAND, 1, int(seconds * 1000)), outcome, int(seconds * 1000))


@pytest.mark.usefixtures("no_desktop")
def test_a_cause_that_lasts_is_told_again_after_a_week(paths: Paths) -> None:
    with web_hook() as (port, told):
        set_address(paths, f"json://127.0.0.1:{port}/hook")
        nights = []
        for night in range(16):
            before = len(told)
            tell_of_run(paths, unreachable(), clock=lambda night=night: 1_000_000.0 + night * DAY - night * 60)
            nights += [night] * (len(told) - before)
    assert nights == [0, 7, 14]


@pytest.mark.usefixtures("no_desktop")
def test_it_works_again_is_told_once_and_only_after_a_failure_that_was_told(paths: Paths) -> None:
    configured(paths)
    with web_hook() as (port, told):
        set_address(paths, f"json://127.0.0.1:{port}/hook")
        tell_of_run(paths, None)
        tell_of_run(paths, unreachable())
        for _ in range(2):
            tell_of_run(paths, None)
    assert [message["type"] for message in told] == ["failure", "success"]
    assert told[1]["title"].startswith("Audit trails export works again: finance")
    assert "Exit code" not in told[1]["message"] and "Days waiting: 1" in told[1]["message"]


@pytest.mark.usefixtures("no_desktop")
def test_it_works_again_is_told_by_the_next_success_where_it_was_not_taken(paths: Paths) -> None:
    port = free_port()
    with web_hook(port):
        set_address(paths, f"json://127.0.0.1:{port}/hook")
        tell_of_run(paths, unreachable())
    tell_of_run(paths, None)
    with web_hook(port) as (_, told):
        tell_of_run(paths, None)
    assert [message["type"] for message in told] == ["success"]


@pytest.mark.usefixtures("no_desktop")
def test_a_cause_is_news_again_once_a_run_by_hand_went_well(paths: Paths) -> None:
    with web_hook() as (port, told):
        set_address(paths, f"json://127.0.0.1:{port}/hook")
        tell_of_run(paths, unreachable(), clock=lambda: 1_000_000.0)
        runs(paths, Outcome.DELIVERED, 1_000_100.0)
        tell_of_run(paths, unreachable(), clock=lambda: 1_000_200.0)
        tell_of_run(paths, unreachable(), clock=lambda: 1_000_300.0)
    assert [message["type"] for message in told] == ["failure", "failure"]
    assert "Last success: 1970-01-1" in told[1]["message"]


@pytest.mark.usefixtures("no_desktop")
def test_that_nothing_new_was_set_aside_is_no_success_to_be_told(paths: Paths) -> None:
    source = CollectedSource("s", read=2, set_aside=2)
    with web_hook() as (port, told):
        set_address(paths, f"json://127.0.0.1:{port}/hook")
        tell_of_run(paths, None, mostly_set_aside([source]))
        tell_of_run(paths, None)
    assert [message["type"] for message in told] == ["warning"]


@pytest.mark.usefixtures("no_desktop")
@pytest.mark.parametrize(("started_by", "times"), [(StartedBy.HAND, 1), (StartedBy.SCHEDULE, 0)])
def test_a_run_by_hand_that_stands_in_the_way_is_told(paths: Paths, started_by: StartedBy, times: int) -> None:
    with open_ledger(paths.ledger) as ledger:
        ledger.begin_run(started_by, 1, 1000)
    with web_hook() as (port, told):
        set_address(paths, f"json://127.0.0.1:{port}/hook")
        tell_of_run(paths, AlreadyRunning(Said("Another export is running."), Said("Wait.")))
    assert len(told) == times


@pytest.mark.usefixtures("no_desktop")
def test_what_could_not_be_told_is_told_next_time_and_fails_nothing(paths: Paths) -> None:
    port = free_port()
    set_address(paths, f"json://127.0.0.1:{port}/hook")
    tell_of_run(paths, unreachable())
    with web_hook(port, status=500):
        tell_of_run(paths, unreachable())
    with web_hook(port) as (_, told):
        tell_of_run(paths, unreachable())
        tell_of_run(paths, unreachable())
    assert len(told) == 1


@pytest.mark.usefixtures("no_desktop")
def test_a_ledger_that_can_not_be_used_is_told_too(paths: Paths) -> None:
    paths.data.mkdir()
    paths.ledger.write_bytes(b"this is no database" * 100)
    with web_hook() as (port, told):
        set_address(paths, f"json://127.0.0.1:{port}/hook")
        tell_of_run(paths, LocalDiskError(Said("The ledger can't be used.")))
    assert len(told) == 1


def test_both_ways_are_told(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    answers = iter([False, True])
    monkeypatch.setattr(desktop, "show", lambda message: shown.append(message.text) or next(answers))
    with web_hook() as (port, told):
        set_address(paths, f"json://127.0.0.1:{port}/")
        for _ in range(3):  # nobody is signed in, somebody is, and was told
            tell_of_run(paths, unreachable())
    assert (len(shown), len(told)) == (2, 1)


@pytest.mark.usefixtures("no_desktop")
def test_a_mailbox_is_told(paths: Paths) -> None:
    with mail_server() as (port, mails):
        server = f"127.0.0.1:{port}"
        set_address(paths, f"mailto://{server}/?from=audit@example.com&to=admins@example.com&mode=insecure")
        tell_of_run(paths, unreachable())
        wait_until(lambda: bool(mails), "a mail")
    assert len(mails) == 1
    assert "admins@example.com" in mails[0]
    mail = message_from_string(mails[0])
    assert "failed" in mail["Subject"]
    assert mail.get_content_type() == "text/plain"
    text = mail.get_payload(decode=True)
    assert isinstance(text, bytes)
    assert text.startswith(b"sftp.example.com does not answer.\r\nMay this computer reach it?\r\n")
    assert b"\r\nExit code: 69\r\n" in text


class Monitor:
    """A monitor on loopback: what it was sent as (method, path, body); it answers with `statuses` by method."""

    def __init__(self, **statuses: int) -> None:
        self.pings: list[tuple[str, str, str]] = []
        pings = self.pings

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                pings.append((self.command, self.path, body))
                self.send_response(statuses.get(self.command, 200))
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_POST = do_GET = answer

            def log_message(self, *_: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/ping/secret"

    def __enter__(self) -> "Monitor":
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def wants(paths: Paths, text: str) -> None:
    """Add `[notify]` to the settings."""
    with paths.config_file.open("a", encoding="utf-8") as file:
        file.write(f"[notify]\n{text}\n")


@pytest.mark.usefixtures("no_desktop")
def test_a_monitor_is_pinged_after_each_run(paths: Paths, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    configured(paths)
    with Monitor() as monitor:
        wants(paths, f'ping_url = "{monitor.url}?rid=1"')
        tell_of_run(paths, None)
        for _ in range(2):
            tell_of_run(paths, unreachable())
        tell_of_run(paths, None)
    assert [(method, path) for method, path, _ in monitor.pings] == [
        ("POST", "/ping/secret?rid=1"),
        ("POST", "/ping/secret/fail?rid=1"),
        ("POST", "/ping/secret/fail?rid=1"),
        ("POST", "/ping/secret?rid=1"),
    ]
    well, failed, *_ = (body for _, _, body in monitor.pings)
    assert well.startswith("Audit trails export, all is well: finance")
    assert "sftp.example.com does not answer." in failed and "Exit code: 69" in failed
    assert "secret" not in caplog.text


@pytest.mark.parametrize("code", [404, 405])
def test_a_monitor_that_takes_no_post_gets_a_get(code: int) -> None:
    with Monitor(POST=code) as monitor:
        assert ping(monitor.url, "text", failed=False)
    assert [method for method, _, _ in monitor.pings] == ["POST", "GET"]


def test_a_monitor_that_is_away_for_a_moment_is_pinged_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    with Monitor(POST=503) as monitor:
        assert not ping(monitor.url, "text", failed=False)
    assert len(monitor.pings) == 3
    with Monitor(POST=403) as monitor:
        assert not ping(monitor.url, "text", failed=False)
    assert len(monitor.pings) == 1
    assert not ping(f"http://127.0.0.1:{free_port()}/", "text", failed=True)
    assert not ping("http://[", "text", failed=False)


@pytest.mark.usefixtures("no_desktop")
def test_all_is_well_is_told_each_week_where_it_is_wanted(paths: Paths) -> None:
    configured(paths)
    with web_hook() as (port, told):
        set_address(paths, f"json://127.0.0.1:{port}/hook")
        tell_of_run(paths, None)
        assert told == []
        wants(paths, "weekly = true")
        nights: list[tuple[int, str]] = []
        for night in range(20):
            before = len(told)
            failure = unreachable() if night == 8 else None
            tell_of_run(paths, failure, clock=lambda night=night: 1_000_000.0 + night * DAY)
            nights += [(night, message["type"]) for message in told[before:]]
    # That it works again is as good as that all is well: the week begins with it.
    assert nights == [(0, "success"), (7, "success"), (8, "failure"), (9, "success"), (16, "success")]
    assert told[1]["title"].startswith("Audit trails export, all is well: finance")


def test_an_address_is_tried(paths: Paths) -> None:
    with pytest.raises(BadSetting, match="no address"):
        try_address(paths)
    with web_hook() as (port, told):
        set_address(paths, f"json://user:secret@127.0.0.1:{port}/token")
        try_address(paths)
        assert len(told) == 1
    with pytest.raises(NotTold):
        try_address(paths)
    assert shown_address(paths) == f"json://user:****@127.0.0.1:{port}"
    remove_address(paths)
    assert not has_address(paths)
    assert shown_address(paths) is None


@pytest.mark.parametrize(
    "url", ["", "nobody", "http://", "mailto://", "a b", "json://h\nx", "unknown://h", "\udcff"]
)
def test_what_is_no_address_is_refused_and_changes_nothing(paths: Paths, url: str) -> None:
    set_address(paths, "json://127.0.0.1/kept")
    with pytest.raises(BadSetting):
        set_address(paths, url)
    assert shown_address(paths) == "json://127.0.0.1"


def test_the_address_is_kept_as_a_secret(paths: Paths) -> None:
    set_address(paths, "json://user:topsecret@127.0.0.1/tokensecret")
    for file in paths.config.parent.rglob("*"):
        if file.is_file():
            assert b"secret@" not in file.read_bytes()
            assert b"tokensecret" not in file.read_bytes()
            assert os.name != "posix" or file.stat().st_mode & 0o077 == 0
