"""What became of a source's files so far."""

from dataclasses import dataclass

from desktop_app.kept_sentence import said
from desktop_app.trails.store.store import Store
from desktop_app.wording import Said


@dataclass(frozen=True)
class SourceCounts:
    """Files (those in a .zip one by one) that were read, and records that can't be events."""

    files: int
    set_aside: int


@dataclass(frozen=True)
class SetAside:
    """A record that can't be an event: in which file, where there, and why. The latter are `Said`, but for those
    that an earlier version kept."""

    path: str
    place: str
    reason: str


def counts(store: Store, source: str) -> SourceCounts:
    """How much of a source was read."""
    row = store.db.execute(
        "SELECT count(*) FROM source_files WHERE source = ? AND size >= 0", (source,)
    ).fetchone()
    return SourceCounts(int(row[0]), store.set_aside_count(source))


def set_aside_records(store: Store, source: str, limit: int) -> list[SetAside]:
    """The latest records of a source that were set aside, newest first."""
    rows = store.db.execute(
        "SELECT path, place, reason FROM set_aside WHERE source = ? AND path != '' ORDER BY rowid DESC LIMIT ?",
        (source, limit),
    )
    more = store.set_aside_beyond(source)
    told = Said("{count} more were set aside, of which only the number is kept", count=more)
    found = (SetAside(path, said(place), said(reason)) for path, place, reason in rows)
    return [*([SetAside("", "", told)] if more else []), *found]
