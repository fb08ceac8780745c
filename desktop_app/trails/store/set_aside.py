"""Records that can't be events, as they are shown."""

from dataclasses import dataclass

from desktop_app.kept_sentence import said
from desktop_app.trails.store.store import Store
from desktop_app.wording import Said


@dataclass(frozen=True)
class SetAside:
    """A record that can't be an event: in what (a file), where there, and why. The latter are `Said`, but for what
    an earlier version kept."""

    path: str
    place: str
    reason: str


def set_aside_records(store: Store, source: str, limit: int) -> list[SetAside]:
    """The latest records of a source that were set aside, newest first. Raises StoreDamaged."""
    with store.reading():
        rows = store.db.execute(
            """SELECT path, place, reason FROM set_aside WHERE source = ? AND path != ''
               ORDER BY rowid DESC LIMIT ?""",
            (source, limit),
        )
        found = [SetAside(path, said(place), said(reason)) for path, place, reason in rows]
    more = store.set_aside_beyond(source)
    told = Said("{count} more were set aside, of which only the number is kept", count=more)
    return [*([SetAside("", "", told)] if more else []), *found]
