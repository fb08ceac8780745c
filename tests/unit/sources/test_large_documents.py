"""Documents with very many records."""

import gzip
import json
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import zstandard
from click.testing import CliRunner

from desktop_app.cli.main import program
from desktop_app.settings.model import FolderSource
from desktop_app.sources.collect import collect
from desktop_app.sources.kind import NothingRemembered
from desktop_app.sources.kinds import open_source
from desktop_app.stop import Stop
from desktop_app.trails.store.append import Appended
from desktop_app.trails.store.store import open_store

MANY = 30_000


def document(name: str, count: int) -> bytes:
    values = {"createdAt": "2026-11-22T08:15:30.123Z", "entityType": "T", "actionType": "A"}
    return json.dumps([{**values, "entityName": f"{name} {number}"} for number in range(count)]).encode()


def test_all_records_of_all_members_are_stored_once(tmp_path: Path) -> None:
    """A small document, one of more records than a step has otherwise, and a small one again."""
    with zipfile.ZipFile(tmp_path / "some.zip", "w") as archive:
        for name, count in (("a", 2), ("b", 2500), ("c", 3)):
            archive.writestr(f"{name}.json", document(name, count))
    source = FolderSource(name="s", path=str(tmp_path), pattern="*.zip")
    with open_store(tmp_path / "trails.db") as store:
        (found,) = collect([source], store, lambda _: None).sources
        assert (found.read, found.appended) == (2505, Appended(2505, 0))
        (found,) = collect([source], store, lambda _: None).sources
        assert found.read == 0


def test_a_record_is_made_when_it_is_taken(tmp_path: Path) -> None:
    """Not all of them at once, which takes several times what the document does."""
    (tmp_path / "many.json").write_bytes(document("m", MANY))
    with open_source(FolderSource(name="s", path=str(tmp_path))) as reader:
        places = NothingRemembered()
        (part,) = reader.parts(places)
        (step,) = reader.steps(part, places, Stop())
        assert len(step.records) == MANY
        tracemalloc.start()
        try:
            assert sum(1 for record in step.records if b"m " in record.content) == MANY
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 1 << 20
    first, last = step.records[0], step.records[MANY - 1]
    assert (str(first.place), str(last.place)) == ("record 1", f"record {MANY}")
    assert [str(each.place) for each in step.records[1:3]] == ["record 2", "record 3"]


def test_a_document_takes_a_few_times_its_size(tmp_path: Path) -> None:
    """Its text, its records, and a few bytes for each of them; what `docs/forms.md` says of memory is by this."""
    values = {"createdAt": "2026-11-22T08:15:30.123Z", "entityType": "T", "entityName": "n", "actionType": "A"}
    content = json.dumps([{**values, "no": number, "before": "x" * 800} for number in range(9000)]).encode()
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "large.json").write_bytes(content)
    with open_store(tmp_path / "trails.db") as store:
        tracemalloc.start()
        try:
            (found,) = collect([FolderSource(name="s", path=str(tmp_path / "in"))], store, lambda _: None).sources
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert found.appended.stored == 9000
    assert peak < 3 * len(content) + (10 << 20)  # and what is mapped and stored at a time


def lines(first: int, behind: int) -> bytes:
    """Some of the lines of a file, each of a thousand bytes."""
    values = {"createdAt": "2026-11-22T08:15:30.123Z", "entityType": "T", "actionType": "A", "before": "x" * 880}
    return b"".join(
        json.dumps({**values, "entityName": f"{number:06}"}).encode() + b"\n" for number in range(first, behind)
    )


@contextmanager
def peaks() -> Iterator[Callable[[], int]]:
    """The most memory that Python has asked for since it was asked last, beyond what it had at first."""
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]

    def peak() -> int:
        most = tracemalloc.get_traced_memory()[1] - before
        tracemalloc.reset_peak()
        return most

    try:
        yield peak
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("ending", "pack"),
    [("", bytes), (".gz", gzip.compress), (".zst", zstandard.compress)],
    ids=["plain", "gz", "zst"],
)
def test_a_file_of_lines_takes_the_same_memory_whatever_its_length(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, pack: Callable[[bytes], bytes]
) -> None:
    monkeypatch.setattr("desktop_app.sources.files_reader._BATCH_RECORDS", 200)
    most: list[int] = []
    for count in (400, 1000, 8000):
        folder = tmp_path / str(count)
        folder.mkdir()
        (folder / f"a.jsonl{ending}").write_bytes(pack(lines(0, count)))
        with open_store(tmp_path / f"{count}.db") as store, peaks() as peak:
            (found,) = collect([FolderSource(name="s", path=str(folder))], store, lambda _: None).sources
            most.append(peak())
        assert found.appended.stored == count
    assert most[2] < most[1] + (1 << 20), most  # of 7 MB more


def test_a_file_that_grows_takes_the_same_memory_whatever_its_length(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each time, only what is new of it."""
    monkeypatch.setattr("desktop_app.sources.files_reader._BATCH_RECORDS", 200)
    (tmp_path / "in").mkdir()
    most: list[int] = []
    with open_store(tmp_path / "store" / "trails.db") as store, peaks() as peak:
        for first in range(0, 8000, 1000):
            with (tmp_path / "in" / "a.jsonl").open("ab") as file:
                file.write(lines(first, first + 1000))
            peak()
            (found,) = collect([FolderSource(name="s", path=str(tmp_path / "in"))], store, lambda _: None).sources
            most.append(peak())
            assert found.appended.stored == 1000
    assert max(most[2:]) < most[1] + (1 << 20), most


def test_what_is_recorded_takes_the_same_memory_whatever_its_length(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    most: list[int] = []
    for count in (400, 2000, 9000):
        monkeypatch.setenv("AUDIT_TRAILS_HOME", str(tmp_path / f"home {count}"))
        (tmp_path / f"{count}.jsonl").write_bytes(lines(0, count))
        with peaks() as peak:
            done = CliRunner().invoke(program, ["record", str(tmp_path / f"{count}.jsonl")])
            most.append(peak())
        assert f"{count} events stored" in done.output.replace(",", "")
    assert most[2] < most[1] + (1 << 20), most  # of 7 MB more
