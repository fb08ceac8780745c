"""Settings and task are saved together, or not at all; with a scheduler that can be told to refuse."""

import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import NoReturn

import pytest
from msgspec import structs

from desktop_app.actions import save_with_task as configure
from desktop_app.actions.health import troubles
from desktop_app.actions.save_settings import ChangedMeanwhile
from desktop_app.errors import BadSetting, LocalDiskError
from desktop_app.schedule import daily_task
from desktop_app.schedule.night_try import last_night_test, note_night_test
from desktop_app.schedule.task_state import SchedulerError, TaskState
from desktop_app.secrets.keepers import account_name, read_password
from desktop_app.settings.effective import load_settings, save_settings
from desktop_app.settings.model import ScheduleSettings, ServerSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.trails.store.store import open_store
from desktop_app.wording import Said

OFF = Settings(server=ServerSettings(host="sftp.example.com", user="audit", path="/Export"))
ON = structs.replace(OFF, enabled=True)
LATER = structs.replace(ON, schedule=ScheduleSettings(at="03:30"))


def full(*_: object) -> NoReturn:
    raise LocalDiskError(Said("The disk is full."))


class Scheduler:
    """Keeps the time of its task, and refuses when it is told to."""

    NAME = "systemd"

    def __init__(self) -> None:
        self.at: str | None = None
        self.refuses = False

    def is_available(self) -> bool:
        return True

    def runs_at_night(self, paths: Paths) -> bool:
        return True

    def is_installed(self, paths: Paths) -> bool:
        return self.at is not None

    def install(self, settings: Settings, paths: Paths) -> None:
        if self.refuses:
            raise SchedulerError("It refused.", "Ask it.")
        self.at = settings.schedule.at

    def remove(self, paths: Paths) -> None:
        if self.refuses:
            raise SchedulerError("It refused.", "Ask it.")
        self.at = None

    def show(self, settings: Settings, paths: Paths) -> TaskState:
        wanted = settings.schedule.at if settings.enabled else None
        problem = None if self.at == wanted else "Something else is registered."
        return TaskState(scheduler=self.NAME, name="task", installed=self.at is not None, problem=problem)

    def run(self, settings: Settings, paths: Paths, on_wait: Callable[[], None]) -> str:
        return "It said this."


@pytest.fixture
def scheduler(monkeypatch: pytest.MonkeyPatch) -> Scheduler:
    made = Scheduler()
    monkeypatch.setattr(daily_task, "_known", lambda: [made])
    monkeypatch.setattr(configure.night, "find_out", lambda settings, paths: None)
    return made


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths(tmp_path, tmp_path, tmp_path, tmp_path / "none.toml")
    save_settings(paths, OFF)
    return paths


def test_the_switch_registers_updates_and_removes_the_task(scheduler: Scheduler, paths: Paths) -> None:
    assert configure.save(paths, OFF, ON).installed
    configure.save(paths, ON, LATER)
    assert scheduler.at == "03:30"
    assert not configure.save(paths, LATER, OFF).installed
    assert load_settings(paths) == OFF


def test_nothing_is_saved_when_the_task_can_not_be_registered(scheduler: Scheduler, paths: Paths) -> None:
    scheduler.refuses = True
    with pytest.raises(SchedulerError, match=r"Nothing was saved.*It refused\."):
        configure.save(paths, OFF, ON)
    assert load_settings(paths) == OFF


