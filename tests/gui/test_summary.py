"""The settings as they are saved: their summary, and a test of the connection that saves nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs
from PySide6.QtCore import QCoreApplication, Qt, QTranslator
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.gui import formats
from desktop_app.gui.export.failure_address_dialog import FailureAddressDialog
from desktop_app.gui.export.host_key_dialog import NewHostKeyDialog
from desktop_app.gui.export.summary import Summary
from desktop_app.gui.formats import zone_of
from desktop_app.gui.widgets.plain_label import PlainLabel
from desktop_app.resources import resource_path
from desktop_app.schedule.spread import own_moment
from desktop_app.settings.effective import load_settings, save_settings
from desktop_app.settings.model import ExportSettings, ScheduleSettings, ServerSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.sftp.host_keys import known_keys
from desktop_app.sftp.probe import parse_address
from tests.gui.form_user import WAIT, FormUser
from tests.servers import Server


def focus(form: FormUser, widget: QWidget) -> None:
    """As Tab does, in the window that was below a dialog."""
    form.window.activateWindow()
    form.qtbot.waitUntil(form.window.isActiveWindow, timeout=WAIT)
    widget.setFocus(Qt.FocusReason.TabFocusReason)


@pytest.fixture
def english(qtbot: QtBot) -> Iterator[None]:
    """The texts of English, which has a word of its own for one thing."""
    translator = QTranslator()
    assert translator.load("audit-trails_en", str(resource_path("translations")))
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


def test_two_lines_say_it_all(qtbot: QtBot, english: None) -> None:
    summary = Summary()
    qtbot.addWidget(summary)
    server = ServerSettings(host="sftp.example.com", user="audit", path="/Users/Test/Export")
    at_once = ScheduleSettings(spread="0m")
    summary.show_settings(Settings(server=server, schedule=at_once))
    assert summary.text.splitlines() == [
        "audit@sftp.example.com:/Users/Test/Export · JSON · daily 02:00",
        "4 key exchanges, 3 ciphers, 1 HMAC; 3 weak",
    ]
    few = structs.replace(
        server, key_exchange=("curve25519-sha256",), ciphers=("aes256-ctr",), hmac=("hmac-sha2-512",), auth="agent"
    )
    summary.show_settings(Settings(server=few, schedule=at_once))
    assert summary.text.splitlines() == [
        "audit@sftp.example.com:/Users/Test/Export · SSH agent · JSON · daily 02:00",
        "1 key exchange, 1 cipher, 1 HMAC",
    ]


def test_the_time_is_that_at_which_this_computer_starts(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = Summary()
    qtbot.addWidget(summary)
    monkeypatch.setattr(formats, "zone_name", lambda zone: "UTC" if zone == zone_of("UTC") else "Asia/Tokyo")
    for zone, named in (("local", ""), ("UTC", " (Asia/Tokyo)")):
        settings = Settings(export=ExportSettings(instance="ws-0042", timezone=zone))
        moment = own_moment(settings)
        summary.show_settings(settings)
        assert summary.text.splitlines()[0].endswith(f"JSON · daily {moment}{named}")
    summary.show_settings(settings, by_another=True)
    assert summary.text.splitlines()[0].endswith("JSON · by your own scheduler")


def test_edit_stands_beside_the_summary(form: FormUser, sshd: Server, served: Path) -> None:
    form.configure(sshd, served.name)
    edit, summary = form.page.edit, form.page.summary
    assert summary.isAncestorOf(edit)
    beside = edit.geometry()
    for label in summary.findChildren(PlainLabel):
        assert beside.left() >= label.geometry().right()
    assert beside.top() == min(label.geometry().top() for label in summary.findChildren(PlainLabel))


def test_who_hears_of_failures_is_seen_and_changed_while_locked(
    form: FormUser, sshd: Server, served: Path
) -> None:
    form.configure(sshd, served.name)
    form.qtbot.waitUntil(lambda: form.page.tells_failures.text == "This desktop only", timeout=WAIT)
    assert form.page.tells_failures.isVisible() and not form.page.form.isVisible()
    form.click("change_failure_address")
    form.dialog(FailureAddressDialog).reject()


def test_all_settings_are_a_key_away_and_fold_again(form: FormUser, sshd: Server, served: Path) -> None:
    form.configure(sshd, served.name)
    path = form.page.findChild(QLineEdit, "path")
    assert path is not None and not path.isVisible()
    focus(form, form.page.summary.show_all)
    form.press(Qt.Key.Key_Return)
    assert path.isVisible() and path.isReadOnly()
    form.press(Qt.Key.Key_Return)
    assert not path.isVisible()
    form.click("edit")
    assert path.isVisible() and not form.page.summary.isVisible()


def test_what_is_saved_is_tested_without_edit_and_nothing_is_saved(
    form: FormUser, sshd: Server, served: Path, paths: Paths
) -> None:
    form.configure(sshd, served.name)
    before = paths.config_file.stat().st_mtime_ns, paths.config_file.read_bytes()
    focus(form, form.page.test_connection)
    form.press(Qt.Key.Key_Return)
    form.wait_for("The connection works.")
    assert (paths.config_file.stat().st_mtime_ns, paths.config_file.read_bytes()) == before
    assert form.focus() == "test_connection" and form.page.summary.isVisible()
    served.rmdir()
    form.click("test_connection")
    form.wait_at("path", "There is no folder")
    assert form.page.findChild(QLineEdit, "path").isVisible()


def test_a_new_host_key_is_asked_for_in_such_a_test(
    form: FormUser, sshd: Server, served: Path, paths: Paths
) -> None:
    form.configure(sshd, served.name)
    paths.known_hosts.unlink()
    form.click("test_connection")
    form.dialog(NewHostKeyDialog)
    form.click("trust")
    form.wait_for("The connection works.")
    assert len(known_keys(paths.known_hosts, parse_address(f"127.0.0.1:{sshd.port}"))) == 1


def test_on_is_not_yet_so_before_it_is_saved(form: FormUser, sshd: Server, served: Path, paths: Paths) -> None:
    assert not form.page.enabled_note.isVisible()
    form.click("enabled")
    assert form.page.enabled.isChecked() and form.page.enabled_note.isVisible()
    assert form.page.enabled_note.text() == "Not saved yet"
    form.fill(sshd, served.name)
    form.click("test_and_save")
    form.trust()
    form.qtbot.waitUntil(lambda: load_settings(paths).enabled, timeout=WAIT)
    form.qtbot.waitUntil(form.page.edit.isVisible, timeout=WAIT)
    assert not form.page.enabled_note.isVisible()


def test_saved_while_off_the_one_button_switches_on(
    form: FormUser, sshd: Server, served: Path, paths: Paths
) -> None:
    form.configure(sshd, served.name)
    form.qtbot.waitUntil(lambda: "✓ Server" in form.page.standing.text, timeout=WAIT)
    form.click("later")
    assert form.page.help_now.text() == "Switch on"
    assert form.page.help_now.isVisible() and form.page.help_now.property("role") == "primary"
    assert form.page.export_now.property("role") == ""
    save_settings(paths, structs.replace(load_settings(paths), enabled=True))
    form.qtbot.waitUntil(lambda: form.page.help_now.text() != "Switch on", timeout=WAIT)
