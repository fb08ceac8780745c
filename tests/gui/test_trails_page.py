"""The page Events, over a real store and what the real exporter delivered of it."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, QItemSelectionModel, QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.actions.hand_over import Form
from desktop_app.export.ledger import open_ledger
from desktop_app.gui import formats
from desktop_app.gui.trails.difference_model import DifferenceModel
from desktop_app.gui.trails.event_filters import Period
from desktop_app.gui.trails.event_model import PAGE, EventModel
from desktop_app.gui.trails.trails_page import TrailsPage
from desktop_app.settings.paths import Paths
from desktop_app.trails.differences import differences
from desktop_app.trails.event import parse_event
from desktop_app.trails.store.browse import Key, sections
from desktop_app.trails.store.known_sources import enter_source
from desktop_app.trails.store.span import Span
from desktop_app.trails.store.store import open_store, open_store_to_read
from tests.gui.conftest import BuildWindow
from tests.gui.form_user import WAIT, open_page
from tests.gui.real_home import RealHome, days_ago, record
from tests.servers import Server

ADD_ROW = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


@pytest.fixture
def page(qtbot: QtBot, paths: Paths) -> TrailsPage:
    page = TrailsPage(paths)
    QAbstractItemModelTester(page._model, FATAL, page)
    QAbstractItemModelTester(page.details._differences, FATAL, page)
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

    page.filters.state.setCurrentIndex(page.filters.state.findText("Delivered"))
    wait(qtbot, page)
    assert entities(page) == ["B", "A"]
    page.filters.state.setCurrentIndex(page.filters.state.findText("Waiting"))
    page.filters.day.setCurrentIndex(page.filters.day.findText(formats.day(days_ago(2))))
    wait(qtbot, page)
    assert entities(page) == ["Late"]
    page.filters.state.setCurrentIndex(0)
    page.filters.search.setText("a")
    wait(qtbot, page)
    assert entities(page) == ["Late", "A"] or entities(page) == ["Late", "B", "A"]  # "update" has an a too
    page.clear.click()
    wait(qtbot, page)
    assert len(entities(page)) == page._model.rowCount() == 5  # and the delivery itself

    page.filters.state.setCurrentIndex(page.filters.state.findText("Delivered"))
    wait(qtbot, page)
    page.events.selectRow(0)
    with open_ledger(paths.ledger) as ledger:
        archive = ledger.delivered()[0]
    assert archive.name in page.details.delivery_text.text()
    page.details.copy_sha256.click()
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
        ("state", lambda: page.filters.state.setCurrentIndex(page.filters.state.findText("Delivered"))),
        ("search", lambda: page.filters.search.setText("ago")),
    ):
        refresh(qtbot, page)
        page.events.selectRow(entities(page).index("3 days ago"))
        shown = next(archive for archive in archives if archive in page.details.delivery_text.text())
        page.details.copy_sha256.click()
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
        page.filters.search.clear()
        qtbot.keyClicks(page.filters.search, text) if text.isascii() else page.filters.search.setText(text)
        wait(qtbot, page)
        assert entities(page) == found, text
    assert page.nothing.isVisible() and page.clear.isHidden()
    assert page.states.currentWidget() is page.filled


def test_before_and_after_side_by_side(qtbot: QtBot, page: TrailsPage, paths: Paths) -> None:
    before = {"ssid": "office", "security": "WPA2", "hidden": False}
    after = {"ssid": "office", "security": "WPA3", "band": 6.0}
    record(paths, {"before": before, "after": after, "entityId": "wifi-12", "severity": "High"}, {})
    refresh(qtbot, page)
    assert page.details.isHidden()
    page.events.selectRow(1)
    assert page.details.isVisible()
    assert page.details.event_title.text() == "Update · Office"
    assert "wifi-12" in page.details.event_facts.text() and "High" in page.details.event_facts.text()
    assert table(page) == [
        ["", "ssid", "office", "office"],
        ["≠", "security", "WPA2", "WPA3"],
        ["−", "hidden", "false", None],
        ["+", "band", None, "6.0"],
    ]
    signs = [page.details._differences.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(4)]
    assert signs == ["the same", "changed", "removed", "added"]
    page.details.only_changes.click()
    assert [row[1] for row in table(page)] == ["security", "hidden", "band"]

    page.details.copy_json.click()
    assert json.loads(QApplication.clipboard().text())["after"] == after
    page.details.copy_line.click()
    line = QApplication.clipboard().text()
    assert "\n" not in line and '"band":6.0' in line

    page.events.selectRow(0)
    assert page.details.differences.isHidden() and "no state" in page.details.changes.text()
    page.events.setFocus()
    qtbot.keyClick(page.events, Qt.Key.Key_Escape)
    assert page.details.isHidden()


def table(page: TrailsPage) -> list[list[str | None]]:
    model = page.details._differences
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
    assert page.details.event_title.text() == "Update · e297"
    page.events.scrollTo(page._model.index(200, 0), page.events.ScrollHint.PositionAtTop)
    top = entities(page)[page.events.rowAt(0)]
    record(paths, *({"entityName": f"newer{n}"} for n in range(5)))
    qtbot.waitUntil(lambda: page._model.rowCount() == 310, timeout=WAIT)
    wait(qtbot, page)
    assert entities(page)[page.events.rowAt(0)] == top
    assert page.details.event_title.text() == "Update · e297"


def choose_period(page: TrailsPage, period: Period) -> None:
    page.filters.day.setCurrentIndex(
        next(row for row in range(page.filters.day.count()) if page.filters.day.itemData(row) is period)
    )


def test_filters(qtbot: QtBot, page: TrailsPage, paths: Paths) -> None:
    for ago, name in ((0, "today"), (1, "yesterday"), (5, "five"), (9, "nine")):
        record(paths, {"entityName": name, "actor": {"user": f"u{ago}@example.com"}}, day=days_ago(ago))
    with open_store(paths.store) as store:
        source = enter_source(store, "okta", "folder:/x", []).number
        event = {
            "createdAt": f"{days_ago(9)}T07:00:00Z",
            "entityType": "T",
            "entityName": "o",
            "actionType": "Del",
        }
        store.append([parse_event(json.dumps(event).encode())], source)
    refresh(qtbot, page)
    for period, expected in (
        (Period.TODAY, ["today"]),
        (Period.YESTERDAY, ["yesterday"]),
        (Period.LAST_7_DAYS, ["today", "yesterday", "five"]),
        (Period.ALL, ["today", "yesterday", "five", "nine", "o"]),
    ):
        choose_period(page, period)
        wait(qtbot, page)
        assert entities(page) == expected, period
        assert not page.filters.span.isVisible()
    choose_period(page, Period.SPAN)
    assert page.filters.span.isVisible()
    page.filters.first.setDate(QDate(days_ago(9)))
    assert page.filters.first.text() == days_ago(9).isoformat()  # as in the table
    page.filters.last.setDate(QDate(days_ago(5)))
    wait(qtbot, page)
    assert entities(page) == ["five", "nine", "o"]
    page.filters.actor.setText("u9")
    wait(qtbot, page)
    assert entities(page) == ["nine"]
    page.clear.click()
    wait(qtbot, page)
    assert len(entities(page)) == 5 and page.clear.isHidden()
    for field, text, expected in (("action", "del", ["o"]), ("entity", "five", ["five"])):
        getattr(page.filters, field).setText(text)
        wait(qtbot, page)
        assert entities(page) == expected
        getattr(page.filters, field).clear()
    page.filters.source.setCurrentIndex(page.filters.source.findText("okta"))
    wait(qtbot, page)
    assert entities(page) == ["o"]
    page.filters.source.setCurrentIndex(page.filters.source.findText("Recorded here"))
    wait(qtbot, page)
    assert entities(page) == ["today", "yesterday", "five", "nine"]


def handed(qtbot: QtBot, page: TrailsPage, file: Path, form: Form) -> Path:
    page._hand_over.write(file, form)
    qtbot.waitUntil(lambda: not page._hand_over.worker.running, timeout=WAIT)
    assert str(file) in page.handed.text
    return file


def test_chosen_events_are_handed_over(
    qtbot: QtBot, page: TrailsPage, paths: Paths, sshd: Server, tmp_path: Path
) -> None:
    home = RealHome(paths, sshd)
    record(paths, *({"entityName": f"e{number}"} for number in range(5)), day=days_ago(2))
    home.export()
    refresh(qtbot, page)
    page.filters.entity.setText("e")
    page.filters.search.setText("office")
    page.filters.search.clear()
    page.filters.day.setCurrentIndex(page.filters.day.findText(formats.day(days_ago(2))))
    page.filters.entity.clear()
    wait(qtbot, page)
    assert entities(page) == ["e4", "e3", "e2", "e1", "e0"]
    for row in (1, 3):
        page.events.selectionModel().select(page._model.index(row, 0), ADD_ROW)
    page._hand_over._name_entries()
    assert page._hand_over.menu.actions()[0].text().startswith("2 chosen event")
    found = json.loads(handed(qtbot, page, tmp_path / "chosen.json", "json").read_text("utf-8"))
    assert [each["event"]["entityName"] for each in found] == ["e1", "e3"]
    with open_ledger(paths.ledger) as ledger:
        archive = ledger.delivered()[0]
    assert {each["archive"] for each in found} == {archive.name} and [each["line"] for each in found] == [3, 5]
    assert "2 event" in page.handed.text

    record(paths, {"entityName": "late"}, day=days_ago(2))  # what is chosen stays so
    refresh(qtbot, page)
    assert page.events.selectionModel().isRowSelected(2) and page.events.selectionModel().isRowSelected(4)

    page.events.clearSelection()
    page._hand_over._name_entries()
    assert page._hand_over.menu.actions()[1].text().startswith("All 6 event")
    assert handed(qtbot, page, tmp_path / "all.html", "html").read_text("utf-8").count("<section>") == 6
    page.events.selectAll()
    lines = handed(qtbot, page, tmp_path / "all.csv", "csv").read_bytes().splitlines()
    assert len(lines) == 7
    page._hand_over.write(tmp_path / "no" / "such.csv", "csv")
    qtbot.waitUntil(lambda: "could not be written" in page.handed.text, timeout=WAIT)


def test_a_right_click_offers_to_hand_over(qtbot: QtBot, page: TrailsPage, paths: Paths) -> None:
    record(paths, {}, {})
    refresh(qtbot, page)
    page.events.customContextMenuRequested.emit(QPoint(10, 10))
    qtbot.waitUntil(page._hand_over.menu.isVisible, timeout=WAIT)
    assert page._hand_over.menu.actions()[0].text().startswith("All 2")
    page._hand_over.menu.close()


def test_days_are_those_of_the_exports_zone(qtbot: QtBot, page: TrailsPage, paths: Paths) -> None:
    paths.config.mkdir(parents=True)
    paths.config_file.write_text('version = 2\n[export]\ntimezone = "Europe/Berlin"\n')
    # The 25th lasts 25 hours there: from 22:00 to 23:00 by UTC.
    for name, moment in (("a", "24T21:59"), ("b", "24T22:00"), ("c", "25T22:59"), ("d", "25T23:00")):
        record(paths, {"entityName": name, "createdAt": f"2026-10-{moment}:00Z"})
    refresh(qtbot, page)
    page.filters.day.setCurrentIndex(page.filters.day.findText(formats.day(date(2026, 10, 25))))
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
    page.filters.search.setText("e")
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
