"""The page says when this computer starts, where that is not the daily time itself."""

from PySide6.QtCore import QTime
from PySide6.QtWidgets import QTimeEdit
from pytestqt.qtbot import QtBot

from desktop_app.gui.widgets.field_message import FieldMessage
from desktop_app.schedule.spread import own_moment
from desktop_app.settings.model import ScheduleSettings, Settings
from desktop_app.settings.paths import Paths
from tests.gui.conftest import BuildWindow
from tests.gui.form_user import FormUser


def test_the_minute_of_this_computer_is_shown_below_the_daily_time(qtbot: QtBot, open_window: BuildWindow) -> None:
    form = FormUser(qtbot, open_window())
    form.page.more.click()
    note = form.page.findChild(FieldMessage, "at_message")
    at = form.page.findChild(QTimeEdit, "at")
    for hour, minute in ((23, 45), (4, 0)):
        at.setTime(QTime(hour, minute))
        schedule = ScheduleSettings(at=f"{hour:02}:{minute:02}", spread="30m")
        if (moment := own_moment(Settings(schedule=schedule))) != schedule.at:
            assert moment in note.text and not note.is_error
        else:
            assert note.text == ""


def test_without_a_spread_there_is_nothing_to_say(paths: Paths, qtbot: QtBot, open_window: BuildWindow) -> None:
    paths.config.mkdir(parents=True)
    paths.config_file.write_text('version = 2\n[schedule]\nat = "03:00"\nspread = "0m"\n', encoding="utf-8")
    form = FormUser(qtbot, open_window())
    assert form.page.findChild(FieldMessage, "at_message").text == ""
