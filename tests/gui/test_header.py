"""The line above each page has its room: in every language, at every width of the window, with large text."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import BuildWindow
from tests.gui.form_user import WAIT
from tests.gui.test_accessibility import language, show
from tests.screenshots.faults import cut_off, overlapping

__all__ = ["language"]


@pytest.fixture(params=[9, 12, 15])
def large_text(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[None]:
    """The system's text has so many points, for one test."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    before = app.font()
    larger = app.font()
    larger.setPointSize(request.param)
    app.setFont(larger)
    yield
    app.setFont(before)


@pytest.mark.parametrize("width", [720, 800, 1000])
@pytest.mark.usefixtures("large_text")
def test_nothing_of_the_header_is_cut_off(
    open_window: BuildWindow, qtbot: QtBot, language: str, width: int
) -> None:
    window = open_window()
    header = window.breadcrumb
    for page in ("history", "trails"):
        show(window, page)
        window.resize(width, 700)
        qtbot.waitUntil(lambda: not [*cut_off(header), *overlapping(header)], timeout=WAIT)
        assert window.width() == width
        assert header.findChild(QLabel, "time_zone").isVisible()


def test_the_way_is_shown_where_it_has_room(open_window: BuildWindow, qtbot: QtBot) -> None:
    window = open_window()
    place = next(each for each in window.breadcrumb.findChildren(QLabel) if each.text() == "Admin")

    def shows(widget: QWidget, width: int) -> bool:
        window.resize(width, 700)
        QApplication.processEvents()
        return widget.isVisible()

    assert shows(place, 1000)
    window.breadcrumb.show_zone("America/Argentina/ComodRivadavia, this computer's clock")
    qtbot.waitUntil(lambda: not shows(place, 720), timeout=WAIT)
    assert window.breadcrumb.accessibleName().startswith("Admin › ")
    qtbot.waitUntil(lambda: shows(place, 1400), timeout=WAIT)
