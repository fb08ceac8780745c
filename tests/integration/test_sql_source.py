"""A database as a source, with the real PostgreSQL and MariaDB: the contract of all kinds, and what is its own."""

import json
import os
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme
from sqlalchemy import URL, Engine, create_engine, text

from desktop_app.errors import ExitCode, UserError
from desktop_app.settings.model import FieldRule, SourceSettings, SqlSource
from desktop_app.sources import sql
from desktop_app.sources.collect import collect
from desktop_app.sources.collected import CollectedSource
from desktop_app.sources.kind import Reader, Secret
from desktop_app.trails.store.store import Store, open_store
from tests import databases
from tests.databases import PASSWORD, READER, Database
from tests.kills import collect_killed
from tests.stored import events_in
from tests.unit.sources.contract import Rig
from tests.unit.sources.test_contract import *  # noqa: F403  the tests of the contract, over the rig here
from tests.unit.sources.test_contract import PARTS

pytestmark = pytest.mark.usefixtures("toy")
FIELDS = {"entityType": FieldRule(const="T"), "actionType": FieldRule(const="A"), "entityName": "what"}
COLUMNS = ("createdAt", "entityType", "entityName", "actionType", "no")


@pytest.fixture(scope="module", params=["postgresql", "mariadb"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    with getattr(databases, request.param)() as server:
        yield server


@pytest.fixture(autouse=True)
def kept_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests of the contract know of no secrets."""
    really = sql.open

    @contextmanager
    def opened(source: SqlSource, secret: Secret) -> Iterator[Reader]:
        with really(source, lambda: secret() or PASSWORD) as reader:
            yield reader

    monkeypatch.setattr(sql, "open", opened)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "store" / "trails.db") as store:
        yield store


class Tables:
    """A part is a table."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.source: SourceSettings = SqlSource(
            name="s",
            url=database.url,
            table="a, b, c",
            time_column="at",
            id_column="n",
            again="0s",
            fields={"createdAt": "createdAt", "entityName": "entityName"},
        )
        self._lock("LOGIN", "UNLOCK")
        for part in PARTS:
            self.write(part, [])

    def write(self, part: str, records: list[bytes]) -> None:
        quote = '"' if self._database.kind == "postgresql" else "`"
        columns = ", ".join(f"{quote}{column}{quote} varchar(99)" for column in COLUMNS)
        rows = "".join(f"INSERT INTO {part} VALUES {_row(n, json.loads(each))};" for n, each in enumerate(records))
        self._database.execute(
            f"DROP TABLE IF EXISTS {part}; CREATE TABLE {part} (n int PRIMARY KEY, at timestamp, {columns});{rows}"
        )

    def remove(self, part: str) -> None:
        self._database.execute(f"DROP TABLE {part};")

    def remove_all(self) -> None:
        self._lock("NOLOGIN", "LOCK")

    def _lock(self, role: str, account: str) -> None:
        is_postgresql = self._database.kind == "postgresql"
        ours = (
            f"ALTER ROLE {READER} {role};"
            if is_postgresql
            else f"ALTER USER {READER}@127.0.0.1 ACCOUNT {account};"
        )
        self._database.execute(ours)


def _row(n: int, record: dict[str, str]) -> str:
    values = (f"'{record[column]}'" if column in record else "NULL" for column in COLUMNS)
    return f"({n}, '2026-11-22 08:15:30', {', '.join(values)})"


@pytest.fixture
def rig(database: Database, monkeypatch: pytest.MonkeyPatch) -> Rig:
    monkeypatch.setattr("desktop_app.sources.sql.reader._FIRST_ROWS", 3)
    monkeypatch.setattr("desktop_app.sources.sql.reader._MOST_ROWS", 3)
    return Tables(database)


def test_the_folders_of_the_sandbox(rig: Rig) -> None:
    assert sql.local_folders(rig.source) == ()  # type: ignore[arg-type]


@pytest.fixture
def log(database: Database) -> SqlSource:
    """An empty table, read as a source."""
    at = (
        "timestamptz DEFAULT clock_timestamp()" if database.kind == "postgresql" else "timestamp(6) DEFAULT now(6)"
    )
    database.execute(f"DROP TABLE IF EXISTS log; CREATE TABLE log (id bigint PRIMARY KEY, at {at}, what text);")
    grant = f"{READER};" if database.kind == "postgresql" else f"{READER}@127.0.0.1;"
    database.execute(f"GRANT SELECT, INSERT ON log TO {grant}")
    return SqlSource(
        name="s", url=database.url, table="log", time_column="at", id_column="id", zone="UTC", fields=FIELDS
    )


@pytest.fixture
def writer(log: SqlSource, database: Database) -> Iterator[Engine]:
    driver = {"postgresql": "postgresql+pg8000", "mariadb": "mariadb+pymysql"}[database.kind]
    url = URL.create(driver, READER, None, "127.0.0.1", database.port, "audit")
    password = PASSWORD.encode() if database.kind == "mariadb" else PASSWORD  # which PyMySQL makes no UTF-8 of
    engine = create_engine(url, connect_args={"password": password})
    yield engine
    engine.dispose()


def insert(number: int) -> Any:
    return text("INSERT INTO log (id, what) VALUES (:id, :what)").bindparams(id=number, what=f"w{number}")


def collected(source: SqlSource, store: Store, password: str = PASSWORD) -> CollectedSource:
    (one,) = collect([source], store, lambda _: None, None, lambda _: password).sources
    return one


def ids(store: Store) -> list[int]:
    return sorted(int(event["id"]) for event in events_in(store))


def test_what_is_committed_late_is_found(log: SqlSource, writer: Engine, store: Store) -> None:
    with writer.connect() as slow, writer.connect() as quick:
        slow.execute(insert(1))
        quick.execute(insert(2))
        quick.commit()
        collected(log, store)
        assert ids(store) == [2]
        slow.commit()
    assert collected(log, store).error is None
    assert ids(store) == [1, 2]


def test_nothing_is_lost_while_others_write(log: SqlSource, writer: Engine, store: Store) -> None:
    """Transactions of several writers begin and end in any order, and rows stand in the order of neither."""

    def write(seed: int) -> None:
        chance = random.Random(seed)
        numbers = [number * 4 + seed for number in range(250)]
        chance.shuffle(numbers)
        with writer.connect() as connection:
            for number in numbers:
                connection.execute(insert(number))
                if chance.random() < 0.2:
                    connection.commit()
            connection.commit()

    writers = [threading.Thread(target=write, args=(seed,)) for seed in range(4)]
    for each in writers:
        each.start()
    while any(each.is_alive() for each in writers):
        assert collected(log, store).error is None
    for each in writers:
        each.join()
    result = collected(log, store)
    assert ids(store) == list(range(1000))
    assert result.set_aside == 0


def fill(writer: Engine, count: int) -> None:
    with writer.begin() as connection:
        rows = [{"id": number, "what": f"w{number}"} for number in range(count)]
        connection.execute(text("INSERT INTO log (id, what) VALUES (:id, :what)"), rows)


def test_a_restart_of_the_server_in_the_middle(
    log: SqlSource, writer: Engine, database: Database, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop_app.sources.sql.reader._FIRST_ROWS", 40)
    monkeypatch.setattr("desktop_app.sources.sql.reader._MOST_ROWS", 40)
    fill(writer, 100)
    writer.dispose()
    restarts: list[int] = []

    def restart(_: object) -> None:
        if not restarts:
            restarts.append(1)
            database.restart()

    (one,) = collect([log], store, restart, None, lambda _: PASSWORD).sources
    assert one.error and one.error.exit_code is ExitCode.UNREACHABLE and one.error.may_pass
    assert one.read == 40
    assert collected(log, store).error is None
    assert ids(store) == list(range(100))


@pytest.mark.parametrize(
    ("statement", "changes", "code", "field", "words"),
    [
        ("DROP TABLE log", {}, ExitCode.CONFIG, "table", "log"),
        ("", {"time_column": "when"}, ExitCode.CONFIG, "table", "when"),
        ("REVOKE", {}, ExitCode.NO_PERMISSION, "url", "denied"),
        ("", {"table": "", "select": "SELECT FROM WHERE"}, ExitCode.CONFIG, "select", "syntax"),
        ("", {"url": "/nowhere"}, ExitCode.CONFIG, "table", "nowhere"),
    ],
)
def test_what_the_database_refuses_is_told_in_its_words(
    log: SqlSource,
    database: Database,
    store: Store,
    statement: str,
    changes: dict[str, str],
    code: ExitCode,
    field: str,
    words: str,
) -> None:
    if statement == "REVOKE":
        is_postgresql = database.kind == "postgresql"
        if not is_postgresql:
            pytest.skip("there, the right is that of the whole database")
        statement = f"REVOKE ALL ON log FROM {READER}"
    database.execute(f"{statement};")
    if "url" in changes:
        changes = {"url": log.url.replace("/audit", changes["url"])}
    values = {name: getattr(log, name) for name in log.__struct_fields__}
    error = collected(SqlSource(**{**values, **changes}), store).error
    if words == "nowhere" and database.kind == "mariadb":
        code, field = (
            ExitCode.NO_PERMISSION,
            "url",
        )  # it tells the two apart for nobody
    assert error and (error.exit_code, error.field, words in error.message) == (code, field, True), error


def test_a_wrong_password_is_tried_once_and_shown_nowhere(
    log: SqlSource, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    error = collected(log, store, "wr0ng and s3cret").error
    assert error and (error.exit_code, error.field) == (ExitCode.NO_PERMISSION, "secret"), error
    assert "source secret s" in error.command
    collected(log, store)
    everything = f"{error.message}{error.hint}{caplog.text}{list(store.db.iterdump())}"
    assert PASSWORD not in everything and "wr0ng" not in everything


def test_a_query_that_takes_too_long_ends(
    log: SqlSource, database: Database, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = type("Limits", (), {"statement_seconds": 1})
    monkeypatch.setattr("desktop_app.sources.sql.connection.limits", limits)
    slow = "pg_sleep(60)" if database.kind == "postgresql" else "sleep(60)"
    values = {name: getattr(log, name) for name in log.__struct_fields__}
    select = f"SELECT id, at, {slow} AS what FROM (SELECT 1 AS id, now() AS at) AS one"
    error = collected(SqlSource(**{**values, "table": "", "select": select}), store).error
    assert error and error.exit_code is ExitCode.TRY_LATER and error.may_pass, error


def test_nothing_is_changed(log: SqlSource, database: Database, store: Store) -> None:
    if database.kind == "postgresql":
        database.execute("CREATE SEQUENCE IF NOT EXISTS numbers; GRANT ALL ON numbers TO PUBLIC;")
        values = {name: getattr(log, name) for name in log.__struct_fields__}
        select = "SELECT nextval('numbers') AS id, now() AS at, 'x' AS what"
        error = collected(SqlSource(**{**values, "table": "", "select": select}), store).error
        assert error and "read-only" in error.message
    else:
        from desktop_app.sources.sql.connection import opened

        with opened(log, lambda: PASSWORD) as found, pytest.raises(UserError, match="READ ONLY"):
            found.table(insert(1))


WIDE = {
    "postgresql": (
        "n numeric, j jsonb, js json, u uuid, b bytea, a int[], t text[], i interval, z timestamptz, w timestamp, "
        "d date, f float8, x inet, r int4range, e xml, far timestamptz, never timestamptz, big numeric, yes bool",
        "1.10, '{\"a\": 1.10}', '{\"a\":1e400}', '00000000-0000-0000-0000-000000000007', '\\x00ff', '{1,NULL}', "
        "'{a,\"b c\"}', '1 mon 3 days 04:05:06.7', '2026-11-22 10:15:30.123456+02', '2026-11-22 10:15:30', "
        "'2026-11-22', 'NaN', '10.0.0.1', '[1,3)', '<a/>', '12026-11-22 10:15:30+00', 'infinity', "
        "123456789012345678901234567890.5, true",
        {
            "n": "1.10", "j": '{"a":1.10}', "js": '{"a":1e400}', "u": '"00000000-0000-0000-0000-000000000007"',
            "b": '"AP8="', "a": "[1,null]", "t": '["a","b c"]', "i": '"P1M3DT4H5M6.7S"',
            "z": '"2026-11-22T08:15:30.123456+00:00"', "w": '"2026-11-22T10:15:30"', "d": '"2026-11-22"',
            "f": '"nan"', "x": '"10.0.0.1"', "e": '"<a/>"', "far": '"12026-11-22 10:15:30+00"',
            "never": '"infinity"', "big": "123456789012345678901234567890.5", "yes": "true",
        },
    ),
    "mariadb": (
        "n decimal(9,2), j json, b varbinary(9), z timestamp(6) NULL, w datetime(6), d date, i time(6), y year, "
        "f double, big bigint unsigned, e enum('a','b'), s set('a','b'), bits bit(9), u uuid",
        "1.10, '{\"a\": 1.10}', x'00ff', '2026-11-22 10:15:30.123456', '2026-11-22 10:15:30.5', '2026-11-22', "
        "'-30:00:00.5', 2026, 0.1, 18446744073709551615, 'b', 'a,b', 257, '00000000-0000-0000-0000-000000000007'",
        {
            "n": "1.10", "j": r'"{\"a\": 1.10}"', "b": '"AP8="', "z": '"2026-11-22T10:15:30.123456+00:00"',
            "w": '"2026-11-22T10:15:30.500000"', "d": '"2026-11-22"', "i": '"-30:00:00.500000"', "y": "2026",
            "f": "0.1", "big": "18446744073709551615", "e": '"b"', "s": '"a,b"', "bits": '"AQE="',
            "u": '"00000000-0000-0000-0000-000000000007"',
        },
    ),
}  # fmt: skip


def test_every_type_comes_whole(log: SqlSource, database: Database, store: Store) -> None:
    from msgspec import Raw
    from msgspec import json as msgspec_json

    columns, values, wanted = WIDE[database.kind]
    zone = "" if database.kind == "postgresql" else "SET time_zone = '+00:00';"
    database.execute(
        f"{zone} DROP TABLE IF EXISTS wide; CREATE TABLE wide (id int, at timestamp, what text, {columns});"
        f"INSERT INTO wide VALUES (1, '2026-11-22 08:15:30', 'x', {values});"
    )
    made = {name: getattr(log, name) for name in log.__struct_fields__}
    assert collected(SqlSource(**{**made, "table": "wide"}), store).error is None
    line = store.db.execute("SELECT line FROM events").fetchone()[0]
    found = msgspec_json.decode(line, type=dict[str, Raw])
    assert {key: bytes(found[key]).decode() for key in wanted} == wanted


def test_a_certificate_is_checked_where_that_is_asked_for(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    values: dict[str, Any] = {
        "name": "s",
        "table": "log",
        "time_column": "at",
        "id_column": "id",
        "fields": FIELDS,
    }
    with databases.postgresql() as server:
        source = SqlSource(url=server.url, check_certificate=True, **values)
        error = collected(source, store).error
        assert error and error.exit_code is ExitCode.UNREACHABLE  # it has no TLS
        data = server.folder / "data"
        certificate.private_key_and_cert_chain_pem.write_to_path(data / "server.pem")
        state = data.stat()
        os.chown(data / "server.pem", state.st_uid, state.st_gid)
        (data / "server.pem").chmod(0o600)
        with (data / "postgresql.conf").open("a") as settings:
            settings.write("ssl = on\nssl_cert_file = 'server.pem'\nssl_key_file = 'server.pem'\n")
        server.restart()
        server.execute("CREATE TABLE log AS SELECT 1 AS id, now() AS at, 'x' AS what;")
        error = collected(source, store).error
        assert error and "certificate" in error.message.lower()  # nobody vouches for it
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        assert collected(source, store).error is None
        used = "SELECT pid AS id, now() AS at, ssl::text AS what FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        anyhow = SqlSource(url=server.url, **{**values, "table": "", "select": used, "name": "t"})
        assert collected(anyhow, store).error is None
        assert {event["entityName"] for event in events_in(store)} == {"x", "true"}


def test_killed_at_random_moments(log: SqlSource, writer: Engine, tmp_path: Path) -> None:
    fill(writer, 3000)
    assert collect_killed(log, tmp_path / "trails.db", PASSWORD) == "done"
    with open_store(tmp_path / "trails.db") as store:
        assert ids(store) == list(range(3000))
