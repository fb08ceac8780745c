"""The folders of the server, chosen by keys alone."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QListWidget

from desktop_app.gui.export.browse_dialog import BrowseDialog
from desktop_app.settings.paths import Paths
from tests.gui.form_user import WAIT, FormUser
from tests.servers import Server
from tests.windows_gaps import needs


def names(dialog: BrowseDialog) -> list[str]:
    shown = dialog.findChild(QListWidget, "folders")
    assert shown is not None
    return [shown.item(row).text() for row in range(shown.count())]


def open_dialog(form: FormUser, server: Server, path: str = "", password: str | None = None) -> BrowseDialog:
    form.fill(server, path, password)
    form.page.browse.setFocus(Qt.FocusReason.TabFocusReason)
    form.press(Qt.Key.Key_Space)
    return form.dialog(BrowseDialog)


def wait_in(form: FormUser, dialog: BrowseDialog, end: str) -> None:
    form.qtbot.waitUntil(lambda: dialog.chosen.endswith(end) and not dialog._worker.running, timeout=WAIT)


@needs("links")
def test_a_folder_is_found_made_and_chosen(form: FormUser, sshd: Server, served: Path, paths: Paths) -> None:
    (served / "Inbox").mkdir()
    (served / "Inbox").chmod(0o777)
    (served / "archive").mkdir()
    (served / "a file").touch()
    (served / "linked").symlink_to("Inbox")
    dialog = open_dialog(form, sshd, served.name)
    form.trust()
    form.qtbot.waitUntil(lambda: names(dialog) == ["archive", "Inbox", "linked"], timeout=WAIT)
    assert dialog.chosen.endswith(served.name)
    shown = dialog.findChild(QListWidget, "folders")
    assert shown is not None
    form.qtbot.keyClick(shown, Qt.Key.Key_Down)
    form.qtbot.keyClick(shown, Qt.Key.Key_Return)
    wait_in(form, dialog, f"{served.name}/Inbox")
    assert names(dialog) == [] and dialog._none.isVisible()
    form.qtbot.keyClick(shown, Qt.Key.Key_Return)  # there is nothing to open: the choice is made by its button
    assert dialog.isVisible()
    name = dialog.findChild(QLineEdit, "new_folder_name")
    assert name is not None
    form.qtbot.keyClicks(name, "2026")
    form.qtbot.keyClick(name, Qt.Key.Key_Return)
    wait_in(form, dialog, "/Inbox/2026")
    form.click("folder_above")
    wait_in(form, dialog, "/Inbox")
    assert names(dialog) == ["2026"]
    form.click("home_folder")
    wait_in(form, dialog, "")
    form.qtbot.waitUntil(lambda: served.name in names(dialog), timeout=WAIT)
    home = dialog.chosen
    form.click("use_folder")
    path = form.page.findChild(QLineEdit, "path")
    assert path is not None and path.text() == home
    assert form.focus() == "path" and not paths.config_file.exists()


def test_what_is_refused_is_said_and_the_list_stays(form: FormUser, sshd: Server) -> None:
    dialog = open_dialog(form, sshd, "/no/such/folder")
    form.trust()
    form.qtbot.waitUntil(lambda: "There is no folder /no/such/folder on" in dialog.message.text, timeout=WAIT)
    assert "The home folder of this user is" in dialog.message.text
    buttons = dialog.findChild(QDialogButtonBox)
    assert buttons is not None  # what goes on is to the right, as on the pages, whatever the system
    use, cancel = dialog._use, buttons.button(QDialogButtonBox.StandardButton.Cancel)
    assert cancel.x() < use.x()
    name = dialog.findChild(QLineEdit, "new_folder_name")
    assert name is not None and not name.isEnabled()
    form.click("home_folder")
    form.qtbot.waitUntil(lambda: bool(dialog.chosen), timeout=WAIT)
    assert dialog.message.text == ""
    dialog.reject()


def test_a_name_that_is_taken_is_said(form: FormUser, sshd: Server, served: Path) -> None:
    (served / "Inbox").mkdir()
    dialog = open_dialog(form, sshd, served.name)
    form.trust()
    form.qtbot.waitUntil(lambda: names(dialog) == ["Inbox"], timeout=WAIT)
    name = dialog.findChild(QLineEdit, "new_folder_name")
    assert name is not None
    form.qtbot.keyClicks(name, "Inbox")
    form.click("create_folder")
    form.qtbot.waitUntil(lambda: "There is something called Inbox in" in dialog.message.text, timeout=WAIT)
    form.qtbot.waitUntil(lambda: not dialog._worker.running, timeout=WAIT)
    assert names(dialog) == ["Inbox"] and name.text() == "Inbox"
    dialog.reject()


def test_a_wrong_password_is_tried_once(form: FormUser, sshd: Server) -> None:
    start = sshd.log.stat().st_size
    dialog = open_dialog(form, sshd, ".", "not it")
    form.trust()
    form.qtbot.waitUntil(lambda: "did not accept" in dialog.message.text, timeout=WAIT)
    form.qtbot.waitUntil(lambda: not dialog._worker.running, timeout=WAIT)
    assert not dialog._home.isVisible() and not dialog._name.isVisible()
    dialog.reject()
    assert sshd.log.read_bytes()[start:].decode().count("Failed password for") == 1


def test_what_is_missing_is_said_at_its_field(form: FormUser) -> None:
    form.enter("user", "audit")
    form.click("browse")
    assert form.message("host") == "This is needed." and form.message("path") == ""
