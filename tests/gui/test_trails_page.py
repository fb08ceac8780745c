"""The page Audit trails, over a real store and what the real exporter delivered of it."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.export.ledger import open_ledger
from desktop_app.gui import formats
from desktop_app.gui.trails.difference_model import DifferenceModel
from desktop_app.gui.trails.event_model import PAGE, EventModel
from desktop_app.gui.trails.trails_page import TrailsPage
from desktop_app.settings.paths import Paths
from desktop_app.trails.differences import differences
from desktop_app.trails.store.browse import Key, sections
from desktop_app.trails.store.span import Span
from desktop_app.trails.store.store import open_store_to_read
from tests.gui.conftest import BuildWindow
from tests.gui.form_user import WAIT, open_page
from tests.gui.real_home import RealHome, days_ago, record
from tests.servers import Server

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


@pytest.fixture
def page(qtbot: QtBot, paths: Paths) -> TrailsPage:
    page = TrailsPage(paths)
    QAbstractItemModelTester(page._model, FATAL, page)
    QAbstractItemModelTester(page._differences, FATAL, page)
    qtbot.addWidget(page)
    page.resize(820, 700)
    page.show()
    return page


def refresh(qtbot: QtBot, page: TrailsPage) -> None:
    page.refresh()
    wait(qtbot, page)


def wait(qtbot: QtBot, page: TrailsPage) -> None:
    qtbot.waitUntil(lambda: not page._finding.running, timeout=20_000)


def column(page: TrailsPage, number: int) -> list[str]:
    return [str(page._model.index(row, number).data()) for row in range(page._model.rowCount())]


def entities(page: TrailsPage) -> list[str]:
    return [text.partition(" · ")[0] for text in column(page, EventModel.ENTITY)]


def test_looking_makes_no_store(qtbot: QtBot, page: TrailsPage, paths: Paths) -> None:
    refresh(qtbot, page)
    assert page.states.currentWidget() is page.empty
    assert not paths.store.exists()


def test_no_events_yet_and_then_the_first(qtbot: QtBot, open_window: BuildWindow, paths: Paths) -> None:
    page = open_page(open_window(), TrailsPage)
    refresh(qtbot, page)
    assert page.states.currentWidget() is page.empty
    record(paths, {"entityName": "First"})
    qtbot.waitUntil(lambda: page.states.currentWidget() is page.filled, timeout=WAIT)
    assert entities(page) == ["First"]


def test_newest_first_and_a_row_in_words(qtbot: QtBot, page: TrailsPage, paths: Paths) -> None:
    record(paths, {"entityName": "Old", "createdAt": "2026-11-20T08:00:00Z"})
    record(paths, {"entityName": "New", "createdAt": "2026-11-21T08:00:00Z", "actor": {"user": "anna"}})
    record(paths, {"entityName": "Middle", "createdAt": "2026-11-20T09:00:00Z"})
    refresh(qtbot, page)
    assert entities(page) == ["New", "Middle", "Old"]
    row = [page._model.index(0, number).data() for number in range(1, page._model.columnCount())]
    assert row == ["anna", "Update", "New · Wi-Fi", "Waiting"]


def test_delivered_and_waiting(qtbot: QtBot, page: TrailsPage, paths: Paths, sshd: Server) -> None:
    home = RealHome(paths, sshd)
    record(paths, {"entityName": "A"}, {"entityName": "B"}, day=days_ago(2))
    home.export()
    record(paths, {"entityName": "Late"}, day=days_ago(2))
    record(paths, {"entityName": "Yesterday"}, day=days_ago(1))
    refresh(qtbot, page)
    states = dict(zip(entities(page), column(page, EventModel.STATE), strict=True))
    assert {name: states[name] for name in ("A", "B", "Late", "Yesterday")} == {
        "A": "Delivered", "B": "Delivered", "Late": "Waiting", "Yesterday": "Waiting",
    }  # fmt: skip

    page.state.setCurrentIndex(page.state.findText("Delivered"))
    wait(qtbot, page)
    assert entities(page) == ["B", "A"]
    page.state.setCurrentIndex(page.state.findText("Waiting"))
    page.day.setCurrentIndex(page.day.findText(formats.day(days_ago(2))))
    wait(qtbot, page)
    assert entities(page) == ["Late"]
    page.state.setCurrentIndex(0)
    page.search.setText("a")
    wait(qtbot, page)
    assert entities(page) == ["Late", "A"] or entities(page) == ["Late", "B", "A"]  # "update" has an a too
    page.clear.click()
    wait(qtbot, page)
    assert len(entities(page)) == page._model.rowCount() == 5  # and the delivery itself

    page.state.setCurrentIndex(page.state.findText("Delivered"))
    wait(qtbot, page)
    page.events.selectRow(0)
    with open_ledger(paths.ledger) as ledger:
        archive = ledger.delivered()[0]
    assert archive.name in page.delivery_text.text()
    page.copy_sha256.click()
    assert QApplication.clipboard().text() == archive.sha256


def test_details_go_with_the_choice_when_a_filter_takes_it_away(
    qtbot: QtBot, page: TrailsPage, paths: Paths, sshd: Server
) -> None:
    home = RealHome(paths, sshd)
    for ago in (3, 2):
        record(paths, {"entityName": f"{ago} days ago"}, day=days_ago(ago))
        home.export()
    with open_ledger(paths.ledger) as ledger:
        archives = {archive.name: archive.sha256 for archive in ledger.delivered()}
    assert len(archives) == 2
    for name, change in (
        ("state", lambda: page.state.setCurrentIndex(page.state.findText("Delivered"))),
        ("search", lambda: page.search.setText("ago")),
    ):
        refresh(qtbot, page)
        page.events.selectRow(entities(page).index("3 days ago"))
        shown = next(archive for archive in archives if archive in page.delivery_text.text())
        page.copy_sha256.click()
        assert QApplication.clipboard().text() == archives[shown]
        change()
        wait(qtbot, page)
        assert page.details.isHidden(), name


def test_search_as_one_types(qtbot: QtBot, page: TrailsPage, paths: Paths) -> None:
    names = ["Müller's iPad", "100% done", "1000 done", "rule_1", "ruleX1", "会議室アプリ"]
    record(paths, *({"entityName": name} for name in names))
    refresh(qtbot, page)
    for text, found in (
        ("mü", ["Müller's iPad"]),
        ("100%", ["100% done"]),
        ("DONE 100", ["1000 done", "100% done"]),
        ("rule_", ["rule_1"]),
        ("アプリ", ["会議室アプリ"]),
        ("no such thing", []),
    ):
        page.search.clear()
        qtbot.keyClicks(page.search, text) if text.isascii() else page.search.setText(text)
        wait(qtbot, page)
        assert entities(page) == found, text
    assert "No event matches" in page.facts.text() and page.clear.isVisible()
    assert page.states.currentWidget() is page.filled


def test_before_and_after_side_by_side(qtbot: QtBot, page: TrailsPage, paths: Paths) -> None:
    before = {"ssid": "office", "security": "WPA2", "hidden": False}
    after = {"ssid": "office", "security": "WPA3", "band": 6.0}
    record(paths, {"before": before, "after": after, "entityId": "wifi-12", "severity": "High"}, {})
    refresh(qtbot, page)
    assert page.details.isHidden()
    page.events.selectRow(1)
    assert page.details.isVisible()
    assert page.event_title.text() == "Update · Office"
    assert "wifi-12" in page.event_facts.text() and "High" in page.event_facts.text()
    assert table(page) == [
        ["", "ssid", "office", "office"],
        ["≠", "security", "WPA2", "WPA3"],
        ["−", "hidden", "false", None],
        ["+", "band", None, "6.0"],
    ]
    signs = [page._differences.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(4)]
    assert signs == ["the same", "changed", "removed", "added"]
    page.only_changes.click()
    assert [row[1] for row in table(page)] == ["security", "hidden", "band"]

    page.copy_json.click()
    assert json.loads(QApplication.clipboard().text())["after"] == after
    page.copy_line.click()
    line = QApplication.clipboard().text()
    assert "\n" not in line and '"band":6.0' in line

    page.events.selectRow(0)
    assert page.differences.isHidden() and "no state" in page.changes.text()
    page.events.setFocus()
    qtbot.keyClick(page.events, Qt.Key.Key_Escape)
    assert page.details.isHidden()


def table(page: TrailsPage) -> list[list[str | None]]:
    model = page._differences
    return [[model.index(row, each).data() for each in range(4)] for row in range(model.rowCount())]


def test_the_choice_stays_when_events_arrive(qtbot: QtBot, open_window: BuildWindow, paths: Paths) -> None:
    page = open_page(open_window(), TrailsPage)
    record(paths, *({"entityName": f"e{n:03}"} for n in range(300)))
    refresh(qtbot, page)
    page.events.selectRow(2)
    record(paths, *({"entityName": f"new{n}"} for n in range(5)))
    qtbot.waitUntil(lambda: page._model.rowCount() == 305, timeout=WAIT)
    wait(qtbot, page)
    assert page.events.currentIndex().row() == 7
    assert page.event_title.text() == "Update · e297"
    page.events.scrollTo(page._model.index(200, 0), page.events.ScrollHint.PositionAtTop)
    top = entities(page)[page.events.rowAt(0)]
    record(paths, *({"entityName": f"newer{n}"} for n in range(5)))
    qtbot.waitUntil(lambda: page._model.rowCount() == 310, timeout=WAIT)
    wait(qtbot, page)
    assert entities(page)[page.events.rowAt(0)] == top
    assert page.event_title.text() == "Update · e297"


def test_days_are_those_of_the_exports_zone(qtbot: QtBot, page: TrailsPage, paths: Paths) -> None:
    paths.config.mkdir(parents=True)
    paths.config_file.write_text('version = 2\n[export]\ntimezone = "Europe/Berlin"\n')
    # The 25th lasts 25 hours there: from 22:00 to 23:00 by UTC.
    for name, moment in (("a", "24T21:59"), ("b", "24T22:00"), ("c", "25T22:59"), ("d", "25T23:00")):
        record(paths, {"entityName": name, "createdAt": f"2026-10-{moment}:00Z"})
    refresh(qtbot, page)
    page.day.setCurrentIndex(2)
    wait(qtbot, page)
    assert entities(page) == ["c", "b"]
    assert [text.split()[-1] for text in column(page, EventModel.TIME)] == ["23:59:00", "00:00:00"]


def test_broken_settings_leave_the_events_readable(qtbot: QtBot, page: TrailsPage, paths: Paths) -> None:
    record(paths, {})
    paths.config_file.write_text('version = 2\n[export]\ntimezone = "Nowhere/Land"\n')
    refresh(qtbot, page)
    assert entities(page) == ["Office"]
    paths.config_file.write_text("this is no TOML")
    refresh(qtbot, page)
    assert entities(page) == ["Office"]


def test_a_broken_store_is_told(qtbot: QtBot, page: TrailsPage, paths: Paths) -> None:
    paths.data.mkdir(parents=True)
    paths.store.write_bytes(b"this is no database" * 100)
    page.refresh()
    qtbot.waitUntil(lambda: page.problem.isVisible(), timeout=WAIT)
    assert "can't be used" in page.problem.text


def test_closing_in_the_middle_of_a_search(qtbot: QtBot, page: TrailsPage, paths: Paths) -> None:
    record(paths, *({"entityName": f"e{n}"} for n in range(20_000)))
    page.search.setText("e")
    page.end()
    assert page._model.rowCount() == 0


def test_the_model_reads_pages_of_any_part(qtbot: QtBot, paths: Paths) -> None:
    start = datetime(2026, 11, 20, tzinfo=UTC)
    record(
        paths,
        *(
            {"entityName": str(n), "createdAt": (start + timedelta(minutes=n)).isoformat()}
            for n in range(3 * PAGE)
        ),
    )
    store = open_store_to_read(paths.store)
    parts = sections(store, [Span()])
    model = EventModel()
    QAbstractItemModelTester(model, FATAL, model)
    model.show_range(store, parts, [], formats.zone_of("UTC"))
    rows = model.rowCount()
    assert rows == 3 * PAGE
    for row in (rows - 1, 0, PAGE, PAGE - 1, 2 * PAGE + 5):
        shown = model.event_at(row)
        assert shown is not None and shown.event.entity_name == str(rows - 1 - row)
        assert model.row_of(Key(shown.event.created_ms, shown.event.seq)) == row
    assert model.event_at(-1) is None and model.event_at(rows) is None
    model.close()
    assert model.rowCount() == 0

    store = open_store_to_read(paths.store)
    model.show_found(store, [], formats.zone_of("UTC"))
    newest = [Key(int((start + timedelta(minutes=n)).timestamp() * 1000), n + 1) for n in range(rows - 1, -1, -1)]
    for first in range(0, 300, 100):
        model.add_found(newest[first : first + 100])
    assert [model.index(row, EventModel.ENTITY).data() for row in (0, 127, 128, 299)] == [
        f"{rows - 1 - row} · Wi-Fi" for row in (0, 127, 128, 299)
    ]
    model.close()


def test_the_model_of_differences(qtbot: QtBot) -> None:
    model = DifferenceModel()
    QAbstractItemModelTester(model, FATAL, model)
    model.show(list(differences(b'{"a":1,"b":2}', b'{"a":1,"b":3}')))
    model.show_only_changes(True)
    assert model.rowCount() == 1
    model.show([])
    assert model.rowCount() == 0
