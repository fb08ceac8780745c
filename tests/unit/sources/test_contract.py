"""The contract of sources, kept by the folder and by a toy: one struct, one module, one entry, registered here."""

import gzip
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from msgspec import Struct, structs

from desktop_app.errors import UserError
from desktop_app.resources import load_toml
from desktop_app.settings.model import FolderSource, SourceSettings, SqlSource
from desktop_app.settings.rest_source import RestPages, RestResume, RestSource, RestWindow
from desktop_app.settings.source_kinds import empty_source, entry_of, module_of, source_kinds
from desktop_app.settings.validation import source_problems
from desktop_app.sources.collect import collect
from desktop_app.sources.collected import Collected
from desktop_app.sources.kind import NothingRemembered
from desktop_app.sources.kinds import open_source
from desktop_app.sources.sample import preview
from desktop_app.stop import Stop, Stopped
from desktop_app.trails.store.append import Appended
from desktop_app.trails.store.places import StoredPlaces
from desktop_app.trails.store.set_aside import set_aside_records
from desktop_app.trails.store.store import Store, open_store
from tests.http_service import Asked, Reply, serving
from tests.stored import lines_in
from tests.unit.sources import toy_kind
from tests.unit.sources.contract import Rig, collect_one, collect_watched
from tests.unit.sources.toy_kind import ToySource

PARTS = ("a", "b", "c")
OpenStore = Callable[[], Store]


class Folder:
    """A folder of files; `pack` writes one of them."""

    def __init__(self, folder: Path, name: str, pack: Callable[[Path, list[bytes]], None]) -> None:
        self.source: SourceSettings = FolderSource(name="s", path=str(folder))
        self._folder, self._name, self._pack = folder, name, pack
        folder.mkdir()

    def write(self, part: str, records: list[bytes]) -> None:
        self._pack(self._folder / self._name.format(part), records)

    def remove(self, part: str) -> None:
        (self._folder / self._name.format(part)).unlink()

    def remove_all(self) -> None:
        shutil.rmtree(self._folder)


class Database:
    """An SQLite database; a part is a table."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "audit.db"
        self.source: SourceSettings = SqlSource(
            name="s",
            url=f"sqlite:///{self._file.as_posix()}",
            table="a, b, c",
            time_column="at",
            id_column="n",
            again="0s",
            fields={"createdAt": "createdAt"},
        )
        folder.mkdir()
        for part in PARTS:
            self.write(part, [])

    def write(self, part: str, records: list[bytes]) -> None:
        columns = ("createdAt", "entityType", "entityName", "actionType", "no")
        rows = [json.loads(record) for record in records]
        with closing(sqlite3.connect(self._file)) as db, db:
            db.execute(f"CREATE TABLE IF NOT EXISTS {part} (n INTEGER PRIMARY KEY, at TEXT, {', '.join(columns)})")
            db.execute(f"DELETE FROM {part}")
            for n, row in enumerate(rows):
                values = (n, "2026-11-22 08:15:30", *map(row.get, columns))
                db.execute(f"INSERT INTO {part} VALUES (?, ?, ?, ?, ?, ?, ?)", values)

    def remove(self, part: str) -> None:
        with closing(sqlite3.connect(self._file)) as db, db:
            db.execute(f"DROP TABLE {part}")

    def remove_all(self) -> None:
        shutil.rmtree(self._file.parent)


class Service:
    """A service on the web, which counts its events; a part is a list of them."""

    def __init__(self, url: str, lists: dict[str, list[bytes]]) -> None:
        self._lists = lists
        self.source: SourceSettings = RestSource(
            name="s",
            url=url + "/{part}",
            parts=PARTS,
            window=RestWindow(from_="since"),
            pages=RestPages(next="offset", param="skip"),
            resume=RestResume(by="position"),
        )

    def write(self, part: str, records: list[bytes]) -> None:
        self._lists[part] = records

    def remove(self, part: str) -> None:
        del self._lists[part]

    def remove_all(self) -> None:
        self._lists["gone"] = []


@contextmanager
def served() -> Iterator[Service]:
    """The service, until it is gone."""
    lists: dict[str, list[bytes]] = {part: [] for part in PARTS}

    def answer(asked: Asked) -> Reply:
        if "gone" in lists:
            return Reply(status=401)
        records = lists.get(asked.path.strip("/"))
        if records is None:
            return Reply(status=404)
        skipped = int(asked.params["skip"])
        return Reply(b"[" + b",".join(records[skipped : skipped + 3]) + b"]")

    with serving(answer) as url:
        yield Service(url, lists)


class Shelf(Folder):
    """A shelf of the toy."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "{}.red", lambda path, records: path.write_bytes(b"\n".join(records)) and None)
        self.source = ToySource(name="s", shelf=str(folder))


