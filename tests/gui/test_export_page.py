"""The page *Audit Trails* against a real OpenSSH server."""

import json
import shutil
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.gui.export_page import ExportPage
from desktop_app.gui.host_key_dialog import NewHostKeyDialog
from desktop_app.settings.effective import load_settings
from desktop_app.settings.paths import Paths
from desktop_app.trails.event import parse_event
from desktop_app.trails.store import open_store
from tests.gui.conftest import BuildWindow
from tests.servers import Server

WAIT = 30_000


class Form:
    """The page as a user works with it."""

    def __init__(self, qtbot: QtBot, page: ExportPage) -> None:
        self.qtbot = qtbot
        self.page = page

    def enter(self, name: str, text: str) -> None:
        field = self.page.findChild(QLineEdit, name)
        field.selectAll()
        self.qtbot.keyClick(field, Qt.Key.Key_Delete)
        self.qtbot.keyClicks(field, text)

    def click(self, name: str) -> None:
        button = self.page.findChild(QWidget, name)
        self.qtbot.waitUntil(button.isEnabled, timeout=WAIT)
        assert button.isVisible(), name
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def fill(self, server: Server, path: str, password: str | None = None) -> None:
        self.enter("host", f"127.0.0.1:{server.port}")
        self.enter("user", server.user)
        self.enter("password", server.password if password is None else password)
        self.enter("path", path)

    def dialog(self, kind: type[QDialog]) -> QDialog:
        self.qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind), timeout=WAIT)
        found = QApplication.activeModalWidget()
        assert isinstance(found, kind)
        return found

    def trust(self) -> None:
        self.qtbot.mouseClick(
            self.dialog(NewHostKeyDialog).findChild(QPushButton, "trust"), Qt.MouseButton.LeftButton
        )

    def wait_for(self, text: str) -> None:
        """Until a notice says `text`."""
        self.qtbot.waitUntil(lambda: text in self.page.result.text + self.page.problem.text, timeout=WAIT)

    def message(self, name: str) -> str:
        return str(self.page.findChild(QWidget, f"{name}_message").text)


@pytest.fixture
def form(qtbot: QtBot, open_window: BuildWindow) -> Form:
    page = open_window().page("ExportPage")
    assert isinstance(page, ExportPage)
    return Form(qtbot, page)


@pytest.fixture
def exports(sshd: Server, tmp_path: Path) -> Path:
    folder = sshd.folder / tmp_path.name
    folder.mkdir()
    shutil.chown(folder, sshd.user, sshd.user)
    return folder


def record(paths: Paths, day: str) -> None:
    event = {"createdAt": f"{day}T08:00:00Z", "entityType": "T", "entityName": "N", "actionType": "A"}
    with open_store(paths.store) as store:
        store.append([parse_event(json.dumps(event).encode())])


def test_from_first_configuration_to_a_delivered_archive(
    form: Form, sshd: Server, exports: Path, paths: Paths
) -> None:
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    record(paths, yesterday)
    form.fill(sshd, exports.name)
    form.page.more.click()
    form.enter("instance", "ws")
    form.page.findChild(QWidget, "timezone").setEditText("UTC")
    form.click("test_and_save")
    form.trust()
    form.wait_for("Tested and saved.")
    settings = load_settings(paths)
    assert (settings.server.host, settings.server.path) == (f"127.0.0.1:{sshd.port}", exports.name)
    assert (settings.export.instance, settings.export.timezone) == ("ws", "UTC")
    assert sshd.password not in paths.config_file.read_text()
    assert "Deleted" in form.page.steps.text
    form.click("export_now")
    form.wait_for("delivered")
    names = sorted(file.name for file in exports.iterdir())
    assert names[0] == f"audit-trails-ws-{yesterday}.zip"
    with zipfile.ZipFile(exports / names[0]) as archive:
        assert len(json.loads(archive.read(f"audit-trails-ws-{yesterday}.json"))) == 1
