"""Who hears of failed exports, from the form, with a real web hook."""

import socket

from msgspec import structs
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop_app.gui.export.failure_address_dialog import FailureAddressDialog
from desktop_app.notify.address import has_address, kept_mail
from desktop_app.settings.effective import load_settings
from desktop_app.settings.model import NotifySettings
from desktop_app.settings.paths import Paths
from tests.gui.form_user import WAIT, FormUser
from tests.integration.test_mail import serving
from tests.integration.test_notify import web_hook
from tests.servers import free_port


def open_dialog(form: FormUser, qtbot: QtBot, way: str = "report_by_address") -> FailureAddressDialog:
    form.click("change_failure_address")
    dialog = form.dialog(FailureAddressDialog)
    qtbot.waitUntil(lambda: not dialog._worker.running, timeout=WAIT)  # it has looked what is kept
    form.click(way)
    return dialog


def enter(qtbot: QtBot, dialog: QDialog, address: str) -> None:
    field = dialog.findChild(QLineEdit, "failure_address")
    field.clear()
    qtbot.keyClicks(field, address)


def test_an_address_is_kept_once_it_took_a_message(form: FormUser, qtbot: QtBot, paths: Paths) -> None:
    qtbot.waitUntil(lambda: form.page.tells_failures.text == "This desktop only", timeout=WAIT)
    dialog = open_dialog(form, qtbot)
    with web_hook() as (port, told):
        enter(qtbot, dialog, f"json://user:topsecret@127.0.0.1:{port}/hook")
        form.click("test_and_keep")
        qtbot.waitUntil(lambda: "Saved." in dialog.notice.text, timeout=WAIT)
        assert len(told) == 1 and dialog.address.text() == ""
        assert dialog.message.text == f"Reports go to json://user:****@127.0.0.1:{port} now."
        form.click("send_test")
        qtbot.waitUntil(lambda: len(told) == 2, timeout=WAIT)
        form.click("close_dialog")
    qtbot.waitUntil(lambda: str(port) in form.page.tells_failures.text, timeout=WAIT)
    dialog = open_dialog(form, qtbot)
    form.click("send_test")  # nobody listens any more
    qtbot.waitUntil(lambda: "was not taken" in dialog.message.text, timeout=WAIT)
    form.click("remove_address")
    qtbot.waitUntil(lambda: "is removed" in dialog.notice.text, timeout=WAIT)
    form.click("close_dialog")
    assert not has_address(paths)
    qtbot.waitUntil(lambda: form.page.tells_failures.text == "This desktop only", timeout=WAIT)


def test_an_address_that_takes_nothing_is_not_kept(form: FormUser, qtbot: QtBot, paths: Paths) -> None:
    qtbot.waitUntil(lambda: form.page.tells_failures.text == "This desktop only", timeout=WAIT)
    dialog = open_dialog(form, qtbot)
    for address, said in (("nobody", "no address"), (f"json://127.0.0.1:{free_port()}/x", "was not taken")):
        enter(qtbot, dialog, address)
        form.click("test_and_keep")
        qtbot.waitUntil(lambda said=said: said in dialog.message.text, timeout=WAIT)
        assert dialog.address.text() == address and dialog.address.hasFocus()
    form.click("close_dialog")
    assert not has_address(paths)


def test_an_address_is_not_kept_when_the_dialog_closes_before_the_answer(
    form: FormUser, qtbot: QtBot, paths: Paths
) -> None:
    qtbot.waitUntil(lambda: form.page.tells_failures.text == "This desktop only", timeout=WAIT)
    dialog = open_dialog(form, qtbot)
    with socket.create_server(("127.0.0.1", 0)) as server:
        enter(qtbot, dialog, f"json://user:topsecret@127.0.0.1:{server.getsockname()[1]}/hook")
        form.click("test_and_keep")
        connection, _ = server.accept()
        job = dialog._worker._job
        assert job is not None and job.thread is not None
        dialog.reject()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            job.thread.join(20)
    assert not job.thread.is_alive() and not has_address(paths)


