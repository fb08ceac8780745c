"""The kind `sql` with a real SQLite file; addresses and statements of servers that are not there as well."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy.exc import DBAPIError

from desktop_app.errors import BadSetting, ExitCode, UserError
from desktop_app.settings.model import FieldRule, SqlSource
from desktop_app.settings.validation import source_problems
from desktop_app.sources.collect import collect
from desktop_app.sources.collected import CollectedSource
from desktop_app.sources.kinds import open_source
from desktop_app.sources.sql import local_folders
from desktop_app.sources.sql.address import DRIVERS, parsed, shown
from desktop_app.sources.sql.errors import DatabaseRefuses, DatabaseUnreachable, QueryTooLong, telling
from desktop_app.sources.sql.keys import Key, NoOrder, as_asked, earlier, kept
from desktop_app.sources.sql.queries import Queries
from desktop_app.sources.sql.rows import JsonText, Table, as_json, in_utc
from desktop_app.trails.store.store import Store, open_store
from tests.stored import events_in

FIELDS = {
    "entityType": FieldRule(const="T"),
    "actionType": FieldRule(const="A"),
    "entityName": "what",
}
Execute = Callable[..., None]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "store" / "trails.db") as store:
        yield store


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ä udit #1%.db"


@pytest.fixture
def execute(file: Path) -> Execute:
    def execute(statement: str, *rows: tuple[Any, ...]) -> None:
        with closing(sqlite3.connect(file)) as db, db:
            db.executemany(statement, rows or [()])

    execute("CREATE TABLE log (id, at, what)")
    return execute


def source(file: Path, **changes: Any) -> SqlSource:
    usual: dict[str, Any] = {
        "table": "log",
        "time_column": "at",
        "id_column": "id",
        "zone": "UTC",
        "fields": FIELDS,
    }
    url = f"sqlite:///{file.as_posix().replace('%', '%25').replace('#', '%23')}"
    return SqlSource(**{"name": "s", "url": url, **usual, **changes})


def collected(source: SqlSource, store: Store) -> CollectedSource:
    (one,) = collect([source], store, lambda _: None).sources
    return one


def whats(store: Store) -> list[str]:
    return [event["entityName"] for event in events_in(store)]


def test_time_and_id_of_an_event_are_those_of_the_row(file: Path, execute: Execute, store: Store) -> None:
    execute("INSERT INTO log VALUES (?, ?, ?)", (7, "2026-11-22 08:15:30", "a"))
    assert collected(source(file), store).error is None
    (event,) = events_in(store)
    assert (event["id"], event["createdAt"], event["entityName"]) == ("7", "2026-11-22T08:15:30.000Z", "a")


def test_rows_of_one_moment_are_no_less_than_all(
    file: Path, execute: Execute, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop_app.sources.sql.reader._FIRST_ROWS", 2)
    monkeypatch.setattr("desktop_app.sources.sql.reader._MOST_ROWS", 2)
    at = "2026-11-22 08:15:30"
    execute("INSERT INTO log VALUES (?, ?, ?)", *((n % 2, at, f"{n:02d}") for n in range(20)))  # ids that repeat
    result = collected(source(file, fields=FIELDS | {"id": "none"}), store)
    assert (result.read, sorted(whats(store))) == (20, [f"{n:02d}" for n in range(20)])


@pytest.mark.parametrize(
    ("first", "late"),
    [
        ("2026-11-22 08:00:00", "2026-11-21 09:00:00"),
        ("2026-11-22T08:00:00.5Z", "2026-11-21T09:00:00.4Z"),
        (1_795_334_400, 1_795_252_000),
        (1_795_334_400_123.5, 1_795_252_000_000),
    ],
)
def test_what_is_committed_late_is_found(
    file: Path, execute: Execute, store: Store, first: object, late: object
) -> None:
    execute("INSERT INTO log VALUES (?, ?, ?)", (2, first, "first"))
    collected(source(file), store)
    execute("INSERT INTO log VALUES (?, ?, ?)", (1, late, "late"))
    result = collected(source(file), store)
    assert (result.read, result.appended.stored, result.appended.repeated) == (2, 1, 1)
    assert sorted(whats(store)) == ["first", "late"]
    assert result.late_ms // 60_000 == pytest.approx(23 * 60, abs=7) and list(result.warnings()) == []
    assert collected(source(file), store).late_ms == 0


def test_the_position_is_never_ahead_of_the_clock(file: Path, execute: Execute, store: Store) -> None:
    """A row with a time of the future hides none of those that come after it."""
    now = datetime.now(UTC)
    execute("INSERT INTO log VALUES (?, ?, ?)", (1, (now + timedelta(hours=3)).isoformat(), "ahead"))
    collected(source(file, again="0s"), store)
    execute("INSERT INTO log VALUES (?, ?, ?)", (2, (now - timedelta(hours=3)).isoformat(), "now"))
    collected(source(file, again="0s"), store)
    assert sorted(whats(store)) == ["ahead", "now"]


def test_rows_without_a_key_are_set_aside_or_stored(file: Path, execute: Execute, store: Store) -> None:
    execute("INSERT INTO log VALUES (?, ?, ?)", (1, None, "a"), (None, "2026-11-22 08:15:30", "b"), (3, None, "a"))
    result = collected(source(file), store)
    assert (result.read, result.appended.stored, result.set_aside) == (3, 1, 2)
    assert collected(source(file), store).read == 0
    execute("INSERT INTO log VALUES (?, ?, ?)", (4, None, "c"))
    assert collected(source(file), store).set_aside == 1


def test_a_row_that_was_changed_is_set_aside(file: Path, execute: Execute, store: Store) -> None:
    execute("INSERT INTO log VALUES (?, ?, ?)", (1, "2026-11-22 08:15:30", "a"))
    collected(source(file), store)
    execute("UPDATE log SET what = 'b'")
    assert collected(source(file), store).set_aside == 1
    assert whats(store) == ["a"]


def test_a_select_is_read(file: Path, execute: Execute, store: Store) -> None:
    execute("INSERT INTO log VALUES (?, ?, ?)", (1, "2026-11-22 08:15:30", "a"), (2, "2026-11-22 08:15:30", "b"))
    select = "SELECT id, at, what || ':x' AS what FROM log WHERE what <> ':b' AND id > 1; "
    assert collected(source(file, table="", select=select), store).error is None
    (event,) = events_in(store)
    assert event["entityName"] == "b:x"


def test_all_that_sqlite_has_comes_whole(file: Path, execute: Execute, store: Store) -> None:
    values = (1, "2026-11-22 08:15:30", "x\0\u2028", 1 << 62, 0.1, b"\0\xff", None)
    execute("CREATE TABLE wide (id, at, what, big, real, bin, none)")
    execute("INSERT INTO wide VALUES (?, ?, ?, ?, ?, ?, ?)", values)
    execute("INSERT INTO wide VALUES (2, '2026-11-22 08:15:31', 'y', CAST(x'63e9' AS TEXT), 0, 0, 0)")
    collected(source(file, table="wide"), store)
    one, other = events_in(store)
    assert (one["entityName"], one["big"], one["real"], one["bin"], one["none"]) == (
        "x\0\u2028", 1 << 62, 0.1, "AP8=", None,
    )  # fmt: skip
    assert other["big"] == "Y+k="  # a text that is none


def test_nothing_is_changed_and_no_file_made(file: Path, execute: Execute, store: Store, tmp_path: Path) -> None:
    execute("INSERT INTO log VALUES (?, ?, ?)", (1, "2026-11-22 08:15:30", "a"))
    wrong = source(file, table="", select="SELECT 1 AS id, 2 AS at) ; DELETE FROM log --")
    assert collected(wrong, store).error
    absent = source(tmp_path / "absent.db")
    error = collected(absent, store).error
    assert error and error.exit_code is ExitCode.UNREACHABLE and "unable to open" in error.message
    assert not (tmp_path / "absent.db").exists()
    with closing(sqlite3.connect(file)) as db:
        assert db.execute("SELECT count(*) FROM log").fetchone() == (1,)


def test_a_database_in_wal_mode_is_read_in_a_closed_folder(
    file: Path, execute: Execute, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA journal_mode = WAL")
    execute("INSERT INTO log VALUES (?, ?, ?)", (1, "2026-11-22 08:15:30", "a"))
    with monkeypatch.context() as closed:
        closed.setattr("os.access", lambda path, mode: False)
        assert collected(source(file), store).error is None
        assert list(file.parent.glob(f"{file.name}-*")) == []
        with closing(sqlite3.connect(file)) as db, db:  # while somebody has it open, what they wrote counts
            db.execute("INSERT INTO log VALUES (2, '2026-11-22 08:15:31', 'b')")
            db.commit()
            assert collected(source(file), store).error is None
    assert whats(store) == ["a", "b"]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"table": "lag"}, "table", "no such table: lag"),
        ({"time_column": "when"}, "table", "no such column"),
        ({"id_column": "Key"}, "table", "no such column"),
        ({"table": "", "select": "SELECT FROM"}, "select", "syntax"),
    ],
)
def test_what_is_not_there_is_told(
    file: Path, execute: Execute, store: Store, changes: dict[str, str], field: str, words: str
) -> None:
    error = collected(source(file, **changes), store).error
    assert isinstance(error, BadSetting) and (error.field, words in error.message) == (field, True), error


def test_a_row_whose_time_is_none_holds_up_no_other(file: Path, execute: Execute, store: Store) -> None:
    execute("INSERT INTO log VALUES (?, ?, ?)", (1, "2026-11-22 08:15:30", "a"), (2, "soon", "b"))
    for stored in (1, 0):
        came = collected(source(file), store)
        assert (came.error, came.appended.stored) == (None, stored)
    assert whats(store) == ["a"] and came.set_aside == 0
    execute("INSERT INTO log VALUES (?, ?, ?)", (3, "2026-11-22 09:00:00", "c"))
    assert collected(source(file), store).error is None
    assert whats(store) == ["a", "c"]


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        (({"C": "28P01", "M": "password authentication failed"},), DatabaseRefuses),
        (({"C": "28000", "M": "no entry in pg_hba.conf"},), DatabaseRefuses),
        (({"C": "42501", "M": "permission denied for table log"},), DatabaseRefuses),
        (({"C": "42P01", "M": "relation does not exist"},), BadSetting),
        (({"C": "57014", "M": "canceling statement due to statement timeout"},), QueryTooLong),
        ((1045, "Access denied for user"), DatabaseRefuses),
        ((1142, "SELECT command denied"), DatabaseRefuses),
        ((1146, "Table doesn't exist"), BadSetting),
        ((3024, "maximum statement execution time exceeded"), QueryTooLong),
        ((2813, "a number that begins as a class of another database does"), DatabaseUnreachable),
    ],
)
def test_what_a_database_refuses_is_told_as_that(refusal: tuple[Any, ...], told: type[UserError]) -> None:
    refused = DBAPIError(None, None, Exception(*refusal))
    with pytest.raises(told), telling(source(Path("x"), url="postgresql://u@h/d"), "h"):
        raise refused


def test_a_query_ends(file: Path, execute: Execute, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    endless = "WITH RECURSIVE n(id, at) AS (SELECT 1, 2 UNION ALL SELECT id + 1, at FROM n) SELECT * FROM n"
    monkeypatch.setattr("desktop_app.sources.sql.sessions._STEPS", 10)
    limits = type("Limits", (), {"statement_seconds": 0})
    monkeypatch.setattr("desktop_app.sources.sql.connection.limits", limits)
    error = collected(source(file, table="", select=endless), store).error
    assert error and error.may_pass and error.exit_code is ExitCode.TRY_LATER


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:secret@h/d",
        "postgresql://u@h/d?password=secret",
        "mysql://u@h:port/d",
        "nothing",
        "foo://h/d",
        "sqlite://",
        "sqlite:///here.db",
    ],
)
def test_an_address_that_can_not_be_right(url: str) -> None:
    problems = [each for each in source_problems((source(Path("x"), url=url),)) if each.source_field == "url"]
    assert len(problems) == 1
    assert "secret" not in f"{problems[0].message}{problems[0].hint}"


def test_a_database_whose_part_of_sqlalchemy_is_broken_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """As one that somebody installed beside this program may be."""

    def broken(_: object) -> None:
        raise ImportError("libdb.so: cannot open shared object file")

    monkeypatch.setattr("sqlalchemy.engine.URL.get_dialect", broken)
    (problem,) = source_problems((source(Path("x"), url="postgresql://u@h/d"),))
    assert problem.source_field == "url"


@pytest.mark.parametrize(
    "changes",
    [
        {"table": ""}, {"select": "SELECT 1"}, {"again": "1 day"}, {"settle": ""},
        {"url": "mssql://u@h/d", "check_certificate": True},
    ],
)  # fmt: skip
def test_settings_that_can_not_be_right(changes: dict[str, Any]) -> None:
    source_in_network = source(Path("x"), **{"url": "postgresql://u@h/d", **changes})
    (problem,) = source_problems((source_in_network,))
    assert problem.source_field in {*changes, "table"}


@pytest.mark.parametrize("kind", DRIVERS)
def test_every_database_has_its_driver_and_is_asked_in_its_words(kind: str) -> None:
    url = parsed(f"{kind}://u@h/d")
    assert url.get_driver_name() == DRIVERS[kind]
    dialect = url.get_dialect()()
    made = Queries(source(Path("x"), table="app.log"), "app.log").rows(Key(datetime(2026, 11, 22), 7), 10)
    asked = " ".join(str(made.compile(dialect=dialect)).split())
    assert "app.log" in asked.replace("[", "").replace("]", "") and "ORDER BY" in asked
    assert any(word in asked for word in ("LIMIT", "TOP", "FETCH FIRST", "ROWNUM"))


def test_a_shown_address_has_no_secret() -> None:
    url = parsed("mssql://u@h:1433/d?cafile=/x").set(password="secret")
    assert shown(url) == "mssql://u@h:1433/d"


def test_only_a_file_is_in_a_folder_of_this_computer(file: Path) -> None:
    assert local_folders(source(Path("x"), url="postgresql://h/d")) == ()
    assert local_folders(source(Path("x"), url="nothing")) == ()
    assert local_folders(source(Path("x"), url=f"sqlite:///{file.parent.as_posix()}/x.db")) == (file.parent,)


def test_a_missing_driver_is_named() -> None:
    with (
        pytest.raises(BadSetting, match="psycopg2"),
        open_source(source(Path("x"), url="postgresql+psycopg2://h/d")),
    ):
        pass


VALUES = [
    datetime(2026, 11, 22, 8, 15, 30, 123456, UTC), datetime(2026, 11, 22), date(2026, 11, 22), 1 << 70, 0.1,
    Decimal("1.10"), "x", UUID(int=7), b"\0",
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES)
def test_a_value_is_kept_as_it_is(value: object) -> None:
    again = as_asked(kept(value))
    assert (type(again), again) == (type(value), value)


def test_what_has_no_order_is_no_key() -> None:
    for value in ([1], None):
        with pytest.raises(NoOrder):
            kept(value)
    for value in ("infinity", "22/11/2026", True, datetime.min):
        with pytest.raises(NoOrder):
            earlier(value, timedelta(hours=1), "")


@pytest.mark.parametrize(
    ("value", "unit", "before"),
    [
        ("2026-03-01T00:30:00.5+02:00", "", "2026-02-28T23:30:00.5+02:00"),
        ("2026-03-01 00:30", "", "2026-02-28 23:30"),
        ("2026-03-01", "", "2026-02-28"),
        (1_000_000_000, "", 999_996_400),
        (1_000, "epoch-ms", -3_599_000),
        (Decimal("1795334400.5"), "", Decimal("1795330800.5")),
    ],
)
def test_an_hour_before(value: object, unit: str, before: object) -> None:
    assert earlier(value, timedelta(hours=24 if value == "2026-03-01" else 1), unit) == before


def test_no_value_loses_anything_as_json() -> None:
    aware = datetime(2026, 11, 22, 8, 15, 30, 123456, UTC)
    row = (
        Decimal("1.10"), Decimal("NaN"), 1 << 70, float("inf"), aware, aware.replace(tzinfo=None),
        date(2026, 1, 2), time(1, 2, 3),
        timedelta(hours=-30, microseconds=-5), timedelta(hours=1), timedelta(0),
        UUID(int=7), bytearray(b"\0"), JsonText('{"a": 1.10}'),
        [1, [Decimal("2.0")], None], {"k": b"\0"}, {"b", "a"}, "\ud800", True, complex(1, 2),
    )  # fmt: skip
    names = [f"c{at}" for at in range(len(row))]
    (content,) = as_json(Table(names, [0] * len(row), [row]))
    assert content.startswith(b'{"c0":1.10,"c1":"NaN","c2":1180591620717411303424,"c3":"inf",')
    values = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
    assert [bytes(values[name]).decode() for name in names[4:]] == [
        '"2026-11-22T08:15:30.123456+00:00"', '"2026-11-22T08:15:30.123456"', '"2026-01-02"', '"01:02:03"',
        '"-30:00:00.000005"', '"01:00:00"', '"00:00:00"',
        '"00000000-0000-0000-0000-000000000007"', '"AA=="', '{"a": 1.10}', "[1,[2.0],null]",
        '{"k":"AA=="}', '["a","b"]', r'"\\ud800"', "true", '"(1+2j)"',
    ]  # fmt: skip


def test_columns_of_one_name_are_told_apart() -> None:
    (content,) = as_json(Table(["a", "b", "a"], [], [(1, 2, 3)]))
    assert json.loads(content) == {"a": 1, "b": 2, "a_2": 3}


def test_a_timestamp_of_mysql_is_in_utc() -> None:
    moment = datetime(2026, 11, 22)
    (row,) = in_utc(Table(["a", "b"], [7, 12], [(moment, moment)])).rows
    assert row == (moment.replace(tzinfo=UTC), moment)


def test_what_is_known_of_a_source_may_be_damaged(file: Path, execute: Execute, store: Store) -> None:
    execute("INSERT INTO log VALUES (?, ?, ?)", (1, "2026-11-22 08:15:30", "a"))
    collected(source(file), store)
    store.db.execute("UPDATE places SET value = '{' WHERE key LIKE 'read:%'")
    error = collected(source(file), store).error
    assert isinstance(error, UserError) and error.exit_code is ExitCode.LOCAL_DISK
