"""A message of a field has its line before it is said: no field moves when it appears or goes."""

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QListWidget, QTimeEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.errors import BadSetting
from desktop_app.gui.sources.sources_page import SourcesPage
from desktop_app.gui.widgets.field_message import FieldMessage
from desktop_app.settings.algorithms import LIST_NAMES
from desktop_app.sources.sample import TimeRead
from desktop_app.wording import Said
from tests.gui.conftest import BuildWindow
from tests.gui.form_user import WAIT, FormUser, add_source, open_page
from tests.screenshots.faults import cut_off

_FIELDS = (QLineEdit, QComboBox, QTimeEdit, QListWidget, QCheckBox)


def places(top: QWidget) -> dict[str, tuple[int, int]]:
    """Where each field is in what scrolls."""
    QApplication.processEvents()
    fields = [each for kind in _FIELDS for each in top.findChildren(kind) if each.isVisibleTo(top)]
    return {each.objectName(): each.mapTo(top, QPoint()).toTuple() for each in fields if each.objectName()}


def place_in(top: QWidget, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(top, QPoint()), widget.size())


@pytest.fixture
def open_form(form: FormUser) -> FormUser:
    """The form with all its fields, large enough for messages in one line each."""
    form.window.resize(1000, 760)
    form.qtbot.waitUntil(lambda: bool(form.page.standing.text), timeout=WAIT)
    form.page.more.click()
    return form


def test_no_field_of_the_form_moves(open_form: FormUser) -> None:
    content = open_form.page.content
    before = places(content)
    assert len(before) > 8
    open_form.click("test_and_save")
    assert open_form.message("host") == open_form.message("path") == "This is needed."
    assert places(content) == before
    open_form.enter("host", "https://sftp.example.com")
    open_form.enter("instance", "ws/42")
    open_form.enter("user", "audit")
    assert open_form.message("host") == "The server is written as a web address. Write sftp.example.com instead."
    assert {name: at for name, at in places(content).items() if name != "instance"} == {
        name: at for name, at in before.items() if name != "instance"
    }
    open_form.enter("host", "sftp.example.com")
    open_form.enter("instance", "ws-42")
    open_form.click("cancel")
    assert places(content) == before


@pytest.mark.parametrize("name", LIST_NAMES)
def test_the_message_of_a_list_stands_below_it_and_moves_no_list(open_form: FormUser, name: str) -> None:
    page, content = open_form.page, open_form.page.content
    lists = {each: page.findChild(QListWidget, each) for each in LIST_NAMES}
    before = {each: place_in(content, widget) for each, widget in lists.items()}
    error = BadSetting(Said("This server does not accept hmac-sha1."), Said("x"), field=f"server.{name}")
    page._form.show_error(error, ("Select these", lambda: None))
    QApplication.processEvents()
    assert {each: place_in(content, widget) for each, widget in lists.items()} == before
    message = page.findChild(FieldMessage, f"{name}_message")
    said = place_in(content, message)
    assert said.top() >= before[name].bottom()
    assert (said.left(), said.width()) == (before[name].left(), before[name].width())


def test_a_message_is_seen_as_long_as_its_field_is(open_form: FormUser) -> None:
    page = open_form.page
    messages = {name: page.findChild(FieldMessage, f"{name}_message") for name in ("version", "key_file")}
    assert [each.isVisibleTo(page) for each in messages.values()] == [False, False]
    page.findChild(QComboBox, "format").setCurrentIndex(1)
    page.findChild(QComboBox, "auth").setCurrentIndex(1)
    assert [each.isVisibleTo(page) for each in messages.values()] == [True, True]
    page.findChild(QComboBox, "auth").setCurrentIndex(2)
    assert not page.findChild(FieldMessage, "password_message").isVisibleTo(page)


@pytest.mark.parametrize("what", ["folder", "okta"])
def test_no_field_of_a_source_moves(open_window: BuildWindow, qtbot: QtBot, what: str) -> None:
    window = open_window()
    window.resize(1000, 760)
    page = open_page(window, SourcesPage)
    add_source(page, what)
    editor = page.source_editor
    editor.name.clear()
    content = editor.form_area.widget()
    before = places(content)
    editor.save.click()
    qtbot.waitUntil(lambda: editor.name_problem.is_error, timeout=WAIT)
    assert editor.name.property("wrong")
    assert places(content) == before
    editor.show_problems([])
    assert not editor.name.property("wrong")
    assert places(content) == before


@pytest.mark.parametrize("size", [(720, 560), (1000, 760)])
def test_the_note_of_how_times_are_read_has_its_room(
    open_window: BuildWindow, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window = open_window()
    window.resize(*size)
    page = open_page(window, SourcesPage)
    add_source(page)
    times = [TimeRead("2026-11-22T08:15:30Z", "2026-11-22T08:15:30.000Z", Said("a time with its own offset"))] * 3
    for count in (1, 2, 3, 0, 2):
        page.source_editor.times.show_times(times[:count])
        assert page.source_editor.time_problem.text.count("own offset") == count
        qtbot.waitUntil(lambda: not [each for each in cut_off(window) if "2026-11-22" in each], timeout=WAIT)


def test_an_error_takes_the_place_of_a_hint(qtbot: QtBot) -> None:
    field, message = QLineEdit(), FieldMessage()
    for each in (field, message):
        qtbot.addWidget(each)
    message.set_field(field)
    message.set_hint("Which files in it; ** stands for all folders inside. JSON, CSV, CEF and syslog lines. " * 2)
    message.resize(400, 10)
    needed = message.heightForWidth(400)
    assert message.text == "" and not message.is_error
    message.show_error(BadSetting(Said("This is needed."), field="x"))
    assert message.text == "This is needed." and message.is_error
    assert message.heightForWidth(400) == needed
