"""The first configuration in three steps, by keys alone."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QWidget

from desktop_app.gui.export.host_key_dialog import NewHostKeyDialog, command_to_compare
from desktop_app.settings.effective import load_settings
from desktop_app.settings.paths import Paths
from desktop_app.trails.event import parse_event
from desktop_app.trails.store.store import open_store
from tests.gui.form_user import WAIT, FormUser
from tests.servers import Server


def primaries(form: FormUser) -> list[str]:
    buttons = form.page.findChildren(QPushButton)
    return [each.objectName() for each in buttons if each.isVisible() and each.property("role") == "primary"]


def wait_at_step(form: FormUser, steps: str) -> None:
    form.qtbot.waitUntil(lambda: form.page.standing.text.startswith(steps), timeout=WAIT)


def press_on(form: FormUser, widget: QWidget) -> None:
    form.window.activateWindow()
    form.qtbot.waitUntil(form.window.isActiveWindow, timeout=WAIT)
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    form.press(Qt.Key.Key_Return)


def test_server_then_events_then_the_switch(form: FormUser, sshd: Server, served: Path, paths: Paths) -> None:
    wait_at_step(form, "1 Server › 2 Events from › 3 Switch on\nWhere are the archives to go?")
    assert primaries(form) == ["test_and_save"]
    form.fill(sshd, served.name)
    press_on(form, form.page.test_and_save)
    form.trust()
    wait_at_step(form, "✓ Server › 2 Events from › 3 Switch on\nWhere are your events?")
    assert primaries(form) == ["help_now"] and not form.page.export_now.isVisible()
    press_on(form, form.page.help_now)
    assert form.window.pages.currentWidget() is form.window.page("SourcesPage")
    event = {"createdAt": "2026-11-20T08:00:00Z", "entityType": "T", "entityName": "N", "actionType": "A"}
    with open_store(paths.store) as store:
        store.append([parse_event(json.dumps(event).encode())])
    form.window.show_page(0)
    wait_at_step(form, "✓ Server › ✓ Events from › 3 Switch on\nSwitch the daily export on.")
    assert primaries(form) == ["help_now"] and form.page.help_now.text() == "Switch on"
    assert form.page.export_now.isVisible()
    press_on(form, form.page.help_now)
    form.qtbot.waitUntil(lambda: load_settings(paths).enabled, timeout=WAIT)
    form.qtbot.waitUntil(lambda: "›" not in form.page.standing.text, timeout=WAIT)


def test_each_step_may_come_later(form: FormUser) -> None:
    wait_at_step(form, "1 Server › 2 Events from")
    later = form.page.findChild(QPushButton, "later")
    assert later is not None
    press_on(form, later)
    assert "Where are your events?" in form.page.standing.text
    assert form.page.help_now.isVisible() and primaries(form) == ["test_and_save"]
    press_on(form, later)
    assert form.page.standing.text.startswith("The export is not set up yet.")
    assert not later.isVisible() and not form.page.export_now.isVisible()


@pytest.mark.parametrize(
    ("key_type", "file"),
    [
        ("ssh-ed25519", "ssh_host_ed25519_key.pub"),
        ("ecdsa-sha2-nistp256", "ssh_host_ecdsa_key.pub"),
        ("ssh-rsa", "ssh_host_rsa_key.pub"),
        ("rsa-sha2-512", "ssh_host_rsa_key.pub"),
    ],
)
def test_the_command_names_the_file(key_type: str, file: str) -> None:
    assert command_to_compare(key_type) == f"ssh-keygen -lf /etc/ssh/{file}"


def test_the_question_of_the_host_key_is_no_failure_and_can_be_copied(
    form: FormUser, sshd: Server, served: Path
) -> None:
    form.fill(sshd, served.name)
    form.click("test_and_save")
    dialog = form.dialog(NewHostKeyDialog)
    assert "✗" not in form.page.steps.text and "◌ Whose host key is it?" in form.page.steps.text
    form.click("copy_fingerprint")
    assert QGuiApplication.clipboard().text().startswith("SHA256:")
    form.click("copy_command")
    assert QGuiApplication.clipboard().text() == "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub"
    dialog.reject()
    form.wait_at("host", "SHA256:")
    assert "✗ Host key" in form.page.steps.text
