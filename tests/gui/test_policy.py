"""The page *Audit Trails* on a computer whose administrator has fixed settings."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop_app.gui.export.export_page import ExportPage
from desktop_app.settings import administrators
from desktop_app.settings.paths import Paths


@pytest.fixture
def managed(paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    monkeypatch.setattr(administrators, "_who_else_may_write", lambda _: None)
    site = tmp_path / "site"
    site.mkdir()
    return replace(paths, policy_file=site / "policy.toml")


def shown(qtbot: QtBot, paths: Paths) -> ExportPage:
    page = ExportPage(paths)
    qtbot.addWidget(page)
    page.refresh()
    page.show()
    return page


def test_what_the_policy_fixes_is_shown_and_locked(qtbot: QtBot, managed: Paths) -> None:
    managed.policy_file.write_text("[server]\nhost = 'sftp.corp.example'\n", encoding="utf-8")
    page = shown(qtbot, managed)
    host, user = (page.findChild(QLineEdit, name) for name in ("host", "user"))
    assert host.text() == "sftp.corp.example"
    assert host.isReadOnly()
    assert not user.isReadOnly()
    told = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    assert told.count("Set by your organisation.") == 1


def test_a_broken_policy_is_told_and_it_is_that_file_that_opens(
    qtbot: QtBot, managed: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    managed.policy_file.write_text("[server\n", encoding="utf-8")
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    page = shown(qtbot, managed)
    assert any("policy.toml is not valid TOML" in label.text() for label in page.findChildren(QLabel))
    buttons = {button.text(): button for button in page.findChildren(QPushButton) if button.isVisible()}
    assert "Keep the file aside and begin anew" not in buttons
    qtbot.mouseClick(buttons["Open the file"], Qt.MouseButton.LeftButton)
    assert [Path(name) for name in opened] == [managed.policy_file]
