"""What is set aside is kept as it was read, counted, and tried again; ids are those of their source."""

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.settings.limits import limits
from desktop_app.settings.model import FolderSource, JournalSource
from desktop_app.sources.collect import collect, try_again
from desktop_app.sources.collected import CollectedSource
from desktop_app.sources.so_far import address_in_store, counts
from desktop_app.trails.store.append import Appended
from desktop_app.trails.store.set_aside import next_set_aside, set_aside_records
from desktop_app.trails.store.store import Store, open_store
from tests.stored import event, events_in
from tests.version_4 import make_version_4

FIELDS: dict[str, str | tuple[str, ...]] = {
    "createdAt": "when", "entityType": "kind", "entityName": "target", "actionType": "verb"
}  # fmt: skip
WRONG = {**FIELDS, "entityName": "nmae"}


def source(folder: Path, fields: dict[str, str | tuple[str, ...]] = FIELDS, **others: str) -> FolderSource:
    return FolderSource(**{"name": "s", "path": str(folder), "fields": fields, **others})  # type: ignore[arg-type]


def record(number: int, **changes: object) -> bytes:
    made = {
        "when": f"2026-11-01T10:00:{number % 60:02}Z",
        "kind": "user",
        "target": f"o{number}",
        "verb": "update",
    }
    return json.dumps({**made, **changes}).encode() + b"\n"


def put(folder: Path, *records: bytes, name: str = "a.jsonl") -> None:
    folder.mkdir(exist_ok=True)
    with (folder / name).open("ab") as file:
        file.write(b"".join(records))


def gather(store: Store, *sources: FolderSource) -> list[CollectedSource]:
    """Collect, and make sure that every record is accounted for, now and altogether."""
    found = collect(sources, store, lambda _: None).sources
    for each in found:
        assert each.read == each.appended.stored + each.appended.repeated + each.set_aside
        assert sum(count for _, count in each.reasons.most_common()) == each.set_aside
        assert_adds_up(store, each.name)
    return found


def assert_adds_up(store: Store, name: str) -> None:
    so_far = counts(store, name)
    assert so_far.read == so_far.stored + so_far.repeated + so_far.set_aside
    kept = store.db.execute(
        """SELECT ifnull(sum(events), 0), ifnull(sum(length(content)), 0) FROM set_aside
           WHERE source = (SELECT number FROM sources WHERE name = ?)""",
        (name,),
    )
    numbers = store.db.execute("SELECT kept, kept_bytes FROM sources WHERE name = ?", (name,))
    assert kept.fetchone() == numbers.fetchone()


def named(store: Store) -> list[str]:
    return sorted(each["entityName"] for each in events_in(store))


def test_a_changed_mapping_takes_what_was_set_aside(store: Store, folder: Path) -> None:
    put(folder, *map(record, range(5)))
    (first,) = gather(store, source(folder, WRONG))
    assert (first.read, first.set_aside, first.mostly_set_aside) == (5, 5, True)
    assert first.reasons.most_common() == [("entityName is missing: there is nothing at nmae", 5)]
    kept = set_aside_records(store, "s", 9)
    assert [each.content for each in kept] == [record(number) for number in range(4, -1, -1)]
    assert gather(store, source(folder, WRONG))[0].read == 0
    put(folder, record(5))
    (second,) = gather(store, source(folder))
    assert (second.read, second.appended) == (6, Appended(6, 0))
    assert named(store) == [f"o{number}" for number in range(6)]
    assert set_aside_records(store, "s", 9) == []
    assert (counts(store, "s").read, counts(store, "s").stored) == (6, 6)
    assert gather(store, source(folder))[0].read == 0


def test_what_still_can_not_be_an_event_stays_for_its_new_reason(store: Store, folder: Path) -> None:
    put(folder, record(0), record(1, when="soon"), b"no JSON\n")
    gather(store, source(folder, WRONG))
    for _ in range(2):
        (again,) = gather(store, source(folder, {**FIELDS, "actor": "by"}))
    assert (again.read, named(store)) == (0, ["o0"])
    reasons = {each.content: each.reason for each in set_aside_records(store, "s", 9)}
    assert "createdAt is neither an ISO 8601 time" in reasons[record(1, when="soon")]
    assert "not JSON" in reasons[b"no JSON\n"]
    assert counts(store, "s").set_aside == 2


