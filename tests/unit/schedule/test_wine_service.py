"""The Task Scheduler's own interface, called for real: that of Wine, from a Windows Python.

It loses whom a task runs as, and when, and takes any password; what is seen is that the task is there, and gone.
"""

import ctypes
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from desktop_app.schedule.command import task_name
from desktop_app.schedule.windows import service as task_service
from desktop_app.schedule.windows import task as task_scheduler
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths

ON = Settings(enabled=True)


def _is_wine() -> bool:
    return sys.platform == "win32" and hasattr(ctypes.windll.ntdll, "wine_get_version")


pytestmark = pytest.mark.skipif(not _is_wine(), reason="only Wine's Task Scheduler takes any password")


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """Of a task of its own, in Wine's scheduler."""
    from win32com.client import dynamic

    from tests.wine_tasks import dispatch

    monkeypatch.setattr(dynamic, "Dispatch", dispatch)
    home = tmp_path / uuid4().hex
    return Paths(home, home, home)


def test_a_task_is_registered_with_a_password_found_and_removed(paths: Paths) -> None:
    name = task_name(paths)
    assert task_service.find_task(name) is None
    task_scheduler.install_signed_out(ON, paths, "windows' secret")
    found = task_service.find_task(name)
    assert found is not None and "<Task" in found.xml and "secret" not in found.xml
    assert (found.next_run, found.last_run, found.is_running) == (None, None, False)
    task_scheduler.remove(paths)
    assert task_service.find_task(name) is None


def test_a_task_of_schtasks_is_found_and_told_as_not_as_it_should_be(paths: Paths) -> None:
    task_scheduler.install_signed_in(ON, paths)
    state = task_scheduler.show(ON, paths)
    assert (state.installed, state.only_signed_in, state.may_run_signed_out) == (True, True, True)
    task_scheduler.remove(paths)
    assert not task_scheduler.show(ON, paths).installed


def test_who_this_is_has_a_name_and_a_number() -> None:
    account = task_service.this_account()
    assert account.sid.startswith("S-1-5-")
    assert "\\" in account.names[0]
