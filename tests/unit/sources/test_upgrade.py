"""What an earlier version read is not read twice after an upgrade, and keeps its ids."""

import gzip
import json
import os
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.settings.model import FolderSource
from desktop_app.sources.collect import collect
from desktop_app.sources.collected import Collected
from desktop_app.sources.so_far import counts
from desktop_app.trails.store.append import Appended
from desktop_app.trails.store.store import Store, open_store
from tests.stored import lines_in
from tests.windows_gaps import needs

SECOND_NS = 1_790_000_000 * 10**9
# Version 3 as its own program made it of `seen_first` and then `seen_last`; its folder is called @FOLDER@.
STORE = Path(__file__).parents[2] / "data" / "store_version_3.sql"


def event(name: str) -> bytes:
    values = {"createdAt": "2026-11-22T08:15:30.123Z", "entityType": "T", "entityName": name, "actionType": "A"}
    return json.dumps(values).encode()


def lines(name: str, count: int) -> bytes:
    return b"".join(event(f"{name} {number}") + b"\n" for number in range(count))


def put(path: Path, content: bytes, seconds: int = 0) -> None:
    path.write_bytes(content)
    os.utime(path, ns=(SECOND_NS, SECOND_NS + seconds * 10**9))


def seen_first(folder: Path) -> None:
    """The files as the earlier version saw them first."""
    put(folder / "log.jsonl", lines("log", 3) + event("log 3")[:40])
    put(folder / "day.json", b"[" + event("day 0") + b"," + event("day 1") + b"]")
    put(folder / "long.jsonl", lines("long", 60))
    put(folder / "short.jsonl", lines("short", 2))
    put(folder / "bad.json.gz", gzip.compress(b"no document", mtime=0))
    put(folder / "ages ago.jsonl", lines("ages ago", 1), -900_000_000)
    with zipfile.ZipFile(folder / "some.json.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("a.jsonl"), lines("a", 2))
        archive.writestr(zipfile.ZipInfo("b/b.json"), event("b"))
    os.utime(folder / "some.json.zip", ns=(SECOND_NS, SECOND_NS))


def seen_last(folder: Path) -> None:
    """And as it saw them last: `short.jsonl` begun anew, and what was there before, nowhere."""
    put(folder / "short.jsonl", lines("new", 1), 60)
    (folder / "long.jsonl").rename(folder / "long.1.jsonl")
    (folder / "ages ago.jsonl").unlink()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    seen_first(made)
    seen_last(made)
    return made


@pytest.fixture
def store(tmp_path: Path, folder: Path) -> Iterator[Store]:
    path = tmp_path / "store" / "trails.db"
    path.parent.mkdir()
    with sqlite3.connect(path) as database:
        database.executescript(STORE.read_text(encoding="utf-8").replace("@FOLDER@", str(folder)))
    database.close()
    with open_store(path) as store:
        yield store


def gather(store: Store, folder: Path) -> Collected:
    return collect([FolderSource(name="s", path=str(folder))], store, lambda _: None)


pytestmark = needs("paths of Linux")


def test_nothing_is_read_twice(store: Store, folder: Path) -> None:
    gather(store, folder)  # from when on it is known where the source is
    before = store.db.total_changes
    assert [gather(store, folder).appended for _ in range(2)] == [Appended(0, 0)] * 2
    assert store.db.total_changes == before + 2  # each time, when that was
    assert (counts(store, "s").files, counts(store, "s").set_aside) == (8, 2)  # one is a line without its end


def test_what_was_known_is_known_wherever_it_is_now(store: Store, folder: Path) -> None:
    put(folder / "short.2.jsonl", lines("short", 2), 90)  # it was nowhere
    (folder / "long.1.jsonl").unlink()
    put(folder / "long.2.jsonl.gz", gzip.compress(lines("long", 60)), 90)
    (folder / "day.json").rename(folder / "day.1.json")
    with zipfile.ZipFile(folder / "more.json.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("b.json"), event("b"))
    (folder / "some.json.zip").unlink()
    assert gather(store, folder).appended == Appended(0, 0)
    put(folder / "ages ago, again.jsonl", lines("ages ago", 1), -900_000_000)
    assert gather(store, folder).sources[0].set_aside == 1


def test_what_is_new_is_read_on(store: Store, folder: Path) -> None:
    put(folder / "log.jsonl", lines("log", 5), 90)
    put(folder / "day.json", b"[" + b",".join(event(f"day {number}") for number in range(3)) + b"]", 90)
    assert gather(store, folder).appended == Appended(3, 0)


def test_what_is_read_again_is_the_same(store: Store, folder: Path) -> None:
    known = set(lines_in(store))
    store.db.execute("DELETE FROM places")
    (folder / "long.1.jsonl").rename(folder / "long.jsonl")  # by this name it was seen first
    appended = gather(store, folder).appended
    assert (appended.stored, set(lines_in(store))) == (0, known)
    assert appended.repeated == 3 + 2 + 60 + 1 + 3
