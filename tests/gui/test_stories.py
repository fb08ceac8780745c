"""What an administrator does, from beginning to end, with nothing but the keyboard, and a real server.

The morning after a changed password is in `test_standing.py`, a service in `test_source_catalogue.py`.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from zipfile import ZipFile

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.actions.run import Request, run_once
from desktop_app.export.ledger import StartedBy
from desktop_app.gui.export.browse_dialog import BrowseDialog
from desktop_app.gui.export.export_page import ExportPage
from desktop_app.gui.export.host_key_dialog import NewHostKeyDialog
from desktop_app.gui.history.history_page import HistoryPage
from desktop_app.gui.trails.trails_page import TrailsPage
from desktop_app.gui.window import MainWindow
from desktop_app.schedule import daily_task
from desktop_app.schedule.task_state import TaskState
from desktop_app.settings.effective import load_settings, save_settings
from desktop_app.settings.paths import Paths
from tests.gui.conftest import BuildWindow
from tests.gui.form_user import WAIT
from tests.gui.real_home import RealHome, days_ago, record
from tests.servers import Server, openssh, program
from tests.windows_gaps import needs

_MANY = 150  # stops of Tab, more than any page has


class Keyboard:
    """All that is pressed goes to what has the focus."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self.qtbot = qtbot
        self.window = window
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow, timeout=WAIT)
        page = window.page("ExportPage")
        assert isinstance(page, ExportPage)
        self.export = page

    @property
    def focused(self) -> QWidget:
        top = QApplication.activeModalWidget() or self.window
        if QApplication.activeWindow() is not top:  # a screen without a window manager leaves it at another
            top.activateWindow()
            self.qtbot.waitUntil(top.isActiveWindow, timeout=WAIT)
        widget = QApplication.focusWidget() or top
        assert isinstance(widget, QWidget)
        return widget

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.focused, key, held)

    def type(self, text: str) -> None:
        self.qtbot.keyClicks(self.focused, text)

    def to(self, name: str) -> None:
        """Tab until the widget of that name has the focus."""
        self.qtbot.waitUntil(lambda: self._can_be_reached(name), timeout=WAIT)
        for _ in range(_MANY):
            if self.focused.objectName() == name:
                return
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab does not lead to {name}")

    def fill(self, name: str, text: str) -> None:
        self.to(name)
        self.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.type(text)

    def push(self, name: str) -> None:
        self.to(name)
        self.press(Qt.Key.Key_Space)

    def wait(self, so: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(so, timeout=WAIT)

    def trust(self) -> None:
        """Say yes to the key of a server that is met for the first time."""
        self.wait(lambda: isinstance(QApplication.activeModalWidget(), NewHostKeyDialog))
        self.push("trust")

    def _can_be_reached(self, name: str) -> bool:
        top = QApplication.activeModalWidget() or self.window
        return any(each.isVisible() and each.isEnabled() for each in top.findChildren(QWidget, name))


@pytest.fixture
def keyboard(qtbot: QtBot, open_window: BuildWindow, monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    """At the window of a new installation, on a computer whose scheduler takes the task."""
    task = TaskState(scheduler="systemd", name="t", installed=True, next_run=2_000_000_000_000)
    for name in ("show", "install", "standing", "mend"):
        monkeypatch.setattr(daily_task, name, lambda *_: task, raising=False)
    return Keyboard(qtbot, open_window())


@pytest.fixture
def key_login(tmp_path: Path) -> Iterator[tuple[Server, Path]]:
    """A server that takes nothing but one key, and the file of that."""
    key = tmp_path / "id"
    subprocess.run([program("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    allowed = Path(tempfile.mkdtemp(prefix="atx-keys-", dir="/var/tmp"))
    allowed.chmod(0o755)
    shutil.copyfile(f"{key}.pub", allowed / "authorized_keys")
    (allowed / "authorized_keys").chmod(0o644)
    options = (f"AuthorizedKeysFile {allowed}/authorized_keys", "AuthenticationMethods publickey")
    try:
        with openssh(tmp_path / "server", *options) as server:
            yield server, key
    finally:
        shutil.rmtree(allowed)


def stands(keyboard: Keyboard, text: str) -> bool:
    return text in keyboard.export.standing.text


def log_in(keyboard: Keyboard, server: Server) -> None:
    keyboard.fill("host", f"127.0.0.1:{server.port}")
    keyboard.fill("user", server.user)
    keyboard.fill("password", server.password)


def test_from_installation_to_the_first_archive(
    keyboard: Keyboard, sshd: Server, served: Path, paths: Paths, tmp_path: Path
) -> None:
    """The server; a folder that events come from; the switch; the archive is on the server."""
    logs = tmp_path / "logs"
    logs.mkdir()
    event = {"createdAt": "2026-11-20T08:00:00Z", "entityType": "T", "entityName": "N", "actionType": "A"}
    (logs / "app.jsonl").write_text(json.dumps(event) + "\n", encoding="utf-8")
    log_in(keyboard, sshd)
    keyboard.fill("path", served.name)
    keyboard.press(Qt.Key.Key_Return)
    keyboard.trust()
    keyboard.wait(lambda: stands(keyboard, "Where are your events?"))
    keyboard.push("help_now")
    keyboard.push("add_first")
    keyboard.type("folder of files")
    keyboard.press(Qt.Key.Key_Return)
    keyboard.fill("name", "app")
    keyboard.fill("path", str(logs))
    keyboard.push("save")
    keyboard.wait(lambda: [source.name for source in load_settings(paths).sources] == ["app"])
    keyboard.press(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    keyboard.wait(lambda: stands(keyboard, "Switch the daily export on."))
    keyboard.push("help_now")
    keyboard.wait(lambda: load_settings(paths).enabled)
    keyboard.wait(lambda: not stands(keyboard, "›"))
    keyboard.push("export_now")
    keyboard.wait(lambda: "delivered" in keyboard.export.result.text)
    archives = sorted(served.glob("*.zip"))
    written = [line for archive in archives for line in _data_of(archive)]
    assert any('"entityName"' in line and '"N"' in line for line in written), archives


def test_why_it_failed_on_28_november(qtbot: QtBot, open_window: BuildWindow, paths: Paths, sshd: Server) -> None:
    home = RealHome(paths, sshd)
    home.settings = structs.replace(home.settings, enabled=True)
    for day, password in ((27, sshd.password), (28, "changed meanwhile"), (29, sshd.password)):
        record(paths, {}, day=date(2026, 11, day - 1))
        night = datetime.combine(date(2026, 11, day), time(2), UTC).timestamp()
        run_once(
            home.settings,
            paths,
            Request(StartedBy.SCHEDULE),
            lambda password=password: password,  # type: ignore[misc]
            clock=lambda night=night: night,  # type: ignore[misc]
        )
    keyboard = Keyboard(qtbot, open_window())
    keyboard.press(Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    page = keyboard.window.page("HistoryPage")
    assert isinstance(page, HistoryPage)
    keyboard.wait(lambda: page.runs.model() is not None and page.runs.model().rowCount() == 3)
    keyboard.press(Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    keyboard.type("28 nov failed")
    keyboard.wait(lambda: page.runs.model().rowCount() == 1)
    keyboard.to("runs")
    keyboard.press(Qt.Key.Key_Down)
    keyboard.wait(page.details.isVisible)
    assert "did not accept user" in page.message.text()


def test_the_admin_a_year_later(
    qtbot: QtBot,
    open_window: BuildWindow,
    paths: Paths,
    sshd: Server,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Reads how it stands, looks through the pages, finds out why, enters the new password and exports."""
    task = TaskState(scheduler="systemd", name="t", installed=True, next_run=2_000_000_000_000)
    for name in ("show", "install", "standing", "mend"):
        monkeypatch.setattr(daily_task, name, lambda *_: task, raising=False)
    home = RealHome(paths, sshd)
    home.settings = structs.replace(home.settings, enabled=True)
    save_settings(paths, home.settings)
    record(paths, {})
    home.export(password="of last year")
    keyboard = Keyboard(qtbot, open_window())
    window, held = keyboard.window, Qt.KeyboardModifier.ControlModifier
    keyboard.wait(lambda: stands(keyboard, "The server did not accept user"))

    seen = []
    for key in (Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4):
        keyboard.press(key, held)
        page = window.pages.currentWidget()
        keyboard.wait(lambda page=page: page.isAncestorOf(keyboard.focused))  # type: ignore[misc]
        seen.append(type(page).__name__)
    assert seen == ["HistoryPage", "TrailsPage", "SourcesPage"]
    keyboard.wait(lambda: keyboard.focused.objectName() == "add_first")
    keyboard.press(Qt.Key.Key_Space)
    assert keyboard.focused.objectName() == "search"
    keyboard.press(Qt.Key.Key_Escape)
    keyboard.wait(lambda: keyboard.focused.objectName() == "add_first")

    keyboard.press(Qt.Key.Key_2, held)
    history = window.page("HistoryPage")
    assert isinstance(history, HistoryPage)
    keyboard.press(Qt.Key.Key_F, held)
    keyboard.type(f"{days_ago(0)} failed")
    keyboard.wait(lambda: history.runs.model().rowCount() == 1)
    keyboard.to("runs")
    keyboard.press(Qt.Key.Key_Down)
    keyboard.wait(history.details.isVisible)
    assert "did not accept user" in history.message.text()
    keyboard.press(Qt.Key.Key_F, held)
    keyboard.type("of nobody")
    keyboard.wait(history.nothing.isVisible)
    keyboard.push("show_everything")
    keyboard.wait(lambda: keyboard.focused.objectName() == "search" and not history.nothing.isVisible())
    record(paths, {})
    keyboard.press(Qt.Key.Key_3, held)
    events = window.page("TrailsPage")
    assert isinstance(events, TrailsPage)
    keyboard.wait(lambda: events.events.model().rowCount() > 1)
    before = events.events.model().rowCount()
    record(paths, {})
    keyboard.press(Qt.Key.Key_F5)
    keyboard.wait(lambda: events.events.model().rowCount() == before + 1)

    keyboard.press(Qt.Key.Key_1, held)
    keyboard.push("help_now")
    keyboard.wait(lambda: keyboard.focused.objectName() == "password")
    keyboard.type(sshd.password)
    keyboard.press(Qt.Key.Key_Return)
    keyboard.wait(lambda: stands(keyboard, "The connection works again."))
    keyboard.push("export_now")
    keyboard.wait(lambda: stands(keyboard, "All delivered."))
    assert "Failed" not in keyboard.export.last_export.text
    assert list(home.folder.glob("*.zip"))


@needs("modes")  # the server's user makes a folder
def test_a_folder_of_the_server_is_made_and_used(
    keyboard: Keyboard, sshd: Server, served: Path, paths: Paths
) -> None:
    (served / "Inbox").mkdir()
    (served / "Inbox").chmod(0o777)
    log_in(keyboard, sshd)
    keyboard.fill("path", served.name)
    keyboard.push("browse")
    keyboard.trust()
    keyboard.wait(lambda: isinstance(QApplication.activeModalWidget(), BrowseDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, BrowseDialog)
    keyboard.wait(lambda: dialog.chosen.endswith(served.name) and not dialog._worker.running)
    assert keyboard.focused.objectName() == "folders"
    keyboard.press(Qt.Key.Key_Return)
    keyboard.wait(lambda: dialog.chosen.endswith("/Inbox") and not dialog._worker.running)
    assert keyboard.focused.objectName() == "folders"
    keyboard.fill("new_folder_name", "2026")
    keyboard.press(Qt.Key.Key_Return)
    keyboard.wait(lambda: dialog.chosen.endswith("/Inbox/2026") and not dialog._worker.running)
    keyboard.push("use_folder")
    keyboard.wait(lambda: QApplication.activeModalWidget() is None)
    keyboard.to("path")
    keyboard.press(Qt.Key.Key_Return)
    keyboard.wait(lambda: paths.config_file.exists())
    assert load_settings(paths).server.path.endswith("/Inbox/2026")
    assert (served / "Inbox" / "2026").is_dir()


@pytest.mark.skipif(sys.platform == "win32", reason="ssh-keygen and sshd are those of the Linux around")
def test_a_server_that_takes_nothing_but_a_key(
    keyboard: Keyboard, key_login: tuple[Server, Path], paths: Paths
) -> None:
    server, key = key_login
    keyboard.fill("host", f"127.0.0.1:{server.port}")
    keyboard.fill("user", server.user)
    keyboard.to("auth")
    ways = keyboard.focused
    assert isinstance(ways, QComboBox)
    for _ in range(ways.count()):
        if ways.currentData() != "key":
            keyboard.press(Qt.Key.Key_Down)
    keyboard.fill("key_file", str(key))
    keyboard.fill("path", ".")
    keyboard.press(Qt.Key.Key_Return)
    keyboard.trust()
    keyboard.wait(lambda: paths.config_file.exists())
    settings = load_settings(paths).server
    assert (settings.auth, settings.key_file) == ("key", str(key))


def _data_of(archive: Path) -> list[str]:
    with ZipFile(archive) as opened:
        return [line for name in opened.namelist() for line in opened.read(name).decode().splitlines()]
