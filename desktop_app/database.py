"""What the databases of this program, store and ledger, have in common: how an SQLite file is opened, brought up
to date, read and written, and what is told when that fails."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import ClassVar, Self

from msgspec import MsgspecError, Struct

from desktop_app.errors import LocalDiskError
from desktop_app.files import make_private_file, make_private_folder, require_no_link
from desktop_app.held import cure, reason, refusal_of
from desktop_app.wording import Said

_KEEP_THE_FILE = Said(
    "Look at the permissions of the file and at its disk. Keep the file: nothing says that it is damaged."
)
# A damaged row may have values of other types, or none that can be.
_UNREADABLE = (sqlite3.Error, TypeError, ValueError, LookupError, OverflowError, MsgspecError)
_MOMENT = 0.02  # seconds
_OF_THE_DISK = (
    sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
)  # fmt: skip


class DatabaseDamaged(LocalDiskError):
    """A database can't be read: what is in it is damaged, or its disk can't be reached; `hint` says which.

    `reason` says what was found, in the words of SQLite or of who found it.
    """

    def __init__(self, message: Said, hint: Said, reason: object) -> None:
        super().__init__(message, hint)
        self.reason = str(reason)


class Kind(Struct, frozen=True, kw_only=True):
    """What one kind of database is.

    `version` is that of its tables; `upgrade` gives the statements, each but the last with a semicolon, that make
    them of nothing (version 0) or of those of an older version; `begin` is called before the first are made.
    `pragmas` are set whenever it is opened to write, and another process that writes is waited for `timeout`
    seconds.

    What can't be read is told by `unusable`, from the path and a reason, and for a damaged file by `put_back`.
    """

    version: int
    upgrade: Callable[[int], str]
    damaged: type[DatabaseDamaged]
    unusable: Callable[[Path, object], Said]
    put_back: Said
    not_written: Callable[[object], Said]
    too_new: Callable[[Path], Said]
    timeout: float
    pragmas: tuple[str, ...] = ()
    begin: Callable[[Path], None] = lambda _: None


class Database:
    """A database, open. Each subclass has the statements of one kind; nobody else has any."""

    kind: ClassVar[Kind]

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.db = connection
        self.path = path

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the file at `path`, with the tables of this version; make it where there is none.

        Raises LocalDiskError when it can't be opened, is none of this kind, or is of a newer version.
        """
        try:
            make_private_folder(path.parent)
            if not path.exists():
                with suppress(OSError):  # the next line says why
                    cls.kind.begin(path)  # who looks in between would take the file for an earlier version's
            make_private_file(path, "-wal", "-shm")
            connection = sqlite3.connect(path, timeout=cls.kind.timeout, isolation_level=None)
            for pragma in (*cls.kind.pragmas, "journal_mode = WAL", "synchronous = FULL"):
                _set(connection, pragma, cls.kind.timeout)
            version = _version(connection)
            if version == 0:
                cls.kind.begin(path)
        except (*_UNREADABLE, OSError) as error:
            raise _unusable(cls.kind, path, error) from error
        opened = cls(connection, path)
        opened._bring_up_to_date(version)
        return opened

    @classmethod
    def open_to_read(cls, path: Path) -> Self:
        """Open the file at `path` read-only: it holds up nobody who writes. Where there is none, an empty one.

        It may be used in one thread at a time. Raises LocalDiskError as `open` does.
        """
        require_no_link(path)
        if not path.exists():
            return cls._empty(path)
        try:
            connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro",
                uri=True,
                timeout=5,
                isolation_level=None,
                check_same_thread=False,
            )
            version = _version(connection)
        except sqlite3.Error as error:
            if not path.exists():  # it was removed meanwhile
                return cls._empty(path)
            raise _unusable(cls.kind, path, error) from error
        if version >= cls.kind.version:
            opened = cls(connection, path)
            opened._bring_up_to_date(version)  # which refuses a newer one
            return opened
        connection.close()
        if version == 0:
            return cls._empty(path)
        cls.open(path).close()  # which brings it up to date
        return cls.open_to_read(path)

    @classmethod
    def _empty(cls, path: Path) -> Self:
        empty = cls(sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False), path)
        empty._bring_up_to_date(0)
        return empty

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave the file; nothing can be read any more."""
        self.db.close()

    def damage(self, reason: object) -> DatabaseDamaged:
        """What to raise when it can't be as it is read."""
        return _unusable(self.kind, self.path, reason)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """What SQLite can't read inside, and values of which nothing can be made, are raised as `damage`."""
        try:
            yield
        except _UNREADABLE as error:
            raise self.damage(error) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is stored together and durably, or not at all. Raises LocalDiskError.

        Inside of another transaction it is a part of that one.
        """
        if self.db.in_transaction:
            yield
            return
        try:
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self.db.in_transaction:  # SQLite may have ended it by itself
                    self.db.execute("ROLLBACK")
                raise
            self.db.execute("COMMIT")
        except sqlite3.Error as error:
            if _means_damage(error):
                raise self.damage(error) from error
            raise LocalDiskError(self.kind.not_written(error), Said("Is the disk full or read-only?")) from error

    def _bring_up_to_date(self, version: int) -> None:
        """Make the tables, or those of an older version the present ones; another process may do so meanwhile."""
        if version < self.kind.version:
            with self.transaction():
                version = _version(self.db)
                if version < self.kind.version:
                    for statement in self.kind.upgrade(version).split(";"):
                        self.db.execute(statement)
                    self.db.execute(f"PRAGMA user_version = {self.kind.version}")
        if version > self.kind.version:
            self.close()
            raise LocalDiskError(self.kind.too_new(self.path), Said("Install that version again."))


def _version(connection: sqlite3.Connection) -> int:
    """The version of the tables; 0 where there are none. Raises sqlite3.Error."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _set(connection: sqlite3.Connection, pragma: str, timeout: float) -> None:
    """Set a pragma, and wait `timeout` seconds for others that open the file as well.

    For a new file's way of keeping its journal SQLite doesn't wait itself: on Windows, of several that begin a
    database at the same moment all but one may be refused at once (SQLITE_BUSY).
    """
    ends = time.monotonic() + timeout
    while True:
        try:
            connection.execute(f"PRAGMA {pragma}")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > ends:
                raise
        time.sleep(_MOMENT)


def _unusable(kind: Kind, path: Path, error: object) -> DatabaseDamaged:
    if _means_damage(error):
        return kind.damaged(kind.unusable(path, error), kind.put_back, error)
    cause = refusal_of(path) or error  # SQLite says only that it can't open the file
    if not isinstance(cause, OSError):
        return kind.damaged(kind.unusable(path, cause), _KEEP_THE_FILE, error)
    return kind.damaged(kind.unusable(path, reason(cause)), cure(cause, _KEEP_THE_FILE), error)


def _means_damage(reason: object) -> bool:
    """Whether what is in the database is at fault, not the disk, its permissions or another program."""
    code = getattr(reason, "sqlite_errorcode", None)
    return not isinstance(reason, OSError) and (code is None or code & 0xFF not in _OF_THE_DISK)
