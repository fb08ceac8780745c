"""What a database says when it refuses, as an error for people: with its own words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from desktop_app.errors import BadSetting, ExitCode, UserError
from desktop_app.secrets.source_secrets import no_source_secret
from desktop_app.settings.model import SqlSource
from desktop_app.wording import Said

# Codes of refusals: classes and codes of SQLSTATE (PostgreSQL, appendix A), numbers of MySQL and MariaDB.
_WRONG_LOGIN = ("28", "1045", "1698")
_NOT_ALLOWED = ("42501", "1044", "1142", "1143", "1227")
_NOT_THERE = ("42P01", "42703", "3D000", "3F000", "1146", "1054", "1049", "no such table", "no such column")
_TOO_LONG = ("57014", "1969", "3024", "interrupted")


class DatabaseUnreachable(UserError):
    """No connection to the database, or it was cut."""

    exit_code = ExitCode.UNREACHABLE
    may_pass = True


class DatabaseRefuses(UserError):
    """The database does not let this user in, or not read this."""

    exit_code = ExitCode.NO_PERMISSION


class QueryTooLong(UserError):
    """The database did not answer in the time that a statement has."""

    exit_code = ExitCode.TRY_LATER
    may_pass = True


@contextmanager
def telling(source: SqlSource, address: str) -> Iterator[None]:
    """A context in which what SQLAlchemy and the drivers raise becomes a UserError."""
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError

    try:
        yield
    except DBAPIError as error:
        cut = error.connection_invalidated or error.statement is None  # the latter: while it was connecting
        raise _told(source, address, *_code_and_words(error.orig), cut) from None
    except (
        SQLAlchemyError,
        OSError,
        ValueError,
    ) as error:  # the latter of a driver, of a value that it can't take
        raise _told(source, address, "", str(error) or type(error).__name__, isinstance(error, OSError)) from None


def no_such_column(source: SqlSource, name: str, field: str) -> BadSetting:
    """What is read has no column of that name."""
    return BadSetting(
        Said("Source {name}: there is no column {column}.", name=source.name, column=name),
        Said("Names are written as the database has them, capitals included."),
        field=field,
    )


def _told(source: SqlSource, address: str, code: str, words: str, cut: bool) -> UserError:
    if _is(_WRONG_LOGIN, code, words):
        if "@" not in source.url or "using password: NO" not in words:
            return DatabaseRefuses(
                Said("{address} does not accept this user and password ({words}).", address=address, words=words),
                Said("It was tried once. Set the password."),
                command=f"audit-trails-export source secret {source.name}",
                field="secret",
            )
        return no_source_secret(source.name)
    if _is(_NOT_ALLOWED, code, words):
        return DatabaseRefuses(
            Said("Source {name}: {address} does not allow this ({words}).", **_where(source, address, words)),
            Said("Ask its administrator to give this user the right to read (SELECT)."),
            field="url",
        )
    if _is(_NOT_THERE, code, words):
        return BadSetting(
            Said("Source {name}: {address} does not have that ({words}).", **_where(source, address, words)),
            Said("Names are written as the database has them, capitals included."),
            field="table",
        )
    if _is(_TOO_LONG, code, words):
        return QueryTooLong(
            Said("Source {name}: {address} took too long ({words}).", **_where(source, address, words)),
            Said("An index over the columns of time and id makes it fast. The next run goes on from here."),
        )
    if cut:
        return DatabaseUnreachable(
            Said("Source {name}: no connection to {address} ({words}).", **_where(source, address, words)),
            Said("Is the address right, is the database running, and may this computer reach it?"),
            field="url",
        )
    return BadSetting(
        Said("Source {name}: {address} can't answer this ({words}).", **_where(source, address, words)),
        Said("Are the table or the SELECT, and the columns of time and id, right?"),
        field="select" if source.select else "table",
    )


def _where(source: SqlSource, address: str, words: str) -> dict[str, str]:
    return {"name": source.name, "address": address, "words": words}


def _is(codes: tuple[str, ...], code: str, words: str) -> bool:
    return any(code == each or (len(each) == 2 and code[:2] == each and len(code) == 5) for each in codes) or (
        not code and any(each in words for each in codes if " " in each or each.isalpha())
    )


def _code_and_words(error: Any) -> tuple[str, str]:
    """Of what a driver raised: pg8000 has the fields of PostgreSQL's message, PyMySQL a number and a text."""
    arguments: tuple[Any, ...] = tuple(getattr(error, "args", ())) or ("",)
    if isinstance(arguments[0], dict):
        return str(arguments[0].get("C", "")), str(arguments[0].get("M", ""))
    if isinstance(arguments[0], int) and len(arguments) > 1:
        return str(arguments[0]), str(arguments[1])
    return str(getattr(error, "sqlstate", None) or ""), str(arguments[0]) or type(error).__name__