def test_the_task_is_as_before_when_the_settings_can_not_be_written(
    scheduler: Scheduler, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure.save(paths, OFF, ON)
    monkeypatch.setattr(configure.configure, "change_settings", full)
    with pytest.raises(LocalDiskError):
        configure.save(paths, ON, structs.replace(ON, schedule=ScheduleSettings(at="04:00")))
    assert scheduler.at == "02:00"


def test_the_task_is_that_of_settings_that_were_saved_meanwhile(
    scheduler: Scheduler, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = structs.replace(ON, schedule=ScheduleSettings(at="05:00"))

    def install(settings: Settings, paths: Paths) -> None:
        scheduler.at = settings.schedule.at
        save_settings(paths, theirs)

    monkeypatch.setattr(scheduler, "install", install)
    with pytest.raises(ChangedMeanwhile):
        configure.save(paths, OFF, ON)
    assert (load_settings(paths), scheduler.at) == (theirs, "05:00")


def test_bad_settings_leave_the_task_alone(scheduler: Scheduler, paths: Paths) -> None:
    with pytest.raises(BadSetting):
        configure.save(paths, OFF, structs.replace(ON, schedule=ScheduleSettings(at="25:00")))
    with pytest.raises(BadSetting):
        configure.save(paths, Settings(), Settings(enabled=True))
    assert scheduler.at is None


def test_off_is_saved_also_when_the_task_can_not_be_removed(scheduler: Scheduler, paths: Paths) -> None:
    configure.save(paths, OFF, ON)
    scheduler.refuses = True
    with pytest.raises(SchedulerError, match="switched off"):
        configure.save(paths, ON, OFF)
    assert not load_settings(paths).enabled


def test_an_imported_file_brings_its_task(scheduler: Scheduler, paths: Paths, tmp_path: Path) -> None:
    configure.save(paths, OFF, ON)
    (tmp_path / "other.toml").write_bytes(paths.config_file.read_bytes().replace(b'at = "02:00"', b'at = "05:00"'))
    configure.import_file(paths, tmp_path / "other.toml")
    assert scheduler.at == "05:00"


def test_a_task_that_ended_without_a_run_says_what_it_said(scheduler: Scheduler, paths: Paths) -> None:
    configure.save(paths, OFF, ON)
    with pytest.raises(SchedulerError) as caught:
        daily_task.run(ON, paths)
    assert "It said this." in caught.value.hint


def test_a_password_that_could_not_be_read_is_a_problem_of_the_task(scheduler: Scheduler, paths: Paths) -> None:
    configure.save(paths, OFF, ON)
    note_night_test(paths, "audit@sftp.example.com:22", "keyring", readable=False)
    state = daily_task.show(ON, paths)
    assert "while you are logged out" in (state.problem or "")
    elsewhere = structs.replace(ON, server=ServerSettings(host="other.example.com", user="audit", path="/Export"))
    assert last_night_test(elsewhere, paths) is None
    assert daily_task.show(elsewhere, paths).problem is None


def test_a_task_that_is_left_while_off_is_told_and_mended(scheduler: Scheduler, paths: Paths) -> None:
    scheduler.at = OFF.schedule.at
    state = daily_task.show(OFF, paths)
    assert state.problem == "The export is off, but its daily task is still there."
    assert state.command == "audit-trails-export schedule remove"
    assert daily_task.mend(OFF, paths).problem is None
    assert scheduler.at is None
    assert daily_task.mend(ON, paths).installed


def test_trouble_is_told_only_while_the_export_is_on(scheduler: Scheduler, paths: Paths) -> None:
    from desktop_app.actions.status import overview

    state = TaskState(scheduler="systemd", name="task", installed=False, problem="It is not there.")
    assert troubles(overview(OFF, paths), state) == []
    assert [trouble.message for trouble in troubles(overview(ON, paths), state)] == ["It is not there."]


def test_a_try_of_the_night_that_can_not_be_written_is_a_warning(
    scheduler: Scheduler, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(configure.night, "find_out", full)
    state = configure.save(paths, OFF, ON)
    assert (state.installed, state.problem) == (True, None)
    assert "All is saved." in (state.warning or "") and "The disk is full." in (state.warning or "")
    assert load_settings(paths) == ON


def test_a_password_that_is_kept_is_said_to_be_kept(
    scheduler: Scheduler, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure.save(paths, OFF, ON)
    scheduler.at, scheduler.refuses = None, True
    monkeypatch.setattr(configure.night, "find_out", full)
    _, state = configure.keep_password(paths, ON, "secret", "file")
    assert state.problem == "Something else is registered."
    assert "The disk is full." in (state.warning or "")
    assert read_password(paths, account_name(ON.server)) == "secret"


def test_a_scheduler_that_does_not_answer_afterwards_is_a_problem_of_the_task(
    scheduler: Scheduler, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([scheduler.show(ON, paths)])

    def show(settings: Settings, paths: Paths) -> TaskState:
        for state in answers:
            return state
        raise SchedulerError("It does not answer.", "Ask it.")

    monkeypatch.setattr(daily_task, "show", show)
    monkeypatch.setattr(configure, "_install", lambda *_: None)
    assert configure.save(paths, OFF, ON).problem == "It does not answer."
    assert load_settings(paths) == ON


# Where a change is made, by file: Ctrl-C comes at each of their lines.
CHANGING = ("actions/save_with_task.py", "actions/save_settings.py", "desktop_app/stop.py")


class CtrlC:
    """Sends SIGINT to this process before the first line that is none of `passed`, where it then was."""

    def __init__(self, passed: set[tuple[str, int]]) -> None:
        self._passed = passed
        self.place: tuple[str, int] | None = None

    def __call__(self, frame: FrameType, event: str, _: object) -> Callable[..., object] | None:
        if not frame.f_code.co_filename.endswith(CHANGING):
            return None
        place = (frame.f_code.co_filename, frame.f_lineno)
        if event == "line" and self.place is None and place not in self._passed:
            self.place = place
            signal.raise_signal(signal.SIGINT)
        return self


@pytest.mark.parametrize(("before", "after"), [(OFF, ON), (ON, LATER), (ON, OFF)])
def test_ctrl_c_leaves_all_of_a_change_or_none(
    scheduler: Scheduler, paths: Paths, tmp_path: Path, before: Settings, after: Settings
) -> None:
    """Task, file, and what is recorded, at every line."""
    passed: set[tuple[str, int]] = set()
    while True:
        home = tmp_path / str(len(passed))
        home.mkdir()
        fresh = Paths(home, home, home, tmp_path / "none.toml")
        save_settings(fresh, before)
        scheduler.at = before.schedule.at if before.enabled else None
        ctrl_c, earlier = CtrlC(passed), sys.gettrace()
        try:
            sys.settrace(ctrl_c)
            configure.save(fresh, before, after)
        except KeyboardInterrupt:
            pass
        finally:
            sys.settrace(earlier)
        now = load_settings(fresh)
        assert now in (before, after), ctrl_c.place
        assert scheduler.at == (now.schedule.at if now.enabled else None), ctrl_c.place
        with open_store(fresh.store) as store:
            assert bool(store.last_seq()) == (now == after), ctrl_c.place
        if ctrl_c.place is None:
            break
        passed.add(ctrl_c.place)
    assert now == after
    assert len(passed) > 25
