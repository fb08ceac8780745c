"""The tables of the ledger, and how those of an older version become the present ones."""

SCHEMA_VERSION = 7
_SCHEMA = """
CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    started_ms INTEGER NOT NULL,
    finished_ms INTEGER,
    started_by TEXT NOT NULL,
    pid INTEGER NOT NULL,
    outcome TEXT,
    events INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0,
    code INTEGER,
    message TEXT,
    hint TEXT,
    field TEXT
);
CREATE TABLE archives (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run INTEGER NOT NULL REFERENCES runs (id),
    state TEXT NOT NULL CHECK (state IN ('built', 'delivered')),
    instance TEXT NOT NULL,
    day TEXT NOT NULL,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    format TEXT NOT NULL,
    timezone TEXT NOT NULL,
    start_ms INTEGER NOT NULL,
    end_ms INTEGER NOT NULL,
    upto_seq INTEGER NOT NULL,
    events INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    built_ms INTEGER NOT NULL,
    delivered_ms INTEGER,
    noted INTEGER NOT NULL DEFAULT 0,
    held INTEGER NOT NULL DEFAULT 0,
    chain_number INTEGER NOT NULL DEFAULT 0,
    manifest_sha256 TEXT NOT NULL DEFAULT '',
    signed_by TEXT NOT NULL DEFAULT '',
    next_key TEXT NOT NULL DEFAULT '',
    coverage_upto INTEGER NOT NULL DEFAULT 0,
    UNIQUE (instance, day, number)
);
CREATE UNIQUE INDEX one_built ON archives (state) WHERE state = 'built' AND held = 0;
CREATE TABLE switch (since TEXT NOT NULL, since_ms INTEGER NOT NULL DEFAULT 0);
CREATE TABLE told (way TEXT PRIMARY KEY, cause TEXT NOT NULL, told_ms INTEGER NOT NULL DEFAULT 0);
CREATE TABLE coverage (id INTEGER PRIMARY KEY AUTOINCREMENT, facts BLOB NOT NULL);
CREATE TABLE came (
    source INTEGER PRIMARY KEY,
    stored INTEGER NOT NULL,
    repeated INTEGER NOT NULL,
    set_aside INTEGER NOT NULL
);
"""
# From each version to the next.
_UPGRADES = {
    1: """
ALTER TABLE switch ADD COLUMN since_ms INTEGER NOT NULL DEFAULT 0;
CREATE TABLE told (way TEXT PRIMARY KEY, cause TEXT NOT NULL);
""",
    2: """
ALTER TABLE archives ADD COLUMN noted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE archives ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
DROP INDEX one_built;
CREATE UNIQUE INDEX one_built ON archives (state) WHERE state = 'built' AND held = 0;
""",
    3: """
ALTER TABLE archives ADD COLUMN chain_number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE archives ADD COLUMN manifest_sha256 TEXT NOT NULL DEFAULT '';
ALTER TABLE archives ADD COLUMN signed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE archives ADD COLUMN next_key TEXT NOT NULL DEFAULT '';
ALTER TABLE archives ADD COLUMN coverage_upto INTEGER NOT NULL DEFAULT 0;
CREATE TABLE coverage (id INTEGER PRIMARY KEY AUTOINCREMENT, facts BLOB NOT NULL);
""",
    4: """
CREATE TABLE came (
    source INTEGER PRIMARY KEY,
    stored INTEGER NOT NULL,
    repeated INTEGER NOT NULL,
    set_aside INTEGER NOT NULL
);
""",
    5: """
ALTER TABLE told ADD COLUMN told_ms INTEGER NOT NULL DEFAULT 0;
UPDATE told SET told_ms = CAST(strftime('%s', 'now') AS INTEGER) * 1000;
""",
    6: "ALTER TABLE runs ADD COLUMN field TEXT;",
}


def upgrade(version: int) -> str:
    """The statements that make tables of a version (0: none) the present ones."""
    return ";".join(_UPGRADES[step] for step in range(version, SCHEMA_VERSION)) if version else _SCHEMA
