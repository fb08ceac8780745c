"""What an error of SQLite says about the file: that it is damaged, or only that it can't be reached now."""

import sqlite3

from desktop_app.wording import Said

KEEP_THE_FILE = Said(
    "Look at the permissions of the file and at its disk. Keep the file: nothing says that it is damaged."
)
_OF_THE_DISK = (
    sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
)  # fmt: skip


def means_damage(error: Exception) -> bool:
    """Whether what is in the database is at fault, not the disk, its permissions or another program."""
    code = getattr(error, "sqlite_errorcode", None)
    return not isinstance(error, OSError) and (code is None or code & 0xFF not in _OF_THE_DISK)
