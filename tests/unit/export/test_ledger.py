import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from desktop_app.errors import LocalDiskError
from desktop_app.export.ledger import Archive, Ledger, Outcome, StartedBy, Told, open_ledger
from desktop_app.trails.store.store import Store
from desktop_app.wording import NOTHING, Said


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.db") as ledger:
        yield ledger


def archive(day: str = "2026-11-22", number: int = 1, **changes: Any) -> Archive:
    values: dict[str, Any] = {
        "instance": "ws",
        "day": day,
        "number": number,
        "name": f"audit-trails-ws-{day}-{number}.zip",
        "format": "json",
        "timezone": "UTC",
        "start_ms": 0,
        "end_ms": 10,
        "upto_seq": 7,
        "events": 3,
        "bytes": 100,
        "sha256": "ab",
        "built_ms": 1,
    }
    return Archive(**{**values, **changes})


def test_an_archive_is_built_then_delivered(ledger: Ledger) -> None:
    run = ledger.begin_run(StartedBy.HAND, 1, 5)
    ledger.set_built(run, archive())
    assert ledger.built() == archive()
    assert ledger.delivered() == []
    ledger.mark_delivered(archive().name, run, 9)
    assert ledger.built() is None
    assert ledger.delivered() == [archive(delivered_ms=9)]
    assert ledger.last_delivered() == archive(delivered_ms=9)


def test_there_is_never_a_second_built_archive(ledger: Ledger) -> None:
    run = ledger.begin_run(StartedBy.HAND, 1, 5)
    ledger.set_built(run, archive())
    ledger.set_built(run, archive(number=2))
    assert ledger.built() == archive(number=2)


def test_an_archive_that_is_held_makes_room_for_another(ledger: Ledger) -> None:
    run = ledger.begin_run(StartedBy.HAND, 1, 5)
    ledger.set_built(run, archive(number=1))
    ledger.set_held(archive(number=1).name, held=True)
    assert (ledger.built(), ledger.held()) == (None, [archive(number=1)])
    ledger.set_built(run, archive(number=2))
    assert (ledger.built(), ledger.held()) == (archive(number=2), [archive(number=1)])
    ledger.drop_built()
    assert (ledger.built(), ledger.held()) == (None, [archive(number=1)])
    ledger.set_held(archive(number=1).name, held=False)
    assert (ledger.built(), ledger.held()) == (archive(number=1), [])
    ledger.mark_delivered(archive(number=1).name, run, 9)
    ledger.set_held(archive(number=1).name, held=True)  # it is beyond that
    assert ledger.held() == [] and ledger.delivered() == [archive(delivered_ms=9)]


def test_what_runs_delivered_by_run(ledger: Ledger) -> None:
    runs = [ledger.begin_run(StartedBy.SCHEDULE, 1, 5) for _ in range(4)]
    for run, day in ((0, 20), (1, 21), (1, 22), (3, 23)):
        ledger.set_built(runs[run], archive(f"2026-11-{day}"))
        ledger.mark_delivered(archive(f"2026-11-{day}").name, runs[run], 9)
    ledger.set_built(runs[3], archive("2026-11-24"))
    days = {run: [each.day for each in found] for run, found in ledger.delivered_since(runs[1]).items()}
    assert days == {runs[1]: ["2026-11-21", "2026-11-22"], runs[3]: ["2026-11-23"]}
    assert ledger.delivered_since(runs[3] + 1) == {}
    assert ledger.last_delivered() == archive("2026-11-23", delivered_ms=9)


def test_why_a_run_failed_is_kept_by_its_parts(ledger: Ledger) -> None:
    reason = Said("{key} is missing", key="id")
    message = Said("{path}: {reason}", path="/a/\udcff", reason=reason)  # the name of a file need be no text
    ledger.end_run(ledger.begin_run(StartedBy.HAND, 1, 5), Outcome.FAILED, 9, (74, message, NOTHING))
    (run,) = ledger.runs()
    assert isinstance(run.message, Said) and run.message == message
    assert (run.message.template, run.message.values) == (message.template, message.values)
    assert (run.code, run.hint) == (74, "")