def zipped(path: Path, records: list[bytes]) -> None:
    """Each record in a member of its own."""
    with zipfile.ZipFile(path, "w") as archive:
        for number, record in enumerate(records):
            archive.writestr(f"{number}.jsonl", record + b"\n")


FOLDERS: dict[str, tuple[str, Callable[[Path, list[bytes]], object]]] = {
    "lines": ("{}.jsonl", lambda path, records: path.write_bytes(b"".join(each + b"\n" for each in records))),
    "gzipped": ("{}.jsonl.gz", lambda path, records: path.write_bytes(gzip.compress(b"\n".join(records)))),
    "document": ("{}.json", lambda path, records: path.write_bytes(b"[" + b",".join(records) + b"]")),
    "zipped": ("{}.json.zip", zipped),
}


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The toy is a kind of source: this is all that it takes."""
    monkeypatch.setitem(load_toml("source_kinds"), "kind", toy_kind.entries(load_toml("source_kinds")))


@pytest.fixture(params=[*FOLDERS, "sql", "rest", "toy"])
def rig(
    request: pytest.FixtureRequest, toy: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Rig]:
    with ExitStack() as stack:
        yield _rig(request.param, tmp_path, monkeypatch, stack)


def _rig(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stack: ExitStack) -> Rig:
    monkeypatch.setattr("desktop_app.sources.files_reader._BATCH_RECORDS", 3)
    monkeypatch.setattr("desktop_app.sources.files_reader._BATCH_MEMBERS", 3)
    monkeypatch.setattr("desktop_app.sources.sql.reader._FIRST_ROWS", 3)
    monkeypatch.setattr("desktop_app.sources.sql.reader._MOST_ROWS", 3)
    if kind == "rest":
        return stack.enter_context(served())
    if kind == "sql":
        return Database(tmp_path / "place")
    if kind == "toy":
        return Shelf(tmp_path / "place")
    name, pack = FOLDERS[kind]
    return Folder(tmp_path / "place", name, pack)  # type: ignore[arg-type]


@pytest.fixture
def new_store(tmp_path: Path) -> Iterator[OpenStore]:
    made: list[Store] = []

    def new() -> Store:
        made.append(open_store(tmp_path / f"store {len(made)}" / "trails.db"))
        return made[-1]

    yield new
    for store in made:
        store.db.close()


def event(name: str) -> bytes:
    values = {"createdAt": "2026-11-22T08:15:30.123Z", "entityType": "T", "entityName": name, "actionType": "A"}
    return json.dumps(values).encode()


def fill(rig: Rig, count: int = 8) -> list[str]:
    """Have some records in each part; the names of all."""
    for part in PARTS:
        rig.write(part, [event(f"{part}{number}") for number in range(count)])
    return sorted(f"{part}{number}" for part in PARTS for number in range(count))


def names(store: Store) -> list[str]:
    return sorted(json.loads(line)["entityName"] for line in lines_in(store))


def outcome(collected: Collected) -> tuple[int, int, int, int]:
    """Records read, and what became of them."""
    (source,) = collected.sources
    return source.read, source.appended.stored, source.appended.repeated, source.set_aside


def test_every_record_comes_once(rig: Rig, new_store: OpenStore) -> None:
    store, all_names = new_store(), fill(rig)
    collected = collect_one(rig.source, store)
    assert outcome(collected) == (24, 24, 0, 0) and collected.errors == []
    assert names(store) == all_names
    assert outcome(collect_one(rig.source, store)) == (0, 0, 0, 0)


def test_what_is_new_is_read_on(rig: Rig, new_store: OpenStore) -> None:
    store = new_store()
    for count in (4, 9):
        all_names = fill(rig, count)
        collect_one(rig.source, store)
        assert names(store) == all_names


def test_parts_need_no_order(rig: Rig, new_store: OpenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store, all_names = new_store(), fill(rig)
    collect_watched(rig.source, store, monkeypatch, order=lambda parts: parts[::-1])
    assert names(store) == all_names
    assert outcome(collect_one(rig.source, store)) == (0, 0, 0, 0)


def test_a_part_alone_is_read(rig: Rig, new_store: OpenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store, all_names = new_store(), fill(rig)
    collect_watched(rig.source, store, monkeypatch, order=lambda parts: parts[1:2])
    assert len(names(store)) == 8
    assert outcome(collect_one(rig.source, store)) == (16, 16, 0, 0)
    assert names(store) == all_names


def test_each_step_is_told_truly(rig: Rig, new_store: OpenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(rig)
    steps = collect_watched(rig.source, new_store(), monkeypatch)
    assert len(steps) >= len(PARTS)
    for step in steps:
        assert step.coverage.came == len(step.records)
        assert step.remember or not step.records
        assert step.coverage.asked


def test_killed_between_two_steps(rig: Rig, new_store: OpenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    all_names = fill(rig)
    count = len(collect_watched(rig.source, new_store(), monkeypatch))
    for cut in range(count + 1):
        store = new_store()
        seen = collect_watched(rig.source, store, monkeypatch, steps_until_kill=cut)
        assert len(names(store)) == sum(len(step.records) for step in seen)
        read, stored, repeated, _ = outcome(collect_one(rig.source, store))
        assert (read, repeated) == (stored, 0)
        assert names(store) == all_names


def test_killed_amid_a_step(rig: Rig, new_store: OpenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is remembered is stored with its records, or neither is."""
    store, all_names = new_store(), fill(rig)
    with monkeypatch.context() as patch:

        def killed(*_: object) -> None:
            raise KeyboardInterrupt

        patch.setattr("desktop_app.sources.intake.remember", killed)
        with pytest.raises(KeyboardInterrupt):
            collect_one(rig.source, store)
    assert names(store) == [] and list(StoredPlaces(store, "s").starting_with("r")) == []
    assert outcome(collect_one(rig.source, store)) == (24, 24, 0, 0)
    assert names(store) == all_names


