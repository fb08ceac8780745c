"""The sentence that leads the page *Export*, and the one button that helps."""

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop_app.schedule import daily_task
from desktop_app.schedule.task_state import TaskState
from desktop_app.secrets.keepers import save_password
from desktop_app.settings.effective import load_settings, save_settings
from desktop_app.settings.paths import Paths
from tests.gui.conftest import BuildWindow
from tests.gui.form_user import WAIT, FormUser
from tests.gui.real_home import RealHome, record
from tests.servers import Server


@pytest.fixture
def home(paths: Paths, sshd: Server, monkeypatch: pytest.MonkeyPatch) -> RealHome:
    """An installation that reaches its server, is on, and has an event of yesterday."""
    task = TaskState(scheduler="systemd", name="t", installed=True, next_run=2_000_000_000_000)
    for name in ("show", "install", "standing", "mend"):
        monkeypatch.setattr(daily_task, name, lambda *_: task)
    home = RealHome(paths, sshd)
    home.settings = structs.replace(home.settings, enabled=True)
    save_settings(paths, home.settings)
    record(paths, {})
    return home


def opened(open_window: BuildWindow, qtbot: QtBot) -> FormUser:
    form = FormUser(qtbot, open_window())
    qtbot.waitUntil(lambda: bool(form.page.standing.text), timeout=WAIT)
    return form


def primaries(form: FormUser) -> list[str]:
    buttons = form.page.findChildren(QPushButton)
    return [each.objectName() for each in buttons if each.isVisible() and each.property("role") == "primary"]


def test_all_is_delivered(home: RealHome, open_window: BuildWindow, qtbot: QtBot) -> None:
    home.export()
    form = opened(open_window, qtbot)
    assert form.page.standing.text.startswith("All delivered. Next export: ")
    assert primaries(form) == ["export_now"]
    assert form.page.problem.text == ""


def test_a_wrong_password_is_set_right_by_keys_alone(
    home: RealHome, open_window: BuildWindow, qtbot: QtBot, sshd: Server, paths: Paths
) -> None:
    home.export(password="old")
    form = opened(open_window, qtbot)
    assert "The server did not accept user" in form.page.standing.text
    assert "1 day waits." in form.page.standing.text
    assert form.page.last_export.text.endswith(", Failed")  # why, the sentence above has said
    assert primaries(form) == ["help_now"]
    assert form.page.help_now.text() == "Enter the new password"
    form.page.help_now.setFocus(Qt.FocusReason.TabFocusReason)
    form.press(Qt.Key.Key_Return)
    assert form.focus() == "password" and primaries(form) == ["test_and_save"]
    qtbot.keyClicks(form.page.focusWidget(), sshd.password)
    form.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "The connection works again." in form.page.standing.text, timeout=WAIT)
    assert primaries(form) == ["export_now"]
    form.page.export_now.setFocus(Qt.FocusReason.TabFocusReason)
    form.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: form.page.standing.text.startswith("All delivered."), timeout=WAIT)
    assert "delivered" in form.page.result.text


def test_a_path_that_is_gone_is_fixed_in_the_form(home: RealHome, open_window: BuildWindow, qtbot: QtBot) -> None:
    home.folder.rmdir()
    home.export()
    form = opened(open_window, qtbot)
    assert primaries(form) == ["help_now"]
    form.click("help_now")
    assert "There is no folder" in form.message("path") and form.focus() == "path"
    form.click("cancel")
    form.click("details")
    assert form.window.pages.currentWidget() is form.window.page("HistoryPage")


def test_without_a_source_the_page_of_sources_is_a_key_away(
    paths: Paths, sshd: Server, open_window: BuildWindow, qtbot: QtBot, home: RealHome
) -> None:
    for file in paths.data.glob("trails.db*"):
        file.unlink()
    form = opened(open_window, qtbot)
    assert form.page.standing.text.startswith("Nothing to export yet: no source.")
    assert form.page.help_now.text() == "Choose where your events are"
    form.page.help_now.setFocus(Qt.FocusReason.TabFocusReason)
    form.press(Qt.Key.Key_Return)
    assert form.window.pages.currentWidget() is form.window.page("SourcesPage")


def test_off_is_switched_on(
    home: RealHome, open_window: BuildWindow, qtbot: QtBot, paths: Paths, sshd: Server
) -> None:
    home.export()
    save_settings(paths, structs.replace(home.settings, enabled=False))
    save_password(paths, f"{sshd.user}@127.0.0.1:{sshd.port}", sshd.password)
    form = opened(open_window, qtbot)
    assert form.page.standing.text.startswith("The daily export is off.")
    assert primaries(form) == ["help_now"]
    form.click("help_now")
    qtbot.waitUntil(lambda: load_settings(paths).enabled, timeout=WAIT)


def test_a_result_goes_when_newer_facts_are_other(
    home: RealHome, open_window: BuildWindow, qtbot: QtBot, paths: Paths, sshd: Server
) -> None:
    save_password(paths, f"{sshd.user}@127.0.0.1:{sshd.port}", sshd.password)
    form = opened(open_window, qtbot)
    form.click("export_now")
    qtbot.waitUntil(lambda: form.page.standing.text.startswith("All delivered."), timeout=WAIT)
    assert "delivered" in form.page.result.text
    record(paths, {})
    home.export(password="old")
    qtbot.waitUntil(lambda: "The last export failed" in form.page.standing.text, timeout=WAIT)
    assert form.page.result.text == ""
