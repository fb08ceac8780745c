"""Whether the last daily time passed without a run, for schedulers that do not know that themselves."""

from desktop_app.export.ledger import open_ledger
from desktop_app.schedule.time_of_day import last_time
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths


def was_missed(settings: Settings, paths: Paths, now: float) -> bool:
    """Whether no run began since the daily time came last; `now` in seconds since 1970. Raises BadSetting and
    LocalDiskError."""
    with open_ledger(paths.ledger) as ledger:
        runs = ledger.runs(limit=1)
    return not runs or runs[0].started_ms < last_time(settings.schedule.at, now) * 1000
