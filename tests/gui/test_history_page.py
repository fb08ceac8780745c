"""The page History, over what the real exporter did."""

import shutil
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QPersistentModelIndex, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.actions.history import DayHistory, DayState, PastRun
from desktop_app.export.ledger import Archive, Outcome, Run, StartedBy, open_ledger
from desktop_app.gui import formats
from desktop_app.gui.history.archive_model import ArchiveModel
from desktop_app.gui.history.day_chart import DayChart, day_text
from desktop_app.gui.history.history_page import HistoryPage
from desktop_app.gui.history.run_model import RunFilter, RunModel
from desktop_app.schedule import daily_task
from desktop_app.schedule.task_state import TaskState
from desktop_app.settings.paths import Paths
from tests.gui.conftest import BuildWindow
from tests.gui.form_user import WAIT, open_page
from tests.gui.real_home import RealHome, days_ago, record
from tests.servers import Server


@pytest.fixture
def page(qtbot: QtBot, paths: Paths) -> HistoryPage:
    page = HistoryPage(paths)
    qtbot.addWidget(page)
    page.resize(820, 700)
    page.show()
    return page


@pytest.fixture
def past(paths: Paths, sshd: Server) -> RealHome:
    """Two days delivered by a run, one failed after it, and one that nothing was due for."""
    home = RealHome(paths, sshd)
    record(paths, *[{}] * 3, day=days_ago(3))
    record(paths, *[{}] * 2, day=days_ago(2))
    home.export()
    home.export()
    record(paths, {}, day=days_ago(1))
    home.export(password="wrong")
    return home


def show(qtbot: QtBot, page: HistoryPage, runs: int) -> None:
    page.refresh()
    qtbot.waitUntil(lambda: page._model.rowCount() == runs, timeout=WAIT)


def cells(page: HistoryPage, row: int) -> list[str]:
    model = page.runs.model()
    return [str(model.index(row, column).data()) for column in range(model.columnCount())]


def test_no_runs_yet(qtbot: QtBot, page: HistoryPage) -> None:
    page.refresh()
    qtbot.waitUntil(lambda: page.states.currentWidget() is page.empty, timeout=WAIT)
    assert "Switch the export on" in page.empty_text.text()


