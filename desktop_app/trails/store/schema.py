"""The tables of the store, and how those of an older version become the present ones."""

SCHEMA_VERSION = 4

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
CREATE TABLE set_aside (
    source TEXT NOT NULL,
    path TEXT NOT NULL,
    place TEXT NOT NULL,
    reason TEXT NOT NULL,
    UNIQUE (source, path, place)
);
"""
_PLACES = """
CREATE TABLE places (
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (source, key)
) WITHOUT ROWID;
"""
# Of a source, there were files alone: what was known of each becomes what `sources/known_files.py` remembers.
_FILE = "path || '//' || CASE path WHEN '' THEN id ELSE member END"
_PLACES_OF_FILES = f"""
{_PLACES}
INSERT OR REPLACE INTO places SELECT source, 'read:' || {_FILE}, CAST(json_object(
    'size', size, 'modified_ns', modified_ns, 'head_size', head_size, 'head_sha256', head_sha256,
    'position', position, 'tail_sha256', tail_sha256, 'records', records, 'records_sha256', records_sha256,
    'origin', origin) AS BLOB) FROM source_files WHERE size >= 0 ORDER BY id;
INSERT OR REPLACE INTO places SELECT source, 'head:' || head_size || ':' || head_sha256 || ':' || size || '.'
    || modified_ns || ':' || {_FILE}, x'' FROM source_files WHERE size >= 0 AND head_size > 0;
INSERT OR REPLACE INTO places SELECT source, 'records:' || records || ':' || records_sha256 || ':' || size || '.'
    || modified_ns || ':' || {_FILE}, x'' FROM source_files WHERE size >= 0 AND records > 0;
INSERT OR REPLACE INTO places SELECT source, 'forgotten', CAST(CAST(modified_ns AS TEXT) AS BLOB)
    FROM source_files WHERE size < 0;
DROP TABLE source_files;
"""
# Each becomes the present version at once.
_FROM_VERSION = {
    0: _EVENTS + _OTHERS + _ARCHIVES + _PLACES,
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
    {_ARCHIVES}
    {_PLACES_OF_FILES}
    """,
    # Lines that are there stay without a check, so that a large store is brought up to date at once.
    2: f"""
    ALTER TABLE events ADD COLUMN crc32 INTEGER;
    {_ARCHIVES}
    {_PLACES_OF_FILES}
    """,
    3: _PLACES_OF_FILES,
}


def upgrade(version: int) -> str:
    """The statements that make tables of a version (0: none) the present ones."""
    return _FROM_VERSION[version]
