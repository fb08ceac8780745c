"""What somebody must look after, the worst first, each with its exit code."""

from pathlib import Path
from typing import Any

import pytest

from desktop_app.actions.status import Overview, Status, Trouble, status, troubles
from desktop_app.errors import ExitCode, LocalDiskError
from desktop_app.export.ledger import Outcome, Run, StartedBy
from desktop_app.schedule.task_state import TaskState
from desktop_app.settings.model import ServerSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.wording import Said

FINE = TaskState(scheduler="none", name="task", installed=True)


def state(**changes: Any) -> Overview:
    nothing: dict[str, Any] = {
        "enabled": True, "not_configured": None, "running": False, "last_run": None,
        "last_success": None, "last_archive": None, "waiting": [], "events_in_store": 0, "sources": {},
        "clock_set_back": False,
    }  # fmt: skip
    return Overview(**{**nothing, **changes})


def found_wrong(overview: Overview, **changes: Any) -> list[Trouble]:
    all_well: dict[str, Any] = {"task": FINE, "password": None, "night": None, "unsafe": []}
    return troubles(Status(overview=overview, **{**all_well, **changes}))


def run(outcome: Outcome, code: int | None = None, message: str | None = None) -> Run:
    return Run(
        id=1,
        started_ms=1,
        finished_ms=2,
        started_by=StartedBy.SCHEDULE,
        pid=1,
        outcome=outcome,
        events=0,
        bytes=0,
        code=code,
        message=message,
        hint=None,
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"not_configured": Said("No server.")}, [("No server.", ExitCode.CONFIG)]),
        ({"overdue": True}, [("No run went well for more than a day and a half.", ExitCode.TRY_LATER)]),
        ({"last_run": run(Outcome.DELIVERED)}, []),
        (
            {"last_run": run(Outcome.FAILED, 77, "Wrong password.")},
            [("The last run failed: Wrong password.", ExitCode.NO_PERMISSION)],
        ),
        ({"last_run": run(Outcome.FAILED)}, [("The last run failed: –", ExitCode.TRY_LATER)]),
        ({"last_run": run(Outcome.INTERRUPTED)}, [("The last run was interrupted.", ExitCode.TRY_LATER)]),
        ({"last_run": run(Outcome.INTERRUPTED), "running": True}, []),
    ],
)
def test_each_trouble(changes: dict[str, Any], expected: list[tuple[str, ExitCode]]) -> None:
    assert [(each.message, each.code) for each in found_wrong(state(**changes))] == expected
    assert found_wrong(state(**changes, enabled=False)) == []


def test_the_task_comes_after_what_is_not_configured() -> None:
    task = TaskState(scheduler="none", name="task", installed=False, problem="It is gone.")
    found = found_wrong(state(not_configured=Said("No server."), overdue=True), task=task)
    assert [each.message for each in found][:2] == ["No server.", "It is gone."]
    assert len(found) == 3


def test_a_password_file_that_others_may_read_and_a_home_that_others_may_write() -> None:
    error = LocalDiskError(Said("The file can be read by other users."))
    found = found_wrong(state(), password=error, unsafe=[Said("Others may write.")])
    assert [(each.message, each.code) for each in found] == [
        ("The file can be read by other users.", ExitCode.LOCAL_DISK),
        ("Others may write.", ExitCode.NO_PERMISSION),
    ]


def test_what_the_form_and_the_command_line_tell(tmp_path: Path) -> None:
    """A password file that can't be used, and a scheduler that can't be asked, hide nothing else."""
    paths = Paths(tmp_path, tmp_path, tmp_path)
    settings = Settings(enabled=True, server=ServerSettings(host="sftp.example.com", user="audit", path="/x"))
    paths.secret_file.write_text("no = [", encoding="utf-8")
    paths.secret_file.chmod(0o600)
    found = status(settings, paths)
    assert isinstance(found.password, LocalDiskError)
    assert found.overview.enabled and not found.overview.not_configured
    assert (found.night, found.task.installed) == (None, False)
