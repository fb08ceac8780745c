"""Audit events of one day or more, as JSON Lines: CloudTrail's, made up, and small ones."""

import json
import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from itertools import cycle, islice
from pathlib import Path

from desktop_app.settings.model import FolderSource
from desktop_app.sources.kind import Record
from desktop_app.sources.mapping import mapper
from desktop_app.sources.record_shapes import mapped_as, record_shapes
from desktop_app.trails.store.span import Span
from desktop_app.trails.store.store import open_store_to_read
from desktop_app.trails.store.timeline import batches
from desktop_app.wording import Said
from tests.cloudtrail import LIKE_THE_REAL_ONES, records

CLOUDTRAIL, SMALL = "CloudTrail", "450 bytes"
_START_MS = 1_795_219_200_000  # 2026-11-21T00:00:00Z
_DAY_MS = 86_400_000


def write_events(path: Path, kind: str, count: int, days: int = 1, back: int = 0) -> None:
    """Write `count` events of a kind (CLOUDTRAIL or SMALL), spread evenly over some days, of which the last is
    always the same, or so many days `back` from that."""
    bodies = _cloudtrail_bodies() if kind == CLOUDTRAIL else _small_bodies()
    start_ms = _START_MS - (days - 1 + back) * _DAY_MS
    with path.open("wb") as file:
        for n, body in enumerate(islice(bodies, count)):
            at = start_ms + n * days * _DAY_MS // count
            moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at // 1000))
            file.write(f'{{"id":"{uuid.uuid4()}","createdAt":"{moment}.{at % 1000:03}Z",'.encode() + body + b"\n")


def write_plain_store(path: Path, store: Path) -> None:
    """Write the events of a store to another database, each as a row with its line."""
    with open_store_to_read(store) as source, closing(sqlite3.connect(path)) as plain, plain:
        plain.execute(
            "CREATE TABLE events (seq INTEGER PRIMARY KEY, created_ms INTEGER NOT NULL, line BLOB NOT NULL)"
        )
        for batch in batches(source, Span()):
            rows = ((_created_ms(line), line) for line in batch.lines())
            plain.executemany("INSERT INTO events (created_ms, line) VALUES (?, ?)", rows)
        plain.execute("CREATE INDEX events_by_time ON events (created_ms)")


def _created_ms(line: bytes) -> int:
    return round(datetime.fromisoformat(json.loads(line)["createdAt"]).timestamp() * 1000)


def _cloudtrail_bodies() -> Iterator[bytes]:
    """A day of CloudTrail, mapped as that source is, over and over; about 1,330 bytes each with id and time."""
    shape = next(each for each in record_shapes() if each.id == "cloudtrail")
    events_of = mapper(mapped_as(FolderSource(name="aws", path=""), shape), "aws")
    made = (json.dumps(record).encode() for record in records(LIKE_THE_REAL_ONES))
    events = [event for record in made for event in events_of(Record(record, "", Said(""), ""))]
    return cycle(event.line[event.line.index(b'"entityType":') :] for event in events)


def _small_bodies() -> Iterator[bytes]:
    """Made-up events; 450 bytes each with id and time."""
    n = 0
    while True:
        event = {
            "entityType": "Configuration",
            "entityName": "Promotion distribution configuration settings",
            "actionType": "Update",
            "entityId": f"cfg-{n % 977}",
            "productVersion": "R110",
            "actor": {"user": "anna@example.com", "ip": f"192.0.2.{n % 255}", "roles": ["admin", "audit"]},
            "before": {"name": "a=b", "enabled": True, "path": "C:\\x"},
            "after": {"name": "a|b", "enabled": False, "priority": n, "list": [1, 2, 3, 4, 5]},
        }
        yield json.dumps(event)[1:].encode()
        n += 1
