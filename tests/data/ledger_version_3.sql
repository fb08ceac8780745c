BEGIN TRANSACTION;
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
    UNIQUE (instance, day, number)
);
INSERT INTO "archives" VALUES(1,1,'delivered','golden','2026-03-27',1,'audit-trails-golden-2026-03-27.zip','json','Europe/Berlin',1774566000000,1774652400000,2,2,746,'34acaf75568a855d524fc1c120706fd7f70a754eba281ddeb64e9222138ad363',1774659600000,1774659600000,1,0);
INSERT INTO "archives" VALUES(2,2,'delivered','golden','2026-03-28',1,'audit-trails-golden-2026-03-28.zip','json','Europe/Berlin',1774652400000,1774738800000,3,0,603,'042125725b717ada1204b934a7cc7dd6cdc696fdcf62a9f9aa6b16d1d7b58eb1',1774746000000,1774746000000,1,0);
INSERT INTO "archives" VALUES(3,3,'delivered','golden','2026-03-27',2,'audit-trails-golden-2026-03-27-2.zip','json','Europe/Berlin',1774566000000,1774652400000,7,1,782,'c1d04c32e6ea9cc3acb64505c28c09240d43de92e57c33985200a816e093d3cf',1774828800000,1774828800000,1,0);
INSERT INTO "archives" VALUES(4,3,'delivered','golden','2026-03-29',1,'audit-trails-golden-2026-03-29.zip','json','Europe/Berlin',1774738800000,1774821600000,7,2,799,'c8fc952ef7c279206d2d22955c10f6aeba4c371eabf3c179e7725a956c3bc7ad',1774828800000,1774828800000,1,0);
INSERT INTO "archives" VALUES(5,4,'delivered','golden','2026-03-30',1,'audit-trails-golden-2026-03-30.zip','cef','Europe/Berlin',1774821600000,1774908000000,10,1,823,'9539fd244091a4e2eec3abd343f7616e8214bc76080818309d9699a888c85319',1774915200000,1774915200000,1,0);
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
    hint TEXT
);
INSERT INTO "runs" VALUES(1,1774659600000,1774659600000,'schedule',1,'delivered',2,746,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(2,1774746000000,1774746000000,'schedule',1,'delivered',0,603,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(3,1774828800000,1774828800000,'schedule',1,'delivered',3,1581,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(4,1774915200000,1774915200000,'schedule',1,'delivered',1,823,NULL,NULL,NULL);
CREATE TABLE switch (since TEXT NOT NULL, since_ms INTEGER NOT NULL DEFAULT 0);
INSERT INTO "switch" VALUES('2026-03-27',1774605600000);
CREATE TABLE told (way TEXT PRIMARY KEY, cause TEXT NOT NULL);
CREATE UNIQUE INDEX one_built ON archives (state) WHERE state = 'built' AND held = 0;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('runs',4);
INSERT INTO "sqlite_sequence" VALUES('archives',5);
COMMIT;
PRAGMA user_version = 3;