@pytest.mark.parametrize("name", ["s", "t"])
def test_a_source_that_is_removed_and_added_again(store: Store, folder: Path, name: str) -> None:
    put(folder, *map(record, range(3)))
    gather(store, source(folder, WRONG))
    put(folder, record(3, nmae="right"))
    gather(store, source(folder, WRONG))
    gather(store)
    put(folder, record(4))
    (again,) = gather(store, source(folder, name=name))
    assert again.appended == Appended(4, 0)
    assert named(store) == ["o0", "o1", "o2", "o4", "right"]
    assert counts(store, name).set_aside == 0 and counts(store, name).read == 5
    store.db.execute("DELETE FROM places")
    assert gather(store, source(folder, name=name))[0].appended == Appended(0, 5)


def test_another_folder_under_a_name_that_was_used(store: Store, folder: Path, tmp_path: Path) -> None:
    """What was read of the first one is known when that comes back, whatever its name is then."""
    other = tmp_path / "other"
    put(folder, record(1))
    put(other, record(1))
    gather(store, source(folder))
    gather(store, source(folder, name="t"), source(other))
    gather(store, source(other, name="t"), source(folder))
    assert len(events_in(store)) == 2
    assert len({each["id"] for each in events_in(store)}) == 2


def test_what_says_where_a_source_is() -> None:
    """What and how it reads there does not."""
    here = FolderSource(name="a", path="/in", pattern="*.log", records="list", fields=FIELDS, follow_links=True)
    assert address_in_store(here) == address_in_store(FolderSource(name="b", path="/in")) == "folder:/in"
    journals = [JournalSource(name="a"), JournalSource(name="a", folder="/var/log/remote")]
    assert len(set(map(address_in_store, journals))) == 2


def test_a_folder_that_was_moved(store: Store, folder: Path, tmp_path: Path) -> None:
    put(folder, record(1, id="1"))
    gather(store, source(folder))
    folder.rename(tmp_path / "moved")
    put(tmp_path / "moved", record(1, id="1"), record(2, id="2"), name="b.jsonl")
    (found,) = gather(store, source(tmp_path / "moved"))
    assert found.appended == Appended(1, 1)


def test_two_sources_that_count_from_1(store: Store, folder: Path, tmp_path: Path) -> None:
    other, by_number = tmp_path / "other", {**FIELDS, "id": "seq"}
    for place in (folder, other):
        put(place, *(record(number, seq=number, target=f"{place.name} {number}") for number in (1, 2, 3)))
    gather(store, source(folder, by_number), source(other, by_number, name="t"))
    assert named(store) == ["in 1", "in 2", "in 3", "other 1", "other 2", "other 3"]
    assert sorted(each["id"] for each in events_in(store)) == ["1", "1", "2", "2", "3", "3"]


def test_an_id_that_repeats_with_other_content_is_set_aside_once(store: Store, folder: Path) -> None:
    put(folder, record(1, id="x"), record(1, id="x"), record(2, id="x"))
    (found,) = gather(store, source(folder))
    assert (found.read, found.appended, found.set_aside) == (3, Appended(1, 1), 1)
    (aside,) = set_aside_records(store, "s", 9)
    assert aside.content == record(2, id="x") and "id x and other content" in aside.reason
    put(folder, record(1, id="x"), record(2, id="x"), name="copy.jsonl")
    assert gather(store, source(folder))[0].appended.repeated == 1
    (tried,) = gather(store, source(folder, {**FIELDS, "id": ("seq", "id"), "actor": "by"}))
    assert tried.appended.stored == 0


def test_another_mapping_makes_no_other_event_of_a_record_without_an_id(store: Store, folder: Path) -> None:
    put(folder, *map(record, range(3)))
    gather(store, source(folder))
    store.db.execute("DELETE FROM places")
    (found,) = gather(store, source(folder, {**FIELDS, "entityType": "verb"}))
    assert (found.appended, found.set_aside) == (Appended(0, 3), 0)


