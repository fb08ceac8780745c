"""The page *Audit Trails* against a real OpenSSH server: what works."""

import json
import tomllib
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMessageBox, QTimeEdit
from pytestqt.qtbot import QtBot

from desktop_app.actions import probe_and_save
from desktop_app.actions.probe_server import try_connection
from desktop_app.gui.export.algorithm_list import AlgorithmList
from desktop_app.gui.export.keeper_dialog import KeeperDialog
from desktop_app.schedule import daily_task
from desktop_app.secrets.keepers import read_password
from desktop_app.settings.algorithms import LIST_NAMES, all_names, default_names
from desktop_app.settings.effective import load_settings
from desktop_app.settings.model import FolderSource, Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.sources import add_source
from desktop_app.sftp.probe import ProbeReport
from desktop_app.trails.event import parse_event
from desktop_app.trails.store.store import open_store
from tests.gui.conftest import BuildWindow
from tests.gui.form_user import WAIT, FormUser
from tests.saving import save
from tests.servers import Server
from tests.stored import lines_in

FIELDS = ("host", "user", "password", "path", "instance", "device_vendor", "device_product")


def record(paths: Paths, day: str) -> None:
    event = {"createdAt": f"{day}T08:00:00Z", "entityType": "T", "entityName": "N", "actionType": "A"}
    with open_store(paths.store) as store:
        store.append([parse_event(json.dumps(event).encode())])


def ticks(form: FormUser, name: str) -> tuple[str, ...]:
    found = form.page.findChild(AlgorithmList, name)
    assert found is not None
    model = found.model()
    rows = [model.index(row, 0) for row in range(model.rowCount())]
    checked = Qt.CheckState.Checked
    return tuple(row.data() for row in rows if Qt.CheckState(row.data(Qt.ItemDataRole.CheckStateRole)) == checked)


def switched(paths: Paths) -> list[str]:
    with open_store(paths.store) as store:
        actions = [json.loads(line)["actionType"] for line in lines_in(store)]
    return [action for action in actions if action.startswith("Switch")]


def save_elsewhere(paths: Paths) -> Settings:
    """As `source add` and `config set` do in a terminal."""
    before = load_settings(paths)
    source = FolderSource(name="aws", path="/var/log/aws")
    after = structs.replace(add_source(before, source), schedule=structs.replace(before.schedule, at="03:00"))
    save(paths, after)
    return after


def switch_on(form: FormUser) -> None:
    form.click("enabled")
    form.qtbot.waitUntil(lambda: load_settings(form.page.paths).enabled, timeout=WAIT)


def switch_off(form: FormUser) -> None:
    form.click("enabled")
    form.wait_for("The daily export is off. The settings are kept.")


def test_another_installation_of_the_same_name_is_told(form: FormUser, sshd: Server, served: Path) -> None:
    form.configure(sshd, served.name)
    form.click("edit")
    form.enter("instance", "taken")
    (served / "audit-trails-taken-2026-11-20.zip").touch()
    form.click("test_and_save")
    form.wait_for("files of the instance name taken")


@pytest.mark.parametrize("shown_again", [False, True])
def test_what_was_saved_elsewhere_meanwhile_stays(
    form: FormUser, sshd: Server, served: Path, paths: Paths, shown_again: bool
) -> None:
    form.configure(sshd, served.name)
    form.click("edit")
    elsewhere = save_elsewhere(paths)
    if shown_again:
        form.window.show_page(3)
        form.window.show_page(0)
    form.enter("path", f"./{served.name}")
    form.click("test_and_save")
    form.qtbot.waitUntil(lambda: load_settings(paths).server.path == f"./{served.name}", timeout=WAIT)
    assert load_settings(paths) == structs.replace(
        elsewhere, server=structs.replace(elsewhere.server, path=f"./{served.name}")
    )


