"""The keys of the window, typed in the real one."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.gui.help.help_window import HelpWindow
from desktop_app.gui.history.history_page import HistoryPage
from desktop_app.gui.keys import FIND, HELP, QUIT, REFRESH, key_of_page
from desktop_app.gui.sources.sources_page import SourcesPage
from desktop_app.gui.trails.trails_page import TrailsPage
from desktop_app.gui.window import MainWindow
from tests.gui.conftest import BuildWindow
from tests.gui.form_user import open_page
from tests.gui.test_help import markdown

CTRL = Qt.KeyboardModifier.ControlModifier
PAGES = ("ExportPage", "HistoryPage", "TrailsPage", "SourcesPage")


@pytest.fixture
def window(open_window: BuildWindow, qtbot: QtBot) -> MainWindow:
    window = open_window()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def press(qtbot: QtBot, window: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = CTRL) -> None:
    qtbot.keyClick(window.focusWidget() or window, key, modifier)


@pytest.mark.parametrize(("number", "page"), list(enumerate(PAGES, 1)))
def test_control_and_a_number_show_a_page(window: MainWindow, qtbot: QtBot, number: int, page: str) -> None:
    window.show_page(number % len(PAGES))
    press(qtbot, window, Qt.Key(Qt.Key.Key_0 + number))
    assert window.pages.currentWidget() is window.page(page)


def test_control_f_goes_to_the_search_of_the_page(window: MainWindow, qtbot: QtBot) -> None:
    history = open_page(window, HistoryPage)
    history.states.setCurrentWidget(history.filled)
    history.search.setText("text")
    press(qtbot, window, Qt.Key.Key_F)
    assert history.search.hasFocus() and history.search.selectedText() == "text"


def test_control_f_where_there_is_no_search_goes_to_that_of_events(window: MainWindow, qtbot: QtBot) -> None:
    open_page(window, SourcesPage)
    press(qtbot, window, Qt.Key.Key_F)
    assert isinstance(window.pages.currentWidget(), TrailsPage)


def test_f5_asks_again_also_for_what_is_searched(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(HistoryPage, "refresh", lambda self: asked.append("history"))
    monkeypatch.setattr(TrailsPage, "_ask_again", lambda self: asked.append("events"))
    for kind in (HistoryPage, TrailsPage):
        open_page(window, kind)
        asked.clear()
        press(qtbot, window, Qt.Key.Key_F5, Qt.KeyboardModifier.NoModifier)
        assert asked == ["history" if kind is HistoryPage else "events"]


@pytest.mark.parametrize("key", [Qt.Key.Key_W, Qt.Key.Key_Q])
def test_control_w_and_control_q_close_the_window(window: MainWindow, qtbot: QtBot, key: Qt.Key) -> None:
    press(qtbot, window, key)
    assert window.isHidden()


def test_control_w_closes_the_help_alone(window: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, window, Qt.Key.Key_F1, Qt.KeyboardModifier.NoModifier)
    shown = window.findChild(HelpWindow)
    qtbot.waitUntil(shown.isActiveWindow)
    press(qtbot, shown, Qt.Key.Key_W)
    qtbot.waitUntil(lambda: window.findChild(HelpWindow) is None)
    assert window.isVisible()


def test_escape_leaves_the_editor_of_a_source(window: MainWindow, qtbot: QtBot) -> None:
    sources = open_page(window, SourcesPage)
    sources.add.click()
    press(qtbot, window, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert not sources.source_editor.isVisible()


def test_the_help_and_the_tool_tips_name_the_keys(window: MainWindow) -> None:
    text = markdown("en", "keyboard")
    for key in (FIND, REFRESH, QUIT, HELP, key_of_page(0), key_of_page(3)):
        assert f"{key.toString()} " in text
    for index, room in enumerate(("export", "history", "trails", "sources")):
        tip = window.findChild(QWidget, f"show_{room}").toolTip()
        assert tip.endswith(f"({key_of_page(index).toString()})"), tip
    for kind in (HistoryPage, TrailsPage):
        assert open_page(window, kind).findChild(QLineEdit, "search").toolTip().endswith("(Ctrl+F)")
