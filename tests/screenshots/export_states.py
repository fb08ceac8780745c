"""The page *Export*: what is saved, how it is changed, what can fail."""

from random import Random

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QListView, QListWidget, QPushButton, QWidget

from desktop_app.actions.run import Request, run_once
from desktop_app.export.ledger import StartedBy
from desktop_app.gui.export.browse_dialog import BrowseDialog
from desktop_app.secrets.keepers import account_name, read_password, save_password
from desktop_app.settings.paths import Paths
from tests.screenshots.camera import Camera
from tests.screenshots.past import FOLDER, ONCE, record_day
from tests.screenshots.past import settings as past_settings

OTHER = "files.example.net"


def take(camera: Camera) -> None:
    """The page of an installation that works, its failures, and how it logs in."""
    _shown_and_changed(camera)
    _failures(camera)
    _login(camera)
    _browse(camera)
    _exported(camera)


def _shown_and_changed(camera: Camera) -> None:
    page = _page(camera)
    camera.take("export-1-locked")
    camera.find(QWidget, "show_all").click()
    camera.take("export-1-locked-all")
    camera.find(QWidget, "edit").click()
    camera.find(QWidget, "more").click()
    camera.find(QWidget, "format").setCurrentIndex(1)
    camera.take("export-2-editing-cef")
    camera.scroll(page, 10_000)
    camera.take("export-3-editing-cef-end")
    camera.enter("host", "https://sftp.example.com")
    camera.enter("instance", "ws/42")
    camera.find(QWidget, "test_and_save").click()
    camera.take("export-4-wrong-fields")
    camera.reopen()


def _failures(camera: Camera) -> None:
    for name, field, value in (
        ("export-5-wrong-password", "password", "not the password"),
        ("export-6-path-missing", "path", "/Users/Test/Elsewhere"),
        ("export-7-no-such-server", "host", "sftp.invalid"),
    ):
        camera.page("export")
        camera.find(QWidget, "edit").click()
        camera.enter(field, value)
        if field == "host":
            camera.enter("password", "secret")
        _test(camera)
        camera.take(name)
        camera.reopen()
    camera.page("export")
    camera.find(QWidget, "edit").click()
    camera.enter("host", OTHER)
    camera.enter("password", "secret")
    _untick(camera, "ciphers", "aes256-ctr")
    _test(camera)
    camera.take("export-8-nothing-in-common")
    camera.reopen()


def _exported(camera: Camera) -> None:
    camera.page("export")
    camera.find(QWidget, "export_now").click()
    camera.wait(lambda: camera.find(QWidget, "result").isVisible())
    camera.take("export-9-exported")


def _login(camera: Camera) -> None:
    page = _page(camera)
    camera.find(QWidget, "edit").click()
    ways = camera.find(QComboBox, "auth")
    assert isinstance(ways, QComboBox)
    ways.setCurrentIndex(ways.findData("key"))
    _test(camera)
    camera.take("login-1-no-key-file")
    camera.enter("key_file", "/home/audit/.ssh/id_ed25519_of_the_nightly_export_to_the_archive")
    _test(camera)
    camera.take("login-2-no-such-file")
    ways.setCurrentIndex(ways.findData("agent"))
    _test(camera)
    camera.take("login-3-agent")
    camera.scroll(page, 0)
    camera.reopen()


def _browse(camera: Camera) -> None:
    _page(camera)
    camera.find(QWidget, "edit").click()
    camera.enter("path", FOLDER.rpartition("/")[0])
    dialog = _open_browse(camera)
    camera.take("browse-1-folders", dialog)
    _into_first(dialog)
    camera.wait(lambda: dialog.chosen == FOLDER and not dialog._worker.running)
    camera.take("browse-2-empty", dialog)
    name = dialog.findChild(QLineEdit, "new_folder_name")
    QTest.keyClicks(name, "2026")
    camera.take("browse-3-new-folder", dialog)
    dialog.findChild(QPushButton, "folder_above").click()
    camera.wait(lambda: dialog.chosen != FOLDER and not dialog._worker.running)
    QTest.keyClicks(name, FOLDER.rpartition("/")[2])
    dialog.findChild(QPushButton, "create_folder").click()
    camera.wait(lambda: bool(dialog.message.text))
    camera.take("browse-4-there-already", dialog)
    dialog.reject()
    camera.enter("path", "/Users/Test/Elsewhere")
    dialog = _open_browse(camera)
    camera.take("browse-5-no-such-folder", dialog)
    dialog.reject()
    camera.enter("host", "sftp.invalid")
    camera.enter("password", "secret")
    dialog = _open_browse(camera)
    camera.take("browse-6-no-such-server", dialog)
    dialog.reject()
    camera.reopen()


def _open_browse(camera: Camera) -> BrowseDialog:
    camera.find(QWidget, "browse").click()
    dialog = camera.dialog()
    assert isinstance(dialog, BrowseDialog)
    camera.wait(lambda: not dialog._worker.running)
    return dialog


def _into_first(dialog: BrowseDialog) -> None:
    QTest.keyClick(dialog.findChild(QListWidget, "folders"), Qt.Key.Key_Return)


def take_failed_night(camera: Camera, paths: Paths) -> None:
    """The morning after the password was changed on the server."""
    server = past_settings().server
    account = account_name(server)
    password = read_password(paths, account)
    assert password
    record_day(paths, 0, Random(7))
    save_password(paths, account, "the one before")
    run_once(
        past_settings(), paths, Request(StartedBy.SCHEDULE, today_too=True), lambda: "the one before", backoff=ONCE
    )
    camera.reopen()
    _page(camera)
    camera.take("export-10-night-failed")
    camera.find(QWidget, "help_now").click()
    camera.take("export-11-new-password")
    save_password(paths, account, password)
    camera.reopen()
    camera.page("export")
    camera.find(QWidget, "export_now").click()
    camera.wait(lambda: camera.find(QWidget, "result").isVisible())


def _page(camera: Camera) -> QWidget:
    page = camera.page("export")
    camera.wait(lambda: page._facts is not None)  # type: ignore[attr-defined]
    return page


def _test(camera: Camera) -> None:
    camera.find(QWidget, "test_and_save").click()
    camera.wait(lambda: camera.find(QWidget, "test_and_save").isEnabled())


def _untick(camera: Camera, name: str, choice: str) -> None:
    view = camera.find(QListView, name)
    assert isinstance(view, QListView)
    model = view.model()
    for row in range(model.rowCount()):
        index = model.index(row, 0)
        if index.data() == choice:
            model.setData(index, Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
