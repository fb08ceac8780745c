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
    qtbot.waitUntil(lambda: form.page.tells_failures.text != "…", timeout=WAIT)  # or the button moves
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
    dialog = open_dialog(form, qtbot)
    for address, said in (("nobody", "no address"), (f"json://127.0.0.1:{free_port()}/x", "was not taken")):
        enter(qtbot, dialog, address)
        form.click("test_and_keep")
        qtbot.waitUntil(lambda said=said: said in dialog.address_message.text, timeout=WAIT)
        assert dialog.address.text() == address and dialog.address.hasFocus()
    form.click("close_dialog")
    assert not has_address(paths)


def test_an_address_is_not_kept_when_the_dialog_closes_before_the_answer(
    form: FormUser, qtbot: QtBot, paths: Paths
) -> None:
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
    qtbot.waitUntil(lambda: "password of audit" in said_at(dialog, "password"), timeout=WAIT)
    assert dialog.findChild(QLineEdit, "mail_password").hasFocus()
    assert kept_mail(paths) == kept


def said_at(dialog: FailureAddressDialog, name: str) -> str:
    """What is told below a field of the mail."""
    return dialog.mail.edits[f"mail.{name}"][1].text


def test_a_mailbox_that_is_not_complete_keeps_nothing(form: FormUser, qtbot: QtBot, paths: Paths) -> None:
    dialog = open_dialog(form, qtbot, "report_by_mail")
    dialog.weekly.click()
    fill(qtbot, dialog, sender="audit@example.com, ")
    form.click("test_and_keep")
    qtbot.waitUntil(dialog.findChild(QLineEdit, "mail_server").hasFocus, timeout=WAIT)
    assert said_at(dialog, "server").startswith("This is needed. ")
    assert "'audit@example.com,' is no mail address" in said_at(dialog, "sender")
    assert said_at(dialog, "recipients").startswith("This is needed. ")
    assert not has_address(paths) and load_settings(paths).notify == NotifySettings()


def test_the_weekly_report_and_the_monitor_are_settings(form: FormUser, qtbot: QtBot, paths: Paths) -> None:
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


def test_all_that_is_wrong_is_told_at_once(form: FormUser, qtbot: QtBot, paths: Paths) -> None:
    dialog = open_dialog(form, qtbot, "report_by_mail")
    fill(qtbot, dialog, server="mail example", sender="audit", user="anna")
    dialog.ping.setText("hc-ping")
    form.click("test_and_keep")
    qtbot.waitUntil(lambda: dialog.ping_message.is_error, timeout=WAIT)
    assert "no mail server" in said_at(dialog, "server")
    assert "no mail address" in said_at(dialog, "sender")
    assert said_at(dialog, "recipients").startswith("This is needed. ")
    assert "password of anna" in said_at(dialog, "password")
    assert dialog.message.text == ""
    server = dialog.findChild(QLineEdit, "mail_server")
    assert server.hasFocus() and "no mail server" in server.accessibleDescription()
    fill(qtbot, dialog, server="mail.example.com")  # what was wrong there is told no more, all else still is
    assert (said_at(dialog, "server"), server.accessibleDescription()) == ("", "")
    assert said_at(dialog, "sender") and dialog.ping_message.is_error
    fill(qtbot, dialog, user="bob")
    assert said_at(dialog, "password") == ""
    form.click("report_by_address")
    enter(qtbot, dialog, "nobody")
    form.click("test_and_keep")
    qtbot.waitUntil(lambda: dialog.address_message.is_error and dialog.ping_message.is_error, timeout=WAIT)
    assert not has_address(paths)


def test_a_test_goes_to_what_is_kept(form: FormUser, qtbot: QtBot) -> None:
    """While another address is typed, it is that which is to be tried."""
    dialog = open_dialog(form, qtbot)
    with web_hook() as (port, _):
        enter(qtbot, dialog, f"json://127.0.0.1:{port}/hook")
        form.click("test_and_keep")
        qtbot.waitUntil(lambda: "Saved." in dialog.notice.text, timeout=WAIT)
    send = dialog.findChild(QPushButton, "send_test")
    qtbot.waitUntil(send.isEnabled, timeout=WAIT)
    enter(qtbot, dialog, "json://127.0.0.1:1/elsewhere")
    assert not send.isEnabled()
