"""Every key goes to what has the focus, and nowhere else; what has the focus shows it: every page and dialog."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDateTimeEdit,
    QDialog,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

import desktop_app.gui
from desktop_app.actions.list_sources import ListedSource
from desktop_app.gui.export.browse_dialog import BrowseDialog
from desktop_app.gui.export.closing import ask_about_export, ask_to_discard
from desktop_app.gui.export.failure_address_dialog import FailureAddressDialog
from desktop_app.gui.export.host_key_dialog import ChangedHostKeyDialog, NewHostKeyDialog
from desktop_app.gui.export.keeper_dialog import KeeperDialog
from desktop_app.gui.export.signed_out_dialog import SignedOutDialog
from desktop_app.gui.help.help_window import HelpWindow
from desktop_app.gui.sources.source_questions import discard_box, remove_box
from desktop_app.gui.unexpected import unexpected_box
from desktop_app.gui.widgets.theme import choose_scheme
from desktop_app.gui.window import MainWindow
from desktop_app.schedule.password_at_night import TriedKeeper
from desktop_app.settings.file import write_settings
from desktop_app.settings.model import FolderSource, ServerSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.sftp.probe import HostKey
from desktop_app.sources.so_far import SourceCounts
from desktop_app.wording import Said
from tests.gui.conftest import BuildWindow
from tests.gui.form_user import FormUser
from tests.gui.test_accessibility import PAGES, show

GUI = Path(desktop_app.gui.__file__).parent
TYPED = "/x7"  # in no name here, and no letter for Alt
_KEY = HostKey("ssh-ed25519", "SHA256:" + "a" * 43, known=False)
_LOCKED, _KEY_LOGIN = "locked export", "login with a key"
_SERVER = ServerSettings(host="127.0.0.1:9", user="u", path="/x")
_SOURCE = ListedSource(FolderSource(name="hr", path="/x"), SourceCounts())
_DIALOGS: dict[str, Callable[[MainWindow], QDialog]] = {
    "new host key": lambda window: NewHostKeyDialog("sftp.example.com", _KEY, window),
    "changed host key": lambda window: ChangedHostKeyDialog("sftp.example.com", [_KEY], _KEY, window),
    "keeper": lambda window: KeeperDialog([_keeper("file"), _keeper("keyring")], window),
    "failure address": lambda window: FailureAddressDialog(window.paths, window),
    "web hook": lambda window: by_address(FailureAddressDialog(window.paths, window)),
    "folders on the server": lambda window: BrowseDialog(_SERVER, window.paths, "p", window),
    "source not saved": lambda window: discard_box(window)[0],
    "source to remove": lambda window: remove_box(_SOURCE, window)[0],
    "unexpected": lambda window: unexpected_box(window.paths, window),
    "signed out": lambda window: SignedOutDialog(window.paths, window),
    "help": HelpWindow,
}
_QUESTIONS: dict[str, Callable[[MainWindow], object]] = {
    "discard": lambda window: ask_to_discard(window, lambda: None),
    "export running": lambda window: ask_about_export(window, lambda: None, lambda: None),
    "about": lambda window: window._tell_about(),
}
_BY_ENTER = {
    "new host key": ["Cancel"],
    "changed host key": ["Cancel"],
    "keeper": ["&Keep it there"],
    "source not saved": ["Keep &editing"],
    "source to remove": ["Cancel"],
    "unexpected": ["Close"],
    "discard": ["Cancel"],
    "export running": ["Close when it is &done"],
    "about": ["Close"],
}
"""What Enter presses in a dialog that has just opened; in others nothing, until something is filled in."""
PLACES = (*PAGES, _LOCKED, _KEY_LOGIN, *_DIALOGS, *_QUESTIONS)


def by_address(dialog: FailureAddressDialog) -> FailureAddressDialog:
    dialog.findChild(QAbstractButton, "report_by_address").click()
    return dialog


def _keeper(name: str) -> TriedKeeper:
    return TriedKeeper(name=name, title=Said("x"), explains=Said("y"), works_at_night=True, chosen=False)  # type: ignore[arg-type]


@pytest.fixture
def steady_caret(qtbot: QtBot) -> Iterator[None]:
    """A caret that does not blink, for one test."""
    before = QApplication.cursorFlashTime()
    QApplication.setCursorFlashTime(0)
    yield
    QApplication.setCursorFlashTime(before)


@pytest.fixture
def high_contrast(qtbot: QtBot) -> Iterator[None]:
    """White on black, for one test."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    choose_scheme(app, "contrast-dark")
    yield
    choose_scheme(app, None)


@pytest.fixture(params=PLACES)
def place(
    request: pytest.FixtureRequest, open_window: BuildWindow, paths: Paths, qtbot: QtBot
) -> Iterator[QWidget]:
    """A page in its window, so large that nothing scrolls, or a dialog over it."""
    name = str(request.param)
    if name == _LOCKED:
        paths.config.mkdir(parents=True)
        write_settings(paths.config_file, Settings(server=_SERVER))
    window = open_window()
    window.resize(1000, 2400)
    window.activateWindow()
    if name in PAGES or name in (_LOCKED, _KEY_LOGIN):
        page = show(window, name if name in PAGES else "export")
        if name == _KEY_LOGIN:
            auth = page.findChild(QComboBox, "auth")
            auth.setCurrentIndex(auth.findData("key"))
        yield window
        return
    dialog = open_over(window, name, qtbot)
    yield dialog
    dialog.close()


