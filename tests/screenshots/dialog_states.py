"""Dialogs and questions, and the help."""

from typing import NoReturn

from msgspec import structs
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QRadioButton, QWidget

from desktop_app.gui.about import AboutDialog
from desktop_app.gui.export.closing import ask_about_export, ask_to_discard
from desktop_app.gui.export.failure_address_dialog import FailureAddressDialog
from desktop_app.gui.export.host_key_dialog import ChangedHostKeyDialog
from desktop_app.gui.export.signed_out_dialog import SignedOutDialog
from desktop_app.gui.help.help_window import HelpWindow
from desktop_app.schedule import daily_task
from desktop_app.schedule.task_state import TaskState
from desktop_app.schedule.windows.definition import refusal
from desktop_app.settings import paths as settings_paths
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.sftp.probe import HostKey
from tests.screenshots.camera import Camera
from tests.screenshots.past import HOST

_POLICY = """[export]
format = "cef"

[server]
host = "sftp.example.com"
hmac = ["hmac-sha2-256"]
"""


def take(camera: Camera, paths: Paths) -> None:
    """Every dialog over the window."""
    _help(camera)
    _reports(camera)
    _questions(camera)
    _password_store(camera)
    _signed_out(camera)
    _policy(camera, paths)
    _unreadable(camera, paths)


def _reports(camera: Camera) -> None:
    camera.page("export")
    camera.find(QWidget, "show_all").click()
    camera.find(QWidget, "change_failure_address").click()
    (dialog,) = camera.window.findChildren(FailureAddressDialog)
    camera.wait(lambda: not dialog._worker.running)
    camera.take("reports-1-mail", dialog)
    camera.find(QWidget, "report_by_address").click()
    camera.take("reports-2-address", dialog)
    dialog.findChild(QRadioButton, "report_by_mail").click()
    for name, text in (("mail_server", "mail example"), ("mail_sender", "audit"), ("ping_url", "hc-ping")):
        QTest.keyClicks(dialog.findChild(QLineEdit, name), text)
    dialog.findChild(QPushButton, "test_and_keep").click()
    camera.wait(lambda: bool(dialog.message.text or dialog.notice.text))
    camera.take("reports-3-wrong-fields", dialog)
    dialog.reject()
    camera.reopen()


def _questions(camera: Camera) -> None:
    for name, ask in (
        ("closing-1-changes", lambda: ask_to_discard(camera.window, lambda: None)),
        ("closing-2-export-running", lambda: ask_about_export(camera.window, lambda: None, lambda: None)),
    ):
        ask()
        camera.take(name, camera.dialog())
        camera.dialog().reject()
        camera.pause(0.2)
    old, now = (HostKey("ssh-ed25519", "SHA256:" + letter * 43, known=False) for letter in "ab")
    dialog = ChangedHostKeyDialog(HOST, [old], now, camera.window)
    dialog.open()
    camera.take("host-key-1-changed", dialog)
    QTest.keyClicks(dialog.told, old.fingerprint)
    camera.take("host-key-2-another", dialog)
    dialog.told.clear()
    QTest.keyClicks(dialog.told, now.fingerprint)
    camera.take("host-key-3-compared", dialog)
    dialog.reject()


def _password_store(camera: Camera) -> None:
    page = camera.page("export")
    camera.wait(lambda: page._facts is not None)  # type: ignore[attr-defined]
    page._choose_keeper()  # type: ignore[attr-defined]
    dialog = camera.dialog()
    camera.take("password-store", dialog)
    dialog.reject()


def _policy(camera: Camera, paths: Paths) -> None:
    """What an organisation has set can be read, and not changed."""
    file = paths.config / "policy.toml"
    file.write_text(_POLICY, encoding="utf-8")
    before = settings_paths.site_policy_file
    settings_paths.site_policy_file = lambda: file
    camera.reopen()
    page = camera.page("export")
    camera.wait(lambda: page._facts is not None)  # type: ignore[attr-defined]
    camera.take("policy-1-locked")
    camera.find(QWidget, "edit").click()
    camera.take("policy-2-editing")
    settings_paths.site_policy_file = before
    file.unlink()
    camera.reopen()


def _unreadable(camera: Camera, paths: Paths) -> None:
    text = paths.config_file.read_text(encoding="utf-8")
    paths.config_file.write_text(text.replace("enabled = true", "enabled = maybe"), encoding="utf-8")
    camera.reopen()
    camera.page("export")
    camera.take("export-unreadable")
    camera.page("sources")
    camera.take("sources-unreadable")


def _help(camera: Camera) -> None:
    camera.window.findChild(QAction, "open_help").trigger()
    shown = camera.window.findChild(HelpWindow)
    assert shown is not None
    for row in range(shown.topics.count()):
        shown.topics.setCurrentRow(row)
        camera.take(f"help-{row + 1}", shown)
    shown.topics.setCurrentRow(0)
    QTest.keyClicks(shown.search_line, "JSON")
    camera.take("help-search", shown)
    shown.close()
    camera.window.findChild(QAction, "about").trigger()
    about = camera.window.findChild(AboutDialog)
    assert about is not None
    camera.take("about", about)
    about.close()


def _signed_out(camera: Camera) -> None:
    """As on Windows, where the task may run also while its user is signed out."""
    before = daily_task.show

    def show(settings: Settings, paths: Paths) -> TaskState:
        task = before(settings, paths)
        return structs.replace(task, scheduler="Task Scheduler", only_signed_in=True, may_run_signed_out=True)

    def refuse(*_: object) -> NoReturn:
        raise refusal(0x8007052E)

    daily_task.show, daily_task.install_signed_out = show, refuse
    camera.reopen()
    page = camera.page("export")
    camera.wait(lambda: page._facts is not None)  # type: ignore[attr-defined]
    camera.find(QWidget, "show_all").click()
    camera.find(QWidget, "more").click()
    camera.scroll(page, 10_000)
    camera.take("signed-out-1-row")
    camera.find(QWidget, "choose_when_task_runs").click()
    dialog = camera.app.activeModalWidget()
    assert isinstance(dialog, SignedOutDialog)
    camera.take("signed-out-2-dialog", dialog)
    QTest.keyClicks(dialog.password, "1234")
    dialog.findChild(QPushButton, "set_up_task").click()
    camera.wait(lambda: bool(dialog.message.text))
    camera.take("signed-out-3-refused", dialog)
    dialog.reject()
    daily_task.show = before