def test_one_bad_record_stops_nothing(rig: Rig, new_store: OpenStore) -> None:
    store = new_store()
    rig.write("a", [event("a0"), b'{"no": "event"}', event("a1")])
    rig.write("b", [event("b0")])
    collected = collect_one(rig.source, store)
    assert outcome(collected) == (4, 3, 0, 1) and collected.errors == []
    assert names(store) == ["a0", "a1", "b0"]
    (aside,) = set_aside_records(store, "s", 9)
    assert aside.path and aside.place and "createdAt" in aside.reason


def test_a_part_that_can_not_be_read_holds_up_no_other(
    rig: Rig, new_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, all_names = new_store(), fill(rig)

    def vanish(parts: list[str]) -> list[str]:
        rig.remove("b")
        return parts

    collect_watched(rig.source, store, monkeypatch, order=vanish)
    assert names(store) == [name for name in all_names if not name.startswith("b")]
    fill(rig)
    assert collect_one(rig.source, store).appended == Appended(8, 0)


def test_a_source_that_is_gone_is_told_and_holds_up_no_other(
    rig: Rig, new_store: OpenStore, tmp_path: Path
) -> None:
    store = new_store()
    rig.remove_all()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "x.json").write_bytes(event("x"))
    collected = collect(
        [rig.source, FolderSource(name="other", path=str(tmp_path / "other"))], store, lambda _: None
    )
    gone, other = collected.sources
    assert isinstance(gone.error, UserError) and gone.error.message and other.error is None
    assert [gap.reason for gap in gone.gaps] == [gone.error.message]
    assert names(store) == ["x"]
    with pytest.raises(UserError):
        preview(rig.source, 9)


