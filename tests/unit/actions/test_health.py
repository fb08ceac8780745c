"""What somebody must look after, the worst first, each with its exit code."""

from typing import Any

import pytest

from desktop_app.actions.health import troubles
from desktop_app.actions.status import Overview
from desktop_app.errors import ExitCode
from desktop_app.export.ledger import Outcome, Run, StartedBy
from desktop_app.schedule.task_state import TaskState
from desktop_app.wording import Said

FINE = TaskState(scheduler="none", name="task", installed=True)


def state(**changes: Any) -> Overview:
    nothing: dict[str, Any] = {
        "enabled": True, "not_configured": None, "next_run": None, "running": False, "last_run": None,
        "last_success": None, "last_archive": None, "waiting": [], "events_in_store": 0, "set_aside": {},
        "clock_set_back": False,
    }  # fmt: skip
    return Overview(**{**nothing, **changes})


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
    assert [(each.message, each.code) for each in troubles(state(**changes), FINE)] == expected
    assert troubles(state(**changes, enabled=False), FINE) == []


def test_the_task_comes_after_what_is_not_configured() -> None:
    task = TaskState(scheduler="none", name="task", installed=False, problem="It is gone.")
    found = troubles(state(not_configured=Said("No server."), overdue=True), task)
    assert [each.message for each in found][:2] == ["No server.", "It is gone."]
    assert len(found) == 3
