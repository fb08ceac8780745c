"""The window's frame: sidebar, size, one instance."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QTextBrowser
from pytestqt.qtbot import QtBot

from desktop_app.gui.documentation import Documentation
from desktop_app.gui.single_instance import SingleInstance
from desktop_app.settings.paths import Paths
from tests.gui.conftest import BuildWindow


def test_the_window_remembers_its_size(open_window: BuildWindow) -> None:
    window = open_window()
    window.resize(740, 600)
    assert window.close()
    assert open_window().size().toTuple() == (740, 600)


def test_it_may_be_as_small_as_720_by_560(open_window: BuildWindow) -> None:
    window = open_window()
    window.resize(100, 100)
    assert window.size().toTuple() == (720, 560)


def test_a_second_start_shows_the_first(qtbot: QtBot, open_window: BuildWindow, paths: Paths) -> None:
    first, second = SingleInstance(paths), SingleInstance(paths)
    assert not first.bring_first_to_front()
    window = open_window()
    first.be_first(window)
    window.showMinimized()
    assert second.bring_first_to_front()
    qtbot.waitUntil(lambda: not window.isMinimized())


def test_the_documentation_opens_without_a_network(qtbot: QtBot, open_window: BuildWindow) -> None:
    window = open_window()
    window.findChild(QAction, "open_documentation").trigger()
    qtbot.waitUntil(lambda: bool(window.findChildren(Documentation)))
    (shown,) = window.findChildren(Documentation)
    assert "Audit Trails Export" in shown.findChild(QTextBrowser).toPlainText()
    shown.close()
