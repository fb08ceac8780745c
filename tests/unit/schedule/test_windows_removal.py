from datetime import datetime
from pathlib import PureWindowsPath

import pytest

from desktop_app.cli.installer import leave
from desktop_app.own_program import Command
from desktop_app.schedule.task_state import SchedulerError
from desktop_app.schedule.windows import removal
from desktop_app.schedule.windows.definition import definition
from desktop_app.schedule.windows.removal import remove_tasks_that_start, starts_from
from desktop_app.secrets import credential_manager
from desktop_app.wording import Said

FOLDER = PureWindowsPath(r"C:\Program Files\Audit Trails Export")


def starting(program: str, *arguments: str) -> str:
    command = Command((program, *arguments))
    return definition("02:00", "S-1-5-21-1-2-3-1001", "InteractiveToken", command, datetime(2026, 11, 29))


def test_the_tasks_of_all_homes_that_start_the_program_go_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = {
        "audit-trails-export": starting(rf"{FOLDER}\audit-trails.exe", "exporter", "run", "--scheduled"),
        "audit-trails-export-12345678": starting(
            rf"{FOLDER}\audit-trails.exe".upper(), "exporter", "--home", "D:\\x"
        ),
        "of another installation": starting(r"C:\Users\anna\Audit Trails Export\audit-trails.exe"),
        "below": starting(rf"{FOLDER}\_internal\x.exe"),
        "of Windows": "<Task><Actions><ComHandler/></Actions></Task>",
        "damaged": "<Task",
    }
    monkeypatch.setattr(removal, "all_tasks", lambda: [*tasks.items()])
    monkeypatch.setattr(removal, "delete", lambda name: tasks.pop(name))
    remove_tasks_that_start(FOLDER)
    assert tasks.keys() == {"of another installation", "below", "of Windows", "damaged"}


def test_one_that_stays_leaves_no_other_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    gone: list[str] = []

    def delete(name: str) -> None:
        if name == "1":
            raise SchedulerError(Said("The Task Scheduler refused the daily task."))
        gone.append(name)

    monkeypatch.setattr(removal, "all_tasks", lambda: [(each, starting(rf"{FOLDER}\a.exe")) for each in "0123"])
    monkeypatch.setattr(removal, "delete", delete)
    with pytest.raises(SchedulerError):
        remove_tasks_that_start(FOLDER)
    assert gone == ["0", "2", "3"]


def test_a_definition_as_the_task_scheduler_gives_it_is_read() -> None:
    given = starting(rf'"{FOLDER}\a.exe"')
    assert given.startswith('<?xml version="1.0" encoding="UTF-16"?>')
    assert starts_from(given, FOLDER)


def test_passwords_go_also_where_the_task_scheduler_cannot_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> list[tuple[str, str]]:
        raise SchedulerError(Said("Windows did not answer."))

    gone: list[str] = []
    monkeypatch.setattr(removal, "all_tasks", refuse)
    monkeypatch.setattr(credential_manager, "forget_all_passwords", lambda: gone.append("all"))
    with pytest.raises(SchedulerError):
        leave.main(["--passwords"], standalone_mode=False)
    assert gone == ["all"]