@pytest.mark.parametrize("own_ids", [True, False])
def test_documents_that_were_taken_for_records(store: Store, folder: Path, own_ids: bool) -> None:
    """As by a source that did not say yet where the list is; also when more is added to the file since."""

    def document(count: int) -> bytes:
        ids = [{"id": str(number)} if own_ids else {} for number in range(count)]
        records = [json.loads(record(number, **each)) for number, each in enumerate(ids)]
        return json.dumps({"Records": records}).encode()

    files = {"a.json": document(3), "lines.jsonl": document(2) + b"\n" + document(1) + b"\n", "none.json": b"{}"}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (first,) = gather(store, source(folder, {}))
    assert (first.read, first.set_aside) == (4, 4)
    (again,) = gather(store, source(folder, records="Records"))
    assert (again.read, again.appended.stored, again.set_aside) == (7, 3 if own_ids else 6, 1)
    (folder / "a.json").write_bytes(document(4))
    gather(store, source(folder, records="Records"))
    gather(store, source(folder, records="Records"))
    assert len(events_in(store)) == (4 if own_ids else 7)


def test_a_file_that_was_given_up_is_read_once_the_settings_fit(store: Store, folder: Path) -> None:
    (folder / "a.json").write_bytes(b'{"list": [%b, %b]}' % (event(id="1"), event(id="2")))
    wrong, right = (FolderSource(name="s", path=str(folder), records=each) for each in ("items", "list"))
    for _ in range(3):
        gather(store, wrong)
    (aside,) = set_aside_records(store, "s", 9)
    assert (aside.reason, aside.content) == ("it has no items", None)
    (found,) = gather(store, right)
    assert (found.appended, set_aside_records(store, "s", 9)) == (Appended(2, 0), [])
    assert counts(store, "s").read == 2


def test_a_file_that_was_given_up_and_became_readable(store: Store, folder: Path) -> None:
    (folder / "a.json").write_bytes(b"no document")
    gather(store, source(folder, {}))
    gather(store, source(folder, {}))
    assert counts(store, "s").set_aside == 1
    (folder / "a.json").write_bytes(event(id="1"))
    gather(store, source(folder, {}))
    gather(store, source(folder, {}))
    assert (counts(store, "s").set_aside, counts(store, "s").read) == (0, 1)


