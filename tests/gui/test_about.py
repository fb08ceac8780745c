"""About this program, and the icons of dialogs."""

import pytest
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from desktop_app import __version__
from desktop_app.gui import about
from desktop_app.gui.about import AboutDialog
from desktop_app.gui.export.closing import ask_to_discard
from desktop_app.gui.export.host_key_dialog import NewHostKeyDialog
from desktop_app.settings.paths import Paths
from desktop_app.sftp.probe import HostKey
from tests.gui.conftest import BuildWindow


@pytest.fixture
def dialog(open_window: BuildWindow, qtbot: QtBot) -> AboutDialog:
    window = open_window()
    window.findChild(QAction, "about").trigger()
    found = window.findChild(AboutDialog)
    assert isinstance(found, AboutDialog)
    return found


def test_it_says_what_is_asked_of_who_reports_a_problem(dialog: AboutDialog, paths: Paths) -> None:
    text = "\n".join(label.text() for label in dialog.findChildren(QLabel))
    for part in (__version__, str(paths.config_file), str(paths.data), "Qt", "LGPL", "MIT"):
        assert part in text
    dialog.findChild(QPushButton, "copy_facts").click()
    copied = QApplication.clipboard().text()
    assert copied.startswith("Audit Trails Export\n")
    for part in (__version__, str(paths.config_file), "Python", "Qt"):
        assert part in copied


def test_it_leads_to_where_problems_are_reported(dialog: AboutDialog, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    dialog.findChild(QPushButton, "report_problem").click()
    assert opened == [about.REPORT_TO]


def test_buttons_of_dialogs_have_no_icons_of_another_set(open_window: BuildWindow, qtbot: QtBot) -> None:
    window = open_window()
    key = HostKey("ssh-ed25519", "SHA256:" + "a" * 43, known=False)
    dialogs = [NewHostKeyDialog("sftp.example.com", key, window), AboutDialog(window.paths, window)]
    ask_to_discard(window, lambda: None)
    dialogs += window.findChildren(QMessageBox)
    assert len(dialogs) == 3
    for dialog in dialogs:
        dialog.show()
        (box,) = dialog.findChildren(QDialogButtonBox)
        assert [button.text() for button in box.buttons() if not button.icon().isNull()] == []
