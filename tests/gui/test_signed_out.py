"""Whether the daily task runs also while its user is signed out of Windows, from the form.

The Task Scheduler is a stand-in: what it is asked, and that it refuses, is all that the form has of it.
"""

from datetime import datetime

import pytest
from msgspec import structs
from PySide6.QtWidgets import QLabel, QPushButton, QRadioButton
from pytestqt.qtbot import QtBot

from desktop_app.gui.export.signed_out_dialog import SignedOutDialog
from desktop_app.gui.widgets.password_edit import PasswordEdit
from desktop_app.schedule import daily_task
from desktop_app.schedule.task_state import SchedulerError, TaskState
from desktop_app.settings.file import write_settings
from desktop_app.settings.model import ServerSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.wording import Said
from tests.all_files import all_bytes
from tests.gui.conftest import BuildWindow
from tests.gui.form_user import WAIT, FormUser

ON = Settings(enabled=True, server=ServerSettings(host="127.0.0.1:9", user="audit", path="/x"))
SECRET = "windows' secret"


class TaskScheduler:
    """Has the task, and takes one password."""

    def __init__(self) -> None:
        self.state = TaskState(
            scheduler="Task Scheduler",
            name="task",
            installed=True,
            next_run=int(datetime(2030, 1, 1, 2).timestamp() * 1000),
            only_signed_in=True,
            may_run_signed_out=True,
        )
        self.tried: list[str] = []

    def show(self, settings: Settings, paths: Paths) -> TaskState:
        return self.state

    def install_signed_out(self, settings: Settings, paths: Paths, windows_password: str) -> TaskState:
        self.tried.append(windows_password)
        if windows_password != SECRET:
            raise SchedulerError(Said("Windows did not accept this password."), Said("A PIN is no password."))
        return self._become(only_signed_in=False, problem=None, needs_windows_password=False)

    def install_signed_in(self, settings: Settings, paths: Paths) -> TaskState:
        return self._become(only_signed_in=True)

    def _become(self, **fields: object) -> TaskState:
        self.state = structs.replace(self.state, **fields)
        return self.state


@pytest.fixture
def scheduler(monkeypatch: pytest.MonkeyPatch) -> TaskScheduler:
    made = TaskScheduler()
    for name in ("show", "install_signed_out", "install_signed_in"):
        monkeypatch.setattr(daily_task, name, getattr(made, name))
    return made


def open_form(open_window: BuildWindow, paths: Paths, qtbot: QtBot) -> FormUser:
    paths.config.mkdir(parents=True)
    write_settings(paths.config_file, ON)
    form = FormUser(qtbot, open_window())
    form.show_all()
    form.click("more")
    return form


def wait_until_it_runs(form: FormUser, when: str) -> None:
    label = form.page.findChild(QLabel, "task_runs_text")
    form.qtbot.waitUntil(lambda: label.text() == f"Runs {when}", timeout=WAIT)


def password_of(dialog: SignedOutDialog) -> PasswordEdit:
    field = dialog.findChild(PasswordEdit, "windows_password")
    assert field is not None
    return field


def test_it_is_registered_with_the_windows_password_which_nothing_keeps(
    open_window: BuildWindow, paths: Paths, qtbot: QtBot, scheduler: TaskScheduler
) -> None:
    form = open_form(open_window, paths, qtbot)
    wait_until_it_runs(form, "only while you are signed in")
    form.click_text("Run also while I am signed out")
    dialog = form.dialog(SignedOutDialog)
    button = dialog.findChild(QPushButton, "set_up_task")
    assert not button.isEnabled()  # nothing is typed
    qtbot.keyClicks(password_of(dialog), "1234")
    form.click("set_up_task")
    qtbot.waitUntil(lambda: "Windows did not accept this password." in dialog.message.text, timeout=WAIT)
    assert password_of(dialog).hasFocus()
    password_of(dialog).clear()
    qtbot.keyClicks(password_of(dialog), SECRET)
    form.click("set_up_task")
    wait_until_it_runs(form, "also while you are signed out")
    assert scheduler.tried == ["1234", SECRET]
    form.wait_for("The daily task is set up again.")
    assert "also while you are signed out" in form.page.next_export.text
    kept = list(all_bytes(paths.config))
    assert kept and not any(SECRET.encode() in each for each in kept)


def test_it_can_be_given_up_again_without_a_password(
    open_window: BuildWindow, paths: Paths, qtbot: QtBot, scheduler: TaskScheduler
) -> None:
    scheduler.install_signed_out(ON, paths, SECRET)
    form = open_form(open_window, paths, qtbot)
    wait_until_it_runs(form, "also while you are signed out")
    form.click("choose_when_task_runs")
    dialog = form.dialog(SignedOutDialog)
    dialog.findChild(QRadioButton, "run_signed_in").click()
    assert not password_of(dialog).isEnabled()
    form.click("set_up_task")
    wait_until_it_runs(form, "only while you are signed in")


def test_a_changed_task_that_wants_the_password_has_a_button_for_it(
    open_window: BuildWindow, paths: Paths, qtbot: QtBot, scheduler: TaskScheduler
) -> None:
    scheduler.state = structs.replace(
        scheduler.state,
        only_signed_in=False,
        problem="The task starts at 02:00, not at 03:00.",
        needs_windows_password=True,
    )
    form = open_form(open_window, paths, qtbot)
    form.wait_for("The task starts at 02:00, not at 03:00.")
    form.click_text("Type the Windows password")
    dialog = form.dialog(SignedOutDialog)
    qtbot.keyClicks(password_of(dialog), SECRET)
    form.click("set_up_task")
    qtbot.waitUntil(lambda: form.page.problem.text == "", timeout=WAIT)


def test_what_can_not_be_asked_is_said_and_the_rest_is_shown(
    open_window: BuildWindow, paths: Paths, qtbot: QtBot, scheduler: TaskScheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(settings: Settings, paths: Paths) -> TaskState:
        raise SchedulerError(
            Said("The Task Scheduler service is not running."), Said("Start the Windows service.")
        )

    monkeypatch.setattr(daily_task, "show", silent)
    form = open_form(open_window, paths, qtbot)
    form.wait_for("The Task Scheduler service is not running.")
    assert "Start the Windows service." in form.said
    assert form.page.next_export.text.startswith("Next export, Not known")
    assert form.page.findChild(QLabel, "task_runs_text").text() == "Not known now"
    assert not form.page.findChild(QPushButton, "choose_when_task_runs").isVisible()
    assert "0 days" in form.page.waiting.text
