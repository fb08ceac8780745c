"""The past, and what comes next, also with settings that can't be used."""

from pathlib import Path

import pytest

from desktop_app.actions.whole_history import settings_of_the_past, whole_history
from desktop_app.schedule import daily_task
from desktop_app.schedule.task_state import TaskState
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths


class Scheduler:
    """One that starts the task at 5."""

    def is_installed(self, _: Paths) -> bool:
        return True

    def show(self, _settings: Settings, _paths: Paths) -> TaskState:
        return TaskState(scheduler="one", name="task", installed=True, next_run=5)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(config=tmp_path, data=tmp_path, logs=tmp_path, policy_file=tmp_path / "policy.toml")


@pytest.mark.parametrize(
    ("text", "zone", "comes"),
    [
        ("", "local", False),
        ("enabled = true\n", "local", True),
        ("[export]\ntimezone = 'Europe/Berlin'\n", "Europe/Berlin", False),
        ("enabled = true\n[export]\ntimezone = 'Nowhere/Land'\n", "UTC", False),
        ("enabled = true\n[schedule]\nat = '25:00'\n", "local", False),
        ("this is no TOML", "UTC", False),
    ],
)
def test_the_zone_of_the_past_and_whether_a_run_comes(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, text: str, zone: str, comes: bool
) -> None:
    paths.config_file.write_text(f"version = 2\n{text}", encoding="utf-8")
    assert settings_of_the_past(paths).export.timezone == zone
    monkeypatch.setattr(daily_task, "_known", lambda: [Scheduler()])
    found = whole_history(paths, 30)
    assert (found.runs, len(found.days), found.first_run_ms) == ([], 1, 5 if comes else None)
