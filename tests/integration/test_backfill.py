"""A backfill delivers what runs deliver, each event once, wherever it is killed, and has no room for all of it."""

import json
import random
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from desktop_app.actions import backfill_days
from desktop_app.actions.backfill import Surroundings, backfill
from desktop_app.actions.backfill_days import Asked, DaysDone
from desktop_app.actions.run import RunResult
from desktop_app.errors import BadSetting
from desktop_app.export.build import DayFile, PackedDay
from desktop_app.export.ledger import Outcome
from desktop_app.export.packers import Packers
from desktop_app.settings.model import FolderSource, SqlSource
from desktop_app.sources import files_reader
from desktop_app.trails.store.hours import hours
from desktop_app.trails.store.store import open_store
from tests.integration.exporter import NOW, QUICK, Exporter, names
from tests.integration.two_months import (
    DAYS,
    FIRST,
    LAST,
    all_ids,
    data_of,
    day_events,
    exporter,
    files_in,
    of,
)
from tests.kills import KILLS
from tests.servers import Server


def back(made: Exporter, first: date = FIRST, last: date = LAST, jobs: int = 1, **more: Any) -> RunResult:
    around = Surroundings(lambda: made.password, backoff=QUICK, clock=lambda: made.now.timestamp(), **more)
    result = backfill(made.settings, made.paths, Asked("trails", first, last, jobs), around)
    assert result.error is None
    return result


