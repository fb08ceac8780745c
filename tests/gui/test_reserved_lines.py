"""A message of a field has its line before it is said: no field moves when it appears or goes."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QTimeEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop_app.errors import BadSetting
from desktop_app.gui.sources.sources_page import SourcesPage
from desktop_app.gui.widgets.field_message import FieldMessage
from desktop_app.settings.algorithms import LIST_NAMES, all_names
from desktop_app.sources.sample import TimeRead
from desktop_app.wording import Said
from tests.gui.conftest import BuildWindow
from tests.gui.form_user import WAIT, FormUser, add_source, open_page
from tests.gui.test_accessibility import language
from tests.screenshots.faults import cut_off

__all__ = ["language"]

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


def test_the_lists_have_a_line_below_them_for_the_first_that_is_wrong(open_form: FormUser) -> None:
    page, content = open_form.page, open_form.page.content
    before = places(content)
    below = max(place_in(content, page.findChild(QListWidget, name)).bottom() for name in LIST_NAMES)
    messages = {name: page.findChild(FieldMessage, f"{name}_message") for name in LIST_NAMES}
    error = BadSetting(Said("This server does not accept hmac-sha1."), Said("Ask for another. " * 9), field="")
    for name in reversed(LIST_NAMES):
        error.field = f"server.{name}"
        page._form.show_error(error, ("Select these", lambda: None))
        assert places(content) == before
        assert [each for each in LIST_NAMES if messages[each].isVisibleTo(page)] == [name]
        label = page.findChild(QListWidget, name).accessibleName()
        assert messages[name].text.startswith(f"{label}: This server does not accept hmac-sha1. Ask")
        assert place_in(content, messages[name]).top() >= below
    page._form.tick(f"server.{LIST_NAMES[0]}", [all_names(LIST_NAMES[0])[0]])
    assert [each for each in LIST_NAMES if messages[each].isVisibleTo(page)] == [LIST_NAMES[1]]
    page._form.clear_errors()
    assert places(content) == before


def test_a_message_is_seen_as_long_as_its_field_is(open_form: FormUser) -> None:
    page = open_form.page
    messages = {name: page.findChild(FieldMessage, f"{name}_message") for name in ("version", "key_file")}
    assert [each.isVisibleTo(page) for each in messages.values()] == [False, False]
    page.findChild(QComboBox, "format").setCurrentIndex(1)
    page.findChild(QComboBox, "auth").setCurrentIndex(1)
    assert [each.isVisibleTo(page) for each in messages.values()] == [True, True]
    page.findChild(QComboBox, "auth").setCurrentIndex(2)
    assert not page.findChild(FieldMessage, "password_message").isVisibleTo(page)


@pytest.mark.parametrize("size", [(800, 600), (1000, 760)])
def test_no_field_moves_however_much_is_to_be_said(
    open_form: FormUser, size: tuple[int, int], language: str
) -> None:
    page = open_form.page
    content = page.findChild(QWidget, "form")  # what stands above it may come later
    open_form.window.resize(*size)
    page.findChild(QComboBox, "format").setCurrentIndex(1)
    shown: list[dict[str, tuple[int, int]]] = [{}, {}, {}]  # a layout may take several rounds
    while any(each != shown[-1] for each in shown[-3:]) or not shown[-1]:
        shown.append(places(content))
    before = shown[-1]
    error = BadSetting(Said("The server did not accept user {user}.", user="audit" * 20), Said("Why?"))
    for key in page._form._messages:
        error.field = key
        page._form.show_error(error)
        assert places(content) == before, key
    assert cut_off(content) == []


def test_what_has_no_room_is_shown_by_a_button(qtbot: QtBot) -> None:
    field, message = QLineEdit(), FieldMessage()
    for each in (field, message):
        qtbot.addWidget(each)
    message.set_field(field)
    message.resize(300, 20)
    message.show()
    whole = "This is what happened. And that is what to do about it, in words that have no room in one line."
    message.show_error(BadSetting(Said(whole), field="x"), ("Cure", lambda: None))
    label, more = message.findChildren(QLabel)[1], message.findChildren(QPushButton)[-1]
    assert label.text().startswith("This is") and label.text().endswith("…")
    assert message.text == label.accessibleName() == whole and "no room in one line" in label.toolTip()
    height = message.minimumHeight()
    qtbot.keyClick(more, Qt.Key.Key_Space)
    assert (label.text(), more.text(), label.toolTip()) == (whole, "Less", "")
    qtbot.waitUntil(lambda: message.minimumHeight() > height, timeout=WAIT)
    qtbot.keyClick(more, Qt.Key.Key_Space)
    assert label.text().endswith("…") and more.text() == "More"
    message.resize(1200, 20)
    assert label.text() == whole and more.isHidden()
    message.show_error(BadSetting(Said("This is needed."), field="x"))
    assert label.text() == "This is needed." and more.isHidden()


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
    hint = "Which files in it; ** stands for all folders inside. JSON, CSV, CEF and syslog lines. " * 2
    message.set_field(field, hint=hint)
    message.resize(400, 10)
    needed = message.heightForWidth(400)
    assert message.text == "" and not message.is_error
    message.show_error(BadSetting(Said("This is needed."), field="x"))
    assert message.text == "This is needed." and message.is_error
    assert message.heightForWidth(400) == needed
