"""Events, the store, recording, and the folder source."""

import gzip
import hashlib
import json
import os
import random
import shutil
import sys
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock
from uuid import NAMESPACE_URL, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.errors import BadData, LocalDiskError
from desktop_app.settings.model import FolderSource
from desktop_app.sources.collect import Collected, collect
from desktop_app.sources.sample import preview
from desktop_app.sources.so_far import counts
from desktop_app.trails.event import NotAnEvent, parse_event
from desktop_app.trails.record import record
from desktop_app.trails.store.hours import count, hours
from desktop_app.trails.store.prune import prune
from desktop_app.trails.store.span import Span
from desktop_app.trails.store.store import Appended, Store, open_store
from desktop_app.trails.store.timeline import batches
from tests.stored import lines_in

BASE = {"createdAt": "2026-11-22T08:15:30.123Z", "entityType": "T", "entityName": "N", "actionType": "A"}


def event(**changes: Any) -> bytes:
    return json.dumps({**BASE, **changes}).encode()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "store" / "trails.db") as store:
        yield store


def stored(store: Store) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines_in(store)]


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(st.characters(codec="utf-8"))),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(
    st.dictionaries(st.text(st.characters(codec="utf-8")), json_values, max_size=4),
    st.booleans(),
    st.sampled_from([None, 2]),
)
def test_what_is_recorded_comes_out(extra: dict[str, Any], ascii_only: bool, indent: int | None) -> None:
    given_event = {
        **{k: v for k, v in extra.items() if k not in ("id", "severity", "entityId", "productVersion")},
        **BASE,
    }
    raw = json.dumps(given_event, ensure_ascii=ascii_only, indent=indent).encode()
    line = parse_event(raw).line
    assert len(line.decode().splitlines()) == 1
    read = json.loads(line)
    assert read.pop("id")
    assert read == given_event
    assert list(json.loads(line))[:5] == ["id", "createdAt", "entityType", "entityName", "actionType"]