def test_no_runs_yet_and_switched_on(
    qtbot: QtBot, page: HistoryPage, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = int(datetime(2030, 1, 1, 2).timestamp() * 1000)
    task = TaskState(scheduler="systemd", name="task", installed=True, next_run=due)
    monkeypatch.setattr(daily_task, "standing", lambda *_: task)
    paths.config.mkdir(parents=True)
    paths.config_file.write_text('version = 2\nenabled = true\n[schedule]\nat = "02:00"\n')
    page.refresh()
    qtbot.waitUntil(lambda: "02:00" in page.empty_text.text(), timeout=WAIT)


def test_runs_their_archives_and_what_failed(qtbot: QtBot, page: HistoryPage, past: RealHome) -> None:
    show(qtbot, page, 3)
    assert page.states.currentWidget() is page.filled
    assert [cells(page, row)[RunModel.OUTCOME] for row in range(3)] == ["Failed", "Nothing due", "Delivered"]
    assert cells(page, 2)[RunModel.DAYS] == f"{days_ago(3)} to {days_ago(2)}"
    assert cells(page, 2)[RunModel.EVENTS] == "5"
    assert page.details.isHidden()

    page.runs.selectRow(0)
    assert page.details.isVisible()
    assert "did not accept user" in page.message.text()
    assert page.hint.isVisible() and page.archives.isHidden() and page.compare.isHidden()

    page.runs.selectRow(2)
    assert page.archives.isVisible() and page.message.isHidden() and page.hint.isHidden()
    names = [page.archives.model().index(row, ArchiveModel.NAME).data() for row in range(2)]
    assert names == [f"audit-trails-ws-{days_ago(back)}.zip" for back in (3, 2)]


def test_the_proof_of_an_archive(qtbot: QtBot, page: HistoryPage, past: RealHome, tmp_path: Path) -> None:
    show(qtbot, page, 3)
    page.runs.selectRow(2)
    page.archives.selectRow(1)
    page.copy_name.click()
    name = QApplication.clipboard().text()
    assert name == f"audit-trails-ws-{days_ago(2)}.zip"
    page.copy_sha256.click()
    with open_ledger(past.paths.ledger) as ledger:
        archive = ledger.delivered()[1]
    assert QApplication.clipboard().text() == archive.sha256

    copy = tmp_path / name
    shutil.copy(past.folder / name, copy)
    page.compare_copy(copy, archive)
    qtbot.waitUntil(lambda: "is the archive that was delivered" in page.compared.text(), timeout=WAIT)
    copy.write_bytes(copy.read_bytes() + b"\0")
    page.compare_copy(copy, archive)
    qtbot.waitUntil(lambda: "is not the archive that was delivered" in page.compared.text(), timeout=WAIT)
    copy.unlink()
    page.compare_copy(copy, archive)
    qtbot.waitUntil(lambda: "can't be read" in page.compared.text(), timeout=WAIT)


def test_filters(qtbot: QtBot, page: HistoryPage, past: RealHome) -> None:
    show(qtbot, page, 3)
    page.outcome.setCurrentIndex(page.outcome.findText("Failed"))
    assert [cells(page, row)[RunModel.OUTCOME] for row in range(page._filter.rowCount())] == ["Failed"]
    page.outcome.setCurrentIndex(0)
    page.search.setText(f"AUDIT-TRAILS {days_ago(2)}")
    assert [cells(page, row)[RunModel.OUTCOME] for row in range(page._filter.rowCount())] == ["Delivered"]
    page.search.setText("no such run")
    assert page.nothing.isVisible() and page.runs.isVisible()
    page.search.clear()
    assert page.nothing.isHidden() and page._filter.rowCount() == 3


def test_the_chart_tells_what_the_days_are(qtbot: QtBot, page: HistoryPage, past: RealHome) -> None:
    show(qtbot, page, 3)
    states = {day.day: day.state for day in page.chart.days_shown()}
    assert [states[days_ago(back).isoformat()] for back in (3, 2, 1, 0)] == [
        DayState.DELIVERED, DayState.DELIVERED, DayState.FAILED, DayState.TODAY,
    ]  # fmt: skip
    assert page.chart_facts.text() == page.chart.accessibleDescription()
    assert formats.short_day(days_ago(1)) in page.chart_facts.text()

    page.chart.setFocus()
    qtbot.keyClick(page.chart, Qt.Key.Key_End)
    qtbot.keyClick(page.chart, Qt.Key.Key_Left)
    assert formats.day(days_ago(1)) in page.chart_facts.text()
    assert "did not accept" in page.chart_facts.text()
    assert page.chart.accessibleDescription() == page.chart_facts.text()
    qtbot.keyClick(page.chart, Qt.Key.Key_Left)
    qtbot.keyClick(page.chart, Qt.Key.Key_Return)
    assert page.search.text() == days_ago(2).isoformat()
    qtbot.keyClick(page.chart, Qt.Key.Key_Escape)
    assert "failed" in page.chart_facts.text() or formats.short_day(days_ago(1)) in page.chart_facts.text()


def test_a_run_in_another_process_appears_and_the_choice_stays(
    qtbot: QtBot, open_window: BuildWindow, past: RealHome
) -> None:
    page = open_page(open_window(), HistoryPage)
    show(qtbot, page, 3)
    page.runs.selectRow(2)
    past.export()
    qtbot.waitUntil(lambda: page._model.rowCount() == 4, timeout=WAIT)
    assert page.runs.currentIndex().row() == 3
    assert page.archives.isVisible()


def test_a_broken_ledger_is_told(qtbot: QtBot, page: HistoryPage, paths: Paths) -> None:
    paths.data.mkdir(parents=True)
    paths.ledger.write_bytes(b"this is no database" * 100)
    page.refresh()
    qtbot.waitUntil(lambda: page.problem.isVisible(), timeout=WAIT)
    assert "can't be used" in page.problem.text


def test_broken_settings_leave_the_history_readable(qtbot: QtBot, page: HistoryPage, past: RealHome) -> None:
    past.paths.config_file.write_text("this is no TOML")
    show(qtbot, page, 3)
    assert page.problem.isHidden()


def past_run(number: int, outcome: Outcome | None, events: int = 0) -> PastRun:
    run = Run(
        id=number,
        started_ms=number * 1000,
        finished_ms=number * 1000 + events,
        started_by=list(StartedBy)[number % 3],
        pid=1,
        outcome=outcome,
        events=events,
        bytes=events * 10,
        code=None,
        message=None,
        hint=None,
    )
    return PastRun(run, [] if outcome is not Outcome.DELIVERED else [archive(number, events)])


def archive(number: int, events: int) -> Archive:
    day = date.fromordinal(739_000 + number).isoformat()
    return Archive(
        instance="ws", day=day, number=1, name=f"a{number}.zip", format="json", timezone="UTC", start_ms=0,
        end_ms=1, upto_seq=1, events=events, bytes=1, sha256="00", built_ms=0,
    )  # fmt: skip


def test_sorting_keeps_the_chosen_run(qtbot: QtBot) -> None:
    runs = RunModel()
    QAbstractItemModelTester(runs, QAbstractItemModelTester.FailureReportingMode.Fatal)
    shown = RunFilter(runs)
    QAbstractItemModelTester(shown, QAbstractItemModelTester.FailureReportingMode.Fatal)
    outcomes = [*Outcome, None]
    runs.show([past_run(n, outcomes[n % 5], events=(n * 7) % 11) for n in range(1, 40)])
    for column in range(runs.columnCount()):
        for order in Qt.SortOrder:
            chosen = runs.index(5, 0)
            kept, run = QPersistentModelIndex(chosen), runs.at(5)
            shown.sort(column, order)
            assert runs.at(kept.row()) is run
            key = runs._sort_key(column) if column else lambda past: past.run.id
            keys = [key(runs.at(row)) for row in range(39)]
            assert keys == sorted(keys, reverse=order == Qt.SortOrder.DescendingOrder)
    shown.set_filter("", frozenset({Outcome.FAILED}))
    assert 0 < shown.rowCount() < 39
    assert {shown.at(row).run.outcome for row in range(shown.rowCount())} == {Outcome.FAILED}
    runs.show([])
    assert shown.rowCount() == 0


def test_the_archive_model(qtbot: QtBot) -> None:
    model = ArchiveModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show([archive(1, 5), archive(2, 6)])
    assert model.index(1, ArchiveModel.NAME).data() == "a2.zip"


def day(back: int, state: DayState, delivered: int = 0, waiting: int = 0) -> DayHistory:
    return DayHistory(
        day=days_ago(back).isoformat(), state=state, delivered=delivered, waiting=waiting, archives=[],
        delivered_ms=None, message=None,
    )  # fmt: skip


def test_the_mouse_finds_the_day_under_it(qtbot: QtBot) -> None:
    chart = DayChart()
    qtbot.addWidget(chart)
    chart.resize(600, 150)
    chart.show_days(
        [day(back, DayState.DELIVERED, delivered=back) for back in range(40, 0, -1)] + [day(0, DayState.TODAY)]
    )
    chart.show()
    told: list[str] = []
    chart.told.connect(told.append)
    step = chart._step()
    for back in (0, 1, 39):
        qtbot.mouseMove(chart, QPoint(int(chart._plot().right() - (back + 0.5) * step), 60))
        assert told[-1].startswith(formats.day(days_ago(back)))
    qtbot.mouseMove(chart, QPoint(2, 60))
    assert told[-1] == ""


def test_a_narrow_chart_shows_the_latest_days(qtbot: QtBot) -> None:
    chart = DayChart()
    qtbot.addWidget(chart)
    chart.show_days([day(back, DayState.DELIVERED, 5) for back in range(89, 0, -1)] + [day(0, DayState.TODAY)])
    chart.resize(300, 150)
    few = chart.days_shown()
    chart.resize(1400, 150)
    assert len(few) < len(chart.days_shown()) == 90
    assert few == chart.days_shown()[-len(few) :]


def test_every_state_of_a_day_has_words() -> None:
    texts = {state: day_text(day(1, state, waiting=3)).partition(": ")[2] for state in DayState}
    assert "failed" in texts[DayState.FAILED] and "missing" in texts[DayState.MISSING]
    assert len(set(texts.values())) == len(DayState)


def test_a_screen_reader_is_told_of_the_day(qtbot: QtBot) -> None:
    chart = DayChart()
    qtbot.addWidget(chart)
    chart.show_days([day(1, DayState.MISSING), day(0, DayState.TODAY)])
    interface = QAccessible.queryAccessibleInterface(chart)
    assert interface is not None
    assert interface.text(QAccessible.Text.Name) == "Events per day"
    assert formats.short_day(days_ago(1)) in interface.text(QAccessible.Text.Description)
