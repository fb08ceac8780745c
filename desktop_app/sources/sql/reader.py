"""Reads the rows of a database: what came since the key up to which all was read, and what was committed late.

What is remembered under `read:PART`: a _Known as JSON; under `without key:PART`, which rows have no key.
"""

import hashlib
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, ClassVar

import msgspec
from msgspec import Raw, Struct

from desktop_app.errors import LocalDiskError
from desktop_app.settings.duration import duration_ms
from desktop_app.settings.model import SqlSource
from desktop_app.sources.kind import READ, Coverage, Gap, NothingRemembered, Places, Record, Step
from desktop_app.sources.order import Order
from desktop_app.sources.record_digests import digests_of, new_ones
from desktop_app.sources.sql.connection import Database
from desktop_app.sources.sql.errors import no_such_column
from desktop_app.sources.sql.keys import KeptValue, Key, NoOrder, as_asked, earlier, kept
from desktop_app.sources.sql.queries import SELECT, Queries
from desktop_app.sources.sql.rows import Table, as_json, in_utc, json_value
from desktop_app.sources.times import time_reader
from desktop_app.stop import Stop
from desktop_app.trails.times import NotATime
from desktop_app.wording import Said

_FIRST_ROWS = 1000
_MOST_ROWS = 5000
_BATCH_BYTES = 1 << 24
_WITHOUT_KEY = "without key:"
_MOST_WITHOUT_KEY = 10_000
_SAMPLE_ROWS = 200


class _Known(Struct, frozen=True):
    """Of the rows that `columns` put in order, all are read up to a key; those with just that key have the digests
    `seen`."""

    columns: tuple[str, str]
    time: KeptValue
    id: KeptValue
    seen: tuple[str, ...]


class _Row(Struct, frozen=True, gc=False):
    key: Key
    content: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:32]