def test_large_records_are_not_held_together(store: Store, tmp_path: Path) -> None:
    with (tmp_path / "large.jsonl").open("wb") as lines:
        for number in range(50):
            lines.write(event(id=str(number), before="x" * (4 << 20)) + b"\n")
    tracemalloc.start()
    collected = gather(store, tmp_path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (collected.appended, collected.errors) == (Appended(50, 0), [])
    assert peak < 100 << 20


def test_a_compressed_file_is_not_unpacked_for_every_batch(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop_app.sources.folder_reader._BATCH_RECORDS", 1)
    rewind = Mock(side_effect=gzip._GzipReader._rewind)  # type: ignore[attr-defined]
    monkeypatch.setattr(gzip._GzipReader, "_rewind", lambda reader: rewind(reader))  # type: ignore[attr-defined]
    with gzip.open(tmp_path / "day.jsonl.gz", "wb") as lines:
        for number in range(200):
            lines.write(event(id=str(number), before="x" * 1000) + b"\n")
    assert gather(store, tmp_path).appended == Appended(200, 0)
    assert rewind.call_count < 10


def test_numbers_keep_their_text() -> None:
    raw = event()[:-1] + b', "before": [1.0, 1e400, 12345678901234567890123, -0.0]}'
    assert b'"before":[1.0,1e400,12345678901234567890123,-0.0]' in parse_event(raw).line


@pytest.mark.parametrize(
    ("given_time", "kept"),
    [
        ("2026-11-22T08:15:30Z", "2026-11-22T08:15:30.000Z"),
        ("2026-11-22T08:15:30.1239+01:00", "2026-11-22T07:15:30.123Z"),
        ("2026-11-22 08:15+0530", "2026-11-22T02:45:00.000Z"),
        ("2026-11-22 08:15:30.123Z", "2026-11-22T08:15:30.123Z"),
        ("2026-11-22t08:15:30.123Z", "2026-11-22T08:15:30.123Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
        ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
        (1795335330123, "2026-11-22T08:15:30.123Z"),
        (0, "1970-01-01T00:00:00.000Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
    ],
)
def test_times_are_kept_in_utc(given_time: Any, kept: str) -> None:
    assert json.loads(parse_event(event(createdAt=given_time)).line)["createdAt"] == kept


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"nul",
        b"{",
        b'{"a":1} {}',
        b"\xff",
        event()[:-1] + b',"x":"\xff"}',
        event(entityName=""),
        event(entityName=5),
        event(actionType=None),
        event(createdAt="2026-11-22T08:15:30"),
        event(createdAt="yesterday"),
        event(createdAt="2026-02-30T00:00:00Z"),
        event(createdAt="0001-01-01T00:00:00+01:00"),
        event(createdAt="9999-12-31T23:59:59-01:00"),
        event(createdAt="2026-11-22T08:15:30+99:00"),
        event(createdAt=1.5),
        event(createdAt=True),
        event(createdAt=10**18),
        event(id=""),
        event(id=7),
        event(id="x" * 201),
        event(severity="Lowest"),
        event(severity=11),
        event(severity=1.5),
        event(entityId=[1]),
        event(productVersion={}),
        event(before="\ud800"),
        event()[:-1] + b',"before":' + b"[" * 1000 + b"]" * 1000 + b"}",
        event()[:-1] + b',"before":' + b"[" * 501 + b"]" * 501 + b"}",
    ],
)
def test_what_is_no_event_says_why(raw: bytes) -> None:
    with pytest.raises(NotAnEvent) as caught:
        parse_event(raw)
    assert caught.value.message


@pytest.mark.parametrize(
    "changes",
    [
        {"before": "\0"},
        {"before": "x" * 10_000_000},
        {"before": json.loads("[" * 400 + "]" * 400)},
        {"severity": 10},
        {"severity": "Very-High"},
        {"severity": None},
        {"entityId": 7},
        {"after": "\u2028\x85\u2029"},
    ],
)
def test_odd_events_are_events(changes: dict[str, Any]) -> None:
    assert json.loads(parse_event(event(**changes)).line).items() >= changes.items()


@pytest.mark.parametrize("severity", [*range(11), *map(str, range(11)), "Unknown", "Low", "Medium", "High"])
def test_every_severity_of_cef_is_one(severity: int | str) -> None:
    assert json.loads(parse_event(event(severity=severity)).line)["severity"] == severity


def test_ids_are_unique_and_ascend() -> None:
    ids = [parse_event(event()).id for _ in range(1000)]
    assert ids == sorted(set(ids))


def test_one_bad_line_among_many_stores_nothing(store: Store) -> None:
    lines = [event(id=str(n)) + b"\n" for n in range(10_000)]
    with pytest.raises(BadData, match="Line 9001 "):
        record(store, [*lines[:9000], b"{}\n", *lines[9000:]])
    assert stored(store) == [] and hours(store) == []
    assert record(store, [b"\xef\xbb\xbf" + lines[0], b"\r\n", b"\n", *lines[1:]]).stored == 10_000


def test_an_id_that_is_there_is_the_same_event(store: Store) -> None:
    ids = ["a", "01a20b2e-96c0-75f5-a74b-0210890f9b63", "01A20B2E-96C0-75F5-A74B-0210890F9B63"]
    for expected in (3, 0):
        appended = record(store, [event(id=each) for each in ids])
        assert (appended.stored, appended.repeated) == (expected, 3 - expected)
    assert sum(hour.events for hour in hours(store)) == 3


def test_order_counts_and_pruning(store: Store) -> None:
    times = [f"2026-11-22T{hour:02}:00:00Z" for hour in (5, 3, 3, 9)]
    record(store, [event(id=str(n), createdAt=time) for n, time in enumerate(times)])
    assert [each["id"] for each in stored(store)] == ["1", "2", "0", "3"]
    assert count(store, Span())[0] == 4
    assert [hour.last_seq for hour in hours(store)] == [2, 3, 4]
    assert prune(store, Span(upto_seq=3)) == 3
    assert [each["id"] for each in stored(store)] == ["3"]
    assert [hour.events for hour in hours(store)] == [1]
    assert prune(store, Span(upto_seq=99)) == 1
    assert store.last_seq() == 4
    record(store, [event()])
    assert store.last_seq() == 5


def test_counts_are_those_of_the_lines(store: Store) -> None:
    hour, half = 3_600_000, 1_800_000
    record(store, [event(id=str(n), createdAt=n * 600_000) for n in range(-20, 20)])
    record(store, [event(id=f"late {n}", createdAt=n * 600_000) for n in range(-5, 5)])
    prune(store, Span(-3 * hour, -2 * hour, upto_seq=99))
    for start in range(-4 * hour, 4 * hour, half):
        for end in range(start, 4 * hour, half):
            for after, upto in ((0, 50), (0, 40), (0, 7), (7, 45), (40, 50), (50, 50)):
                span = Span(start, end, after, upto)
                lines = lines_in(store, span)
                assert count(store, span) == (len(lines), sum(map(len, lines)))


def test_a_batch_of_large_events_is_small(store: Store) -> None:
    size = 700_000
    record(store, [event(id=str(n), before="x" * (size if n > 250 else 1)) for n in range(260)])
    found = list(batches(store, Span()))
    assert max(len(batch.text) for batch in found) < (1 << 19) + size + 1000
    assert sum(batch.events for batch in found) == 260


def test_what_is_no_store_is_told(tmp_path: Path) -> None:
    (tmp_path / "trails.db").write_bytes(b"no database at all" * 99)
    with pytest.raises(LocalDiskError):
        open_store(tmp_path / "trails.db")


def gather(store: Store, folder: Path, **options: Any) -> Collected:
    return collect([FolderSource(name="s", path=str(folder), **options)], store, lambda _: None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def test_all_kinds_of_files(store: Store, folder: Path) -> None:
    (folder / "array.json").write_bytes(b"[" + event(id="1") + b",\n" + event(id="2") + b"]")
    (folder / "one.json").write_text(json.dumps(json.loads(event(id="3")), indent=2))
    (folder / "lines.jsonl").write_bytes(event(id="4") + b"\n" + event(id="5") + b"\n")
    (folder / "packed.json.gz").write_bytes(gzip.compress(event(id="6") + b"\n" + event(id="7")))
    (folder / "deep").mkdir()
    with zipfile.ZipFile(folder / "deep" / "more.json.zip", "w") as archive:
        archive.writestr("a.json", event(id="8"))
        archive.writestr("b.jsonl", event(id="9") + b"\n")
    if hasattr(os, "mkfifo"):  # not on Windows
        os.mkfifo(folder / "pipe.json")
    assert gather(store, folder).appended.stored == 9
    assert sorted(each["id"] for each in stored(store)) == [str(n) for n in range(1, 10)]
    assert gather(store, folder).appended.stored == 0


@pytest.mark.parametrize("records", ["", "Records"])
@pytest.mark.parametrize(
    "name",
    ["a.json", "a.jsonl.1", "a.jsonl.1.gz", "a.NDJSON-20261122.gz", "a.jsonl.2026-11-22T08", "a.jsonl.old"],
)
def test_lines_are_known_by_their_name_or_a_long_first_line(
    store: Store, folder: Path, name: str, records: str
) -> None:
    lines = event(id="1", before="x" * 9000) + b"\n" + event(id="2") + b"\n"
    (folder / name).write_bytes(gzip.compress(lines) if name.endswith(".gz") else lines)
    assert gather(store, folder, pattern="*", records=records).appended.stored == 2


def test_one_line_with_the_list_of_records_is_a_document(store: Store, folder: Path) -> None:
    (folder / "a.json").write_bytes(b'{"Records":[' + event(id="1") + b"," + event(id="2") + b"]}\n")
    assert gather(store, folder, records="Records").appended.stored == 2


@pytest.mark.parametrize("seed", range(5))
def test_a_growing_file_is_read_line_by_line(store: Store, folder: Path, seed: int) -> None:
    dice = random.Random(seed)
    lines = b"".join(event(entityName=f"n{n}", before="é" * dice.randrange(50)) + b"\n" for n in range(60))
    path, at = folder / "log.jsonl", 0
    while at < len(lines):
        step = dice.randrange(1, 900)
        with path.open("ab") as file:
            file.write(lines[at : at + step])
        at += step
        gather(store, folder)
    assert sorted(each["entityName"] for each in stored(store)) == sorted(f"n{n}" for n in range(60))
    assert store.set_aside_count("s") == 0


def test_a_last_line_without_its_end_is_taken_when_the_file_rests(store: Store, folder: Path) -> None:
    (folder / "log.jsonl").write_bytes(event(id="1") + b"\n" + event(id="2"))
    assert gather(store, folder).appended.stored == 1
    assert gather(store, folder).appended.stored == 1


def test_a_half_written_line_of_a_file_that_rests_is_waited_for(store: Store, folder: Path) -> None:
    log, lines = folder / "log.jsonl", event(id="1") + b"\n" + event(id="2") + b"\n"
    log.write_bytes(lines[:-40])
    assert gather(store, folder).appended.stored == 1
    assert gather(store, folder).appended.stored == 0
    log.write_bytes(lines)
    assert gather(store, folder).appended.stored == 1
    assert store.set_aside_count("s") == 0


@pytest.mark.skipif(sys.platform != "linux", reason="names are Unicode there")
def test_names_and_keys_that_are_no_text_hold_nothing_up(store: Store, folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.json")).write_bytes(event(id="1"))
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.jsonl")).write_bytes(event(id="2") + b"\nno json\n")
    (folder / "latin.json").write_bytes(b'{"gr\xfc\xdfe": 1}')
    (folder / "lines.json").write_bytes(b'{"gr\xfc\xdfe": 1}\n' + event(id="3") + b"\n")
    (folder / "unreadable.json").mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/br\xfcch.gz")).write_bytes(gzip.compress(event())[:20])
    found = [gather(store, folder, pattern="**/*") for _ in range(2)]
    assert sum(each.appended.stored for each in found) >= 2
    assert {"1", "2"} <= {each["id"] for each in stored(store)}
    for each in found:
        for error in each.errors:
            error.message.encode()


def test_rotation(store: Store, folder: Path) -> None:
    log = folder / "log.jsonl"
    log.write_bytes(b"".join(event(entityName=f"a{n}") + b"\n" for n in range(20)))
    assert gather(store, folder).appended.stored == 20
    with log.open("ab") as file:
        file.write(event(entityName="late") + b"\n")
    log.rename(folder / "log.1.jsonl")
    log.write_bytes(event(entityName="b") + b"\n")
    assert gather(store, folder).appended.stored == 2
    (folder / "log.1.jsonl.gz").write_bytes(gzip.compress((folder / "log.1.jsonl").read_bytes()))
    (folder / "log.1.jsonl").unlink()
    shutil.copy(log, folder / "log.2.jsonl")
    log.write_bytes(event(entityName="c") + b"\n")
    assert gather(store, folder, pattern="**/*.json*").appended.stored == 1
    assert len(stored(store)) == 23


def named(count: int, size: int = 100) -> list[bytes]:
    """Lines of events without an id."""
    return [event(entityName=f"{n}", before="x" * size) + b"\n" for n in range(count)]


@pytest.mark.parametrize("alike", [1, 50])
@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
def test_two_files_that_begin_alike_are_two(store: Store, folder: Path, name: str, alike: int) -> None:
    same = b"".join(named(alike))
    (folder / name).write_bytes(same + event(entityName="a") + b"\n")
    assert gather(store, folder).appended.stored == alike + 1
    (folder / f"b{name}").write_bytes(same + event(entityName="b") + b"\n")
    (folder / f"c{name}").write_bytes(same + event(entityName="a") + b"\n" + event(entityName="c") + b"\n")
    assert gather(store, folder).appended.stored == 2 * alike + 3
    assert gather(store, folder).appended.stored == 0


def test_equal_lines_at_the_same_byte_of_two_files_are_two(store: Store, folder: Path) -> None:
    for name in ("a", "b"):
        (folder / f"{name}.jsonl").write_bytes(event(entityName=name) + b"\n" + event() + b"\n")
    assert gather(store, folder).appended.stored == 4


def test_a_short_file_that_begins_like_one_that_is_gone_is_another(store: Store, folder: Path) -> None:
    log = folder / "a.jsonl"
    log.write_bytes(event() + b"\n")
    assert gather(store, folder).appended.stored == 1
    log.write_bytes(log.read_bytes() + b"".join(event(entityName=f"a{number}") + b"\n" for number in range(9)))
    assert gather(store, folder).appended.stored == 9
    log.unlink()
    (folder / "b.jsonl").write_bytes(event() + b"\n" + event(entityName="b") + b"\n")
    assert gather(store, folder).appended.stored == 2


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "packed"])
@pytest.mark.parametrize("content", [event() + b"\n", b"[" + event() + b"]"], ids=["lines", "document"])
def test_short_files_that_are_equal_are_two_when_both_stay(
    store: Store, folder: Path, content: bytes, pack: Callable[[bytes], bytes]
) -> None:
    for name in ("a", "b", "c"):
        (folder / f"{name}.json{'.gz' if pack is gzip.compress else ''}").write_bytes(pack(content))
    assert [gather(store, folder).appended.stored for _ in range(3)] == [1, 2, 0]


@pytest.mark.parametrize(
    ("name", "content", "parts"),
    [
        ("log.jsonl", b"".join(named(2)), [1]),
        ("log.jsonl", b"".join(named(50)), [0.6, 1]),
        ("log.json", b"[" + b",".join(named(50)) + b"]", [0.6, 1]),
    ],
    ids=["short", "long", "document"],
)
@pytest.mark.parametrize("packed", [False, True])
def test_a_rotation_that_is_going_on_repeats_nothing(
    store: Store, folder: Path, name: str, content: bytes, parts: list[float], packed: bool
) -> None:
    log, copy = folder / name, folder / (f"{name}.1.gz" if packed else f"{name}.1")
    log.write_bytes(content)
    gather(store, folder)
    for part in parts:  # the copy is being written, and complete; then the log begins anew
        written = gzip.compress(content) if packed else content
        copy.write_bytes(written[: int(len(written) * part)])
        assert gather(store, folder).appended.stored == 0
    log.write_bytes(event(entityName="new") + b"\n")
    assert [gather(store, folder).appended.stored for _ in range(2)] == [1, 0]
    assert counts(store, "s").files == (2 if parts == [1] else 3)  # a long copy has a place of its own


def test_a_copy_of_a_growing_file_repeats_nothing(store: Store, folder: Path) -> None:
    log, copy = folder / "log.jsonl", folder / "copy.jsonl"
    lines = named(90)
    for size in (50, 70, 90):
        log.write_bytes(b"".join(lines[:size]))
        gather(store, folder)
        copy.write_bytes(b"".join(lines[: size - 5]))
        gather(store, folder)
    log.unlink()
    copy.write_bytes(b"".join(lines[:88]))
    assert gather(store, folder).appended == Appended(0, 3)
    copy.write_bytes(b"".join(lines))
    gather(store, folder)
    assert len(stored(store)) == 90
    assert counts(store, "s").files == 2


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_a_link_to_the_current_file_repeats_nothing(store: Store, folder: Path) -> None:
    (folder / "1.jsonl").write_bytes(event() + b"\n")
    (folder / "current.jsonl").symlink_to("1.jsonl")
    assert [gather(store, folder).appended.stored for _ in range(3)] == [1, 0, 0]


def document(count: int) -> bytes:
    return json.dumps({"Records": [json.loads(line) for line in named(count)]}).encode()


@pytest.mark.parametrize("renamed", ["log.json", "log.1.json"])
@pytest.mark.parametrize("count", [2, 80])
def test_a_document_that_grows_repeats_nothing_that_was_pruned(
    store: Store, folder: Path, count: int, renamed: str
) -> None:
    log = folder / "log.json"
    log.write_bytes(document(count))
    assert gather(store, folder, records="Records").appended.stored == count
    prune(store, Span())
    log.unlink()
    for end, new in ((-30, 0), (None, 2)):  # half written, and whole
        (folder / renamed).write_bytes(document(count + 2)[:end])
        assert gather(store, folder, records="Records").appended == Appended(new, 0)
    assert gather(store, folder, records="Records").appended == Appended(0, 0)


def test_a_document_that_was_rewritten_is_read_whole(store: Store, folder: Path) -> None:
    for entities, new in (("ab", 2), ("abc", 1), ("xbc", 1), ("x", 0), ("xbcd", 1)):
        content = b",".join(event(entityName=entity) for entity in entities)
        (folder / "log.json").write_bytes(b"[" + content + b"]")
        assert gather(store, folder).appended.stored == new


def test_what_an_earlier_version_read_keeps_its_ids(store: Store, folder: Path) -> None:
    (folder / "log.json").write_bytes(b"[" + event() + b"]")
    assert gather(store, folder).appended.stored == 1
    store.db.execute("DELETE FROM places WHERE key LIKE 'records:%'")
    store.db.execute(
        "UPDATE places SET value = CAST(json_remove(CAST(value AS TEXT), '$.origin', '$.records') AS BLOB)"
        " WHERE key LIKE 'read:%'"
    )
    prune(store, Span())
    for entity in ("b", "c"):
        (folder / "log.json").write_bytes(b"[" + event() + b"," + event(entityName=entity) + b"]")
        gather(store, folder)
    assert {each["id"] for each in stored(store)} == {
        str(uuid5(NAMESPACE_URL, f"s#record {n}#{hashlib.sha256(content).hexdigest()}"))
        for n, content in ((1, event()), (2, event(entityName="b")), (2, event(entityName="c")))
    }


def test_what_can_not_be_an_event_is_set_aside_once(store: Store, folder: Path) -> None:
    (folder / "log.jsonl").write_bytes(event(id="1") + b"\n{}\nno json\n" + event(id="2") + b"\n")
    assert gather(store, folder).appended.stored == 2
    (folder / "log.jsonl").touch()
    gather(store, folder)
    assert store.set_aside_count("s") == 2


def test_a_half_written_document_is_waited_for(store: Store, folder: Path) -> None:
    path = folder / "doc.json"
    path.write_bytes(b'[{"half":')
    assert gather(store, folder).appended.stored == 0
    path.write_bytes(b"[" + event() + b"]")
    assert gather(store, folder).appended.stored == 1
    assert store.set_aside_count("s") == 0


def test_a_broken_archive_and_a_missing_folder_hold_nothing_up(store: Store, folder: Path) -> None:
    (folder / "broken.json.gz").write_bytes(gzip.compress(event() * 50)[:60])
    (folder / "fine.json").write_bytes(event())
    collected = collect(
        [FolderSource(name="gone", path=str(folder / "gone")), FolderSource(name="s", path=str(folder))],
        store,
        lambda _: None,
    )
    assert collected.appended.stored == 1
    assert ["gone" in error.message or "broken" in error.message for error in collected.errors] == [True, True]


def test_mapping(store: Store, folder: Path) -> None:
    foreign = {
        "at": "2026-11-22T08:15:30Z",
        "id": 12345,
        "severity": 27,
        "service": "s3",
        "params": {"bucket": None, "user": "u"},
        "account": 42,
        "op": "Put",
        "kept": {"x": [1]},
    }
    (folder / "f.json").write_text(json.dumps({"data": {"Records": [foreign, {"op": "no time"}]}}))
    fields = {
        "createdAt": "at",
        "entityType": "service",
        "entityName": ("params.bucket", "params.user"),
        "actionType": "op",
        "entityId": "account",
    }
    source = FolderSource(name="s", path=str(folder), records="data.Records", fields=fields)
    shown = preview(source, 10)
    assert (len(shown.events), len(shown.set_aside), shown.parts) == (1, 1, 1)
    assert store.last_seq() == 0
    gather(store, folder, records="data.Records", fields=fields)
    (found,) = stored(store)
    found.pop("id")
    assert found == {
        "createdAt": "2026-11-22T08:15:30.000Z",
        "entityType": "s3",
        "entityName": "u",
        "actionType": "Put",
        "entityId": "42",
        "params": {"bucket": None, "user": "u"},
        "kept": {"x": [1]},
        "s.id": 12345,
        "s.severity": 27,
    }
    assert store.set_aside_count("s") == 1


def test_a_key_whose_place_is_mapped_from_elsewhere_is_kept(store: Store, folder: Path) -> None:
    own = {"actor": {"ip": "::1"}, "after": None, "id": 7, "severity": "Low", "s.actor": 1, "who": "u", "key": "k"}
    (folder / "f.json").write_bytes(event(**own))
    gather(store, folder, fields={"actor": "who", "after": "actor.ip", "id": "key", "severity": "severity"})
    (found,) = stored(store)
    kept = {"s.s.actor": {"ip": "::1"}, "s.actor": 1, "s.after": None, "s.id": 7}
    assert found == {**BASE, **kept, "actor": "u", "after": "::1", "id": "k", "severity": "Low"}
