"""What an error of SQLite says about the file: that it is damaged, or only that it can't be reached now."""

import sqlite3
from collections.abc import Iterable, Iterator
from typing import TypeVar

from desktop_app.wording import Said

KEEP_THE_FILE = Said(
    "Look at the permissions of the file and at its disk. Keep the file: nothing says that it is damaged."
)
_Row = TypeVar("_Row")
# A damaged row may have values of other types, or none that can be.
_OF_A_VALUE = (TypeError, ValueError, LookupError, OverflowError)
_OF_THE_DISK = (
    sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
)  # fmt: skip


def means_damage(error: Exception) -> bool:
    """Whether what is in the database is at fault, not the disk, its permissions or another program."""
    code = getattr(error, "sqlite_errorcode", None)
    return not isinstance(error, OSError) and (code is None or code & 0xFF not in _OF_THE_DISK)


def sound(rows: Iterable[_Row]) -> Iterator[_Row]:
    """What is made of rows that are read. Raises sqlite3.DatabaseError also for values that can't be."""
    try:
        yield from rows
    except _OF_A_VALUE as error:
        raise sqlite3.DatabaseError(f"a value is damaged: {error}") from error
