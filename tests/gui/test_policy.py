"""The page *Audit Trails* on a computer whose administrator has fixed settings."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop_app.gui.export.export_page import ExportPage
from desktop_app.settings.paths import Paths, find_paths


def shown(qtbot: QtBot, paths: Paths) -> ExportPage:
    page = ExportPage(paths)
    qtbot.addWidget(page)
    page.refresh()
    page.show()
    return page


def test_what_the_policy_fixes_is_shown_and_locked(qtbot: QtBot, paths: Paths) -> None:
    paths.policy_file.write_text("[server]\nhost = 'sftp.corp.example'\n", encoding="utf-8")
    page = shown(qtbot, paths)
    host, user = (page.findChild(QLineEdit, name) for name in ("host", "user"))
    assert host.text() == "sftp.corp.example"
    assert host.isReadOnly()
    assert not user.isReadOnly()
    told = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    assert told.count("Set by your organisation.") == 1


def test_a_broken_policy_is_told_and_it_is_that_file_that_opens(
    qtbot: QtBot, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths.policy_file.write_text("[server\n", encoding="utf-8")
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    page = shown(qtbot, paths)
    assert any("policy.toml is not valid TOML" in label.text() for label in page.findChildren(QLabel))
    buttons = {button.text(): button for button in page.findChildren(QPushButton) if button.isVisible()}
    assert "Keep the file and start over" not in buttons
    qtbot.mouseClick(buttons["Open the file"], Qt.MouseButton.LeftButton)
    assert [Path(name) for name in opened] == [paths.policy_file]


def test_the_policy_of_this_computer_is_not_looked_at(paths: Paths, policy_file: Path, tmp_path: Path) -> None:
    assert paths.policy_file == find_paths().policy_file == Paths(tmp_path, tmp_path, tmp_path).policy_file
    assert paths.policy_file == policy_file and policy_file.is_relative_to(tmp_path)