def test_killed_amid_trying_again(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_app.sources.intake._TRIED_RECORDS", 2)
    put(folder, *map(record, range(5)))
    gather(store, source(folder, WRONG))
    with pytest.raises(KeyboardInterrupt):
        collect([source(folder)], store, _interrupt_at(4))
    assert len(events_in(store)) == 4
    gather(store, source(folder))
    assert named(store) == [f"o{number}" for number in range(5)]
    assert counts(store, "s").set_aside == 0


def _interrupt_at(records: int) -> Callable[..., None]:
    def on_progress(progress: object) -> None:
        if getattr(progress, "records", 0) >= records:
            raise KeyboardInterrupt

    return on_progress


def test_what_is_kept_has_an_end(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = msgspec.structs.replace(limits(), set_aside_bytes=400)
    monkeypatch.setattr("desktop_app.trails.store.set_aside.limits", lambda: fewer)
    put(folder, *(record(number) for number in range(20)), record(20, nmae="right"))
    (found,) = gather(store, source(folder, WRONG))
    assert found.set_aside == 20 and 0 < found.beyond < 20
    assert len(set_aside_records(store, "s", 99)) == 1 + 20 - found.beyond
    told = f"no more records can be kept as set aside; of {found.beyond}, only the number is known"
    assert [told in each for each in found.warnings()] == [False, True]
    (tried,) = gather(store, source(folder))
    assert tried.appended == Appended(20 - found.beyond, 0)
    assert counts(store, "s").set_aside == found.beyond


def test_where_nothing_fits_no_more_is_read_than_can_be_kept(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fewer = msgspec.structs.replace(limits(), set_aside_records=5)
    monkeypatch.setattr("desktop_app.trails.store.set_aside.limits", lambda: fewer)
    for day in range(3):
        put(folder, *(record(4 * day + number) for number in range(4)), name=f"{day}.jsonl")
    for expected in (4, 0):
        (found,) = gather(store, source(folder, WRONG))
        assert (found.set_aside, found.beyond) == (expected, 0)
        assert not any("only the number is known" in each for each in found.warnings())
        assert found.error and "none of its records can be an event (entityName is missing" in found.error.message
    (found,) = gather(store, source(folder))
    assert found.appended == Appended(12, 0)
    put(folder, *(record(number, verb="") for number in range(9)), name="later.jsonl")
    (found,) = gather(store, source(folder))
    assert (found.set_aside, found.beyond, found.error) == (9, 4, None)


def test_a_store_of_version_4(tmp_path: Path, folder: Path) -> None:
    """What it had set aside is shown; what it had read is not read again, and not stored again."""
    path = tmp_path / "trails.db"
    put(folder, record(1, id="1"), record(2))
    with open_store(path) as store:
        gather(store, source(folder))
        make_version_4(store)
        store.db.execute("INSERT INTO set_aside VALUES ('s', '/a', 'byte 7', 'id is missing')")
        store.db.execute("INSERT INTO set_aside VALUES ('s', '', '', '40')")
        store.db.execute("INSERT INTO set_aside VALUES ('gone', '/b', 'byte 7', 'id is missing')")
    with open_store(path) as store:
        more, aside = set_aside_records(store, "s", 9)
        assert (more.reason.split()[0], aside.path, aside.place, aside.reason) == (
            "40", "/a", "byte 7", "id is missing",
        )  # fmt: skip
        assert counts(store, "gone").set_aside == 1 and counts(store, "s").set_aside == 41
        assert gather(store, source(folder))[0].read == 0
        store.db.execute("DELETE FROM places")
        assert gather(store, source(folder))[0].appended == Appended(0, 2)
        put(folder, record(3, id="1"), name="b.jsonl")
        assert gather(store, source(folder))[0].appended == Appended(1, 0)


def test_the_next_of_many_costs_as_much_as_that_of_few(store: Store, folder: Path) -> None:
    steps = []

    def cost() -> int:
        steps.clear()
        assert next_set_aside(store, 1, 5) and len(set_aside_records(store, "s", 3)) == 3
        return len(steps)

    put(folder, *map(record, range(10)))
    gather(store, source(folder, WRONG))
    store.db.set_progress_handler(lambda: steps.append(1), 1)
    cost()  # SQLite counts what it takes to prepare a statement, which Python does once
    few = cost()
    put(folder, *map(record, range(500)), name="more.jsonl")
    gather(store, source(folder, WRONG))
    assert cost() <= few


def test_what_version_4_set_aside_is_found_again(tmp_path: Path, folder: Path) -> None:
    """Also where its source has another name by now."""
    path = tmp_path / "trails.db"
    put(folder, *map(record, range(3)), record(3, nmae="right"))
    (folder / "b.json").write_bytes(b'{"no": "list"')
    with open_store(path) as store:
        for _ in range(2):
            gather(store, source(folder, WRONG))
        kept = set_aside_records(store, "s", 9)
        rows = store.db.execute("SELECT path, place, reason FROM set_aside ORDER BY number").fetchall()
        make_version_4(store)
        store.db.executemany("INSERT INTO set_aside VALUES ('s', ?, ?, ?)", rows)
    (folder / "b.json").write_bytes(record(4))
    with open_store(path) as store:
        assert [each.reason for each in set_aside_records(store, "s", 9)] == [each.reason for each in kept]
        (found,) = gather(store, source(folder, name="t"))
        assert found.appended == Appended(4, 0)
        assert named(store) == ["o0", "o1", "o2", "o4", "right"]
        assert set_aside_records(store, "t", 9) == []


def test_what_version_4_set_aside_is_looked_for_whenever_it_is_tried_again(tmp_path: Path, folder: Path) -> None:
    """Its file was away at the first try."""
    path = tmp_path / "trails.db"
    put(folder, *map(record, range(3)), record(3, nmae="right"))
    with open_store(path) as store:
        gather(store, source(folder, WRONG))
        rows = store.db.execute("SELECT path, place, reason FROM set_aside ORDER BY number").fetchall()
        make_version_4(store)
        store.db.executemany("INSERT INTO set_aside VALUES ('s', ?, ?, ?)", rows)
    (file,) = folder.iterdir()
    file.rename(tmp_path / "away")
    with open_store(path) as store:
        (found,) = gather(store, source(folder))
        assert found.appended == Appended(0, 0) and len(set_aside_records(store, "s", 9)) == len(rows)
        (tmp_path / "away").rename(file)
        found = try_again([source(folder)], "s", store)
        assert found.appended.stored == len(rows) == 3 and set_aside_records(store, "s", 9) == []


def test_what_one_record_tells_of_several_events(store: Store, folder: Path) -> None:
    """Of each it is said what became of it; the record is kept as long as one of them is set aside."""
    fields = {**FIELDS, "id": "many.id", "entityName": "many.name"}
    many = [{"id": "1", "name": "a"}, {"id": "2", "name": "b"}, {"name": "c"}, {"id": "4", "name": "d"}]
    put(folder, record(1, many=many[1:2]), record(1, many=[{**each, "more": True} for each in many]))
    (found,) = gather(store, source(folder, fields, split="many"))
    assert (found.read, found.appended, found.set_aside) == (5, Appended(4, 0), 1)
    (aside,) = set_aside_records(store, "s", 9)
    assert aside.events == 1 and aside.reason == "an event with the id 2 and other content is there already"
    (found,) = gather(store, source(folder, {**fields, "actor": "by"}, split="many"))
    assert (found.read, found.appended, found.set_aside) == (4, Appended(0, 3), 1)
    (found,) = gather(store, source(folder, {**fields, "id": "many.number"}, split="many"))
    assert (found.read, found.appended, found.set_aside) == (4, Appended(3, 1), 0)  # c never had an id
    put(folder, record(2, many=[{"id": "7", "name": "x"}, {"id": "7", "name": "y"}]), record(3, many=[]))
    (found,) = gather(store, source(folder, fields, split="many"))
    assert (found.read, found.appended, found.set_aside) == (3, Appended(2, 0), 1)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)
KEYS = st.sampled_from(["when", "kind", "target", "verb", "id", "nmae", "createdAt", "severity", "s.id", "many"])
LINES = st.one_of(
    st.builds(record, st.integers(0, 2)),
    st.builds(lambda each, changes: record(each, **changes), st.integers(0, 2), st.dictionaries(KEYS, JSON)),
    st.builds(lambda each, id_: record(each, id=id_), st.integers(0, 2), st.sampled_from(["1", "2", "x"])),
    st.builds(lambda many: record(0, many=many), st.lists(st.fixed_dictionaries({"id": st.sampled_from("12xy")}))),
    st.binary(max_size=20).map(lambda line: line.replace(b"\n", b"") + b"\n"),
)
MAPPINGS = st.sampled_from([FIELDS, WRONG, {**FIELDS, "id": "target"}, {**FIELDS, "createdAt": ("at", "when")}])
SPLITS = st.sampled_from(["", "many"])


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.lists(LINES, max_size=6), MAPPINGS, st.sampled_from("st"), SPLITS), max_size=5))
def test_every_record_is_stored_repeated_or_set_aside(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[list[bytes], dict[str, str | tuple[str, ...]], str, str]],
) -> None:
    """Whatever is read, under mappings and names that change."""
    place = tmp_path_factory.mktemp("some")
    with open_store(place / "trails.db") as store:
        for number, (some, fields, name, split) in enumerate(steps):
            put(place / "in", *some, name=f"{number}.jsonl")
            gather(store, source(place / "in", fields, name=name, split=split))
            so_far = counts(store, name)
            assert so_far.stored == len(events_in(store))
