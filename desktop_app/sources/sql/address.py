"""The address of a database: SQLAlchemy's URL, `postgresql://user@host:5432/name`, without its password."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.errors import BadSetting
from desktop_app.settings.model import SqlSource
from desktop_app.wording import Said

if TYPE_CHECKING:
    from sqlalchemy import URL

DRIVERS = {
    "postgresql": "pg8000",
    "mysql": "pymysql",
    "mariadb": "pymysql",
    "mssql": "pytds",
    "oracle": "oracledb",
    "sqlite": "pysqlite",
}
"""The driver by which each database is read where its address names none: those that come with the program."""

CHECKS_CERTIFICATES = ("pg8000", "pymysql")
"""The drivers that take a certificate to be checked as ours is."""

_SECRETS = ("password", "passwd", "pwd")


def parsed(url: str) -> "URL":
    """An address with its driver. Raises ValueError for a text that is none."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        found = make_url(url)
    except (ArgumentError, ValueError) as error:  # the latter for a port that is no number
        raise ValueError(url) from error
    driver = DRIVERS.get(found.drivername)
    return found.set(drivername=f"{found.drivername}+{driver}") if driver else found


def shown(url: "URL") -> str:
    """An address as it may be seen: without the driver, and without what an administrator adds behind `?`."""
    from sqlalchemy import URL

    shown = URL.create(url.get_backend_name(), url.username, None, url.host, url.port, url.database)
    return shown.render_as_string()


def local_file(url: str) -> Path | None:
    """The file of an SQLite database; None of any other, and of a text that is no address."""
    try:
        found = parsed(url)
    except ValueError:
        return None
    return Path(found.database or "") if found.get_backend_name() == "sqlite" else None


def address_problems(source: SqlSource) -> Iterator[BadSetting]:
    """What can't be right of the address."""
    try:
        url = parsed(source.url)
    except ValueError:
        yield BadSetting(
            Said("The address of source {name!r} is not that of a database.", name=source.name),
            Said("Write it as in {example}.", example="postgresql://user@server:5432/database"),
            field="url",
        )
        return
    if url.password is not None or any(key.lower() in _SECRETS for key in url.query):
        yield BadSetting(
            Said("The address of source {name!r} has a password in it.", name=source.name),
            Said("Take it out: the password is kept apart from the settings."),
            command=f"audit-trails-export source secret {source.name}",
            field="url",
        )
    if not _is_known(url):
        yield BadSetting(
            Said("There is no database of the kind {kind!r}.", kind=url.drivername),
            Said("Known are {kinds}.", kinds=tuple(DRIVERS)),
            field="url",
        )
    elif url.get_backend_name() == "sqlite" and not Path(url.database or "").is_absolute():
        yield BadSetting(
            Said("The address of source {name!r} does not say where the file is.", name=source.name),
            Said("Write its whole path, as in {example}.", example="sqlite:////var/lib/app/audit.db"),
            field="url",
        )
    elif source.check_certificate and url.get_driver_name() not in CHECKS_CERTIFICATES:
        yield BadSetting(
            Said("The certificate of a server of the kind {kind} can't be checked.", kind=url.get_backend_name()),
            Said("Turn that off for this source."),
            field="check_certificate",
        )


def _is_known(url: "URL") -> bool:
    """Whether SQLAlchemy can speak to it, with a driver or without."""
    from sqlalchemy.exc import ArgumentError

    try:
        url.get_dialect()
    except (ArgumentError, ImportError):
        return False
    return True
