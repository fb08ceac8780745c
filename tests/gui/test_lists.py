"""The lists of the pages: their width, their columns, where details are, and what empty ones offer."""

from datetime import date, timedelta

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.actions.history import DayState
from desktop_app.gui.history.day_chart import DayChart
from desktop_app.gui.history.history_page import HistoryPage
from desktop_app.gui.trails.trails_page import TrailsPage
from desktop_app.settings.paths import Paths
from tests.gui.conftest import BuildWindow
from tests.gui.form_user import WAIT, open_page
from tests.gui.real_home import RealHome, days_ago, record
from tests.gui.test_history_page import day
from tests.servers import Server
from tests.windows_gaps import needs

LAST = date(2026, 11, 28)  # of a chart
LISTS = [(HistoryPage, "runs"), (TrailsPage, "events")]


@pytest.fixture
def past(paths: Paths, sshd: Server) -> RealHome:
    """A day delivered, and a run that failed."""
    home = RealHome(paths, sshd)
    record(paths, *[{}] * 3, day=days_ago(2))
    home.export()
    record(paths, {}, day=days_ago(1))
    home.export(password="wrong")
    return home


def x(widget: QWidget, top: QWidget) -> tuple[int, int]:
    left = widget.mapTo(top, widget.rect().topLeft()).x()
    return left, left + widget.width()


@pytest.mark.parametrize(("kind", "name"), LISTS)
def test_details_stand_beside_the_list_in_a_wide_window(
    qtbot: QtBot, open_window: BuildWindow, past: RealHome, kind: type[HistoryPage | TrailsPage], name: str
) -> None:
    window = open_window()
    page = open_page(window, kind)
    table = getattr(page, name)
    qtbot.waitUntil(lambda: table.model() is not None and table.model().rowCount() > 0, timeout=WAIT)
    for width, beside in ((1399, False), (1400, True), (1900, True), (1000, False)):
        window.resize(width, 900)
        table.clearSelection()
        table.selectRow(0)
        qtbot.waitUntil(lambda: page.details.isVisible())

        def right_of_it() -> bool:
            return x(page.details, window)[0] >= x(table, window)[1]

        qtbot.waitUntil(lambda beside=beside: right_of_it() is beside)  # type: ignore[misc]
        assert table.width() <= 1200
        if beside:
            qtbot.waitUntil(lambda: page.details.width() > page.split.width() // 3)


@pytest.mark.parametrize(("kind", "name"), LISTS)
def test_a_list_alone_is_no_wider_than_1200(
    qtbot: QtBot, open_window: BuildWindow, past: RealHome, kind: type[HistoryPage | TrailsPage], name: str
) -> None:
    window = open_window()
    page = open_page(window, kind)
    window.resize(2400, 900)
    table = getattr(page, name)
    qtbot.waitUntil(lambda: table.isVisible() and table.width() == 1200, timeout=WAIT)


def test_columns_are_as_wide_as_what_they_show(qtbot: QtBot, open_window: BuildWindow, past: RealHome) -> None:
    page = open_page(open_window(), HistoryPage)
    qtbot.waitUntil(lambda: page._model.rowCount() == 2, timeout=WAIT)
    metrics = page.runs.fontMetrics()
    for column in range(page._model.columnCount()):
        if page.runs.isColumnHidden(column):
            continue
        texts = [str(page.runs.model().index(row, column).data()) for row in range(2)]
        texts.append(str(page._model.headerData(column, Qt.Orientation.Horizontal)))
        assert page.runs.columnWidth(column) >= max(map(metrics.horizontalAdvance, texts)), texts


@pytest.mark.parametrize(
    ("kind", "button", "leads_to"),
    [(HistoryPage, "go_to_export", "ExportPage"), (TrailsPage, "go_to_sources", "SourcesPage")],
)
def test_an_empty_page_has_a_button_that_leads_on(
    qtbot: QtBot, open_window: BuildWindow, kind: type[HistoryPage | TrailsPage], button: str, leads_to: str
) -> None:
    window = open_window()
    page = open_page(window, kind)
    qtbot.waitUntil(page.findChild(QPushButton, button).isVisible, timeout=WAIT)
    qtbot.mouseClick(page.findChild(QPushButton, button), Qt.MouseButton.LeftButton)
    assert window.pages.currentWidget() is window.page(leads_to)


def test_where_no_run_matches_a_button_shows_all(qtbot: QtBot, open_window: BuildWindow, past: RealHome) -> None:
    page = open_page(open_window(), HistoryPage)
    qtbot.waitUntil(lambda: page._model.rowCount() == 2, timeout=WAIT)
    page.search.setText("nothing has this")
    page.outcome.setCurrentIndex(2)
    assert page.nothing.isVisible()
    qtbot.mouseClick(page.nothing.show_all, Qt.MouseButton.LeftButton)
    assert page._filter.rowCount() == 2 and page.runs.isVisible() and page.search.hasFocus()


@needs("fixed-pitch font")
def test_json_has_a_face_of_one_width(qtbot: QtBot, open_window: BuildWindow, past: RealHome) -> None:
    page = open_page(open_window(), TrailsPage)
    qtbot.waitUntil(lambda: page.events.model().rowCount() > 0, timeout=WAIT)
    page.events.selectRow(0)
    shown = page.details.findChild(QPlainTextEdit, "json")
    metrics = shown.fontMetrics()
    assert QFontInfo(shown.font()).fixedPitch()
    assert metrics.horizontalAdvance("iiii") == metrics.horizontalAdvance("MMMM")


def chart(qtbot: QtBot, states: list[DayState], failed: set[date]) -> DayChart:
    chart = DayChart()
    qtbot.addWidget(chart)
    chart.resize(600, 160)
    back = len(states) - 1
    shown = [(LAST - timedelta(days=back - place), state) for place, state in enumerate(states)]
    chart.show_days([structs.replace(day(0, state, 5), day=each.isoformat()) for each, state in shown], failed)
    chart.show()
    return chart


def test_the_chart_says_its_span(qtbot: QtBot) -> None:
    shown = chart(qtbot, [DayState.DELIVERED] * 3 + [DayState.TODAY], set())
    assert shown.title() == "Events per day, 2026-11-25 to 2026-11-28"


def test_the_chart_marks_a_day_whose_run_failed_also_once_it_is_delivered(qtbot: QtBot) -> None:
    states = [DayState.DELIVERED] * 3 + [DayState.TODAY]
    yesterday = LAST - timedelta(days=1)
    marked = chart(qtbot, states, {yesterday})
    assert colors_below_bars(marked) > 1
    unmarked = chart(qtbot, states, {LAST - timedelta(days=30)})
    assert unmarked._sign_room() == 0
    marked._choose(yesterday)
    assert "a run failed on this day" in marked.text_of_current()
    marked._choose(yesterday - timedelta(days=1))
    assert "failed" not in marked.text_of_current()


def test_without_signs_the_dates_stand_close_below_the_bars(qtbot: QtBot) -> None:
    states = [DayState.DELIVERED] * 3 + [DayState.TODAY]
    plain, marked = chart(qtbot, states, set()), chart(qtbot, states, {LAST - timedelta(days=1)})
    line = plain.fontMetrics().height()
    assert plain.height() - plain._plot().bottom() <= line + 8 < marked.height() - marked._plot().bottom()


def colors_below_bars(chart: DayChart) -> int:
    """How many colours are in the row of signs."""
    image = chart.grab().toImage()
    top = int(chart._plot().bottom()) + 4
    return len({image.pixel(x, y) for y in range(top, top + 10) for x in range(image.width())})
