"""One time zone in the whole window, that of the export, which the window names."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from msgspec import structs
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop_app.export.ledger import StartedBy, open_ledger
from desktop_app.gui.formats import by_own_clock, near, zone_of
from desktop_app.gui.history.history_page import HistoryPage
from desktop_app.gui.sources.sources_model import WHEN
from desktop_app.gui.sources.sources_page import SourcesPage
from desktop_app.gui.trails.trails_page import TrailsPage
from desktop_app.schedule import daily_task
from desktop_app.schedule.task_state import TaskState
from desktop_app.settings.effective import load_settings, save_settings
from desktop_app.settings.model import FolderSource
from desktop_app.settings.paths import Paths
from desktop_app.sources.last_read import LastRead, remembered
from desktop_app.sources.so_far import address_in_store
from desktop_app.trails.store.known_sources import enter_source
from desktop_app.trails.store.places import remember
from desktop_app.trails.store.store import open_store
from tests.gui.conftest import BuildWindow
from tests.gui.form_user import WAIT, FormUser, open_page
from tests.gui.real_home import record

ZONE = "Pacific/Kiritimati"  # 14 hours before UTC: on no computer that tests run on


def at(day: int, hour: int, minute: int) -> int:
    return int(datetime(2026, 11, day, hour, minute, tzinfo=UTC).timestamp() * 1000)


@pytest.fixture
def installation(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> Iterator[Paths]:
    """On, with one run, an event, and a source that was read: all at 8:15 by UTC, which is 22:15 there."""
    task = TaskState(scheduler="systemd", name="t", installed=True, next_run=at(29, 8, 15))
    monkeypatch.setattr(daily_task, "standing", lambda *_: task)
    settings = load_settings(paths)
    server = structs.replace(settings.server, host="sftp.example.com", user="audit", path="x")
    source = FolderSource(name="hr", path=str(paths.config))
    export = structs.replace(settings.export, timezone=ZONE)
    paths.config.mkdir(parents=True)
    save_settings(paths, structs.replace(settings, enabled=True, server=server, export=export, sources=(source,)))
    record(paths, {"createdAt": "2026-11-20T08:15:00Z"})
    with open_ledger(paths.ledger) as ledger:
        ledger.begin_run(StartedBy.SCHEDULE, 1, at(20, 8, 15))
    with open_store(paths.store) as store:
        known = enter_source(store, "hr", address_in_store(source), {"hr"})
        remember(store, known.label, remembered(LastRead(at_ms=at(20, 8, 15), read=1)))
    yield paths


def test_all_pages_have_it_and_the_window_names_it(
    installation: Paths, open_window: BuildWindow, qtbot: QtBot
) -> None:
    form = FormUser(qtbot, open_window())
    window, page = form.window, form.page
    qtbot.waitUntil(lambda: "22:15" in page.next_export.text, timeout=WAIT)
    assert "22:15" in page.last_export.text
    name = window.findChild(QLabel, "time_zone")
    qtbot.waitUntil(lambda: name.text() == f"Times in {ZONE}", timeout=WAIT)
    history = open_page(window, HistoryPage)
    qtbot.waitUntil(lambda: history.runs.model().rowCount() == 1, timeout=WAIT)
    assert history.runs.model().index(0, 0).data() == "2026-11-20 22:15:00"
    trails = open_page(window, TrailsPage)
    qtbot.waitUntil(lambda: trails.events.model().rowCount() == 1, timeout=WAIT)
    assert trails.events.model().index(0, 0).data() == "2026-11-20 22:15:00"
    sources = open_page(window, SourcesPage)
    qtbot.waitUntil(lambda: sources.model.rowCount() == 1, timeout=WAIT)
    assert "22:15" in sources.model.index(0, WHEN).data() and "22:15" in sources.about.text()


def test_it_follows_the_settings(installation: Paths, open_window: BuildWindow, qtbot: QtBot) -> None:
    form = FormUser(qtbot, open_window())
    settings = load_settings(installation)
    save_settings(installation, structs.replace(settings, export=structs.replace(settings.export, timezone="UTC")))
    name = form.window.findChild(QLabel, "time_zone")
    qtbot.waitUntil(lambda: name.text() == "Times in UTC", timeout=WAIT)
    qtbot.waitUntil(lambda: "08:15" in form.page.next_export.text, timeout=WAIT)


def test_days_are_named_by_the_day_there() -> None:
    now = at(20, 9, 30)  # 23:30 there
    assert near(at(20, 9, 45), zone_of(ZONE), now) == "Today 23:45"
    assert near(at(20, 10, 15), zone_of(ZONE), now) == "Tomorrow 00:15"
    assert near(at(19, 9, 59), zone_of(ZONE), now) == "Yesterday 23:59"
    assert near(at(20, 10, 15), zone_of("UTC"), now) == "Today 10:15"
    assert near(at(24, 9, 0), zone_of(ZONE), now) == "24 Nov, 23:00"


def test_a_time_of_day_of_this_computer_says_so_where_its_zone_is_another() -> None:
    assert by_own_clock("02:17", zone_of("local")) == "02:17"
    assert by_own_clock("02:17", zone_of(ZONE)).startswith("02:17 (")
