"""The queries of a source: rows in the order of their keys, from some key on; and those without a key."""

from typing import TYPE_CHECKING, Any

from desktop_app.settings.model import SqlSource
from desktop_app.sources.sql.keys import Key

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

SELECT = "SELECT"
"""The part that is the SELECT of a source."""


class Queries:
    """Of one part: a table, with its schema in front of a dot where it has one, or the source's SELECT."""

    def __init__(self, source: SqlSource, part: str) -> None:
        from sqlalchemy import column, table, text

        self._time: ColumnElement[Any] = column(source.time_column)
        self._id: ColumnElement[Any] = column(source.id_column)
        if part == SELECT:
            # Colons are no parameters in it, and a semicolon at its end would cut what is around it.
            plain = source.select.strip().rstrip(";").replace(":", r"\:")
            rows = text(plain).columns(column(source.time_column), column(source.id_column)).subquery("records")
            self._time, self._id = rows.c
            self._from: Any = rows
        else:
            schema, _, name = part.rpartition(".")
            self._from = table(name, self._time, self._id, schema=schema or None)

    def rows(self, start: Key | None, most: int) -> "Select[Any]":
        """Up to so many rows from a key on, itself included: rows may share one."""
        from sqlalchemy import and_, literal, or_
        from sqlalchemy.types import NullType

        query = self._all().where(self._time.is_not(None), self._id.is_not(None))
        if start:
            # Without a type, the driver's own counts; the first condition alone lets an index be used.
            at = literal(start.time, NullType())
            query = query.where(self._time >= at)
            if start.id is not None:
                behind = and_(self._time == at, self._id >= literal(start.id, NullType()))
                query = query.where(or_(self._time > at, behind))
        return query.order_by(self._time, self._id).limit(most)

    def without_key(self, most: int) -> "Select[Any]":
        """Up to so many rows that have no time or no id."""
        from sqlalchemy import or_

        return self._all().where(or_(self._time.is_(None), self._id.is_(None))).limit(most)

    def _all(self) -> "Select[Any]":
        from sqlalchemy import literal_column, select

        return select(literal_column("*")).select_from(self._from)
