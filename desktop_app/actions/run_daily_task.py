"""Start the daily task now, as at night, and show what came of it."""

from collections.abc import Callable

from desktop_app.export.ledger import Run, open_ledger
from desktop_app.schedule import daily_task
from desktop_app.schedule.task_state import SchedulerError
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.wording import Said


def run_daily_task(settings: Settings, paths: Paths, on_wait: Callable[[], None] = lambda: None) -> Run:
    """Have the scheduler start the task now, wait until it has ended, and return the run as the ledger has it.

    `on_wait` is called a few times a second meanwhile; what it raises ends the waiting, not the task.
    Raises NoDailyTask, SchedulerError where it ended without a run, BadSetting where its time is unusable,
    LocalDiskError.
    """
    before = _last_run(paths)
    last_words = daily_task.run(settings, paths, on_wait)
    after = _last_run(paths)
    if after is None or (before and after.id == before.id):
        raise SchedulerError(
            Said("The scheduler started the daily task, and it ended without a run."),
            Said("It said: {last_words}", last_words=last_words or "–"),
        )
    return after


def _last_run(paths: Paths) -> Run | None:
    with open_ledger(paths.ledger) as ledger:
        return next(iter(ledger.runs(limit=1)), None)
