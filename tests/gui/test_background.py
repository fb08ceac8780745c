"""What the pages do in the background, when one types quickly, asks something else, or closes the window."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop_app.errors import UserError
from desktop_app.gui.export.browse_dialog import BrowseDialog
from desktop_app.gui.export.export_page import ExportPage
from desktop_app.gui.export.failure_address_dialog import FailureAddressDialog
from desktop_app.gui.history.history_page import HistoryPage
from desktop_app.gui.sources.sources_page import SourcesPage
from desktop_app.gui.trails import finding
from desktop_app.gui.trails.trails_page import TrailsPage
from desktop_app.gui.window import MainWindow
from desktop_app.gui.worker import Worker
from desktop_app.settings.effective import load_settings, save_settings
from desktop_app.settings.model import FolderSource
from desktop_app.settings.paths import Paths
from desktop_app.wording import Said
from tests.gui.conftest import BuildWindow
from tests.gui.form_user import WAIT, answer, open_page
from tests.gui.real_home import record
from tests.gui.test_history_page import archive
from tests.gui.threads import workers


@pytest.fixture
def configured(paths: Paths) -> Paths:
    """Settings that nobody has tested, and a source."""
    settings = load_settings(paths)
    server = structs.replace(settings.server, host="sftp.example.com", user="audit", path="x")
    paths.config.mkdir(parents=True)
    source = FolderSource(name="hr", path=str(paths.config))
    save_settings(paths, structs.replace(settings, server=server, sources=(source,)))
    return paths


def found(page: TrailsPage) -> list[str]:
    model = page.events.model()
    return [str(model.index(row, 3).data()) for row in range(model.rowCount())]


def test_keys_typed_quickly_leave_nothing_behind(qtbot: QtBot, open_window: BuildWindow, paths: Paths) -> None:
    record(paths, *({"entityName": f"e{number}"} for number in range(20_000)))
    page = open_page(open_window(), TrailsPage)
    qtbot.waitUntil(lambda: not page._finding.running, timeout=WAIT)
    before = page.findChildren(Worker)
    for key in "e19999 nowhere 1":
        qtbot.keyClicks(page.filters.search, key)
    page.filters.search.setText("e19999")
    qtbot.waitUntil(lambda: not page._finding.running and not workers(), timeout=WAIT)
    assert found(page) == ["e19999 · Wi-Fi"]
    assert page.findChildren(Worker) == before


def test_what_was_asked_before_is_never_shown(
    qtbot: QtBot, open_window: BuildWindow, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(paths, {"entityName": "old"}, {"entityName": "new"})
    page = open_page(open_window(), TrailsPage)
    qtbot.waitUntil(lambda: not page._finding.running, timeout=WAIT)
    held, find = threading.Event(), finding.find_events

    def find_late(paths: Any, zone: Any, question: Any, stop: Any, tell: Callable[[object], None]) -> None:
        answers: list[object] = []
        find(paths, zone, question, stop, answers.append)
        if question.sought.text == "old":
            held.wait(20)
        for each in answers:
            tell(each)

    monkeypatch.setattr(finding, "find_events", find_late)
    page.filters.search.setText("old")
    page.filters.search.setText("new")
    qtbot.waitUntil(lambda: not page._finding.running, timeout=WAIT)
    held.set()
    qtbot.waitUntil(lambda: not workers(), timeout=WAIT)
    qtbot.wait(1)
    assert found(page) == ["new · Wi-Fi"]


def export(window: MainWindow) -> ExportPage:
    return open_page(window, ExportPage)


def compare_copy(window: MainWindow) -> None:
    open_page(window, HistoryPage).compare_copy(Path(__file__), archive(1, 1))


def edit_a_source(window: MainWindow) -> None:
    open_page(window, SourcesPage).source_editor.edit(FolderSource(name="hr", path="/"))


def browse(window: MainWindow) -> None:
    BrowseDialog(load_settings(window.paths).server, window.paths, "p", window).open()


WORK: dict[str, Callable[[MainWindow], object]] = {
    "desktop_app.actions.status.status": lambda window: export(window).refresh(),
    "desktop_app.actions.browse_server.look_into": browse,
    "desktop_app.actions.failure_address.reports": lambda window: FailureAddressDialog(
        window.paths, window
    ).open(),
    "desktop_app.actions.probe_and_save.probe_and_save": lambda window: export(window)._test.start({}, "p"),
    "desktop_app.actions.run.run_once": lambda window: export(window)._export.start(),
    "desktop_app.gui.export.unreadable.put_aside": lambda window: export(window)._unreadable.begin_anew(),
    "desktop_app.gui.history.history_page.is_copy": compare_copy,
    "desktop_app.gui.history.history_page.whole_history": lambda window: open_page(window, HistoryPage),
    "desktop_app.gui.sources.source_editor.look_into": edit_a_source,
    "desktop_app.gui.sources.sources_page.list_sources": lambda window: open_page(window, SourcesPage),
    "desktop_app.gui.trails.finding.find_events": lambda window: open_page(window, TrailsPage),
    "desktop_app.notify.address.shown_address": lambda window: export(window).tells_failures.look(window.paths),
    "desktop_app.schedule.daily_task.mend": lambda window: export(window)._task.mend(),
    "desktop_app.actions.run_daily_task.run_daily_task": lambda window: export(window)._task.test(),
    "desktop_app.schedule.password_at_night.keepers": lambda window: export(window)._task.choose_keeper(),
}


@pytest.fixture
def go_on() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


@pytest.mark.parametrize("how", ["close", "end"])
@pytest.mark.parametrize("work", WORK)
def test_closing_in_the_middle(
    qtbot: QtBot,
    configured: Paths,
    open_window: BuildWindow,
    monkeypatch: pytest.MonkeyPatch,
    go_on: threading.Event,
    work: str,
    how: str,
) -> None:
    """What can't be stopped is waited for, and nothing of it is shown, nor told to the hook for defects."""
    begun = threading.Event()

    def held(*_: object, **__: object) -> object:
        begun.set()
        assert go_on.wait(20)
        raise UserError(Said("This comes too late."))

    window = open_window()
    monkeypatch.setattr(work, held)
    WORK[work](window)
    qtbot.waitUntil(begun.is_set, timeout=WAIT)
    threading.Timer(0.2, go_on.set).start()
    if getattr(window, how)() is False:  # an export is asked about
        answer("&Stop it and close")
        qtbot.waitUntil(window.isHidden, timeout=WAIT)
    qtbot.waitUntil(lambda: not workers(), timeout=WAIT)
    qtbot.wait(1)
    assert not [label for label in window.findChildren(QLabel) if "too late" in label.text()]
