"""The ledger: which runs there were, which archives were built, and which of them the server has.

It holds the one fact that makes delivery exactly-once: an archive is `built` or `delivered`, and each
archive says which events it holds (a stretch of time and an arrival number).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, convert, structs

from desktop_app.database import Database, DatabaseDamaged, Kind
from desktop_app.evidence.coverage import Came, SourceCoverage
from desktop_app.export.ledger_schema import SCHEMA_VERSION, upgrade
from desktop_app.kept_sentence import kept, said
from desktop_app.rows import RowsOf
from desktop_app.settings.kept_instance import begin_instance
from desktop_app.settings.model import ArchiveFormat
from desktop_app.wording import Said


class Outcome(StrEnum):
    """How a run ended: `stopped` by somebody; `interrupted` is what the next run finds of one that never ended."""

    DELIVERED = "delivered"
    NOTHING_DUE = "nothing-due"
    FAILED = "failed"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"


class StartedBy(StrEnum):
    """Who began a run: somebody by `hand`, the daily task, or somebody in the form."""

    HAND = "hand"
    SCHEDULE = "schedule"
    FORM = "form"


class Run(Struct, frozen=True, kw_only=True):
    """One run of the exporter; `outcome` is None while it lasts.

    When an interrupted one ended is not known: `finished_ms` is None. `message` and `hint` are `Said`, but for
    those that an earlier version kept. `field` is the setting that a failure concerns (`server.path`), if any.
    """

    id: int
    started_ms: int
    finished_ms: int | None
    started_by: StartedBy
    pid: int
    outcome: Outcome | None
    events: int
    bytes: int
    code: int | None
    message: str | None
    hint: str | None
    field: str | None = None


class Archive(Struct, frozen=True, gc=False):
    """One archive. It holds the events created from `start_ms` up to `end_ms` (excluded) that arrived up to
    number `upto_seq`, without those of the archives before it. `bytes` and `sha256` are of the .zip.

    `chain_number` is its place in the chain, 0 for an unsigned one of before version 2 of the manifest;
    `manifest_sha256`, `signed_by` and `next_key` (fingerprints) are what the one after it goes on with.
    `coverage_upto` is the last collection that its manifest tells of.
    """

    instance: str
    day: str
    number: int
    name: str
    format: ArchiveFormat
    timezone: str
    start_ms: int
    end_ms: int
    upto_seq: int
    events: int
    bytes: int
    sha256: str
    built_ms: int
    delivered_ms: int | None = None
    chain_number: int = 0
    manifest_sha256: str = ""
    signed_by: str = ""
    next_key: str = ""
    coverage_upto: int = 0


class Told(Struct, frozen=True):
    """What was told last on a way: the cause of a failure, and when (epoch milliseconds)."""

    cause: str
    told_ms: int


_ARCHIVES = RowsOf(Archive)
_RUN_COLUMNS = ", ".join(Run.__struct_fields__)


class LedgerDamaged(DatabaseDamaged):
    """The ledger can't be read."""


_KIND = Kind(
    version=SCHEMA_VERSION,
    upgrade=upgrade,
    damaged=LedgerDamaged,
    unusable=lambda path, reason: Said("The ledger {path} can't be used ({reason}).", path=path, reason=reason),
    put_back=Said(
        "The file is damaged: put back a copy of it, or move it away. The store knows what was delivered;"
        " nothing is exported again."
    ),
    not_written=lambda reason: Said("The ledger could not be written ({reason}).", reason=reason),
    too_new=lambda path: Said("The ledger {path} was written by a newer version of this program.", path=path),
    timeout=30,
    begin=lambda path: begin_instance(path.parent),
)


