"""A store as version 4 of it was, which did not know where an event came from."""

from desktop_app.trails.store.store import Store

_TABLES = """
DROP TABLE sources;
DROP TABLE early_events;
DROP TABLE set_aside;
CREATE TABLE set_aside (
    source TEXT NOT NULL,
    path TEXT NOT NULL,
    place TEXT NOT NULL,
    reason TEXT NOT NULL,
    UNIQUE (source, path, place)
);
UPDATE events SET id = substr(id, 4);
PRAGMA user_version = 4;
"""


def make_version_4(store: Store) -> None:
    """Give a store the tables of version 4, and its events keys of their ids alone."""
    store.db.executescript(_TABLES)
