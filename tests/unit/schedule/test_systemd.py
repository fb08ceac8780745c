"""systemd's units where the disk is full, and the waiting for a task that takes long."""

import os
from pathlib import Path

import pytest

from desktop_app.schedule.task_state import SchedulerError
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.stop import Stop, Stopped
from tests.disk import full_disk
from tests.windows_gaps import needs

pytestmark = needs("systemd")


def test_who_waits_no_longer_is_let_go_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop_app.schedule.systemd import task as systemd

    (tmp_path / "systemctl").write_text(
        f"#!/bin/sh\ncase $* in *start*) sleep 3; touch {tmp_path}/ended; esac\n", encoding="utf-8"
    )
    (tmp_path / "systemctl").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    stop = Stop()
    stop.ask()
    with pytest.raises(Stopped):
        systemd.run(Settings(), Paths(tmp_path, tmp_path, tmp_path), stop.check)
    assert not (tmp_path / "ended").exists()


def test_a_manager_that_does_not_answer_is_not_told_as_a_task_that_is_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop_app.schedule.systemd import task as systemd
    from desktop_app.schedule.systemd import units as systemd_units

    paths, settings = Paths(tmp_path, tmp_path, tmp_path), Settings(enabled=True)
    units = systemd_units.Units("task", tmp_path / "units", tmp_path / "stamps", None)
    monkeypatch.setattr(systemd_units, "find", lambda _: units)
    for file, text in systemd_units.texts(units, settings, paths, sandboxed=True).items():
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    for program in ("systemctl", "loginctl", "busctl"):
        (tmp_path / program).write_text("#!/bin/sh\necho Failed to connect to bus >&2; exit 1\n", encoding="utf-8")
        (tmp_path / program).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(SchedulerError, match="Failed to connect to bus"):
        systemd.show(settings, paths)


def test_a_user_without_a_name_is_called_by_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container that runs as any number."""
    from desktop_app.schedule.systemd import units as systemd_units

    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    assert systemd_units.user_name(Paths(tmp_path, tmp_path, tmp_path)) == "54321"


def test_a_unit_is_for_its_owner_alone_to_change_also_where_no_umask_is_set(tmp_path: Path) -> None:
    from desktop_app.schedule.systemd import task as systemd

    before = os.umask(0)
    try:
        systemd._put(tmp_path / "systemd" / "user" / "task.timer", "[Timer]\n")
    finally:
        os.umask(before)
    folder = tmp_path / "systemd"
    assert [path.stat().st_mode & 0o777 for path in (folder, folder / "user")] == [0o700, 0o700]
    assert (folder / "user" / "task.timer").stat().st_mode & 0o777 == 0o644


def test_a_unit_that_a_full_disk_does_not_take_stays_as_it_was(tmp_path: Path) -> None:
    from desktop_app.schedule.systemd import task as systemd

    unit = tmp_path / "task.timer"
    unit.write_text("[Timer]\n", encoding="utf-8")
    with full_disk(), pytest.raises(SchedulerError):
        systemd._put(unit, "[Timer]\nOnCalendar=02:00\n")
    assert [file.read_text(encoding="utf-8") for file in tmp_path.iterdir()] == ["[Timer]\n"]


def test_a_removed_unit_leaves_nothing_of_a_write_that_was_killed(tmp_path: Path) -> None:
    from desktop_app.schedule.systemd import task as systemd

    unit, foreign = tmp_path / "task.timer", tmp_path / ".task.timer.d"
    unit.touch()
    (tmp_path / ".task.timer.ab_12x9z").touch()  # as tempfile names it
    foreign.touch()
    systemd._put(unit, None)
    assert list(tmp_path.iterdir()) == [foreign]
    systemd._put(tmp_path / "no such folder" / "task.timer", None)