@pytest.mark.parametrize("jobs", [1, 3])
def test_the_archives_are_those_of_a_run_and_the_store_never_holds_all(
    tmp_path: Path, sshd: Server, served: Path, trails: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    source = files_in(trails)
    nightly = exporter(tmp_path, "nightly", sshd, served, source)
    assert nightly.run().error is None
    monkeypatch.setattr(backfill_days, "_EVENTS_AT_ONCE", 200)
    filled = exporter(tmp_path, "filled", sshd, served, source)
    waiting: list[int] = []
    told: list[DaysDone] = []

    def on_days(done: DaysDone) -> None:
        told.append(done)
        with open_store(filled.paths.store) as store:
            waiting.append(sum(hour.events for hour in hours(store) if hour.end_ms < NOW.timestamp() * 1000 - 9e9))

    result = back(filled, on_days=on_days, jobs=jobs)
    assert result.sources[0].read == DAYS * 40
    assert dict(data_of(of(served, "filled"))) == dict(data_of(of(served, "nightly")))
    assert len(names(of(served, "filled"))) == DAYS
    assert max(waiting) < 1000 < DAYS * 40
    assert (told[-1].day, told[-1].done, told[-1].total) == (LAST, DAYS, DAYS)
    assert [done.done for done in told] == sorted(done.done for done in told) and len(told) > 5
    filled.now += timedelta(days=1)
    assert all(archive.day >= "2026" for archive in filled.run().archives)


def test_days_that_no_other_process_packs_are_packed_by_this_one(
    tmp_path: Path, sshd: Server, served: Path, trails: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, asked = Packers._start, Packers._ask
    packed: list[bool] = []

    def killed(packers: Packers) -> "subprocess.Popen[bytes] | None":
        process = start(packers)
        if process and len(packers._started) == 1:
            process.kill()
        return process if len(packers._started) < 3 else None

    def asking(packers: Packers, file: DayFile) -> PackedDay | None:
        found = asked(packers, file)
        packed.append(found is not None)
        return found

    monkeypatch.setattr(Packers, "_start", killed)
    monkeypatch.setattr(Packers, "_ask", asking)
    made = exporter(tmp_path, "a", sshd, served, files_in(trails))
    back(made, jobs=3)
    assert all_ids(of(served, "a")).total() == DAYS * 40 and len(names(of(served, "a"))) == DAYS
    assert True in packed and False in packed


def test_what_is_before_the_first_day_is_left_out_and_told_and_what_is_after_the_last_is_left_to_the_runs(
    tmp_path: Path, sshd: Server, served: Path, trails: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill_days, "_EVENTS_AT_ONCE", 100)
    monkeypatch.setattr(files_reader, "_BATCH_RECORDS", 5)
    made = exporter(tmp_path, "a", sshd, served, files_in(trails))
    first, last = FIRST + timedelta(days=10), FIRST + timedelta(days=30)
    result = back(made, first, last)
    folder = of(served, "a")
    days = [name.removeprefix("audit-trails-ws-")[:10] for name in names(folder)]
    assert days == [f"{first + timedelta(days=n)}" for n in range(21)]
    source = result.sources[0]
    assert source.left_out and source.read == source.appended.stored < DAYS * 40  # it did not read all
    gaps: list[str] = []
    for name in names(folder):
        with zipfile.ZipFile(folder / name) as archive:
            for each in json.loads(archive.read("manifest.json")).get("coverage", []):
                gaps += [gap["reason"] for gap in each["gaps"]]
    assert gaps == [f"{source.left_out} events from before {first} were left out"]
    assert made.run().error is None
    expected = Counter(
        each["id"]
        for day in range(DAYS)
        for region in range(2)
        for each in day_events(day, region, 20)
        if each["createdAt"] >= f"{first}"
    )
    assert all_ids(folder) == expected
    assert back(made, first, last).outcome is Outcome.NOTHING_DUE


def test_of_tables_that_begin_anew_each_day_gets_one_archive(
    tmp_path: Path, sshd: Server, served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill_days, "_EVENTS_AT_ONCE", 100)
    monkeypatch.setattr("desktop_app.sources.sql.reader._FIRST_ROWS", 10)
    monkeypatch.setattr("desktop_app.sources.sql.reader._MOST_ROWS", 10)
    database = tmp_path / "trails.sqlite"
    columns = "id TEXT, createdAt TEXT, entityType TEXT, entityName TEXT, actionType TEXT"
    with sqlite3.connect(database) as db:
        for region, table in enumerate(("eu", "us")):
            db.execute(f"CREATE TABLE {table} ({columns})")
            rows = [
                (each["id"], each["createdAt"], "User", "u", "Update")
                for day in range(DAYS)
                for each in day_events(day, region, 5)
            ]
            db.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?)", rows)
    source = SqlSource(
        name="trails",
        url=f"sqlite:///{database}",
        table="eu, us",
        time_column="createdAt",
        id_column="id",
        fields={"id": "id"},
    )
    made = exporter(tmp_path, "a", sshd, served, source)
    told: list[DaysDone] = []
    back(made, on_days=told.append)
    assert all_ids(of(served, "a")).total() == DAYS * 10
    assert len(names(of(served, "a"))) == DAYS and len(told) > 1


def test_a_backfill_of_nothing_is_refused(tmp_path: Path, sshd: Server, served: Path, trails: Path) -> None:
    made = exporter(tmp_path, "a", sshd, served, FolderSource(name="trails", path=str(trails)))
    with pytest.raises(BadSetting, match="There is no source app"):
        backfill(made.settings, made.paths, Asked("app", FIRST, LAST), Surroundings(str))
    with pytest.raises(BadSetting, match="2025-03-01 is after 2025-01-01"):
        backfill(made.settings, made.paths, Asked("trails", LAST, FIRST), Surroundings(str))


_FILL = """
import json, sys
from datetime import date
from pathlib import Path
import msgspec
from desktop_app.actions import backfill, backfill_days
from desktop_app.export.delivery import Backoff
from desktop_app.settings.model import FolderSource, Settings
from desktop_app.settings.paths import Paths
from desktop_app.sources import files_reader
from desktop_app.settings.source_kinds import to_settings
given = json.loads(sys.stdin.read())
backfill_days._EVENTS_AT_ONCE, files_reader._BATCH_RECORDS = 60, 7
settings = to_settings(given["settings"], "settings")
home = Path(given["home"])
days = date.fromisoformat(given["first"]), date.fromisoformat(given["last"])
asked = backfill_days.Asked("trails", *days, given["jobs"])
around = backfill.Surroundings(lambda: given["password"])
result = backfill.backfill(settings, Paths(home, home, home), asked, around)
print(result.error or "done")
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_killed_at_random_moments_it_delivers_each_event_once(
    tmp_path: Path, sshd: Server, served: Path, trails: Path, jobs: int
) -> None:
    made = exporter(tmp_path, "a", sshd, served, files_in(trails))
    given = json.dumps(
        {
            "settings": msgspec.to_builtins(made.settings),
            "home": str(tmp_path / "a"),
            "password": made.password,
            "first": str(FIRST),
            "last": str(LAST),
            "jobs": jobs,
        }
    )
    chance = random.Random(KILLS)
    for _ in range(KILLS):
        process = subprocess.Popen([sys.executable, "-c", _FILL], stdin=subprocess.PIPE, text=True)
        assert process.stdin
        process.stdin.write(given)
        process.stdin.close()
        time.sleep(chance.uniform(0.5, 2.5))  # at whatever moment that is
        process.kill()
        process.wait()
    last = subprocess.run([sys.executable, "-c", _FILL], input=given, text=True, capture_output=True, check=True)
    assert last.stdout.strip() == "done"
    folder = of(served, "a")
    expected = Counter(
        each["id"] for day in range(DAYS) for region in range(2) for each in day_events(day, region, 20)
    )
    assert all_ids(folder) == expected
    # What came for a day after a kill had its archive delivered early is in a later one of that day: none did.
    assert len(names(folder)) == DAYS
