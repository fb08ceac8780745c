"""The kind `sql`: rows of a database, of its tables or of what a SELECT gives; they are read and never changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop_app.errors import BadSetting
from desktop_app.settings.duration import duration_ms
from desktop_app.settings.model import SqlSource
from desktop_app.sources.kind import Reader, Secret
from desktop_app.wording import Said


def problems(source: SqlSource) -> Iterator[BadSetting]:
    """What can't be right of the address, of what is read, and of the spans of time."""
    from desktop_app.sources.sql.address import address_problems

    if source.url:
        yield from address_problems(source)
    if source.url and bool(source.table.strip()) == bool(source.select.strip()):
        yield BadSetting(
            Said("The source {name!r} reads either tables or a SELECT.", name=source.name),
            Said("Fill in one of the two."),
            field="table",
        )
    for key in ("settle", "again"):
        try:
            duration_ms(getattr(source, key))
        except ValueError:
            yield BadSetting(
                Said("{text!r} is no span of time.", text=getattr(source, key)),
                Said("Write a number and s, m, h or d, as in 2m or 24h."),
                field=key,
            )


def local_folders(source: SqlSource) -> tuple[Path, ...]:
    """That of an SQLite file; any other database is reached over the network."""
    from desktop_app.sources.sql.address import local_file

    file = local_file(source.url)
    return (file.parent,) if file else ()


@contextmanager
def open(source: SqlSource, secret: Secret) -> Iterator[Reader]:
    """A reader of its rows. Nobody connects before it reads. Raises BadSetting where the driver is missing."""
    from desktop_app.sources.sql.connection import opened
    from desktop_app.sources.sql.reader import SqlReader

    with opened(source, secret) as database:
        yield SqlReader(source, database)
