"""A change is made as a whole or not at all, whichever of its steps fails."""

import logging
import signal
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import pytest
from msgspec import structs

from desktop_app.actions import save_settings
from desktop_app.actions.keep_password import keep_password
from desktop_app.actions.run_daily_task import run_daily_task
from desktop_app.actions.save_settings import ChangedMeanwhile, prepare
from desktop_app.errors import BadSetting, LocalDiskError
from desktop_app.export.ledger import open_ledger
from desktop_app.schedule import daily_task, password_at_night
from desktop_app.schedule.night_try import last_night_try, note_night_try
from desktop_app.schedule.task_state import SchedulerError, TaskState, WindowsPasswordNeeded
from desktop_app.secrets.keepers import account_name, read_password, save_password
from desktop_app.settings import effective
from desktop_app.settings.edits import edited
from desktop_app.settings.effective import load_settings
from desktop_app.settings.model import ExportSettings, ScheduleSettings, ServerSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.trails.store.store import Store, open_store
from desktop_app.wording import Said
from tests.saving import import_file, save
from tests.stored import events_in
from tests.unit.actions.conftest import Scheduler

OFF = Settings(server=ServerSettings(host="sftp.example.com", user="audit", path="/Export"))
ON = structs.replace(OFF, enabled=True)
LATER = structs.replace(ON, schedule=ScheduleSettings(at="03:30"))
ACCOUNT = account_name(OFF.server)


def full(*_: object) -> NoReturn:
    raise LocalDiskError(Said("The disk is full."))


def interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths(tmp_path, tmp_path, tmp_path, tmp_path / "none.toml")
    effective.save_settings(paths, OFF)
    return paths


def everything(paths: Paths, scheduler: Scheduler) -> tuple[object, ...]:
    """All that a change changes."""
    with open_store(paths.store) as store, open_ledger(paths.ledger) as ledger:
        return (
            paths.config_file.read_bytes(),
            scheduler.at,
            store.last_seq(),
            ledger.switched_on_since(),
            ledger.switched_on_ms(),
            read_password(paths, ACCOUNT),
            paths.secret_file.exists() and paths.secret_file.read_bytes(),
            paths.night_try.exists() and paths.night_try.read_bytes(),
        )


def test_the_switch_registers_updates_and_removes_the_task(scheduler: Scheduler, paths: Paths) -> None:
    assert save(paths, ON).task.installed
    save(paths, LATER)
    assert scheduler.at == "03:30"
    assert not save(paths, OFF).task.installed
    assert load_settings(paths) == OFF


def test_each_turn_of_the_switch_is_an_event_of_its_own(scheduler: Scheduler, paths: Paths) -> None:
    for settings in (ON, LATER, OFF):
        save(paths, settings)
    with open_store(paths.store) as store:
        done = [(each["entityName"], each["actionType"]) for each in events_in(store)]
    turns = [action for name, action in done if name == "Export"]
    assert (turns, len(done)) == (["Switch on", "Switch off"], 5)