def open_over(window: MainWindow, name: str, qtbot: QtBot) -> QDialog:
    """A dialog or a question over the window."""
    if name in _DIALOGS:
        _DIALOGS[name](window).open()
    else:
        _QUESTIONS[name](window)
    dialog = next(each for each in window.findChildren(QDialog) if each.isVisible())
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def walk(qtbot: QtBot, top: QWidget) -> Iterator[QWidget]:
    """What Tab leads to, each once, with the focus on it."""
    seen: list[QWidget] = []
    for _ in range(200):
        now = QApplication.focusWidget() or top
        qtbot.keyClick(now, Qt.Key.Key_Tab)
        now = QApplication.focusWidget() or top
        if seen and now is seen[0]:
            return
        if now not in seen:  # the parts of a time are one widget
            seen.append(now)
            yield now
    raise AssertionError(f"Tab never comes back to {seen[0]}")


def values(top: QWidget) -> dict[QWidget, object]:
    """What each field and check box says."""
    found: dict[QWidget, object] = {}
    for each in top.findChildren(QWidget):
        if isinstance(each, QLineEdit) and not isinstance(each.parent(), QComboBox | QDateTimeEdit):
            found[each] = each.text()
        elif isinstance(each, QComboBox):
            found[each] = each.currentText()
        elif isinstance(each, QPlainTextEdit):
            found[each] = each.toPlainText()
        elif isinstance(each, QDateTimeEdit):
            found[each] = each.dateTime()
        elif isinstance(each, QAbstractButton) and each.isCheckable():
            found[each] = each.isChecked()
    return found


def test_what_is_typed_goes_where_the_focus_is(place: QWidget, qtbot: QtBot) -> None:
    strayed = []
    for focused in walk(qtbot, place):
        before = values(place)
        qtbot.keyClicks(focused, TYPED)
        changed = [each for each, value in values(place).items() if before.get(each, value) != value]
        strayed += [(_name(focused), _name(each)) for each in changed if each is not focused]
        assert QApplication.focusWidget() is focused
    assert strayed == []


def test_what_has_the_focus_shows_it(place: QWidget, qtbot: QtBot, steady_caret: None) -> None:
    """By more than a caret, which a field has somewhere in its text, or not at all."""
    stops = [(focused, _picture(focused)) for focused in walk(qtbot, place)]
    unseen = []
    for stop, with_focus in stops:
        other = next(each for each, _ in stops if each is not stop) if len(stops) > 1 else None
        other.setFocus(Qt.FocusReason.TabFocusReason) if other else stop.clearFocus()
        if stop.isVisible() and _picture(stop) == with_focus:
            unseen.append(_name(stop))
    assert unseen == []


def test_the_frame_of_the_focus_is_wide_enough_for_high_contrast(
    place: QWidget, qtbot: QtBot, steady_caret: None, high_contrast: None
) -> None:
    """A frame of white on black must show the focus by more than its colour: it is two pixels wide."""
    stops = [(focused, _picture(focused)) for focused in walk(qtbot, place)]
    narrow = []
    for stop, with_focus in stops:
        other = next(each for each, _ in stops if each is not stop) if len(stops) > 1 else None
        other.setFocus(Qt.FocusReason.TabFocusReason) if other else stop.clearFocus()
        if stop.isVisible() and _changed_at_left(with_focus, _picture(stop)) < 2:
            narrow.append(_name(stop))
    assert narrow == []


@pytest.mark.parametrize("name", [*_DIALOGS, *_QUESTIONS])
def test_escape_leaves_a_dialog_and_enter_changes_nothing_unasked(
    name: str, open_window: BuildWindow, qtbot: QtBot
) -> None:
    dialog = open_over(open_window(), name, qtbot)
    default = [each.text() for each in dialog.findChildren(QPushButton) if each.isDefault() and each.isEnabled()]
    assert default == _BY_ENTER.get(name, [])
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not dialog.isVisible())


def test_every_dialog_is_walked() -> None:
    """Whatever the window can open over itself, but for the system's own dialogs that choose a file."""
    made = re.compile(
        r"class (\w+)\((?:QDialog|_HostKeyDialog)\)|^def (\w+)\(.*QMessageBox|(\w+) = QMessageBox\(", re.M
    )
    found = {file.stem for file in GUI.rglob("*.py") if made.search(file.read_text(encoding="utf-8"))}
    assert found == {
        *("host_key_dialog", "keeper_dialog", "failure_address_dialog", "signed_out_dialog", "browse_dialog"),
        *("help_window", "about", "closing", "source_questions", "unexpected"),
    }


def test_the_button_in_the_password_field_takes_no_letters(form: FormUser, qtbot: QtBot) -> None:
    form.enter("password", "abc")
    form.press(Qt.Key.Key_Tab)
    assert form.focus() == "show_password"
    qtbot.keyClicks(form._focused(), "/xyz")
    form.press(Qt.Key.Key_Backspace)
    assert form.page.findChild(QLineEdit, "password").text() == "abc"
    form.press(Qt.Key.Key_Space)
    assert form.page.findChild(QLineEdit, "password").echoMode() is QLineEdit.EchoMode.Normal
    form.press(Qt.Key.Key_Tab)
    assert form.focus() == "path"


def _changed_at_left(one: QImage, other: QImage) -> int:
    """How many pixels in a row have another colour, at the left end of the middle."""
    middle, changed, most = one.height() // 2, 0, 0
    for x in range(min(one.width(), other.width(), 24)):
        changed = changed + 1 if one.pixel(x, middle) != other.pixel(x, middle) else 0
        most = max(most, changed)
    return most


def _picture(widget: QWidget) -> QImage:
    """How a widget looks; of a field for text, its left edge, where no caret is."""
    picture = widget.grab().toImage()
    if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
        return picture.copy(QRect(QPoint(), picture.size()).adjusted(0, 0, 4 - picture.width(), 0))
    return picture


def _name(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.objectName()}".strip()
