"""All that was done and comes next, also where the settings can't be used."""

import time

from msgspec import Struct

from desktop_app.actions.history import DayHistory, PastRun, day_history, history
from desktop_app.errors import BadSetting, UserError
from desktop_app.schedule.time_of_day import next_time
from desktop_app.settings.effective import load_settings
from desktop_app.settings.model import ExportSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.time_zone import find_zone


class WholeHistory(Struct, frozen=True):
    """The runs, newest first; the days, oldest first; when the next run is due, None while the export is off."""

    runs: list[PastRun]
    days: list[DayHistory]
    next_run_ms: int | None


def whole_history(paths: Paths, days: int) -> WholeHistory:
    """All runs and the last `days` days. Raises LocalDiskError."""
    settings = settings_of_the_past(paths)
    return WholeHistory(history(paths), day_history(settings, paths, days), _next_run_ms(settings))


def settings_of_the_past(paths: Paths) -> Settings:
    """The settings; where they can't be used, which `status` tells, those by which the past stays readable."""
    try:
        settings = load_settings(paths)
        find_zone(settings.export.timezone)
    except UserError:
        return Settings(export=ExportSettings(timezone="UTC"))
    return settings


def _next_run_ms(settings: Settings) -> int | None:
    try:
        return int(next_time(settings.schedule.at, time.time()) * 1000) if settings.enabled else None
    except BadSetting:
        return None
