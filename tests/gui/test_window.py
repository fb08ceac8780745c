"""The window's frame: sidebar, size, one instance, and its end."""

import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop_app.actions import run
from desktop_app.gui.single_instance import SingleInstance
from desktop_app.gui.sources.sources_page import SourcesPage
from desktop_app.settings.paths import Paths
from tests.gui.conftest import BuildWindow
from tests.gui.form_user import WAIT, FormUser, add_source, answer
from tests.servers import Server

EXPORT, HISTORY, TRAILS, SOURCES = range(4)


def test_the_window_remembers_its_size(open_window: BuildWindow) -> None:
    window = open_window()
    window.resize(740, 600)
    assert window.close()
    assert open_window().size().toTuple() == (740, 600)


def test_it_may_be_as_small_as_720_by_560(open_window: BuildWindow) -> None:
    window = open_window()
    window.resize(100, 100)
    assert window.size().toTuple() == (720, 560)


def test_the_breadcrumb_names_the_page_and_leads_to_the_first(open_window: BuildWindow, qtbot: QtBot) -> None:
    window = open_window()
    for index, name in enumerate(("Export", "History", "Events", "Sources")):
        window.show_page(index)
        assert window.breadcrumb.accessibleName() == f"Admin › Infrastructure › Audit Trails › {name}"
        assert window.breadcrumb.findChild(QLabel, "breadcrumb_page").text() == name
        titles = [each.text() for each in window.findChildren(QLabel, "title") if each.isVisible()]
        assert titles == [name]
    qtbot.mouseClick(window.breadcrumb.home, Qt.MouseButton.LeftButton)
    assert window.pages.currentWidget() is window.page("ExportPage")


def test_the_titles_of_all_pages_stand_at_one_height(qtbot: QtBot, open_window: BuildWindow) -> None:
    window = open_window()

    def height() -> int:
        qtbot.wait(1)  # a layout is made when it is shown
        (title,) = (label for label in window.findChildren(QLabel, "title") if label.isVisible())
        return title.mapTo(window, title.rect().center()).y()

    heights = []
    for index in (EXPORT, HISTORY, TRAILS, SOURCES):
        window.show_page(index)
        heights.append(height())
    sources = window.findChild(SourcesPage)
    sources.add.click()
    heights.append(height())
    sources.catalogue.choose.click()
    heights.append(height())
    assert len(set(heights)) == 1, heights


def test_a_second_start_shows_the_first(qtbot: QtBot, open_window: BuildWindow, paths: Paths) -> None:
    first, second = SingleInstance(paths), SingleInstance(paths)
    assert not first.bring_first_to_front()
    window = open_window()
    first.be_first(window)
    window.showMinimized()
    assert second.bring_first_to_front()
    qtbot.waitUntil(lambda: not window.isMinimized())


def test_an_export_goes_on_where_the_window_stays_open(
    form: FormUser, sshd: Server, served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, run_once = threading.Event(), run.run_once

    def slow(*args: Any, **others: Any) -> run.RunResult:
        go_on.wait(WAIT / 1000)
        return run_once(*args, **others)

    monkeypatch.setattr(run, "run_once", slow)
    form.configure(sshd, served.name)
    form.export_now()
    form.window.show_page(SOURCES)
    sources = form.window.page("SourcesPage")
    assert isinstance(sources, SourcesPage)
    add_source(sources)
    sources.source_editor.name.setText("hr")
    answer("Cancel")
    threading.Timer(1, go_on.set).start()  # a window that ends the export waits for it
    assert not form.window.close()
    assert form.page.run_progress.isVisibleTo(form.page)
    form.wait_for("delivered")
    assert form.page.run_progress.isHidden()


@pytest.mark.parametrize("how", ["end", "close"])
def test_all_pages_end_their_work_with_the_window(open_window: BuildWindow, how: str) -> None:
    window = open_window()
    for index in (HISTORY, TRAILS, SOURCES):
        window.show_page(index)
    getattr(window, how)()
    assert not [thread for thread in threading.enumerate() if thread.name == "worker"]
    assert not [timer for timer in window.findChildren(QTimer) if timer.isActive()]