def test_days_may_not_be_missing_from_the_moment_of_the_switch_on(
    scheduler: Scheduler, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not from some other day on, each day since which would get an empty archive, or none."""
    monkeypatch.setattr(time, "time", lambda: 1_764_458_599.75)
    in_auckland = structs.replace(ON, export=ExportSettings(timezone="Pacific/Auckland"))
    save(paths, in_auckland)
    with open_ledger(paths.ledger) as ledger:
        assert ledger.switched_on_ms() == 1_764_458_599_750
        assert ledger.switched_on_since() == date(2025, 11, 30)  # still the 29th in UTC


STEPS: dict[str, tuple[object, str]] = {
    "password": ("desktop_app.actions.keep_password", "save_password"),
    "task": (Scheduler, "install"),
    "switch": ("desktop_app.actions.save_settings", "note_switch"),
    "event": (Store, "append"),
    "file": ("desktop_app.actions.save_settings", "write_atomically"),
}


@pytest.mark.parametrize("failure", [full, interrupt])
@pytest.mark.parametrize("done", [False, True], ids=["before", "behind"])
@pytest.mark.parametrize(("before", "after"), [(OFF, ON), (ON, LATER), (ON, OFF)], ids=["on", "later", "off"])
@pytest.mark.parametrize("step", STEPS)
def test_where_a_step_fails_all_is_as_it_was(
    scheduler: Scheduler,
    paths: Paths,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    before: Settings,
    after: Settings,
    done: bool,
    failure: Callable[[], NoReturn],
) -> None:
    """Whether it failed before it did anything, or behind that."""
    if step == "task" and not after.enabled:
        pytest.skip("no task is set up then")
    save(paths, before)
    save_password(paths, ACCOUNT, "earlier", "file")
    note_night_try(paths, ACCOUNT, "file", readable=True)
    place, name = STEPS[step]
    owner: Any = sys.modules[place] if isinstance(place, str) else place
    real = getattr(owner, name)

    def fail(*arguments: Any, **named: Any) -> NoReturn:
        if done:
            real(*arguments, **named)
        monkeypatch.setattr(owner, name, real)  # what puts back may use it
        failure()

    was = everything(paths, scheduler)
    change = prepare(paths, edited(lambda _: after))
    monkeypatch.setattr(owner, name, fail)
    with pytest.raises((LocalDiskError, KeyboardInterrupt)):
        change.commit("new")
    assert everything(paths, scheduler) == was
    assert change.commit("new").warnings == ()
    assert (load_settings(paths), read_password(paths, ACCOUNT)) == (after, "new")
    assert scheduler.at == (after.schedule.at if after.enabled else None)


def test_nothing_is_saved_when_the_task_can_not_be_registered(scheduler: Scheduler, paths: Paths) -> None:
    scheduler.refuses = True
    with pytest.raises(SchedulerError, match=r"Nothing was saved.*It refused\."):
        save(paths, ON)
    assert load_settings(paths) == OFF


def test_a_task_that_can_not_be_put_back_is_told_by_what_asks_for_it(
    scheduler: Scheduler, paths: Paths, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """And nothing else is left of the change, whose own failure is what is raised."""

    def refuse(*_: object) -> NoReturn:
        scheduler.refuses = True
        full()

    monkeypatch.setattr(save_settings, "write_atomically", refuse)
    with caplog.at_level(logging.WARNING), pytest.raises(LocalDiskError, match="disk is full"):
        save(paths, ON)
    assert "could not be put back: It refused." in caplog.text
    assert load_settings(paths) == OFF
    assert daily_task.show(OFF, paths).problem == "The export is off, but its daily task is still there."
    with open_store(paths.store) as store:
        assert store.last_seq() == 0


def test_the_task_is_that_of_settings_that_were_saved_meanwhile(
    scheduler: Scheduler, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = structs.replace(ON, schedule=ScheduleSettings(at="05:00"))

    def install(settings: Settings, paths: Paths) -> None:
        scheduler.at = settings.schedule.at
        effective.save_settings(paths, theirs)

    monkeypatch.setattr(scheduler, "install", install)
    with pytest.raises(ChangedMeanwhile):
        save(paths, ON)
    assert (load_settings(paths), scheduler.at) == (theirs, "05:00")


def test_settings_that_were_saved_between_reading_and_making_stay(scheduler: Scheduler, paths: Paths) -> None:
    change = prepare(paths, edited(lambda _: ON))
    effective.save_settings(paths, theirs := structs.replace(OFF, schedule=ScheduleSettings(at="05:00")))
    with pytest.raises(ChangedMeanwhile):
        change.commit("new")
    assert (load_settings(paths), scheduler.at, read_password(paths, ACCOUNT)) == (theirs, None, None)


def test_a_comment_that_was_written_between_reading_and_making_stays(scheduler: Scheduler, paths: Paths) -> None:
    change = prepare(paths, edited(lambda _: ON))
    paths.config_file.write_text("# mine\n" + paths.config_file.read_text(encoding="utf-8"), encoding="utf-8")
    change.commit()
    assert paths.config_file.read_text(encoding="utf-8").startswith("# mine\n")
    assert load_settings(paths) == ON


def test_bad_settings_leave_the_task_alone(scheduler: Scheduler, paths: Paths) -> None:
    with pytest.raises(BadSetting):
        save(paths, structs.replace(ON, schedule=ScheduleSettings(at="25:00")))
    with pytest.raises(BadSetting):
        save(paths, Settings(enabled=True))
    assert scheduler.at is None


def test_off_is_saved_also_when_the_task_can_not_be_removed(scheduler: Scheduler, paths: Paths) -> None:
    save(paths, ON)
    scheduler.refuses = True
    saved = save(paths, OFF)
    assert saved.task.problem == "The export is off, but its daily task is still there."
    (warning,) = saved.warnings
    assert "switched off" in warning and "It refused. Ask it. audit-trails-export schedule remove" in warning
    assert not load_settings(paths).enabled


def test_an_imported_file_brings_its_task(scheduler: Scheduler, paths: Paths, tmp_path: Path) -> None:
    save(paths, ON)
    (tmp_path / "other.toml").write_bytes(paths.config_file.read_bytes().replace(b'at = "02:00"', b'at = "05:00"'))
    import_file(paths, tmp_path / "other.toml")
    assert scheduler.at == "05:00"


def test_a_task_that_ended_without_a_run_says_what_it_said(scheduler: Scheduler, paths: Paths) -> None:
    save(paths, ON)
    with pytest.raises(SchedulerError) as caught:
        run_daily_task(ON, paths)
    assert "It said this." in caught.value.hint


def test_a_password_that_could_not_be_read_is_a_problem_of_the_task(scheduler: Scheduler, paths: Paths) -> None:
    save(paths, ON)
    note_night_try(paths, ACCOUNT, "keyring", readable=False)
    state = daily_task.show(ON, paths)
    assert "while you are logged out" in (state.problem or "")
    elsewhere = structs.replace(ON, server=ServerSettings(host="other.example.com", user="audit", path="/Export"))
    assert last_night_try(elsewhere, paths) is None
    assert daily_task.show(elsewhere, paths).problem is None


def test_a_task_that_is_left_while_off_is_told_and_mended(scheduler: Scheduler, paths: Paths) -> None:
    scheduler.at = OFF.schedule.at
    state = daily_task.show(OFF, paths)
    assert state.problem == "The export is off, but its daily task is still there."
    assert state.command == "audit-trails-export schedule remove"
    assert daily_task.mend(OFF, paths).problem is None
    assert scheduler.at is None
    assert daily_task.mend(ON, paths).installed


@pytest.mark.parametrize(("failure", "why"), [(full, "The disk is full."), (interrupt, "It was stopped.")])
def test_a_try_of_the_night_that_fails_is_a_warning(
    scheduler: Scheduler, paths: Paths, monkeypatch: pytest.MonkeyPatch, failure: Callable[[], NoReturn], why: str
) -> None:
    monkeypatch.setattr(password_at_night, "find_out", failure)
    saved = save(paths, ON)
    assert (saved.task.installed, saved.task.problem) == (True, None)
    (warning,) = saved.warnings
    assert "All is saved." in warning and why in warning
    assert load_settings(paths) == ON


def test_a_password_that_is_kept_is_said_to_be_kept(
    scheduler: Scheduler, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(paths, ON)
    scheduler.at, scheduler.refuses = None, True
    monkeypatch.setattr(password_at_night, "find_out", full)
    kept = keep_password(paths, ON, "secret", "file")
    assert kept.task.problem == "Something else is registered."
    assert "The disk is full." in kept.warnings[0]
    assert read_password(paths, ACCOUNT) == "secret"


def test_a_password_that_can_not_be_kept_leaves_the_earlier_one_where_it_was(
    scheduler: Scheduler, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_password(paths, ACCOUNT, "earlier")
    was = everything(paths, scheduler)
    monkeypatch.setattr("desktop_app.actions.keep_password.forget_night_try", full)
    with pytest.raises(LocalDiskError):
        keep_password(paths, ON, "secret", "file")
    assert everything(paths, scheduler) == was


def test_a_scheduler_that_does_not_answer_afterwards_is_a_problem_of_the_task(
    scheduler: Scheduler, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([scheduler.show(ON, paths)])

    def show(settings: Settings, paths: Paths) -> TaskState:
        for state in answers:
            return state
        raise SchedulerError(Said("It does not answer."), Said("Ask it."))

    monkeypatch.setattr(daily_task, "show", show)
    monkeypatch.setattr(daily_task, "install", lambda *_: None)
    assert save(paths, ON).task.problem == "It does not answer."
    assert load_settings(paths) == ON


def test_a_scheduler_that_is_silent_takes_down_only_what_needs_it(scheduler: Scheduler, paths: Paths) -> None:
    save(paths, ON)
    scheduler.silent = True
    elsewhere = structs.replace(ON, server=structs.replace(ON.server, path="/Elsewhere"))
    saved = save(paths, elsewhere)
    assert (saved.task.is_known, saved.task.problem, saved.warnings) == (False, "It does not answer.", ())
    assert keep_password(paths, elsewhere, "secret", "file").task.problem == "It does not answer."
    was = (paths.config_file.read_bytes(), scheduler.at)
    with pytest.raises(SchedulerError, match=r"Nothing was saved.*It does not answer"):
        save(paths, structs.replace(elsewhere, schedule=ScheduleSettings(at="03:30")))
    assert (paths.config_file.read_bytes(), scheduler.at) == was
    scheduler.refuses = True
    (warning,) = save(paths, OFF).warnings
    assert "could not be removed" in warning
    assert save(paths, OFF).warnings == ()  # nothing was switched off


def test_a_task_that_is_registered_and_can_not_be_looked_at_is_saved(
    scheduler: Scheduler, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading it back is how it stands, no part of the change."""

    def install(settings: Settings, paths: Paths) -> None:
        scheduler.at, scheduler.silent = settings.schedule.at, True

    monkeypatch.setattr(scheduler, "install", install)
    saved = save(paths, ON)
    assert (saved.task.is_known, saved.task.problem) == (False, "It does not answer.")
    assert (load_settings(paths), scheduler.at) == (ON, ON.schedule.at)


def test_a_task_that_waits_for_the_password_of_windows_keeps_nothing_from_being_saved(
    scheduler: Scheduler, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(paths, ON)

    def want_it(*_: object) -> NoReturn:
        raise WindowsPasswordNeeded(Said("Windows needs your password."))

    monkeypatch.setattr(scheduler, "install", want_it)
    saved = save(paths, LATER)
    assert saved.task.problem == "Something else is registered."
    assert (load_settings(paths), scheduler.at) == (LATER, ON.schedule.at)


# Where a change is made, by file: Ctrl-C comes at each of their lines.
CHANGING = ("actions/keep_password.py", "actions/save_settings.py", "desktop_app/stop.py")


class CtrlC:
    """Sends SIGINT to this process before the first line that is none of `passed`, where it then was."""

    def __init__(self, passed: set[tuple[str, int]]) -> None:
        self._passed = passed
        self.place: tuple[str, int] | None = None

    def __call__(self, frame: FrameType, event: str, _: object) -> Callable[..., object] | None:
        if not frame.f_code.co_filename.replace("\\", "/").endswith(CHANGING):
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
    """Task, file, password, and what is recorded, at every line."""
    passed: set[tuple[str, int]] = set()
    while True:
        home = tmp_path / str(len(passed))
        home.mkdir()
        fresh = Paths(home, home, home, tmp_path / "none.toml")
        effective.save_settings(fresh, before)
        scheduler.at = before.schedule.at if before.enabled else None
        ctrl_c, earlier = CtrlC(passed), sys.gettrace()
        change = prepare(fresh, edited(lambda _: after))
        try:
            sys.settrace(ctrl_c)
            change.commit("new")
        except KeyboardInterrupt:
            pass
        finally:
            sys.settrace(earlier)
        now = load_settings(fresh)
        assert now in (before, after), ctrl_c.place
        assert scheduler.at == (now.schedule.at if now.enabled else None), ctrl_c.place
        assert read_password(fresh, ACCOUNT) == ("new" if now == after else None), ctrl_c.place
        with open_store(fresh.store) as store:
            assert bool(store.last_seq()) == (now == after), ctrl_c.place
        if ctrl_c.place is None:
            break
        passed.add(ctrl_c.place)
    assert now == after
    assert len(passed) > 25