def test_what_an_earlier_version_kept_in_english_stays(ledger: Ledger, tmp_path: Path) -> None:
    ledger.begin_run(StartedBy.HAND, 1, 5)
    with sqlite3.connect(tmp_path / "ledger.db") as connection:
        connection.execute("UPDATE runs SET outcome = 'failed', code = 74, message = 'It failed.', hint = 'Do.'")
    connection.close()
    assert [(run.message, run.hint) for run in ledger.runs()] == [("It failed.", "Do.")]


def test_numbers_count_per_instance_and_day(ledger: Ledger) -> None:
    run = ledger.begin_run(StartedBy.HAND, 1, 5)
    for number in (1, 2):
        ledger.set_built(run, archive(number=number))
        ledger.mark_delivered(archive(number=number).name, run, 9)
    assert ledger.next_number("ws", date(2026, 11, 22)) == 3
    assert ledger.next_number("ws", date(2026, 11, 23)) == 1
    assert ledger.next_number("other", date(2026, 11, 22)) == 1


def test_a_run_sums_up_what_it_delivered(ledger: Ledger) -> None:
    run = ledger.begin_run(StartedBy.SCHEDULE, 42, 5)
    ledger.set_built(run, archive())
    ledger.mark_delivered(archive().name, run, 9)
    ledger.end_run(run, Outcome.FAILED, 11, (69, "No answer.", "Is it on?"), "server.host")
    (found,) = ledger.runs()
    assert (found.events, found.bytes, found.outcome, found.started_by, found.pid) == (
        3,
        100,
        "failed",
        "schedule",
        42,
    )
    assert (found.code, found.message, found.hint, found.field) == (69, "No answer.", "Is it on?", "server.host")
    assert ledger.last_success() is None


def test_a_run_that_never_ended_was_interrupted(ledger: Ledger) -> None:
    first = ledger.begin_run(StartedBy.HAND, 1, 5)
    ledger.set_built(first, archive())
    ledger.mark_delivered(archive().name, first, 9)
    active = ledger.active_run()
    assert active is not None and active.id == first
    second = ledger.begin_run(StartedBy.HAND, 1, 6)
    ledger.end_run(second, Outcome.NOTHING_DUE, 7)
    assert [run.outcome for run in ledger.runs()] == [Outcome.NOTHING_DUE, Outcome.INTERRUPTED]
    assert [(run.events, run.bytes, run.finished_ms) for run in ledger.runs()] == [(0, 0, 7), (3, 100, None)]
    success = ledger.last_success()
    assert success is not None and success.id == second


def test_the_switch(ledger: Ledger) -> None:
    assert ledger.switched_on_since() is None
    ledger.set_switched_on_since(date(2026, 11, 1))
    ledger.set_switched_on_since(date(2026, 11, 2), 1234)
    assert ledger.switched_on_since() == date(2026, 11, 2)
    assert ledger.switched_on_ms() == 1234
    ledger.set_switched_on_since(None)
    assert ledger.switched_on_since() is None
    assert ledger.switched_on_ms() is None


def test_the_cause_that_was_told_on_each_way(ledger: Ledger) -> None:
    assert ledger.told() == {}
    ledger.set_told("desktop", Told("one", 1))
    ledger.set_told("desktop", Told("another", 2))
    ledger.set_told("address", Told("one", 3))
    assert ledger.told() == {"desktop": Told("another", 2), "address": Told("one", 3)}
    ledger.forget_told("desktop")
    assert ledger.told() == {"address": Told("one", 3)}


