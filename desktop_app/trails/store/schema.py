"""The tables of the store, and how those of an older version become the present ones."""

SCHEMA_VERSION = 5

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
_SOURCES = """
CREATE TABLE sources (
    number INTEGER PRIMARY KEY,
    name TEXT UNIQUE,
    label TEXT NOT NULL UNIQUE,
    address TEXT NOT NULL DEFAULT '',
    mapping TEXT NOT NULL DEFAULT '',
    read INTEGER NOT NULL DEFAULT 0,
    stored INTEGER NOT NULL DEFAULT 0,
    repeated INTEGER NOT NULL DEFAULT 0,
    kept INTEGER NOT NULL DEFAULT 0,
    kept_bytes INTEGER NOT NULL DEFAULT 0,
    beyond INTEGER NOT NULL DEFAULT 0
);
INSERT INTO sources (number, name, label) VALUES (0, '', '');
CREATE TABLE early_events (newest_ms INTEGER NOT NULL);
"""
_SET_ASIDE = """
CREATE TABLE set_aside (
    number INTEGER PRIMARY KEY,
    source INTEGER NOT NULL,
    mark BLOB NOT NULL,
    events INTEGER NOT NULL,
    path TEXT NOT NULL,
    place TEXT NOT NULL,
    seed TEXT NOT NULL,
    reason TEXT NOT NULL,
    again TEXT NOT NULL,
    content BLOB,
    UNIQUE (source, mark)
);
CREATE INDEX set_aside_by_what_is_read_again ON set_aside (source, again) WHERE again != '';
"""
# What was set aside was kept without its content, those beyond the limit as a row with their number. What was
# given up as a whole, and is no member of a .zip, is read again.
_AGAIN = """CASE WHEN place LIKE '%"all of it"%' AND path NOT LIKE '%)' THEN 'read:' || path || '//' ELSE '' END"""
_FROM_VERSION_4 = f"""
{_SOURCES}
INSERT INTO sources (name, label) SELECT source, source FROM places UNION SELECT source, source FROM set_aside;
ALTER TABLE set_aside RENAME TO set_aside_4;
{_SET_ASIDE}
INSERT INTO set_aside SELECT NULL, number, CAST('version 4: ' || set_aside_4.rowid AS BLOB), 1, path, place, '',
    reason, {_AGAIN}, NULL
    FROM set_aside_4 JOIN sources ON name = source WHERE path != '' ORDER BY set_aside_4.rowid;
UPDATE sources SET kept = (SELECT count(*) FROM set_aside WHERE source = sources.number),
    beyond = ifnull((SELECT CAST(reason AS INTEGER) FROM set_aside_4 WHERE source = name AND path = ''), 0);
UPDATE sources SET read = kept + beyond;
DROP TABLE set_aside_4;
INSERT INTO early_events SELECT created_ms FROM events ORDER BY created_ms DESC LIMIT 1;
"""
# Each becomes the present version at once.
_FROM_VERSION = {
    0: _EVENTS + _OTHERS + _ARCHIVES + _PLACES + _SOURCES + _SET_ASIDE,
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
    {_FROM_VERSION_4}
    """,
    # Lines that are there stay without a check, so that a large store is brought up to date at once.
    2: f"""
    ALTER TABLE events ADD COLUMN crc32 INTEGER;
    {_ARCHIVES}
    {_PLACES_OF_FILES}
    {_FROM_VERSION_4}
    """,
    3: _PLACES_OF_FILES + _FROM_VERSION_4,
    4: _FROM_VERSION_4,
}


def upgrade(version: int) -> str:
    """The statements that make tables of a version (0: none) the present ones."""
    return _FROM_VERSION[version]