def fill(qtbot: QtBot, dialog: FailureAddressDialog, **fields: str) -> None:
    for name, text in fields.items():
        field = dialog.findChild(QLineEdit, f"mail_{name}")
        field.clear()
        qtbot.keyClicks(field, text)


def test_a_mailbox_is_set_by_fields_and_its_password_stays(form: FormUser, qtbot: QtBot, paths: Paths) -> None:
    qtbot.waitUntil(lambda: form.page.tells_failures.text == "This desktop only", timeout=WAIT)
    dialog = open_dialog(form, qtbot, "report_by_mail")
    with serving("none", b"\0audit\0topsecret") as server:
        fill(qtbot, dialog, server=server.address, sender="audit@example.com", recipients="ann@example.com")
        fill(qtbot, dialog, user="audit", password="topsecret")
        security = dialog.findChild(QComboBox, "mail_security")
        security.setCurrentIndex(security.findData("none"))
        form.click("test_and_keep")
        qtbot.waitUntil(lambda: "Saved." in dialog.notice.text, timeout=WAIT)
        assert [mail["To"] for mail in server.mails] == ["ann@example.com"]
        assert dialog.findChild(QLineEdit, "mail_password").text() == ""
        form.click("close_dialog")
        qtbot.waitUntil(lambda: form.page.tells_failures.text == "ann@example.com", timeout=WAIT)
        dialog = open_dialog(form, qtbot, "report_by_mail")
        assert dialog.mail.mail() == structs.replace(kept_mail(paths), password="")
        fill(qtbot, dialog, recipients="bob@example.com")
        form.click("test_and_keep")
        qtbot.waitUntil(lambda: "Saved." in dialog.notice.text, timeout=WAIT)
        assert server.mails[-1]["To"] == "bob@example.com"
    kept = kept_mail(paths)
    assert kept and (kept.recipients, kept.password) == ("bob@example.com", "topsecret")
    fill(qtbot, dialog, server="mail.elsewhere.example")
    form.click("test_and_keep")  # whose password nobody typed
    qtbot.waitUntil(lambda: "password of audit" in dialog.message.text, timeout=WAIT)
    assert dialog.findChild(QLineEdit, "mail_password").hasFocus()
    assert kept_mail(paths) == kept


def test_a_mailbox_that_is_not_complete_keeps_nothing(form: FormUser, qtbot: QtBot, paths: Paths) -> None:
    qtbot.waitUntil(lambda: form.page.tells_failures.text == "This desktop only", timeout=WAIT)
    dialog = open_dialog(form, qtbot, "report_by_mail")
    dialog.weekly.click()
    fill(qtbot, dialog, server="mail.example.com", sender="audit@example.com")
    form.click("test_and_keep")
    qtbot.waitUntil(dialog.findChild(QLineEdit, "mail_recipients").hasFocus, timeout=WAIT)
    assert dialog.message.text
    assert not has_address(paths) and load_settings(paths).notify == NotifySettings()


def test_the_weekly_report_and_the_monitor_are_settings(form: FormUser, qtbot: QtBot, paths: Paths) -> None:
    qtbot.waitUntil(lambda: form.page.tells_failures.text == "This desktop only", timeout=WAIT)
    dialog = open_dialog(form, qtbot)
    assert not dialog.findChild(QPushButton, "test_and_keep").isEnabled()
    dialog.ping.setText("monitor.example.com")
    dialog.weekly.click()
    form.click("test_and_keep")
    qtbot.waitUntil(lambda: "no address of a monitor" in dialog.ping_message.text, timeout=WAIT)
    assert load_settings(paths).notify == NotifySettings()
    dialog.ping.setText("https://monitor.example.com/ping/1")
    form.click("test_and_keep")
    qtbot.waitUntil(lambda: dialog.notice.text.startswith("Saved."), timeout=WAIT)
    assert load_settings(paths).notify == NotifySettings(
        weekly=True, ping_url="https://monitor.example.com/ping/1"
    )
    assert not has_address(paths)
