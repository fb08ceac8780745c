"""What is done elsewhere, or by this window, is shown by itself."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from desktop_app.gui import file_watch
from desktop_app.gui.export.export_page import ExportPage
from desktop_app.gui.file_watch import FileWatch
from desktop_app.gui.sources.sources_page import SourcesPage
from desktop_app.gui.worker import something_was_done
from desktop_app.settings.paths import Paths
from tests.gui.conftest import BuildWindow
from tests.gui.form_user import WAIT, open_page
from tests.gui.real_home import record

Told = list[int]


@pytest.fixture
def told(qtbot: QtBot) -> Iterator[Told]:
    """One entry for each time that something was told."""
    told: Told = []
    listener = QObject()
    something_was_done().told.connect(lambda: told.append(1))
    yield told
    listener.deleteLater()


@pytest.fixture
def watch(qtbot: QtBot, paths: Paths, told: Told, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileWatch]:
    """A watch that has looked at the files once, and tells by the files' own signs alone."""
    monkeypatch.setattr(file_watch, "_SETTLED_MS", 400)
    watch = FileWatch(paths)
    for timer in (watch._slowly, watch._anyway):
        timer.stop()
    settle(qtbot, watch)
    assert not told
    yield watch
    watch.end()


def settle(qtbot: QtBot, watch: FileWatch) -> None:
    """Until nothing is left to be looked at."""
    timers = watch.findChildren(QTimer)
    qtbot.waitUntil(
        lambda: not watch._worker.running and not any(each.isActive() for each in timers), timeout=WAIT
    )


def see(qtbot: QtBot, watch: FileWatch, told: Told) -> None:
    """It is told, now and once more when all is quiet, and then no more."""
    qtbot.waitUntil(lambda: bool(told), timeout=WAIT)
    settle(qtbot, watch)
    assert len(told) >= 2
    told.clear()


def test_files_that_come_change_are_replaced_and_go(
    qtbot: QtBot, paths: Paths, watch: FileWatch, told: Told
) -> None:
    paths.config.mkdir(parents=True)  # the folder too
    paths.config_file.write_text("enabled = true\n")
    see(qtbot, watch, told)
    paths.config_file.write_text("enabled = false\n")
    see(qtbot, watch, told)
    for text in ("version = 2\n", "version = 2\nenabled = true\n"):
        beside = paths.config / "config.new"
        beside.write_text(text)
        beside.replace(paths.config_file)
        see(qtbot, watch, told)
    paths.config_file.unlink()
    see(qtbot, watch, told)


def test_what_is_recorded_and_what_the_organisation_sets(
    qtbot: QtBot, paths: Paths, policy_file: Path, watch: FileWatch, told: Told
) -> None:
    record(paths, {})
    see(qtbot, watch, told)
    record(paths, {})
    see(qtbot, watch, told)
    policy_file.write_text("[server]\nhost = 'sftp.corp.example'\n")
    see(qtbot, watch, told)


def test_reading_is_no_change(qtbot: QtBot, paths: Paths, watch: FileWatch, told: Told) -> None:
    """Else each look of a page would bring the next."""
    from desktop_app.actions.history import history
    from desktop_app.actions.status import status
    from desktop_app.settings.effective import load_settings

    record(paths, {})
    status(load_settings(paths), paths)  # makes the ledger
    qtbot.waitUntil(lambda: bool(told), timeout=WAIT)
    settle(qtbot, watch)
    told.clear()
    for _ in range(3):
        status(load_settings(paths), paths)
        history(paths)
    watch._notice()
    settle(qtbot, watch)
    assert not told


def test_without_signs_of_the_files_it_looks_slowly(
    qtbot: QtBot, paths: Paths, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_watch, "_SLOWLY_MS", 50)
    watch = FileWatch(paths)
    watch._watcher.blockSignals(True)  # as on a disk over a network
    watch._anyway.stop()
    qtbot.waitUntil(lambda: watch._seen is not None, timeout=WAIT)
    record(paths, {})
    qtbot.waitUntil(lambda: bool(told), timeout=WAIT)
    watch.end()


def test_what_no_file_shows_is_looked_at_now_and_then(
    qtbot: QtBot, paths: Paths, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_watch, "_ANYWAY_MS", 50)
    watch = FileWatch(paths)
    qtbot.waitUntil(lambda: len(told) > 1, timeout=WAIT)
    watch.end()
    assert not [timer for timer in watch.findChildren(QTimer) if timer.isActive()]


def test_what_the_command_line_does_is_shown(
    qtbot: QtBot, open_window: BuildWindow, paths: Paths, tmp_path: Path
) -> None:
    page = open_page(open_window(), SourcesPage)
    qtbot.waitUntil(lambda: not page._loading.running, timeout=WAIT)
    command = [sys.executable, "-m", "desktop_app.cli", "source", "add", "hr", "--path", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    qtbot.waitUntil(lambda: page.model.index(0, 0).data() == "hr", timeout=WAIT)


def test_what_is_done_on_one_page_is_shown_on_another(
    qtbot: QtBot, open_window: BuildWindow, paths: Paths
) -> None:
    """By the signal of what was done, at once: the files are not watched here."""
    window = open_window()
    window._watch.end()
    page = open_page(window, SourcesPage)
    qtbot.waitUntil(lambda: not page._loading.running, timeout=WAIT)
    export = window.page("ExportPage")
    assert isinstance(export, ExportPage)
    paths.config.mkdir(parents=True, exist_ok=True)
    paths.config_file.write_text("version = 2\n[[sources]]\nname = 'hr'\npath = '/x'\n")
    export._task.mend()
    qtbot.waitUntil(lambda: page.model.index(0, 0).data() == "hr", timeout=WAIT)
