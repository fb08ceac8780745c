"""Registering with the nearest to the Windows Task Scheduler that runs here: Wine's.

Wine 8 reads a definition leniently (it takes unknown elements and a bare `&`; our schema does not) and keeps no
triggers, accounts and actions. So these tests show that it reads what we write, and that registering, changing
and deleting work with hostile names and paths; what the definition says is in tests/unit/schedule.
"""

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from xml.etree import ElementTree

import pytest

from desktop_app.own_program import Command
from desktop_app.schedule.task_state import SchedulerError
from desktop_app.schedule.windows.definition import definition
from desktop_app.schedule.windows.task import delete, register
from tests.unit.schedule.test_windows_definition import ACCOUNTS, HOSTILE_COMMANDS, LOGONS, NOW, PLAIN
from tests.windows_gaps import needs
from tests.wine import stored, task_scheduler

pytestmark = [
    needs("Wine"),
]
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
NAMES = [
    "audit-trails-export",
    "Audit Trails & 'Söhne'",
    "日本 🔑",
    "folder\\audit trails",
    "a" * 150,
    "%TEMP% ${x};#",
]


@pytest.fixture(scope="module")
def tasks() -> Iterator[Path]:
    with task_scheduler() as folder:
        yield folder


def settings_of(xml: str | None) -> dict[str, str]:
    assert xml
    settings = ElementTree.fromstring(xml).find(f"{TASK}Settings")
    assert settings is not None
    return {each.tag.removeprefix(TASK): each.text or "" for each in settings}


@pytest.mark.parametrize("name", NAMES)
def test_a_task_is_registered_changed_and_deleted(tasks: Path, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "with space & ünï"
    register(name, PLAIN, folder)
    kept = settings_of(stored(tasks, name))
    assert kept["StartWhenAvailable"] == kept["RunOnlyIfNetworkAvailable"] == "true"
    assert kept["WakeToRun"] == kept["DisallowStartIfOnBatteries"] == kept["StopIfGoingOnBatteries"] == "false"
    assert (kept["MultipleInstancesPolicy"], kept["ExecutionTimeLimit"]) == ("IgnoreNew", "PT12H")
    register(name, PLAIN.replace("PT12H", "PT6H"), folder)
    assert settings_of(stored(tasks, name))["ExecutionTimeLimit"] == "PT6H"
    delete(name)
    assert stored(tasks, name) is None
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("command", HOSTILE_COMMANDS)
def test_every_definition_is_read(tasks: Path, tmp_path: Path, command: Command) -> None:
    for account, logon in zip(ACCOUNTS, cycle(LOGONS), strict=False):
        (tasks / "hostile").unlink(missing_ok=True)
        register("hostile", definition("02:00", account, logon, command, NOW), tmp_path)
        assert settings_of(stored(tasks, "hostile"))["ExecutionTimeLimit"] == "PT12H"


def test_what_it_refuses_is_told_and_changes_nothing(tasks: Path, tmp_path: Path) -> None:
    register("kept", PLAIN, tmp_path)
    before = stored(tasks, "kept")
    with pytest.raises(SchedulerError, match="refused the daily task"):
        register("kept", PLAIN.replace("</Settings>", ""), tmp_path)
    assert stored(tasks, "kept") == before
    delete("kept")
    with pytest.raises(SchedulerError, match="refused the daily task"):
        delete("kept")