def test_what_a_ledger_of_version_5_has_told_was_told_when_it_is_brought_to_this_one(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with open_ledger(path):
        pass
    with closing(sqlite3.connect(path)) as db:
        db.executescript(
            "ALTER TABLE told DROP COLUMN told_ms; INSERT INTO told VALUES ('address', 'one');"
            "ALTER TABLE runs DROP COLUMN field;"
            "PRAGMA user_version = 5;"
        )
    before = int(time.time())
    with open_ledger(path) as ledger:
        told = ledger.told()["address"]
    assert told.cause == "one"
    assert before * 1000 <= told.told_ms <= time.time() * 1000


def test_a_ledger_of_version_1_is_brought_to_this_one(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with open_ledger(path) as ledger:
        ledger.set_built(ledger.begin_run(StartedBy.HAND, 1, 5), archive())
    with closing(sqlite3.connect(path)) as db:  # back to what version 1 had
        db.executescript(
            "DROP INDEX one_built; ALTER TABLE archives DROP COLUMN held; ALTER TABLE archives DROP COLUMN noted;"
            "ALTER TABLE archives DROP COLUMN chain_number; ALTER TABLE archives DROP COLUMN manifest_sha256;"
            "ALTER TABLE archives DROP COLUMN signed_by; ALTER TABLE archives DROP COLUMN next_key;"
            "ALTER TABLE archives DROP COLUMN coverage_upto; DROP TABLE coverage; DROP TABLE came;"
            "CREATE UNIQUE INDEX one_built ON archives (state) WHERE state = 'built';"
            "DROP TABLE told; DROP TABLE switch; ALTER TABLE runs DROP COLUMN field;"
            "CREATE TABLE switch (since TEXT NOT NULL);"
            "INSERT INTO switch VALUES ('2026-11-01'); PRAGMA user_version = 1;"
        )
    for _ in range(2):
        with open_ledger(path) as ledger:
            assert ledger.built() == archive()
            assert ledger.switched_on_since() == date(2026, 11, 1)
            assert ledger.switched_on_ms() == 0
            assert ledger.told() == {}
            assert ledger.never_noted() == {archive().name}


def test_it_is_there_after_it_was_closed(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "l" / "ledger.db") as ledger:
        ledger.set_built(ledger.begin_run(StartedBy.HAND, 1, 5), archive())
    with open_ledger(tmp_path / "l" / "ledger.db") as ledger:
        assert ledger.built() == archive()


def test_what_is_no_ledger_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(LocalDiskError):
        open_ledger(path)
    assert path.read_bytes() == b"this is no database" * 100


def test_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(LocalDiskError, match="newer version"):
        open_ledger(path)


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("archives", "name", "CAST(x'ff' AS TEXT)"), ("archives", "day", "'2026-13-01'"),
        ("archives", "number", "'x'"), ("archives", "format", "'csv'"), ("archives", "upto_seq", "1.5"),
        ("archives", "end_ms", "start_ms - 1"), ("archives", "sha256", "x'00'"),
        ("runs", "outcome", "'delighted'"), ("runs", "message", "CAST(x'ff' AS TEXT)"),
        ("runs", "started_ms", "'then'"), ("switch", "since", "'yesterday'"), ("switch", "since_ms", "'then'"),
    ],
)  # fmt: skip
def test_a_value_that_can_not_be_is_told_as_damage(tmp_path: Path, table: str, column: str, value: str) -> None:
    with open_ledger(tmp_path / "ledger.db") as ledger:
        run = ledger.begin_run(StartedBy.HAND, 1, 5)
        ledger.set_built(run, archive())
        ledger.mark_delivered(archive().name, run, 6)
        ledger.end_run(run, Outcome.DELIVERED, 7)
        ledger.set_switched_on_since(date(2026, 11, 1), 5)
        ledger.db.execute(f"UPDATE {table} SET {column} = {value}")
        look = {
            "archives": lambda: (ledger.delivered(), ledger.delivered_since(0)),
            "runs": ledger.runs,
            "switch": lambda: (ledger.switched_on_since(), ledger.switched_on_ms()),
        }[table]
        with pytest.raises(LocalDiskError, match=r"ledger\.db") as caught:
            look()
        assert "put back a copy" in caught.value.hint


@pytest.mark.parametrize(("code", "hint"), [
    (sqlite3.SQLITE_FULL, "Keep the file"), (sqlite3.SQLITE_READONLY, "Keep the file"),
    (sqlite3.SQLITE_IOERR_WRITE, "Keep the file"), (sqlite3.SQLITE_CORRUPT, "put back a copy"),
    (sqlite3.SQLITE_NOTADB, "put back a copy"), (None, "put back a copy"),
])  # fmt: skip
def test_a_copy_is_named_only_where_the_file_is_damaged(tmp_path: Path, code: int | None, hint: str) -> None:
    error = sqlite3.DatabaseError("so it is")
    if code is not None:
        error.sqlite_errorcode = code
    assert hint in Store(Mock(), tmp_path).damage(error).hint
    with open_ledger(tmp_path / "ledger.db") as ledger:
        ledger.db.close()
        ledger.db = Mock(execute=Mock(side_effect=error))
        with pytest.raises(LocalDiskError) as caught:
            ledger.runs()
        assert hint in caught.value.hint
