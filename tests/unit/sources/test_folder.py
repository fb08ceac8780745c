"""The source *folder*: every file is read once, whatever is done to it."""

import gzip
import hashlib
import json
import os
import random
import shutil
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import Mock
from uuid import NAMESPACE_URL, uuid5

import pytest

from desktop_app.settings.model import FolderSource
from desktop_app.sources.collect import collect
from desktop_app.sources.collected import Collected
from desktop_app.sources.sample import preview
from desktop_app.sources.so_far import counts
from desktop_app.trails.store.append import Appended
from desktop_app.trails.store.prune import prune
from desktop_app.trails.store.span import Span
from desktop_app.trails.store.store import Store
from tests.stored import EVENT, event, events_in
from tests.windows_gaps import needs


def gather(store: Store, folder: Path, **options: Any) -> Collected:
    return collect([FolderSource(name="s", path=str(folder), **options)], store, lambda _: None)


def test_of_a_folder_the_auditor_is_told_no_pages_and_no_total(store: Store, folder: Path) -> None:
    (folder / "a.json").write_bytes(event(id="1"))
    (came,) = gather(store, folder).sources
    assert (came.read, came.pages, came.total) == (1, 0, None)


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
    monkeypatch.setattr("desktop_app.sources.files_reader._BATCH_RECORDS", 1)
    rewind = Mock(side_effect=gzip._GzipReader._rewind)  # type: ignore[attr-defined]
    monkeypatch.setattr(gzip._GzipReader, "_rewind", lambda reader: rewind(reader))  # type: ignore[attr-defined]
    with gzip.open(tmp_path / "day.jsonl.gz", "wb") as lines:
        for number in range(200):
            lines.write(event(id=str(number), before="x" * 1000) + b"\n")
    assert gather(store, tmp_path).appended == Appended(200, 0)
    assert rewind.call_count < 10


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
    assert sorted(each["id"] for each in events_in(store)) == [str(n) for n in range(1, 10)]
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
    assert sorted(each["entityName"] for each in events_in(store)) == sorted(f"n{n}" for n in range(60))
    assert counts(store, "s").set_aside == 0


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
    assert counts(store, "s").set_aside == 0


@pytest.mark.parametrize("name", ["log.jsonl", "log.csv", "log.json"])
def test_what_has_no_end_since_long_ago_is_told(store: Store, folder: Path, name: str) -> None:
    """The system that wrote it was ended, or its disk was full."""
    row = b"2026-11-22T08:15:30Z,T,a,A\n"
    rows = b"createdAt,entityType,entityName,actionType\n" + row + row + row[:9]
    log = folder / name
    log.write_bytes(rows if name == "log.csv" else event(id="1") + b"\n" + event(id="2") + b"\n" + event()[:-40])
    yesterday = time.time() - 90_000
    os.utime(log, (yesterday, yesterday))
    (found,) = gather(store, folder).sources
    assert (found.appended.stored, found.set_aside) == (2, 1)
    assert gather(store, folder).sources[0].read == 0


@needs("names of bytes")
def test_names_and_keys_that_are_no_text_hold_nothing_up(store: Store, folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.json")).write_bytes(event(id="1"))
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.jsonl")).write_bytes(event(id="2") + b"\nno json\n")
    (folder / "latin.json").write_bytes(b'{"gr\xfc\xdfe": 1}')
    (folder / "lines.json").write_bytes(b'{"gr\xfc\xdfe": 1}\n' + event(id="3") + b"\n")
    (folder / "unreadable.json").mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/br\xfcch.gz")).write_bytes(gzip.compress(event())[:20])
    found = [gather(store, folder, pattern="**/*") for _ in range(2)]
    assert sum(each.appended.stored for each in found) >= 2
    assert {"1", "2"} <= {each["id"] for each in events_in(store)}
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
    assert len(events_in(store)) == 23


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
    assert len(events_in(store)) == 90
    assert counts(store, "s").files == 2


@needs("links")
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


def array(names: str) -> bytes:
    return b"[" + b",".join(event(entityName=name) for name in names) + b"]"


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "packed"])
@pytest.mark.parametrize(
    "versions",
    [["cba", "edcba", "edcba", "gfedcba"], ["abc", "bcd", "cdef", "fg"], ["ab", "ba", "cbda", "abcd"],
     ["ab", "", "ab", "bac"], ["aab", "baaa", "aaaab"]],
    ids=["at its front", "a window", "in any order", "empty between", "equal ones"],
)  # fmt: skip
def test_a_document_that_changes_gives_each_record_once(
    store: Store, folder: Path, versions: list[str], pack: Callable[[bytes], bytes]
) -> None:
    there: list[str] = []
    stored = 0
    for version in versions:
        (folder / "a.json").write_bytes(pack(array(version)))
        stored += gather(store, folder).appended.stored
        prune(store, Span())
        there += [name for name in sorted(set(version)) for _ in range(version.count(name) - there.count(name))]
        assert stored == len(there)


def test_what_an_earlier_version_read_keeps_its_ids(store: Store, folder: Path) -> None:
    (folder / "log.json").write_bytes(b"[" + event() + b"]")
    assert gather(store, folder).appended.stored == 1
    store.db.execute("DELETE FROM places WHERE key LIKE 'records:%' OR key LIKE 'digests:%'")
    store.db.execute(
        "UPDATE places SET value = CAST(json_remove(CAST(value AS TEXT), '$.origin', '$.records') AS BLOB)"
        " WHERE key LIKE 'read:%'"
    )
    prune(store, Span())
    for entity in ("b", "c"):
        (folder / "log.json").write_bytes(b"[" + event() + b"," + event(entityName=entity) + b"]")
        gather(store, folder)
    assert {each["id"] for each in events_in(store)} == {
        str(uuid5(NAMESPACE_URL, f"s#record {n}#{hashlib.sha256(content).hexdigest()}"))
        for n, content in ((1, event()), (2, event(entityName="b")), (2, event(entityName="c")))
    }


def test_what_can_not_be_an_event_is_set_aside_once(store: Store, folder: Path) -> None:
    (folder / "log.jsonl").write_bytes(event(id="1") + b"\n{}\nno json\n" + event(id="2") + b"\n")
    assert gather(store, folder).appended.stored == 2
    (folder / "log.jsonl").touch()
    gather(store, folder)
    assert counts(store, "s").set_aside == 2


def test_a_half_written_document_is_waited_for(store: Store, folder: Path) -> None:
    path = folder / "doc.json"
    path.write_bytes(b'[{"half":')
    assert gather(store, folder).appended.stored == 0
    path.write_bytes(b"[" + event() + b"]")
    assert gather(store, folder).appended.stored == 1
    assert counts(store, "s").set_aside == 0


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
    (found,) = events_in(store)
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
    assert counts(store, "s").set_aside == 1


def test_a_key_whose_place_is_mapped_from_elsewhere_is_kept(store: Store, folder: Path) -> None:
    own = {"actor": {"ip": "::1"}, "after": None, "id": 7, "severity": "Low", "s.actor": 1, "who": "u", "key": "k"}
    (folder / "f.json").write_bytes(event(**own))
    gather(store, folder, fields={"actor": "who", "after": "actor.ip", "id": "key", "severity": "severity"})
    (found,) = events_in(store)
    kept = {"s.s.actor": {"ip": "::1"}, "s.actor": 1, "s.after": None, "s.id": 7}
    assert found == {**EVENT, **kept, "actor": "u", "after": "::1", "id": "k", "severity": "Low"}
