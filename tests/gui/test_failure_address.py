"""Who is told of failed exports, from the form, with a real web hook."""

import socket

from PySide6.QtWidgets import QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from desktop_app.gui.export.failure_address_dialog import FailureAddressDialog
from desktop_app.notify.address import has_address
from desktop_app.settings.paths import Paths
from tests.gui.form_user import WAIT, FormUser
from tests.integration.test_notify import web_hook
from tests.servers import free_port


def open_dialog(form: FormUser) -> FailureAddressDialog:
    form.click("change_failure_address")
    return form.dialog(FailureAddressDialog)


def enter(qtbot: QtBot, dialog: QDialog, address: str) -> None:
    field = dialog.findChild(QLineEdit, "failure_address")
    field.clear()
    qtbot.keyClicks(field, address)


def test_an_address_is_kept_once_it_took_a_message(form: FormUser, qtbot: QtBot, paths: Paths) -> None:
    form.page.more.click()
    qtbot.waitUntil(lambda: form.page.tells_failures.text == "This desktop alone", timeout=WAIT)
    dialog = open_dialog(form)
    with web_hook() as (port, told):
        enter(qtbot, dialog, f"json://user:topsecret@127.0.0.1:{port}/hook")
        form.click("test_and_keep")
        qtbot.waitUntil(lambda: "the address saved" in dialog.notice.text, timeout=WAIT)
        assert len(told) == 1 and dialog.address.text() == ""
        assert dialog.message.text == f"Told now: json://user:****@127.0.0.1:{port}"
        form.click("send_test")
        qtbot.waitUntil(lambda: len(told) == 2, timeout=WAIT)
        form.click("close_dialog")
    qtbot.waitUntil(lambda: str(port) in form.page.tells_failures.text, timeout=WAIT)
    dialog = open_dialog(form)
    form.click("send_test")  # nobody listens any more
    qtbot.waitUntil(lambda: "was not taken" in dialog.message.text, timeout=WAIT)
    form.click("remove_address")
    qtbot.waitUntil(lambda: "is removed" in dialog.notice.text, timeout=WAIT)
    form.click("close_dialog")
    assert not has_address(paths)
    qtbot.waitUntil(lambda: form.page.tells_failures.text == "This desktop alone", timeout=WAIT)


def test_an_address_that_takes_nothing_is_not_kept(form: FormUser, qtbot: QtBot, paths: Paths) -> None:
    form.page.more.click()
    qtbot.waitUntil(lambda: bool(form.page.tells_failures.text), timeout=WAIT)
    dialog = open_dialog(form)
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
    form.page.more.click()
    qtbot.waitUntil(lambda: bool(form.page.tells_failures.text), timeout=WAIT)
    dialog = open_dialog(form)
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