def test_what_is_saved_elsewhere_during_a_test_is_not_overwritten(
    form: FormUser, sshd: Server, served: Path, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    form.configure(sshd, served.name)
    elsewhere: list[Settings] = []

    def test(*arguments: Any) -> ProbeReport:
        report = try_connection(*arguments)
        elsewhere.append(save_elsewhere(paths))
        return report

    monkeypatch.setattr(probe_and_save, "try_connection", test)
    form.click("edit")
    form.enter("path", f"./{served.name}")
    form.click("test_and_save")
    form.wait_for("The settings were changed elsewhere meanwhile.\nNothing was saved.")
    assert [load_settings(paths)] == elsewhere
    form.qtbot.waitUntil(lambda: form.page.findChild(QTimeEdit, "at").text() == "03:00", timeout=WAIT)
    assert form.page.findChild(QLineEdit, "path").text() == f"./{served.name}"
    monkeypatch.setattr(probe_and_save, "try_connection", try_connection)
    form.click("test_and_save")
    form.wait_for("Tested and saved.")
    assert load_settings(paths) == structs.replace(
        elsewhere[0], server=structs.replace(elsewhere[0].server, path=f"./{served.name}")
    )


def test_the_switch_changes_nothing_but_itself(form: FormUser, sshd: Server, served: Path, paths: Paths) -> None:
    form.configure(sshd, served.name)
    elsewhere = save_elsewhere(paths)
    switch_on(form)
    assert load_settings(paths) == structs.replace(elsewhere, enabled=True)
    save(paths, structs.replace(elsewhere, enabled=True, sources=()))
    switch_off(form)
    assert load_settings(paths) == structs.replace(elsewhere, sources=())


def test_each_turn_of_the_switch_is_recorded_once(
    form: FormUser, sshd: Server, served: Path, paths: Paths
) -> None:
    form.configure(sshd, served.name)
    switch_on(form)
    form.click("edit")
    switch_off(form)
    form.click("enabled")
    form.click("test_and_save")
    form.qtbot.waitUntil(form.page.edit.isVisible, timeout=WAIT)
    assert load_settings(paths).enabled
    assert switched(paths) == ["Switch on", "Switch off", "Switch on"]


def test_switched_elsewhere_while_other_fields_are_changed(
    form: FormUser, sshd: Server, served: Path, paths: Paths
) -> None:
    form.configure(sshd, served.name)
    form.click("edit")
    before = load_settings(paths)
    save(paths, structs.replace(before, enabled=True))
    form.click("hmac_all")
    form.click("test_and_save")
    form.qtbot.waitUntil(form.page.edit.isVisible, timeout=WAIT)
    assert load_settings(paths).enabled and form.page.enabled.isChecked()


def test_from_first_configuration_to_a_delivered_archive(
    form: FormUser, sshd: Server, served: Path, paths: Paths
) -> None:
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    record(paths, yesterday)
    assert form.focus() == "host"
    form.fill(sshd, served.name)
    form.page.more.click()
    form.enter("instance", "ws")
    zone = form.page.findChild(QComboBox, "timezone")
    assert zone is not None
    zone.setEditText("UTC")
    form.click("test_and_save")
    form.trust()
    form.wait_for("Tested and saved.")
    settings = load_settings(paths)
    assert (settings.server.host, settings.server.path) == (f"127.0.0.1:{sshd.port}", served.name)
    assert (settings.export.instance, settings.export.timezone) == ("ws", "UTC")
    assert read_password(paths, f"{sshd.user}@127.0.0.1:{sshd.port}") == sshd.password
    assert sshd.password not in paths.config_file.read_text()
    assert form.page.steps.text.count("✓") == 9
    form.qtbot.waitUntil(lambda: f"{yesterday}, 1 event" in form.page.waiting.text, timeout=WAIT)
    assert "1 events" not in form.page.waiting.text
    form.click("export_now")
    form.wait_for("delivered")
    names = sorted(file.name for file in served.iterdir())
    assert names[0] == f"audit-trails-ws-{yesterday}.zip"
    with zipfile.ZipFile(served / names[0]) as archive:
        assert len(json.loads(archive.read(f"audit-trails-ws-{yesterday}.json"))) == 1
    form.qtbot.waitUntil(lambda: "0 days" in form.page.waiting.text, timeout=WAIT)
    assert "Today" in form.page.last_export.text


def test_a_first_configuration_stays_while_other_pages_are_looked_at(form: FormUser) -> None:
    form.enter("host", "sftp.example.com")
    form.click("hmac_all")
    form.click("enabled")
    form.window.show_page(3)
    form.window.show_page(0)
    host = form.page.findChild(QLineEdit, "host")
    assert host is not None and host.text() == "sftp.example.com"
    assert ticks(form, "hmac") == all_names("hmac")
    assert form.page.enabled.isChecked()


def test_a_first_configuration_can_be_discarded(form: FormUser) -> None:
    form.enter("host", "sftp.example.com")
    form.enter("password", "secret")
    form.click("enabled")
    form.window.close()
    form.dialog(QMessageBox).button(QMessageBox.StandardButton.Discard).click()
    form.qtbot.waitUntil(lambda: not form.window.isVisible())
    assert not form.page.enabled.isChecked()


def test_a_first_configuration_that_is_made_elsewhere_meanwhile(form: FormUser, paths: Paths) -> None:
    form.enter("path", "mine")
    before = load_settings(paths)
    server = structs.replace(before.server, host="sftp.example.com", user="audit", path="theirs")
    save(paths, structs.replace(before, server=server))
    user = form.page.findChild(QLineEdit, "user")
    form.qtbot.waitUntil(lambda: user.text() == "audit", timeout=WAIT)
    path = form.page.findChild(QLineEdit, "path")
    assert path is not None and (path.text(), path.isReadOnly()) == ("mine", False)
    form.click("cancel")
    assert (path.text(), path.isReadOnly()) == ("theirs", True)


def test_a_new_configuration_has_the_defaults_ticked(form: FormUser) -> None:
    assert [ticks(form, name) for name in LIST_NAMES] == [default_names(name) for name in LIST_NAMES]
    for name in LIST_NAMES:
        form.click(f"{name}_all")
        assert ticks(form, name) == all_names(name)
        form.click(f"{name}_defaults")
        assert ticks(form, name) == default_names(name)


def test_a_file_of_version_1_has_all_ticked(paths: Paths, qtbot: QtBot, open_window: BuildWindow) -> None:
    paths.config.mkdir(parents=True)
    paths.config_file.write_text('[server]\nhost = "sftp.example.com"\nuser = "audit"\npath = "/x"\n')
    form = FormUser(qtbot, open_window())
    assert [ticks(form, name) for name in LIST_NAMES] == [all_names(name) for name in LIST_NAMES]
    assert form.page.edit.isVisible()


def test_locked_fields_can_be_read_but_not_changed(form: FormUser, sshd: Server, served: Path) -> None:
    form.configure(sshd, served.name)
    for name in FIELDS:
        field = form.page.findChild(QLineEdit, name)
        assert field is not None and field.isReadOnly() and field.isEnabled(), name
    assert form.page.findChild(QLineEdit, "password").text() == "•" * 12
    assert (form.page.edit.isVisible(), form.page.test_and_save.isVisible()) == (True, False)
    before = ticks(form, "hmac")
    form.page.findChild(AlgorithmList, "hmac").setFocus()
    form.press(Qt.Key.Key_Space)
    format_ = form.page.findChild(QComboBox, "format")
    form.qtbot.keyClick(format_, Qt.Key.Key_Down)
    assert (ticks(form, "hmac"), format_.currentData()) == (before, "json")


def test_cancel_brings_the_saved_values_back(form: FormUser, sshd: Server, served: Path, paths: Paths) -> None:
    form.configure(sshd, served.name)
    saved = paths.config_file.read_bytes()
    form.click("edit")
    form.enter("path", "/elsewhere")
    form.enter("password", "another")
    form.click("hmac_all")
    form.press(Qt.Key.Key_Escape)
    assert form.page.findChild(QLineEdit, "path").text() == served.name
    assert form.page.findChild(QLineEdit, "password").text() == "•" * 12
    assert ticks(form, "hmac") == default_names("hmac")
    assert form.page.edit.isVisible() and paths.config_file.read_bytes() == saved


def test_saving_again_keeps_the_password_that_was_not_typed(form: FormUser, sshd: Server, served: Path) -> None:
    form.configure(sshd, served.name)
    form.click("edit")
    form.click("hmac_all")
    form.press(Qt.Key.Key_Return)
    form.qtbot.waitUntil(lambda: form.page.edit.isVisible(), timeout=WAIT)
    assert load_settings(form.page.paths).server.hmac == all_names("hmac")


def test_another_server_needs_its_own_password(form: FormUser, sshd: Server, served: Path) -> None:
    form.configure(sshd, served.name)
    form.click("edit")
    form.enter("host", "sftp.example.com")
    form.click("test_and_save")
    assert form.message("password") and form.focus() == "password"


def test_closing_with_changes_asks(form: FormUser, sshd: Server, served: Path) -> None:
    form.configure(sshd, served.name)
    form.click("edit")
    form.enter("path", "/elsewhere")
    assert not form.window.close()
    box = form.dialog(QMessageBox)
    box.button(QMessageBox.StandardButton.Cancel).click()
    assert form.window.isVisible() and form.page.findChild(QLineEdit, "path").text() == "/elsewhere"
    form.window.close()
    form.dialog(QMessageBox).button(QMessageBox.StandardButton.Discard).click()
    form.qtbot.waitUntil(lambda: not form.window.isVisible())
    assert load_settings(form.page.paths).server.path == served.name


def test_on_is_tested_first_and_off_keeps_the_settings(
    form: FormUser, sshd: Server, served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AUDIT_TRAILS_SCHEDULER")
    monkeypatch.setattr(daily_task, "_known", list)  # a computer without any scheduler
    form.configure(sshd, served.name)
    start = sshd.log.stat().st_size
    form.click("enabled")
    form.qtbot.waitUntil(lambda: load_settings(form.page.paths).enabled, timeout=WAIT)
    assert "Accepted password" in sshd.log.read_bytes()[start:].decode()
    form.wait_for("Nothing on this computer starts the export daily.")
    form.click("enabled")
    form.wait_for("The daily export is off.")
    settings = load_settings(form.page.paths)
    assert not settings.enabled and settings.server.path == served.name


def test_on_of_a_server_that_fails_stays_off(form: FormUser, sshd: Server, served: Path) -> None:
    form.configure(sshd, served.name)
    served.rmdir()
    form.click("enabled")
    form.wait_at("path", "There is no folder")
    assert not form.page.enabled.isChecked() and not load_settings(form.page.paths).enabled


def test_cef_has_fields_of_its_own(form: FormUser, sshd: Server, served: Path, paths: Paths) -> None:
    vendor = form.page.findChild(QLineEdit, "device_vendor")
    assert vendor is not None and not vendor.isVisible()
    form.page.findChild(QComboBox, "format").setCurrentIndex(1)
    assert vendor.isVisible()
    form.page.findChild(QComboBox, "version").setCurrentText("0")
    form.enter("device_vendor", "Example")
    form.configure(sshd, served.name)
    document = tomllib.loads(paths.config_file.read_text())
    assert (document["export"]["format"], document["cef"]["version"]) == ("cef", 0)
    assert document["cef"]["device_vendor"] == "Example"


def test_what_the_server_offers_is_marked(form: FormUser, sshd: Server, served: Path) -> None:
    form.configure(sshd, served.name)
    item = form.page.findChild(AlgorithmList, "hmac").model().index(0, 0)
    assert "this server offers it" in item.data(Qt.ItemDataRole.AccessibleTextRole)
    assert item.data() == "hmac-sha2-512"
    weak = form.page.findChild(AlgorithmList, "hmac").model().index(2, 0)
    assert "SHA-1" in weak.data(Qt.ItemDataRole.ToolTipRole)
    assert "weak" in weak.data(Qt.ItemDataRole.AccessibleTextRole)


def test_the_archive_name_follows_the_instance(form: FormUser) -> None:
    form.page.more.click()
    form.enter("instance", "branch-7")
    assert "audit-trails-branch-7-" in form.message("instance")
    form.enter("instance", "a/b")
    form.press(Qt.Key.Key_Tab)
    assert "can't be part of a file name" in form.message("instance")


def test_the_password_is_shown_on_demand(form: FormUser) -> None:
    form.enter("password", "secret")
    password = form.page.findChild(QLineEdit, "password")
    assert password.displayText() != "secret"
    form.click("show_password")
    assert password.displayText() == "secret"


def test_what_is_broken_is_kept(paths: Paths, qtbot: QtBot, open_window: BuildWindow) -> None:
    paths.config.mkdir(parents=True)
    paths.config_file.write_text("version = 9\n")
    form = FormUser(qtbot, open_window())
    assert "newer version" in form.page.problem.text
    qtbot.waitUntil(lambda: form.window.focusWidget() is form.page.problem.first_button, timeout=WAIT)
    assert not form.page.test_and_save.isVisible() and not form.page.form.isVisible()
    paths.config_file.write_text('version = 2\n[server]\nhost = "one.example.com"\n')
    form.click_text("Read it again")
    host = form.page.findChild(QLineEdit, "host")
    qtbot.waitUntil(lambda: host.text() == "one.example.com", timeout=WAIT)
    paths.config_file.write_text("version = [\n")
    form.click_text("Keep the file and start over")
    form.wait_for("The old settings are in")
    assert form.page.form.isVisible() and not paths.config_file.exists()
    (kept,) = paths.config.glob("config.toml.*")
    assert kept.read_text() == "version = [\n"


def test_every_field_can_be_reached_and_is_described(form: FormUser) -> None:
    form.page.more.click()
    form.page.findChild(QComboBox, "format").setCurrentIndex(1)
    form.page.enabled.setFocus()
    reached = []
    for _ in range(60):
        reached.append(form.focus())
        form.press(Qt.Key.Key_Tab)
    wanted = ["format", "version", "device_vendor", "device_product", "host", "user", "password", "path"]
    wanted += [*LIST_NAMES, "more", "at", "timezone", "instance", "test_and_save"]
    places = [reached.index(name) for name in wanted]
    assert places == sorted(places)
    for name in wanted:
        widget = form.page.findChild(QObject, name)
        assert widget.accessibleName() or widget.text(), name  # type: ignore[union-attr]
    assert QApplication.activeModalWidget() is None


def test_the_password_can_be_kept_elsewhere(form: FormUser, sshd: Server, served: Path, paths: Paths) -> None:
    form.configure(sshd, served.name)
    form.qtbot.waitUntil(lambda: "an encrypted file" in form.message("password"), timeout=WAIT)
    form.show_all()
    form.click_text("Keep it elsewhere")
    dialog = form.dialog(KeeperDialog)
    assert dialog.chosen == "file"
    dialog.accept()
    form.wait_for("The password is in an encrypted file now.")
    assert read_password(paths, f"{sshd.user}@127.0.0.1:{sshd.port}") == sshd.password
