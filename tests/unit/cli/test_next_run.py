"""Who starts the next run: `status` and `schedule run` where there is a task, none, or nobody to keep one."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from desktop_app.cli.main import program
from desktop_app.schedule import daily_task
from desktop_app.schedule.no_scheduler import SCHEDULER_VARIABLE
from desktop_app.schedule.task_state import NoDailyTask, SchedulerError, TaskState
from desktop_app.settings.file import write_settings
from desktop_app.settings.model import ServerSettings, Settings
from desktop_app.settings.paths import HOME_VARIABLE, Paths, find_paths
from desktop_app.wording import Said

ON = Settings(enabled=True, server=ServerSettings(host="sftp.example.com", user="audit", path="/e"))


class Scheduler:
    """One that has a task, or not, or does not answer."""

    NAME = "systemd"

    def __init__(self, next_run: int | None, silent: bool = False) -> None:
        self.next_run, self.silent = next_run, silent

    def is_available(self) -> bool:
        return True

    def is_installed(self, _: Paths) -> bool:
        if self.silent:
            raise SchedulerError(Said("It does not answer."))
        return self.next_run is not None

    def show(self, _settings: Settings, _paths: Paths) -> TaskState:
        problem = None if self.next_run else Said("The export is on, but its daily task is not there.")
        return TaskState(
            scheduler="systemd", name="t", installed=bool(self.next_run), next_run=self.next_run, problem=problem
        )


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    monkeypatch.delenv(SCHEDULER_VARIABLE, raising=False)


def ask(
    monkeypatch: pytest.MonkeyPatch, scheduler: Scheduler | None, settings: Settings, *arguments: str
) -> Result:
    write_settings(find_paths().config_file, settings)
    monkeypatch.setattr(daily_task, "_known", lambda: [scheduler] if scheduler else [])
    return CliRunner().invoke(program, arguments)


@pytest.mark.parametrize(
    ("scheduler", "next_run", "problem"),
    [
        (Scheduler(1_900_000_000_000), "2030-03-17", None),
        (Scheduler(None), "none", "its daily task is not there"),
        (Scheduler(None, silent=True), "not known", "does not answer"),
        (None, "none", "Nothing on this computer starts the export daily."),
    ],
)
def test_no_run_is_announced_that_nobody_starts(
    monkeypatch: pytest.MonkeyPatch, scheduler: Scheduler | None, next_run: str, problem: str | None
) -> None:
    lines = ask(monkeypatch, scheduler, ON, "status").stdout.splitlines()
    shown = {line[:14].strip(): line[14:] for line in lines}
    assert shown["Next run"].startswith(next_run)
    assert problem is None or problem in shown["Problem"]


def test_a_scheduler_of_ones_own_is_said_to_start_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SCHEDULER_VARIABLE, "none")
    told = ask(monkeypatch, None, ON, "status").stdout
    assert "Next run      when a scheduler of yours starts it: audit-trails-export run --scheduled\n" in told
    assert "Problem" not in told
    answer = ask(monkeypatch, None, ON, "schedule", "run")
    assert isinstance(answer.exception, NoDailyTask)
    assert answer.exception.message.startswith("A scheduler of yours starts the export here")


@pytest.mark.parametrize(
    ("scheduler", "enabled", "told", "command"),
    [
        (Scheduler(None), True, "The export is on, but its daily task is not there.", "schedule install"),
        (Scheduler(None), False, "The export is off, and so has no daily task.", "config set enabled=true"),
        (None, True, "Nothing on this computer starts the export daily.", "run --scheduled"),
        (None, False, "Nothing on this computer starts the export daily.", "run --scheduled"),
    ],
)
def test_what_is_not_there_is_not_started(
    monkeypatch: pytest.MonkeyPatch, scheduler: Scheduler | None, enabled: bool, told: str, command: str
) -> None:
    settings = Settings(enabled=enabled, server=ON.server)
    answer = ask(monkeypatch, scheduler, settings, "schedule", "run")
    assert isinstance(answer.exception, NoDailyTask)
    assert (answer.exception.exit_code, answer.exception.message) == (78, told)
    assert answer.exception.command == f"audit-trails-export {command}"
