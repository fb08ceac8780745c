"""The tables of the store, and how those of an older version become the present ones."""

SCHEMA_VERSION = 3

_EVENTS = """
CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    created_ms INTEGER NOT NULL,
    id BLOB NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    line BLOB,
    crc32 INTEGER
);
CREATE INDEX events_by_time ON events (created_ms);
CREATE INDEX single_events_by_time ON events (created_ms) WHERE line IS NOT NULL;
CREATE TABLE blocks (
    first_seq INTEGER PRIMARY KEY,
    last_seq INTEGER NOT NULL,
    first_ms INTEGER NOT NULL,
    last_ms INTEGER NOT NULL,
    size INTEGER NOT NULL,
    crc32 INTEGER NOT NULL,
    deflated BLOB NOT NULL
);
CREATE INDEX blocks_by_time ON blocks (first_ms);
"""
_ARCHIVES = """
CREATE TABLE archives (
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    facts BLOB NOT NULL,
    delivered_ms INTEGER,
    crc32 INTEGER NOT NULL,
    UNIQUE (name, sha256)
);
"""
_OTHERS = """
CREATE TABLE hours (
    hour INTEGER PRIMARY KEY,
    events INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    last_seq INTEGER NOT NULL
);
CREATE TABLE source_files (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    path TEXT NOT NULL,
    member TEXT NOT NULL,
    size INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    head_size INTEGER NOT NULL,
    head_sha256 TEXT NOT NULL,
    position INTEGER NOT NULL,
    tail_sha256 TEXT NOT NULL,
    records INTEGER NOT NULL DEFAULT 0,
    records_sha256 TEXT NOT NULL DEFAULT '',
    origin TEXT NOT NULL DEFAULT ''
);
CREATE INDEX source_files_by_path ON source_files (source, path, member);
CREATE INDEX source_files_by_head ON source_files (source, head_sha256);
CREATE INDEX source_files_by_records ON source_files (source, records_sha256, records);
CREATE TABLE set_aside (
    source TEXT NOT NULL,
    path TEXT NOT NULL,
    place TEXT NOT NULL,
    reason TEXT NOT NULL,
    UNIQUE (source, path, place)
);
"""
# Each becomes the present version at once.
_FROM_VERSION = {
    0: _EVENTS + _OTHERS + _ARCHIVES,
    # Every line was a row of its own. The number of the last event is kept, since it is never used again.
    1: f"""
    ALTER TABLE events RENAME TO events_1;
    DROP INDEX events_by_time;
    {_EVENTS}
    INSERT INTO events SELECT seq, created_ms, id, length(line), line, NULL FROM events_1;
    DELETE FROM sqlite_sequence WHERE name = 'events';
    UPDATE sqlite_sequence SET name = 'events' WHERE name = 'events_1';
    DROP TABLE events_1;
    ALTER TABLE source_files ADD COLUMN records INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE source_files ADD COLUMN records_sha256 TEXT NOT NULL DEFAULT '';
    ALTER TABLE source_files ADD COLUMN origin TEXT NOT NULL DEFAULT '';
    CREATE INDEX source_files_by_records ON source_files (source, records_sha256, records);
    {_ARCHIVES}
    """,
    # Lines that are there stay without a check, so that a large store is brought up to date at once.
    2: f"""
    ALTER TABLE events ADD COLUMN crc32 INTEGER;
    {_ARCHIVES}
    """,
}


def upgrade(version: int) -> str:
    """The statements that make tables of a version (0: none) the present ones."""
    return _FROM_VERSION[version]
