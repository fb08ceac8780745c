"""What each database is told when a connection begins: to change nothing, in which zone times are, how long a
statement may take. A server that does not know one of these goes on without it.
"""

import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import URL

_CONNECT_SECONDS = 30
_MORE_SECONDS = 30  # so that the server says that it was too long, and not the socket
_TIMESTAMPS = (1114, 1184)  # PostgreSQL's pg_type: timestamp without and with time zone
_INTERVAL = 1186
_STEPS = 100_000  # of SQLite's virtual machine, between two looks at the clock


def connect_options(driver: str, seconds: int, check_certificate: bool) -> dict[str, Any]:
    """The arguments of a driver's `connect`. pg8000 and PyMySQL take TLS wherever the server offers it, by
    themselves; where the certificate is to be checked, nothing else."""
    patient = seconds + _MORE_SECONDS
    options: dict[str, dict[str, Any]] = {
        "pg8000": {"timeout": patient, "application_name": "audit-trails-export"},
        "pymysql": {"connect_timeout": _CONNECT_SECONDS, "read_timeout": patient, "write_timeout": patient},
        "pytds": {"login_timeout": _CONNECT_SECONDS, "timeout": seconds},
        "oracledb": {"tcp_connect_timeout": _CONNECT_SECONDS},
        "pysqlite": {"timeout": _CONNECT_SECONDS},
    }
    tls = {"pg8000": "ssl_context", "pymysql": "ssl"}
    return options.get(driver, {}) | ({tls[driver]: _trusting()} if check_certificate else {})


def prepare_session(url: "URL", connection: Any, seconds: int) -> None:
    """Prepare a connection of a driver (PEP 249)."""
    if prepare := _PREPARE.get(url.get_backend_name()):
        prepare(connection, seconds)


def _postgresql(connection: Any, seconds: int) -> None:
    if hasattr(connection, "register_in_adapter"):  # pg8000
        for oid in _TIMESTAMPS:
            connection.register_in_adapter(oid, _timestamp)
        connection.register_in_adapter(_INTERVAL, str)
    _tell(connection, "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
    _tell(connection, f"SET statement_timeout = {seconds * 1000}")
    for setting in ("timezone = 'UTC'", "datestyle = 'ISO'", "intervalstyle = 'iso_8601'"):
        _tell(connection, f"SET {setting}")
    connection.commit()


def _mysql(connection: Any, seconds: int) -> None:
    _tell(connection, "SET SESSION TRANSACTION READ ONLY")
    _tell(connection, "SET SESSION time_zone = '+00:00'")
    for limit in (f"max_statement_time = {seconds}", f"max_execution_time = {seconds * 1000}"):
        with suppress(Exception):  # MariaDB knows the first, MySQL the second
            _tell(connection, f"SET SESSION {limit}")


def _sqlite(connection: Any, seconds: int) -> None:
    import time

    connection.text_factory = _text
    _tell(connection, "PRAGMA query_only = ON")
    started = 0.0

    def begin(_: str) -> None:
        nonlocal started
        started = time.monotonic()

    connection.set_trace_callback(begin)  # called with each statement
    connection.set_progress_handler(lambda: time.monotonic() - started > seconds, _STEPS)


def _oracle(connection: Any, seconds: int) -> None:
    connection.call_timeout = seconds * 1000
    connection.outputtypehandler = _whole_numbers


def _whole_numbers(cursor: Any, metadata: Any) -> Any:
    """Numbers with all their digits, and large texts and bytes as such."""
    import oracledb

    types = {
        oracledb.DB_TYPE_NUMBER: oracledb.DB_TYPE_VARCHAR,
        oracledb.DB_TYPE_CLOB: oracledb.DB_TYPE_LONG,
        oracledb.DB_TYPE_NCLOB: oracledb.DB_TYPE_LONG_NVARCHAR,
        oracledb.DB_TYPE_BLOB: oracledb.DB_TYPE_LONG_RAW,
    }
    wanted = types.get(metadata.type_code)
    if wanted is None:
        return None
    if metadata.type_code is oracledb.DB_TYPE_NUMBER:
        from decimal import Decimal

        return cursor.var(wanted, 255, cursor.arraysize, outconverter=Decimal)
    return cursor.var(wanted, arraysize=cursor.arraysize)


_PREPARE: dict[str, Callable[[Any, int], None]] = {
    "postgresql": _postgresql,
    "mysql": _mysql,
    "mariadb": _mysql,
    "sqlite": _sqlite,
    "oracle": _oracle,
}


def _tell(connection: Any, statement: str) -> None:
    cursor = connection.cursor()
    try:
        cursor.execute(statement)
    finally:
        cursor.close()


def _timestamp(text: str) -> datetime | str:
    """A time as PostgreSQL writes it; a text where Python has none that is so far away."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text


def _text(content: bytes) -> str | bytes:
    """A text of SQLite, which takes any bytes for one."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content


def _trusting() -> ssl.SSLContext:
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
