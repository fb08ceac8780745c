"""Walks one window through all states, as a user would, and takes a picture of each."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from msgspec import structs
from PySide6.QtCore import QEventLoop, QItemSelectionModel, QLocale, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QPushButton, QWidget

from desktop_app.gui import build_window
from desktop_app.gui.about import AboutDialog
from desktop_app.gui.export.failure_address_dialog import FailureAddressDialog
from desktop_app.gui.export.signed_out_dialog import SignedOutDialog
from desktop_app.gui.help.help_window import HelpWindow
from desktop_app.gui.language import speak
from desktop_app.gui.widgets.theme import choose_scheme
from desktop_app.gui.window import MainWindow
from desktop_app.schedule import daily_task
from desktop_app.schedule.spread import own_moment
from desktop_app.schedule.task_state import TaskState
from desktop_app.schedule.time_of_day import next_time
from desktop_app.schedule.windows.definition import refusal
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths, find_paths
from tests.screenshots.faults import faults
from tests.screenshots.names import lead_to
from tests.screenshots.past import FOLDER, HOST, NIGHTS, USER

_ADD_ROW = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
OTHER = "files.example.net"


class Camera:
    """The window, and the folder that its pictures go to."""

    def __init__(self, app: QApplication, folder: Path, size: tuple[int, int]) -> None:
        self.app = app
        self.folder = folder
        self.size = size
        self.faults: list[str] = []
        self._hidden: list[MainWindow] = []
        self.window = self.open()

    def open(self) -> MainWindow:
        window = build_window()
        assert isinstance(window, MainWindow)
        window.resize(*self.size)
        window.show()
        self.window = window
        return window

    def reopen(self) -> None:
        """The window anew, without what was typed."""
        self.window.hide()
        self._hidden.append(self.window)
        self.open()

    def page(self, name: str) -> QWidget:
        self.find(QPushButton, f"show_{name}").click()
        page = self.window.page(f"{name.title()}Page")
        assert page is not None
        self.pause(0.4)
        return page

    def find(self, kind: type, name: str) -> QWidget:
        found = self.window.findChild(kind, name)
        assert isinstance(found, QWidget), name
        return found

    def enter(self, name: str, text: str) -> None:
        field = self.find(QLineEdit, name)
        field.selectAll()
        QTest.keyClick(field, Qt.Key.Key_Delete)
        QTest.keyClicks(field, text)

    def wait(self, condition: Callable[[], bool], seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while not condition() and time.monotonic() < end:
            self.pause(0.02)
        self.pause(0.2)

    def pause(self, seconds: float) -> None:
        loop = QEventLoop()  # QTest.qWait would keep Python's lock from what works in the background
        QTimer.singleShot(int(seconds * 1000), loop.quit)
        loop.exec()

    def take(self, name: str, widget: QWidget | None = None) -> None:
        self.pause(0.2)
        shown = widget or self.window
        shown.grab().save(str(self.folder / f"{name}.png"))
        self.wait(lambda: not faults(shown), seconds=2)  # a layout may not have settled
        self.faults += [f"{self.folder.name} {name}: {fault}" for fault in faults(shown)]


def main() -> None:
    folder, language, scheme, size, records, port, other = sys.argv[1:]
    lead_to({HOST: int(port), OTHER: int(other)})
    _pretend_a_scheduler()
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Audit Trails Export")
    QLocale.setDefault(QLocale(language))
    speak(app, QLocale(language))
    choose_scheme(app, scheme)
    width, height = map(int, size.split("x"))
    camera = Camera(app, Path(folder), (width, height))
    paths = find_paths()
    _configured(camera)
    _history(camera)
    _trails(camera)
    _sources(camera, Path(records))
    _help(camera)
    _signed_out(camera)
    _unreadable(camera, paths)
    _new(camera, paths)
    sys.exit("\n".join(camera.faults) or 0)


def _pretend_a_scheduler() -> None:
    """The task of a computer with systemd: pictures need not leave a real one behind."""

    def show(settings: Settings, paths: Paths) -> TaskState:
        due = int(next_time(own_moment(settings), time.time()) * 1000) if settings.enabled else None
        return TaskState(scheduler="systemd", name="audit-trails.timer", installed=settings.enabled, next_run=due)

    daily_task.show = show
    daily_task.install = show
    daily_task.remove = lambda paths: None


def _configured(camera: Camera) -> None:
    page = camera.page("export")
    camera.wait(lambda: page._facts is not None)  # type: ignore[attr-defined]
    camera.take("export-1-locked")
    camera.find(QWidget, "show_all").click()
    camera.take("export-1-locked-all")
    _reports(camera)
    camera.find(QWidget, "edit").click()
    camera.find(QWidget, "more").click()
    camera.find(QWidget, "format").setCurrentIndex(1)
    camera.take("export-2-editing-cef")
    _scroll(page, 10_000)
    camera.take("export-3-editing-cef-end")
    camera.enter("host", "https://sftp.example.com")
    camera.enter("instance", "ws/42")
    camera.find(QWidget, "test_and_save").click()
    camera.take("export-4-wrong-fields")
    camera.reopen()
    for name, field, value in (
        ("export-5-wrong-password", "password", "not the password"),
        ("export-6-path-missing", "path", "/Users/Test/Elsewhere"),
        ("export-7-no-such-server", "host", "sftp.invalid"),
    ):
        camera.page("export")
        camera.find(QWidget, "edit").click()
        camera.enter(field, value)
        if field == "host":
            camera.enter("password", "secret")
        _test(camera)
        camera.take(name)
        camera.reopen()
    camera.page("export")
    camera.find(QWidget, "edit").click()
    camera.enter("host", OTHER)
    camera.enter("password", "secret")
    _untick(camera, "ciphers", "aes256-ctr")
    _test(camera)
    camera.take("export-8-nothing-in-common")
    camera.reopen()
    camera.page("export")
    camera.find(QWidget, "export_now").click()
    camera.wait(lambda: camera.find(QWidget, "result").isVisible())
    camera.take("export-9-exported")


def _reports(camera: Camera) -> None:
    camera.find(QWidget, "change_failure_address").click()
    (dialog,) = camera.window.findChildren(FailureAddressDialog)
    camera.wait(lambda: not dialog._worker.running)
    camera.take("reports-1-mail", dialog)
    camera.find(QWidget, "report_by_address").click()
    camera.take("reports-2-address", dialog)
    dialog.reject()


def _test(camera: Camera) -> None:
    camera.find(QWidget, "test_and_save").click()
    camera.wait(lambda: camera.find(QWidget, "test_and_save").isEnabled())


def _untick(camera: Camera, name: str, choice: str) -> None:
    view = camera.find(QListView, name)
    assert isinstance(view, QListView)
    model = view.model()
    for row in range(model.rowCount()):
        index = model.index(row, 0)
        if index.data() == choice:
            model.setData(index, Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)


def _scroll(page: QWidget, value: int) -> None:
    page.scroll_area.verticalScrollBar().setValue(value)  # type: ignore[attr-defined]


def _history(camera: Camera) -> None:
    page = camera.page("history")
    runs = page.runs  # type: ignore[attr-defined]
    model = runs.model()
    camera.wait(lambda: model.rowCount() >= NIGHTS)
    camera.take("history-1-runs")
    failed = next(row for row in range(1, model.rowCount()) if model.index(row, 2).data() in (None, "", "–", "0"))
    runs.selectRow(failed)
    camera.take("history-2-failed-run")
    runs.selectRow(failed + 1)
    camera.take("history-3-archives")


def _trails(camera: Camera) -> None:
    page = camera.page("trails")
    camera.pause(1)
    camera.take("trails-1-events")
    events = page.findChild(QWidget, "events")
    events.selectRow(1)
    camera.pause(0.5)
    camera.take("trails-2-details")
    for row in (3, 5, 6):
        events.selectionModel().select(events.model().index(row, 0), _ADD_ROW)
    camera.take("trails-4-several-chosen", page)
    page._hand_over.menu.popup(page.hand_over.mapToGlobal(page.hand_over.rect().bottomLeft()))  # type: ignore[attr-defined]
    camera.take("trails-5-hand-over", page._hand_over.menu)  # type: ignore[attr-defined]
    page._hand_over.menu.close()  # type: ignore[attr-defined]
    page.filters.day.setCurrentIndex(4)  # type: ignore[attr-defined]
    camera.pause(0.5)
    camera.take("trails-6-from-to")
    page.filters.day.setCurrentIndex(0)  # type: ignore[attr-defined]
    QTest.keyClicks(page.findChild(QLineEdit, "search"), "wipe")
    camera.pause(1.5)
    events.selectRow(0)
    camera.pause(0.5)
    camera.take("trails-3-search")


def _sources(camera: Camera, records: Path) -> None:
    page = camera.page("sources")
    camera.take("sources-1-list")
    page.add.click()
    camera.take("sources-2-new")
    camera.find(QWidget, "save").click()
    camera.take("sources-3-wrong-fields")
    camera.reopen()
    page = camera.page("sources")
    page.edit.click()
    editor = page.source_editor
    for row, place in enumerate(("when", "area", "what.name", "verb")):
        editor.mapping.setData(editor.mapping.index(row, 1), place)
    camera.wait(lambda: editor.first_look.records.topLevelItemCount() == 3)
    camera.pause(1)
    camera.take("sources-4-mapping")
    editor.form_area.verticalScrollBar().setValue(10_000)
    camera.take("sources-5-preview")
    camera.reopen()


def _unreadable(camera: Camera, paths: Paths) -> None:
    text = paths.config_file.read_text(encoding="utf-8")
    paths.config_file.write_text(text.replace("enabled = true", "enabled = maybe"), encoding="utf-8")
    camera.reopen()
    camera.page("export")
    camera.take("export-unreadable")
    camera.page("sources")
    camera.take("sources-unreadable")


def _help(camera: Camera) -> None:
    camera.window.findChild(QAction, "open_help").trigger()
    shown = camera.window.findChild(HelpWindow)
    assert shown is not None
    for row in range(shown.topics.count()):
        shown.topics.setCurrentRow(row)
        camera.take(f"help-{row + 1}", shown)
    shown.topics.setCurrentRow(0)
    QTest.keyClicks(shown.search_line, "JSON")
    camera.take("help-search", shown)
    shown.close()
    camera.window.findChild(QAction, "about").trigger()
    about = camera.window.findChild(AboutDialog)
    assert about is not None
    camera.take("about", about)
    about.close()


def _signed_out(camera: Camera) -> None:
    """As on Windows, where the task may run also while its user is signed out."""
    before = daily_task.show

    def show(settings: Settings, paths: Paths) -> TaskState:
        task = before(settings, paths)
        return structs.replace(task, scheduler="Task Scheduler", only_signed_in=True, may_run_signed_out=True)

    def refuse(*_: object) -> NoReturn:
        raise refusal(0x8007052E)

    daily_task.show, daily_task.install_signed_out = show, refuse
    camera.reopen()
    page = camera.page("export")
    camera.wait(lambda: page._facts is not None)  # type: ignore[attr-defined]
    camera.find(QWidget, "show_all").click()
    camera.find(QWidget, "more").click()
    camera.pause(0.3)  # the page grows
    _scroll(page, 10_000)
    camera.take("signed-out-1-row")
    camera.find(QWidget, "choose_when_task_runs").click()
    dialog = camera.app.activeModalWidget()
    assert isinstance(dialog, SignedOutDialog)
    camera.take("signed-out-2-dialog", dialog)
    QTest.keyClicks(dialog.password, "1234")
    dialog.findChild(QPushButton, "set_up_task").click()
    camera.wait(lambda: bool(dialog.message.text))
    camera.take("signed-out-3-refused", dialog)
    dialog.reject()
    daily_task.show = before


def _new(camera: Camera, paths: Paths) -> None:
    """A home that is as after installation."""
    for file in paths.config.iterdir():
        if file.is_file():
            file.unlink()
    camera.reopen()
    camera.page("export")
    camera.take("new-1-form")
    camera.enter("host", HOST)
    camera.enter("user", USER)
    camera.enter("password", os.environ["SCREENSHOT_PASSWORD"])
    camera.enter("path", FOLDER)
    camera.find(QWidget, "test_and_save").click()
    camera.wait(lambda: camera.app.activeModalWidget() is not None)
    dialog = camera.app.activeModalWidget()
    assert dialog is not None
    camera.take("new-2-host-key", dialog)
    dialog.findChild(QPushButton, "trust").click()
    camera.wait(lambda: camera.find(QWidget, "edit").isVisible())
    camera.take("new-3-saved")
    for page in ("history", "trails", "sources"):
        camera.page(page)
        camera.take(f"new-4-{page}")


if __name__ == "__main__":
    main()
