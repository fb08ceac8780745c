"""The minute of each installation: stable, its own, and the one that scheduler and status have."""

import re
import sys
import time
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from msgspec import structs

from desktop_app.errors import BadSetting
from desktop_app.schedule import spread
from desktop_app.schedule.spread import own_moment, this_machine
from desktop_app.settings.file import parse_settings
from desktop_app.settings.model import ExportSettings, ScheduleSettings, Settings
from desktop_app.settings.paths import Paths
from tests.windows_gaps import needs


def of(instance: str, at: str = "02:00", span: str = "30m") -> Settings:
    schedule = ScheduleSettings(at=at, spread=span)
    return Settings(enabled=True, export=ExportSettings(instance=instance), schedule=schedule)


def minutes(moment: str) -> int:
    assert re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", moment)
    return int(moment[:2]) * 60 + int(moment[3:])


def test_a_thousand_computers_have_all_minutes_of_the_span_about_equally() -> None:
    drawn = Counter(minutes(own_moment(of(f"ws-{number:04}"), f"{number:032x}")) - 120 for number in range(1000))
    assert set(drawn) == set(range(30))
    assert max(drawn.values()) < 60  # 33 on average


def test_computers_that_are_copies_differ_by_their_names_and_namesakes_by_their_ids() -> None:
    copies = {own_moment(of(f"ws-{number}", span="24h"), "same") for number in range(50)}
    namesakes = {own_moment(of("ws", span="24h"), str(number)) for number in range(50)}
    assert min(len(copies), len(namesakes)) > 40


def test_the_moment_of_an_installation_never_moves() -> None:
    # By value: another version of the program must not move the tasks of a fleet.
    assert own_moment(of("ws-0042"), "0123456789abcdef0123456789abcdef") == "02:19"
    assert own_moment(of("ws-0042", "23:55"), "0123456789abcdef0123456789abcdef") == "00:14"
    assert own_moment(of("ws-0042")) == own_moment(of("ws-0042"))


def test_without_a_spread_it_is_the_daily_time() -> None:
    assert own_moment(of("ws", "02:00", "0m")) == "02:00"
    assert own_moment(of("ws", "02:00", "59s")) == "02:00"


@pytest.mark.parametrize(("at", "span"), [("25:00", "30m"), ("02:00", "half an hour"), ("02:00", "2d")])
def test_what_is_no_time_is_told(at: str, span: str) -> None:
    with pytest.raises(BadSetting):
        own_moment(of("ws", at, span))


def test_settings_from_before_there_was_a_spread_keep_their_time_and_new_ones_are_spread() -> None:
    before = "version = 2\n[schedule]\nat = '03:10'\n"
    assert own_moment(parse_settings(before, "file")) == "03:10"
    assert parse_settings("", "file").schedule == ScheduleSettings(at="02:00", spread="30m")
    assert parse_settings("[schedule]\nspread = '2h'\n", "file").schedule.spread == "2h"


def test_the_system_tells_which_computer_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert this_machine() and this_machine() == this_machine()
    if sys.platform != "win32":
        monkeypatch.setattr(spread, "_MACHINE_ID", tmp_path / "none")
        monkeypatch.setattr("socket.gethostname", lambda: "ws-7")
        assert this_machine() == "ws-7"
        (tmp_path / "none").write_text("0123\n", encoding="ascii")
        assert this_machine() == "0123"


@needs("systemd")
def test_every_scheduler_gets_the_moment_and_cron_says_it_as_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop_app.schedule.cron import task as cron
    from desktop_app.schedule.systemd import units as systemd_units

    settings, paths = of("ws-0042", "04:00", "2h"), Paths(tmp_path, tmp_path, tmp_path)
    moment = own_moment(settings)
    assert moment != "04:00"
    units = systemd_units.find(paths)
    timer = systemd_units.texts(units, settings, paths, sandboxed=False)[units.timer]
    assert f"OnCalendar=*-*-* {moment}:00\n" in timer

    table: list[bytes] = [b"MAILTO=me\n"]
    monkeypatch.setattr(cron, "_read", lambda: table[-1])
    monkeypatch.setattr(cron, "_write", table.append)
    monkeypatch.setattr(cron, "_is_running", lambda: True)
    monkeypatch.setattr("shutil.which", lambda _: "crontab")
    cron.install(settings, paths)
    hour, minute = moment.split(":")
    assert b"\n%d %d * * * " % (int(minute), int(hour)) in table[-1]
    state = cron.show(settings, paths)
    assert state.problem is None
    assert state.next_run is not None and state.next_run / 1000 > time.time()
    assert f"{datetime.fromtimestamp(state.next_run / 1000):%H:%M}" == moment
    assert cron.show(structs.replace(settings, schedule=ScheduleSettings(at="04:01")), paths).problem


def test_a_run_that_was_missed_is_told_by_the_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop_app.actions.run import was_missed
    from desktop_app.export.ledger import StartedBy, open_ledger

    paths, settings = Paths(tmp_path, tmp_path, tmp_path), of("ws", "02:00", "1h")
    monkeypatch.setattr("desktop_app.schedule.spread.this_machine", lambda: "m")
    moment = own_moment(settings)
    assert moment > "02:01"
    due = datetime.fromisoformat(f"2026-11-20T{moment}").timestamp()
    with open_ledger(paths.ledger) as ledger:
        ledger.begin_run(StartedBy.SCHEDULE, 1, int((due - 86_400 + 5) * 1000))
    assert not was_missed(settings, paths, due - 30)
    assert was_missed(settings, paths, due + 30)