class Ledger(Database):
    """`ledger.db`, open. Every method that writes is one durable transaction; all raise LocalDiskError."""

    kind = _KIND
    _delivered: tuple[tuple[int, ...], list[Archive]] | None = None  # by what had been written when they were read

    def begin_run(self, started_by: StartedBy, pid: int, now_ms: int) -> int:
        """Enter a new run and return its number. Call it with the run lock held: what is open ended there."""
        with self.transaction():
            self.db.execute("UPDATE runs SET outcome = ? WHERE outcome IS NULL", (Outcome.INTERRUPTED,))
            cursor = self.db.execute(
                "INSERT INTO runs (started_ms, started_by, pid) VALUES (?, ?, ?)", (now_ms, started_by, pid)
            )
        return int(cursor.lastrowid or 0)

    def end_run(
        self,
        run: int,
        outcome: Outcome,
        now_ms: int,
        error: tuple[int, str, str] | None = None,
        field: str | None = None,
    ) -> None:
        """Close a run; `error` is exit code, message and hint, which are kept for readers of any language, `field`
        the setting that it concerns."""
        code, *texts = error or (None, None, None)
        with self.transaction():
            self.db.execute(
                "UPDATE runs SET outcome = ?, finished_ms = ?, code = ?, message = ?, hint = ?, field = ?"
                " WHERE id = ?",
                (outcome, now_ms, code, *(text and kept(text) for text in texts), field, run),
            )

    def runs(self, limit: int = -1) -> list[Run]:
        """The latest runs, newest first."""
        return self._runs("ORDER BY id DESC LIMIT ?", limit)

    def active_run(self) -> Run | None:
        """The run that has not ended; whether it still lives, only the run lock tells."""
        return next(iter(self._runs("WHERE outcome IS NULL ORDER BY id DESC LIMIT 1")), None)

    def last_success(self) -> Run | None:
        """The latest run that delivered or had nothing to deliver."""
        clause = "WHERE outcome IN (?, ?) ORDER BY id DESC LIMIT 1"
        return next(iter(self._runs(clause, Outcome.DELIVERED, Outcome.NOTHING_DUE)), None)

    def set_built(self, run: int, archive: Archive) -> None:
        """Enter the archive that lies in the outbox, whole and synced, instead of one that waited before."""
        with self.transaction():
            self.db.execute("DELETE FROM archives WHERE state = 'built' AND held = 0")
            self._insert(run, archive, "built")

    def adopt(self, archive: Archive) -> None:
        """Enter an archive that turned out to be delivered, by a run not known, instead of what has its name or
        its place."""
        place = archive.name, archive.instance, archive.day, archive.number
        with self.transaction():
            self.db.execute("DELETE FROM archives WHERE name = ? OR (instance, day, number) = (?, ?, ?)", place)
            self._insert(0, archive, "delivered")

    def correct(self, archives: Sequence[Archive]) -> None:
        """Set right which events archives hold, in whatever state they are; the store has a note of each."""
        if not archives:
            return
        columns = [column for column in Archive.__struct_fields__ if column != "delivered_ms"]
        with self.transaction():
            self.db.executemany(
                f"UPDATE archives SET {', '.join(f'{column} = :{column}' for column in columns)}, noted = 1"
                " WHERE name = :name AND sha256 = :sha256",
                map(structs.asdict, archives),
            )

    def drop_built(self) -> None:
        """Forget the archive that waits: its events are due again."""
        with self.transaction():
            self.db.execute("DELETE FROM archives WHERE state = 'built' AND held = 0")

    def set_held(self, name: str, held: bool) -> None:
        """Let the archive that waits hold no other up, or be the one that waits again."""
        with self.transaction():
            self.db.execute("UPDATE archives SET held = ? WHERE name = ? AND state = 'built'", (held, name))

    def held(self) -> list[Archive]:
        """The archives that were lost and of which the store no longer gives all events."""
        return self._archives("WHERE state = 'built' AND held ORDER BY id")

    def never_noted(self) -> set[str]:
        """The names of the archives of which the store was never told, since an older version entered them."""
        return {name for (name,) in self._rows("SELECT name FROM archives WHERE noted = 0")}

    def _insert(self, run: int, archive: Archive, state: str) -> None:
        values = {**structs.asdict(archive), "run": run, "state": state, "noted": 1}
        self.db.execute(
            f"INSERT INTO archives ({', '.join(values)}) VALUES ({', '.join(':' + key for key in values)})", values
        )

    def mark_delivered(self, name: str, run: int, now_ms: int) -> None:
        """The server has the built archive: with this, its events count as exported, and as the run's."""
        with self.transaction():
            self.db.execute(
                "UPDATE archives SET state = 'delivered', delivered_ms = ?, run = ?"
                " WHERE name = ? AND state = 'built'",
                (now_ms, run, name),
            )
            self.db.execute(
                "DELETE FROM coverage WHERE id <= (SELECT coverage_upto FROM archives WHERE name = ?)", (name,)
            )
            self.db.execute(
                "UPDATE runs SET (events, bytes) = (SELECT sum(events), sum(bytes) FROM archives"
                " WHERE run = runs.id AND state = 'delivered') WHERE id = ?",
                (run,),
            )

    def note_coverage(self, coverage: Iterable[SourceCoverage], came: Mapping[int, Came]) -> None:
        """Keep what a collection asked and got, until a delivered archive tells of it. That covers all that `came`
        of the sources, by their numbers in the store."""
        with self.transaction():
            self.db.executemany(
                "INSERT INTO coverage (facts) VALUES (?)", [(msgspec.json.encode(each),) for each in coverage]
            )
            self.db.executemany(
                "INSERT OR REPLACE INTO came VALUES (?, ?, ?, ?)",
                [(source, *structs.astuple(each)) for source, each in came.items()],
            )

    def came(self) -> dict[int, Came]:
        """What had come of the sources when their coverage was noted last; nothing before it ever was."""
        rows = self._rows("SELECT source, stored, repeated, set_aside FROM came")
        return {source: Came(*counts) for source, *counts in rows}

    def coverage(self, upto: int | None = None) -> tuple[list[SourceCoverage], int]:
        """What no delivered archive tells of, as far as entry `upto` if that is given, and the last entry."""
        rows = self._rows("SELECT id, facts FROM coverage WHERE ? IS NULL OR id <= ? ORDER BY id", (upto, upto))
        with self.reading():
            found = [msgspec.json.decode(facts, type=SourceCoverage) for _, facts in rows]
        return found, rows[-1][0] if rows else upto or 0

    def built(self) -> Archive | None:
        """The archive that waits in the outbox, if there is one; there is never a second."""
        return next(iter(self._archives("WHERE state = 'built' AND held = 0")), None)

    def delivered(self) -> list[Archive]:
        """All delivered archives in the order of their delivery. They are read again only after a change: there
        may be ten years of them."""
        with self.reading():
            written = self.db.total_changes, *self.db.execute("PRAGMA data_version").fetchone()
        if self._delivered is None or self._delivered[0] != written:
            self._delivered = written, self._archives("WHERE state = 'delivered' ORDER BY id")
        return list(self._delivered[1])

    def last_delivered(self) -> Archive | None:
        """The archive that the next one names as its previous."""
        return next(iter(self._archives("WHERE state = 'delivered' ORDER BY id DESC LIMIT 1")), None)

    def delivered_since(self, run: int) -> dict[int, list[Archive]]:
        """What the runs from number `run` on delivered, in order, by run; those that delivered nothing are not
        in it."""
        found: dict[int, list[Archive]] = {}
        query = f"SELECT run, {_ARCHIVES.columns} FROM archives WHERE state = 'delivered' AND run >= ? ORDER BY id"
        rows = self._rows(query, (run,))
        with self.reading():
            for (number, _), archive in zip(rows, _archives(row for _, row in rows), strict=True):
                found.setdefault(number, []).append(archive)
        return found

    def next_number(self, instance: str, day: date) -> int:
        """The number of the next archive of a day: 1 for the first."""
        number = self._value(
            "SELECT ifnull(max(number), 0) + 1 FROM archives WHERE instance = ? AND day = ?",
            instance,
            day.isoformat(),
        )
        return int(number)

    def switched_on_since(self) -> date | None:
        """The day from which on a day without events gets its archive too; None while switched off."""
        since = self._value("SELECT since FROM switch")
        with self.reading():
            return None if since is None else date.fromisoformat(since)

    def switched_on_ms(self) -> int | None:
        """When the export was switched on; None while switched off."""
        since_ms = self._value("SELECT since_ms FROM switch")
        with self.reading():
            return None if since_ms is None else int(since_ms)

    def set_switched_on_since(self, since: date | None, now_ms: int = 0) -> None:
        """Remember since which day, and which instant, the export is on; or that it is off."""
        with self.transaction():
            self.db.execute("DELETE FROM switch")
            if since:
                self.db.execute("INSERT INTO switch VALUES (?, ?)", (since.isoformat(), now_ms))

    def told(self) -> dict[str, Told]:
        """What was told last, by the way on which it was."""
        with self.reading():
            rows = self._rows("SELECT way, cause, told_ms FROM told")
            return {way: convert(Told(cause, told_ms), Told) for way, cause, told_ms in rows}

    def set_told(self, way: str, told: Told) -> None:
        """Remember what was told on a way."""
        with self.transaction():
            self.db.execute("INSERT OR REPLACE INTO told VALUES (?, ?, ?)", (way, told.cause, told.told_ms))

    def forget_told(self, way: str) -> None:
        """Whatever is told next is news on a way."""
        with self.transaction():
            self.db.execute("DELETE FROM told WHERE way = ?", (way,))

    def _runs(self, clause: str, *values: object) -> list[Run]:
        with self.reading():
            return [_run(row) for row in self._rows(f"SELECT {_RUN_COLUMNS} FROM runs {clause}", values)]

    def _archives(self, clause: str) -> list[Archive]:
        with self.reading():
            return _archives(row for (row,) in self._rows(f"SELECT {_ARCHIVES.columns} FROM archives {clause}"))

    def _value(self, query: str, *values: object) -> Any:
        """The first value of the first row; None where there is no row."""
        rows = self._rows(query, values)
        return rows[0][0] if rows else None

    def _rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self.reading():
            return self.db.execute(query, values).fetchall()


def open_ledger(path: Path) -> Ledger:
    """Open the ledger at `path`, creating it where there is none.

    Raises LocalDiskError when it can't be opened, is no ledger, or is of a newer version.
    """
    return Ledger.open(path)


def _run(row: Sequence[Any]) -> Run:
    run = convert(dict(zip(Run.__struct_fields__, row, strict=True)), Run)
    return structs.replace(run, message=run.message and said(run.message), hint=run.hint and said(run.hint))


def _archives(rows: Iterable[str]) -> list[Archive]:
    archives = _ARCHIVES.read(rows)
    for archive in archives:
        date.fromisoformat(archive.day)
        if archive.start_ms > archive.end_ms:
            raise ValueError("a day ends before it begins")
    return archives
