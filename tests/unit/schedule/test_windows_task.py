"""What is asked of the Task Scheduler, and what is made of its answers.

The service itself can't be had here: it is a table of names and definitions, which answers as Windows does.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from msgspec import structs

from desktop_app.schedule.command import task_name
from desktop_app.schedule.task_state import SchedulerError, WindowsPasswordNeeded
from desktop_app.schedule.windows import service as task_service
from desktop_app.schedule.windows import task as task_scheduler
from desktop_app.schedule.windows.definition import Account, logon_of
from desktop_app.schedule.windows.service import RegisteredTask
from desktop_app.settings.model import ScheduleSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.wording import Said
from tests.task_schema import faults

ANNA = Account("S-1-5-21-1-2-3-1001", ("DESK\\anna",))
NEXT = datetime(2026, 11, 25, 2, 0)
ON = Settings(enabled=True, schedule=ScheduleSettings(spread="0m"))
LATER = structs.replace(ON, schedule=ScheduleSettings(at="03:00", spread="0m"))


class Service:
    """The tasks by name; `runs` says how often a running task is seen before it has ended with `result`."""

    def __init__(self) -> None:
        self.tasks: dict[str, str] = {}
        self.passwords: dict[str, str] = {}
        self.last_run: datetime | None = None
        self.looks_left = 0
        self.result = 0

    def find_task(self, name: str) -> RegisteredTask | None:
        if name not in self.tasks:
            return None
        self.looks_left -= 1
        return RegisteredTask(self.tasks[name], NEXT, self.looks_left > 0, self.last_run, self.result)

    def register(self, name: str, xml: str, folder: Path) -> None:
        assert faults(xml.encode("utf-16")) == []
        self.tasks[name] = xml
        self.passwords.pop(name, None)

    def register_with_password(self, name: str, xml: str, account: Account, password: str) -> None:
        assert account == ANNA
        self.tasks[name], self.passwords[name] = xml, password

    def delete(self, name: str) -> None:
        del self.tasks[name]

    def start(self, name: str) -> None:
        self.looks_left = 3
        self.last_run = NEXT + timedelta(days=1)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    made = Service()
    for name in ("find_task", "register_with_password", "start"):
        monkeypatch.setattr(task_service, name, getattr(made, name))
    for name in ("register", "delete"):
        monkeypatch.setattr(task_scheduler, name, getattr(made, name))
    monkeypatch.setattr(task_service, "this_account", lambda: ANNA)
    monkeypatch.setattr(task_scheduler, "_WAIT", 0)
    return made


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "a & b", tmp_path / "a & b", tmp_path / "a & b")


def test_a_task_is_installed_as_it_should_be(service: Service, paths: Paths) -> None:
    before = task_scheduler.show(ON, paths)
    assert (before.installed, before.problem) == (False, "The daily task is not in the Task Scheduler.")
    task_scheduler.install(ON, paths)
    after = task_scheduler.show(ON, paths)
    assert (after.installed, after.problem, after.only_signed_in) == (True, None, True)
    assert after.next_run == NEXT.timestamp() * 1000
    assert f'--home "{str(paths.config).replace("&", "&amp;")}" run' in service.tasks[task_name(paths)]


def test_off_and_no_task_is_no_problem(service: Service, paths: Paths) -> None:
    assert task_scheduler.show(Settings(), paths).problem is None
    task_scheduler.remove(paths)


def test_a_change_by_hand_is_noticed_and_mended(service: Service, paths: Paths) -> None:
    task_scheduler.install(ON, paths)
    name = task_name(paths)
    service.tasks[name] = service.tasks[name].replace("InteractiveToken", "S4U")
    state = task_scheduler.show(ON, paths)
    assert state.problem
    assert "Credential Manager" in state.problem
    assert state.command
    task_scheduler.install(ON, paths)
    assert task_scheduler.show(ON, paths).problem is None


def test_installing_again_brings_another_time(service: Service, paths: Paths) -> None:
    task_scheduler.install(ON, paths)
    assert task_scheduler.show(LATER, paths).problem == "The task starts at 02:00, not at 03:00."
    task_scheduler.install(LATER, paths)
    assert task_scheduler.show(LATER, paths).problem is None


def test_a_task_for_while_signed_out_stays_one_until_the_other_is_chosen(service: Service, paths: Paths) -> None:
    name = task_name(paths)
    task_scheduler.install_signed_out(ON, paths, "windows' secret")
    assert service.passwords[name] == "windows' secret"
    assert "secret" not in service.tasks[name]
    assert task_scheduler.show(ON, paths).only_signed_in is False
    task_scheduler.install(ON, paths)  # nothing to change
    assert logon_of(service.tasks[name]) == "Password"
    with pytest.raises(WindowsPasswordNeeded, match="needs your password"):
        task_scheduler.install(LATER, paths)
    assert service.passwords[name]
    state = task_scheduler.show(LATER, paths)
    assert state.problem == "The task starts at 02:00, not at 03:00."
    assert state.command == "audit-trails-export schedule install --signed-out"
    task_scheduler.install_signed_in(LATER, paths)
    assert logon_of(service.tasks[name]) == "InteractiveToken"
    task_scheduler.remove(paths)
    assert service.tasks == {}


def test_a_task_is_removed_also_where_the_service_does_not_answer(
    service: Service, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    task_scheduler.install(ON, paths)

    def silent(name: str) -> NoReturn:
        raise SchedulerError(Said("It does not answer."))

    monkeypatch.setattr(task_service, "find_task", silent)
    task_scheduler.remove(paths)
    assert service.tasks == {}

    def refuse(name: str) -> NoReturn:
        raise SchedulerError(Said("There is none."))

    monkeypatch.setattr(task_scheduler, "delete", refuse)
    with pytest.raises(SchedulerError, match="does not answer"):  # not that it has no such task
        task_scheduler.remove(paths)


def test_a_run_is_waited_for_and_its_result_told(service: Service, paths: Paths) -> None:
    task_scheduler.install(ON, paths)
    service.result = 0x80070002
    waits: list[int] = []
    said = task_scheduler.run(ON, paths, lambda: waits.append(1))
    assert "not there any more" in said
    assert waits