class SqlReader:
    """A part is a table, or the source's SELECT."""

    order: ClassVar[Order] = Order.WITHIN

    def __init__(self, source: SqlSource, database: Database) -> None:
        self._source, self._database = source, database
        self._columns = (source.time_column, source.id_column)
        self._read_time = time_reader(source.time, source.zone or "UTC")

    def parts(self, places: Places) -> Iterator[str]:
        """Raises UserError where there is no connection."""
        self._database.require()
        if self._source.select:
            yield SELECT
        yield from filter(None, map(str.strip, self._source.table.split(",")))

    def steps(self, part: str, places: Places, stop: Stop) -> Iterator[Step]:
        """What is new, a batch a step. Raises UserError, also for a table or a column that is not there."""
        queries = Queries(self._source, part)
        known = self._known(places, part)
        seen = set(known.seen) if known else set()
        start = self._start(known)
        asked, upto_ms = self._asked(part, start), self._upto_ms(known)
        again_ms = duration_ms(self._source.again)
        most = _FIRST_ROWS
        while True:
            stop.check()
            rows = self._rows(self._database.table(queries.rows(start, most)))
            new = [row for row in rows if not (row.key == start and row.digest in seen)]
            if new:
                known = self._place(rows, known, seen if rows[0].key == start else set())
                end = new[-1].key
                seen = {row.digest for row in rows if row.key == end} | (seen if end == start else set())
                start = end
                remember = {READ + part: msgspec.json.encode(known) if known else None}
                coverage = Coverage(asked, len(new), upto_ms=upto_ms, again_ms=again_ms)
                yield Step([_record(row, part) for row in new], remember, coverage)
            if len(rows) < most:
                break
            size = sum(len(row.content) for row in rows)
            most = max(1, min(_MOST_ROWS, _BATCH_BYTES * len(rows) // size)) if new else most * 2
        yield from self._without_key(part, queries, places, asked)

    def sample(self) -> Iterator[Record]:
        """The oldest rows. Raises as the others do."""
        for part in self.parts(NothingRemembered()):
            rows = self._rows(self._database.table(Queries(self._source, part).rows(None, _SAMPLE_ROWS)))
            yield from (_record(row, part) for row in rows)

    def _known(self, places: Places, part: str) -> _Known | None:
        value = places.get(READ + part)
        if not value:
            return None
        try:
            known = msgspec.json.decode(value, type=_Known)
            as_asked(known.time), as_asked(known.id)
        except (msgspec.MsgspecError, ValueError, KeyError) as error:
            raise LocalDiskError(
                Said(
                    "What the store knows of source {name} is damaged ({reason}).",
                    name=self._source.name,
                    reason=error,
                ),
                Said("Put back a copy of the store."),
            ) from error
        return known if known.columns == self._columns else None  # else all over again: nothing is stored twice

    def _upto_ms(self, known: _Known | None) -> int:
        """Up to when all was read before, where the time of a row is that of its event; else 0."""
        if known is None or self._source.fields.get("createdAt"):
            return 0
        return self._instant(as_asked(known.time)) or 0

    def _start(self, known: _Known | None) -> Key | None:
        """From where to read, so that what was committed late is found."""
        if known is None:
            return None
        key = Key(as_asked(known.time), as_asked(known.id))
        span = timedelta(milliseconds=duration_ms(self._source.again))
        try:
            return Key(earlier(key.time, span, self._source.time)) if span else key
        except NoOrder:
            return None

    def _rows(self, table: Table) -> list[_Row]:
        if self._database.is_mysql:
            table = in_utc(table)
        time_at, id_at = (
            self._index(table.names, name, field)
            for name, field in zip(self._columns, ("time_column", "id_column"), strict=True)
        )
        return [
            _Row(Key(row[time_at], row[id_at]), content)
            for row, content in zip(table.rows, as_json(table), strict=True)
        ]

    def _index(self, names: Sequence[str], name: str, field: str) -> int:
        """Where a column is; a database may write its name in other capitals."""
        for wanted in (str, str.casefold):
            with suppress(ValueError):
                return list(map(wanted, names)).index(wanted(name))
        raise no_such_column(self._source, name, field)

    def _place(self, rows: Sequence[_Row], known: _Known | None, seen: set[str]) -> _Known | None:
        """How far all is read now: up to the last row that is not too young. What is committed amid younger
        ones later, the next run reads."""
        settled_ms = time.time_ns() // 10**6 - duration_ms(self._source.settle)
        read_ms = self._instant(as_asked(known.time)) if known else None
        for row in reversed(rows):
            moment_ms = self._instant(row.key.time)
            if moment_ms is None or moment_ms > settled_ms:
                continue
            if read_ms is not None and moment_ms < read_ms:
                return known
            digests = {each.digest for each in rows if each.key == row.key}
            if row.key == rows[0].key:
                digests |= seen
            with suppress(NoOrder):
                return _Known(self._columns, kept(row.key.time), kept(row.key.id), tuple(sorted(digests)))
            return known
        return known

    def _instant(self, value: Any) -> int | None:
        """Of a key's time; None where it is no time that can be believed."""
        try:
            return self._read_time(msgspec.json.encode(json_value(value))).ms
        except NotATime:
            return None

    def _without_key(self, part: str, queries: Queries, places: Places, asked: str) -> Iterator[Step]:
        """Rows that no order reaches: all of them, whenever there are others than before."""
        table = self._database.table(queries.without_key(_MOST_WITHOUT_KEY))
        contents = list(as_json(in_utc(table) if self._database.is_mysql else table))
        which = hashlib.sha256(b"\n".join(sorted(contents))).digest() if contents else None
        gaps: tuple[Gap, ...] = ()
        if len(contents) == _MOST_WITHOUT_KEY:
            gaps = (Gap(part, Said("more than {count} rows have no time or no id", count=_MOST_WITHOUT_KEY)),)
        if which != places.get(_WITHOUT_KEY + part) or gaps:
            records = [
                Record(contents[at], part, Said("row without a key"), f"{part}##{time}")
                for at, time in new_ones(digests_of(contents), b"")
            ]
            yield Step(records, {_WITHOUT_KEY + part: which}, Coverage(asked, len(records), gaps))

    def _asked(self, part: str, start: Key | None) -> str:
        since = f", {self._source.time_column} >= {json_value(start.time)}" if start else ""
        return f"{self._database.address} {part}{since}"


def _record(row: _Row, part: str) -> Record:
    shown = json_value(row.key.id)
    place = Said("row {id}", id=bytes(shown).decode() if isinstance(shown, Raw) else shown)
    return Record(row.content, part, place, f"{part}#{place}")
