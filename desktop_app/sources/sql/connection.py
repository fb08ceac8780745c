"""A connection to a database that only reads, and waits for no statement for ever."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.errors import BadSetting
from desktop_app.settings.limits import limits
from desktop_app.settings.model import SqlSource
from desktop_app.sources.kind import Secret
from desktop_app.sources.sql.address import parsed, shown
from desktop_app.sources.sql.errors import telling
from desktop_app.sources.sql.rows import JsonText, Table
from desktop_app.sources.sql.sessions import connect_options, prepare_session
from desktop_app.wording import Said

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine, Select

_LOG = logging.getLogger(__name__)


class Database:
    """Of one source. Each query is a transaction of its own, so that none stays open while we store."""

    def __init__(self, engine: "Engine", source: SqlSource) -> None:
        self._engine, self._source = engine, source
        self.address = shown(parsed(source.url))
        self.is_mysql = engine.dialect.name in ("mysql", "mariadb")

    def require(self) -> None:
        """Connect. Raises UserError where that fails, before anything is asked."""
        with telling(self._source, self.address), self._engine.connect():
            _LOG.info("Source %s: connected to %s", self._source.name, self.address)

    def table(self, query: "Select[Any]") -> Table:
        """What a query gives. Raises UserError."""
        with telling(self._source, self.address), self._engine.connect() as connection:
            result = connection.execute(query)
            description = result.cursor.description if result.cursor else ()
            return Table(tuple(result.keys()), tuple(each[1] for each in description), result.fetchall())


@contextmanager
def opened(source: SqlSource, secret: Secret) -> Iterator[Database]:
    """The database of a source. Nobody connects before it is asked.

    Raises BadSetting where the driver is missing.
    """
    from sqlalchemy import create_engine, event

    url = parsed(source.url)
    driver = url.get_driver_name()
    seconds = int(limits().statement_seconds)
    options = {"json_deserializer": JsonText} if url.get_backend_name() == "postgresql" else {}
    try:
        engine = create_engine(
            _read_only_file(url) if driver == "pysqlite" else url,
            connect_args=connect_options(driver, seconds, source.check_certificate) | _login(driver, secret()),
            pool_size=1,
            max_overflow=0,
            hide_parameters=True,
            **options,
        )
    except ImportError as error:
        raise BadSetting(
            Said("The driver {driver} for this database is not installed.", driver=driver),
            Said("Install it beside this program, or leave it out of the address: {url}.", url=source.url),
            field="url",
        ) from error
    event.listen(engine, "connect", lambda connection, _: prepare_session(url, connection, seconds))
    try:
        yield Database(engine, source)
    finally:
        engine.dispose()


def _login(driver: str, secret: str | None) -> dict[str, str | bytes]:
    """The password, apart from the address. PyMySQL would make ISO 8859-1 of a text, where others use UTF-8."""
    if secret is None or driver == "pysqlite":
        return {}
    return {"password": secret.encode() if driver == "pymysql" else secret}


def _read_only_file(url: "URL") -> "URL":
    """An SQLite file by its address (sqlite.org/uri.html), which opens it to read, and makes none."""
    file = Path(url.database or "")
    immutable = "&immutable=1" if _is_at_rest(file) else ""
    return url.set(database=f"{file.as_uri()}?mode=ro{immutable}", query={"uri": "true"})


def _is_at_rest(file: Path) -> bool:
    """Whether a database in WAL mode is open nowhere, in a folder that is closed to us, as in the sandbox of the
    daily task. To read it, SQLite would make files beside it; while there are none, nothing is missing in it."""
    try:
        with file.open("rb") as opened:
            is_wal = opened.read(20)[18:] == b"\2\2"  # as sqlite.org/fileformat.html has it
    except OSError:
        return False  # whoever opens it is told why
    return is_wal and not Path(f"{file}-wal").exists() and not os.access(file.parent, os.W_OK)