def test_a_sample_stores_nothing_and_shows_what_was_read_as_well(rig: Rig, new_store: OpenStore) -> None:
    store, all_names = new_store(), fill(rig)
    for _ in range(2):
        found = preview(rig.source, 100)
        assert sorted(json.loads(line)["entityName"] for line in found.events) == all_names
        assert (found.set_aside, found.parts) == ([], len(PARTS))
        collect_one(rig.source, store)
    assert len(preview(rig.source, 5).events) == 5
    assert names(store) == all_names


def test_a_record_without_an_id_has_the_same_one_each_time(rig: Rig, new_store: OpenStore) -> None:
    one, other = new_store(), new_store()
    fill(rig)
    for store in (one, other):
        collect_one(rig.source, store)
    assert lines_in(one) == lines_in(other)
    assert len({json.loads(line)["id"] for line in lines_in(one)}) == 24
    one.db.execute("DELETE FROM places")
    assert outcome(collect_one(rig.source, one)) == (24, 0, 24, 0)


def test_equal_records_are_as_many_as_there_are(rig: Rig, new_store: OpenStore) -> None:
    store = new_store()
    rig.write("a", [event("n"), event("n"), event("a")])
    rig.write("b", [event("n"), event("b")])
    for _ in range(3):  # short files that are equal may be one that is being rotated, until they stay
        collect_one(rig.source, store)
    assert names(store) == ["a", "b", "n", "n", "n"]


def test_the_end_that_is_asked_for(rig: Rig, new_store: OpenStore) -> None:
    store, all_names, stop = new_store(), fill(rig), Stop()
    with pytest.raises(Stopped):
        collect([rig.source], store, lambda _: stop.ask(), stop)
    assert 0 < len(names(store)) < 24
    assert outcome(collect_one(rig.source, store))[2:] == (0, 0)
    assert names(store) == all_names


def test_what_is_wrong_with_a_field_names_it(rig: Rig) -> None:
    entry = entry_of(rig.source.kind)
    assert list(source_problems((rig.source,))) == []
    for field in entry.fields:
        if field.type == "flag":
            continue
        empty, bad = ((), ("\0",)) if field.type == "choices" else ("", "\0")
        wrong = structs.replace(rig.source, **{field.key: empty if field.needed else bad})
        assert field.key in [problem.source_field for problem in source_problems((wrong,))]
    missing = {problem.source_field for problem in source_problems((empty_source(entry.name),))}
    needed = {"name", *(field.key for field in entry.fields if field.needed)} - _with_defaults(entry.name)
    assert missing == needed | ({entry.address} if entry.otherwise else set())


def _with_defaults(kind: str) -> set[str]:
    return {field.name for field in structs.fields(empty_source(kind)) if not field.required} - {"name"}


def test_what_an_entry_says_is_so(toy: None) -> None:
    for kind in source_kinds():
        source = empty_source(kind.name)
        keys = [field.key for field in kind.fields]
        tables = {key for key in source.__struct_fields__ if isinstance(getattr(source, key), Struct)}
        assert {"name", "time", "zone", "split", "fields", *keys, *tables} == set(source.__struct_fields__), (
            kind.name
        )
        assert kind.address in keys and len(keys) == len(set(keys))
        for field in kind.fields:
            usual = {"flag": bool, "choices": tuple}.get(field.type, str)
            assert isinstance(getattr(source, field.key), usual)
            assert field.label and field.help.endswith(".")


def test_the_folders_of_the_sandbox(rig: Rig, tmp_path: Path) -> None:
    expected = () if isinstance(rig, Service) else (tmp_path / "place",)
    assert module_of(rig.source).local_folders(rig.source) == expected


def test_with_nothing_remembered_all_parts_are_there(rig: Rig, new_store: OpenStore) -> None:
    fill(rig)
    collect_one(rig.source, new_store())
    with open_source(rig.source) as reader:
        assert len(list(reader.parts(NothingRemembered()))) == len(PARTS)
