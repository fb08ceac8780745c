"""All that was done and comes next, also where the settings can't be used."""

from msgspec import Struct

from desktop_app.actions.history import DayHistory, PastRun, day_history, history
from desktop_app.errors import UserError
from desktop_app.schedule import daily_task
from desktop_app.settings.effective import load_settings
from desktop_app.settings.model import ExportSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.time_zone import find_zone


class WholeHistory(Struct, frozen=True):
    """The runs, newest first; the days, oldest first; where there were no runs, when the scheduler starts the
    first, None where it won't; the time zone (`export.timezone`) of the days.
    """

    runs: list[PastRun]
    days: list[DayHistory]
    first_run_ms: int | None
    zone: str


def whole_history(paths: Paths, days: int) -> WholeHistory:
    """All runs and the last `days` days. Raises LocalDiskError."""
    settings = settings_of_the_past(paths)
    runs = history(paths)
    first = None if runs or not settings.enabled else daily_task.standing(settings, paths).next_run
    return WholeHistory(runs, day_history(settings, paths, days), first, settings.export.timezone)


def settings_of_the_past(paths: Paths) -> Settings:
    """The settings; where they can't be used, which `status` tells, those by which the past stays readable."""
    try:
        settings = load_settings(paths)
        find_zone(settings.export.timezone)
    except UserError:
        return Settings(export=ExportSettings(timezone="UTC"))
    return settings
