"""A scheduler that can be told to refuse, and settings to save with it."""

from collections.abc import Callable

import pytest

from desktop_app.schedule import daily_task, password_at_night
from desktop_app.schedule.task_state import SchedulerError, TaskState
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.wording import Said


class Scheduler:
    """Keeps the time of its task, and refuses, or does not say how that stands, when it is told to."""

    NAME = "systemd"

    def __init__(self) -> None:
        self.at: str | None = None
        self.refuses = False
        self.silent = False

    def is_available(self) -> bool:
        return True

    def runs_at_night(self, paths: Paths) -> bool:
        return True

    def is_installed(self, paths: Paths) -> bool:
        self._answer()
        return self.at is not None

    def install(self, settings: Settings, paths: Paths) -> None:
        if self.refuses:
            raise SchedulerError(Said("It refused."), Said("Ask it."))
        self.at = settings.schedule.at

    def remove(self, paths: Paths) -> None:
        if self.refuses:
            raise SchedulerError(Said("It refused."), Said("Ask it."))
        self.at = None

    def _answer(self) -> None:
        if self.silent:
            raise SchedulerError(Said("It does not answer."), Said("Ask it."))

    def show(self, settings: Settings, paths: Paths) -> TaskState:
        self._answer()
        wanted = settings.schedule.at if settings.enabled else None
        problem = None if self.at == wanted else "Something else is registered."
        return TaskState(scheduler=self.NAME, name="task", installed=self.at is not None, problem=problem)

    def run(self, settings: Settings, paths: Paths, on_wait: Callable[[], None]) -> str:
        return "It said this."


@pytest.fixture
def scheduler(monkeypatch: pytest.MonkeyPatch) -> Scheduler:
    made = Scheduler()
    monkeypatch.setattr(daily_task, "_known", lambda: [made])
    monkeypatch.setattr(password_at_night, "find_out", lambda settings, paths: None)
    return made
