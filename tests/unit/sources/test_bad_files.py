"""Whatever lies in the folder of a source, reading it ends, loses nothing, and holds nothing else up."""

import errno
import gzip
import io
import json
import os
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from desktop_app.files import open_regular
from desktop_app.settings.limits import limits
from desktop_app.settings.model import FolderSource
from desktop_app.sources.collect import collect
from desktop_app.sources.collected import Collected
from desktop_app.sources.forms.form import any_piece
from desktop_app.sources.forms.lines import read_lines
from desktop_app.sources.kind import NothingRemembered
from desktop_app.sources.known_files import KnownFiles
from desktop_app.sources.reading_place import ReadingPlace, with_head
from desktop_app.sources.sample import preview
from desktop_app.sources.so_far import counts
from desktop_app.trails.store.append import Appended
from desktop_app.trails.store.prune import prune
from desktop_app.trails.store.set_aside import set_aside_records
from desktop_app.trails.store.span import Span
from desktop_app.trails.store.store import Store
from tests.stored import event, lines_in
from tests.windows_gaps import needs


def gather(store: Store, folder: Path, **options: Any) -> Collected:
    return collect([FolderSource(name="s", path=str(folder), **options)], store, lambda _: None)


def ids(store: Store) -> list[str]:
    return sorted(json.loads(line)["id"] for line in lines_in(store))


def few(monkeypatch: pytest.MonkeyPatch, module: str, **changes: int) -> None:
    fewer = structs.replace(limits(), **changes)
    monkeypatch.setattr(f"desktop_app.sources.{module}.limits", lambda: fewer)


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "packed"])
@pytest.mark.parametrize("end", [b"\n", b"\n" + event(id="2") + b"\n"], ids=["last", "amid"])
def test_a_line_that_is_too_long_is_passed_over(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch, pack: Any, end: bytes
) -> None:
    few(monkeypatch, "forms.lines", line_bytes=2 << 20)
    name = "log.jsonl.gz" if pack is gzip.compress else "log.jsonl"
    (folder / name).write_bytes(pack(event(id="1") + b"\n" + event(before="x" * (40 << 20)) + end))
    tracemalloc.start()
    assert gather(store, folder).errors == []
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12 << 20
    assert ids(store) == ["1", "2"][: 1 + (len(end) > 1)]
    (told,) = set_aside_records(store, "s", 9)
    assert (told.place, told.reason) == (f"byte {len(event(id='1')) + 1}", "the line is longer than 2 MB")
    assert [str(reason) for _, reason in preview(FolderSource(name="s", path=str(folder)), 9).set_aside] == [
        "the line is longer than 2 MB"
    ]
    assert gather(store, folder).appended.stored == 0


def test_the_longest_line_that_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    few(monkeypatch, "forms.lines", line_bytes=2 << 20)
    content = b"x" * ((2 << 20) - 1) + b"\n" + b"y" * (2 << 20) + b"\nz"
    sizes = [
        (len(line.content), line.end, bool(line.unfit)) for line in read_lines(io.BytesIO(content), 0, any_piece)
    ]
    assert sizes == [(2 << 20, 2 << 20, False), (0, (4 << 20) + 1, True), (1, (4 << 20) + 2, False)]


def test_millions_of_line_breaks_are_one_step(store: Store, folder: Path) -> None:
    content = b"\n" * (3 << 20) + b"  \r\n \n" + event(id="1") + b"\n\n" + event(id="2") + b"\n" + b"\r\n" * 99
    assert [bool(line.content) for line in read_lines(io.BytesIO(content), 0, any_piece)] == [
        False, True, False, True, False,
    ]  # fmt: skip
    (folder / "log.jsonl").write_bytes(content)
    assert gather(store, folder).appended.stored == 2
    with (folder / "log.jsonl").open("ab") as file:
        file.write(b"   " + event(id="3") + b"\n")
    assert gather(store, folder).appended.stored == 1
    assert ids(store) == ["1", "2", "3"] and set_aside_records(store, "s", 9) == []


def test_a_member_that_is_there_twice_is_read_twice(store: Store, folder: Path) -> None:
    with (
        zipfile.ZipFile(folder / "day.json.zip", "w") as archive,
        pytest.warns(UserWarning, match="Duplicate name"),
    ):
        for number, name in enumerate(("a.json", "a.json", "a.json (2)", "a.json")):
            archive.writestr(name, event(id=str(number)))
    assert [gather(store, folder).appended for _ in range(2)] == [Appended(4, 0), Appended(0, 0)]
    assert ids(store) == ["0", "1", "2", "3"]


@pytest.mark.parametrize("size", [10, 9000])
def test_the_work_for_a_member_does_not_grow_with_their_number(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    opened: list[Any] = []
    whole = zipfile.ZipFile._RealGetContents  # type: ignore[attr-defined]
    monkeypatch.setattr(
        zipfile.ZipFile, "_RealGetContents", lambda archive: (opened.append(archive), whole(archive))
    )
    statements: list[str] = []
    store.db.set_trace_callback(statements.append)
    with zipfile.ZipFile(folder / "day.json.zip", "w") as archive:
        for number in range(700):
            archive.writestr(f"{number}.json", event(id=str(number), before="x" * size + str(number % 30)))
    opened.clear()
    assert gather(store, folder).appended.stored == 700
    assert len(opened) == 1
    assert sum("'head:'" in statement or "'records:'" in statement for statement in statements) <= 4
    assert sum(statement == "COMMIT" for statement in statements) <= 5
    assert gather(store, folder).appended.stored == 0


def test_one_member_that_is_damaged_holds_up_no_other(store: Store, folder: Path) -> None:
    path = folder / "day.json.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(3):
            archive.writestr(f"{number}.json", event(id=str(number)))
    path.write_bytes(path.read_bytes().replace(b'"id": "1"', b'"id": "7"'))
    for stored in (2, 0):
        found = gather(store, folder)
        assert found.appended.stored == stored
        assert ["(1.json)" in error.message for error in found.errors] == [True]
    assert ids(store) == ["0", "2"]


def test_too_many_members_are_told(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few(monkeypatch, "forms.packed", archive_members=3)
    with zipfile.ZipFile(folder / "day.json.zip", "w") as archive:
        for number in range(4):
            archive.writestr(f"{number}.json", event(id=str(number)))
    (folder / "next.json").write_bytes(event(id="9"))
    assert [gather(store, folder).appended.stored for _ in range(2)] == [1, 0]
    assert [each.reason for each in set_aside_records(store, "s", 9)] == ["it has more than 3 files in it"]


@pytest.mark.parametrize(
    ("pattern", "told"),
    [("**/*", True), ("**/*.json", True), ("*/*.json", True), ("lock*/a.json", True), ("*.json", False),
     ("fine/*.json", False)],
)  # fmt: skip
def test_a_folder_inside_that_can_not_be_listed_is_told(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch, pattern: str, told: bool
) -> None:
    for name in ("fine", "locked"):
        (folder / name).mkdir()
        (folder / name / "a.json").write_bytes(event(id=name))
    list_folder = os.scandir

    def scandir(path: Any) -> Any:
        if Path(path) == folder / "locked":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return list_folder(path)

    monkeypatch.setattr(os, "scandir", scandir)
    message = f"Source s: {folder / 'locked'} can't be read (Permission denied)."
    for _ in range(2):
        errors = gather(store, folder, pattern=pattern).errors
        assert [str(error.message) for error in errors] == [message] * told
    shown = preview(FolderSource(name="s", path=str(folder), pattern=pattern), 9)
    assert ["Permission denied" in reason for _, reason in shown.set_aside] == [True] * told


@needs("links")
def test_links_that_lead_out_of_the_folder_are_told(store: Store, folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.json").write_bytes(event(id="secret"))
    (folder / "link.json").symlink_to(outside / "secret.json")
    (folder / "up.json").symlink_to("../outside/secret.json")
    (folder / "there").symlink_to(outside)
    (folder / "mine.json").write_bytes(event(id="mine"))
    (folder / "again.json").symlink_to("mine.json")
    for pattern in ("**/*.json", "*/*.json", "*.json"):
        found = gather(store, folder, pattern=pattern)
        assert "follow links" in found.errors[0].hint
    assert ids(store) == ["mine"]
    shown = preview(FolderSource(name="s", path=str(folder), pattern="*.json"), 9)
    assert sorted(str(place).partition(",")[0] for place, _ in shown.set_aside) == [
        str(folder / "link.json"), str(folder / "up.json"),
    ]  # fmt: skip
    followed = gather(store, folder, pattern="*.json", follow_links=True)
    assert ids(store) == ["mine", "secret"] and not followed.errors


@needs("links")
def test_a_folder_that_is_a_link_itself_is_read(store: Store, folder: Path, tmp_path: Path) -> None:
    (folder / "a.json").write_bytes(event(id="1"))
    (tmp_path / "link").symlink_to(folder)
    assert not gather(store, tmp_path / "link").errors and ids(store) == ["1"]


@needs("named pipes")
def test_pipes_devices_and_loops_hold_nothing_up(store: Store, folder: Path) -> None:
    os.mkfifo(folder / "pipe.json")
    (folder / "to_pipe.json").symlink_to("pipe.json")
    (folder / "zero.json").symlink_to("/dev/zero")
    (folder / "loop.json").symlink_to("loop.json")
    (folder / "round").symlink_to(".")
    (folder / "one.json").write_bytes(event(id="1"))
    for follow_links in (False, True):
        assert not gather(store, folder, pattern="**/*.json", follow_links=follow_links).errors
        assert ids(store) == ["1"]


@needs("named pipes")
def test_what_was_put_in_place_of_a_file_is_not_opened(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    os.mkfifo(folder / "pipe")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "fine").write_bytes(b"fine")
    with open_regular(folder / "fine", within=folder.resolve()) as file:
        assert file.read() == b"fine"
    with pytest.raises(OSError, match="leads out"):
        open_regular(folder / "link", within=folder.resolve())
    for unfit in (folder / "pipe", folder, Path("/dev/zero")):
        with pytest.raises(OSError, match="regular"):
            open_regular(unfit)


@pytest.mark.parametrize(("size", "copies"), [(300, 0), (4096, 1)])
def test_only_a_long_file_that_is_cut_short_may_be_a_copy(size: int, copies: int) -> None:
    """A short one was seen while it was written: its beginning says too little of what it is."""
    whole = b"x" * 9000
    known = ReadingPlace("a", "", 9000, 0, head_size=size, position=9000)
    known_files = KnownFiles(NothingRemembered())
    known_files.save(with_head(known, io.BytesIO(whole[:size])))
    cut = ReadingPlace("b", "", 5000, 0)
    found = known_files.files_continued(cut, io.BytesIO(whole[:5000]))
    assert [each.position for each in found] == [0] * copies


def test_a_short_file_that_was_cut_is_another(store: Store, folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(event(entityName="1") + b"\n" + event(entityName="2") + b"\n")
    assert gather(store, folder).appended.stored == 2
    (folder / "b.jsonl").write_bytes(event(entityName="1") + b"\n")
    assert gather(store, folder).appended.stored == 1


def test_what_is_set_aside_has_an_end(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = structs.replace(limits(), set_aside_records=5)
    monkeypatch.setattr("desktop_app.trails.store.set_aside.limits", lambda: fewer)
    for day in range(3):
        (folder / f"{day}.jsonl").write_bytes(b"no event\n" * 4 + event(id=str(day)) + b"\n")
        assert gather(store, folder).appended.stored == 1
    assert counts(store, "s").set_aside == 12
    told, *kept = set_aside_records(store, "s", 99)
    assert told.reason == "7 more were set aside, of which only the number is kept"
    assert len(kept) == 5


def test_files_that_are_gone_for_long_are_forgotten_and_not_read_twice(store: Store, folder: Path) -> None:
    old, content = folder / "old.jsonl", event(entityName="old") + b"\n"
    old.write_bytes(content)
    os.utime(old, (10**9, 10**9))
    assert gather(store, folder).appended.stored == 1
    (folder / "there.jsonl").write_bytes(event(entityName="there") + b"\n")
    os.utime(folder / "there.jsonl", (10**9 - 9, 10**9 - 9))
    assert gather(store, folder).appended.stored == 1
    old.unlink()
    (folder / "new.jsonl").write_bytes(event(entityName="new") + b"\n")
    assert gather(store, folder).appended.stored == 1
    assert counts(store, "s").files == 2
    prune(store, Span())
    (folder / "back.jsonl").write_bytes(content)
    os.utime(folder / "back.jsonl", (10**9, 10**9))
    (folder / "newer.jsonl").write_bytes(event(entityName="newer") + b"\n")
    assert [gather(store, folder).appended.stored for _ in range(2)] == [1, 0]
    assert [each.path for each in set_aside_records(store, "s", 9)] == [str(folder / "back.jsonl")]


def test_files_that_can_not_be_read_are_one_error_of_their_source(store: Store, folder: Path) -> None:
    for name in ("a", "b", "c"):
        (folder / f"{name}.json.gz").write_bytes(gzip.compress(event())[:40])
    (folder / "fine.json").write_bytes(event(id="1"))
    (source,) = gather(store, folder).sources
    assert source.error and source.error.message.startswith(f"Source s: {folder / 'a.json.gz'} can't be read (")
    assert source.error.message.endswith(" 2 more could not be read.")
    assert str(source.error) == source.error.message
    assert [gap.what for gap in source.gaps] == [str(folder / f"{name}.json.gz") for name in ("a", "b", "c")]
    assert not any("more" in gap.reason for gap in source.gaps)
    assert (source.read, ids(store)) == (1, ["1"])


def test_a_damaged_note_on_a_file_is_told_and_nothing_is_read_twice(store: Store, folder: Path) -> None:
    (folder / "a.json").write_bytes(event())
    assert gather(store, folder).appended == Appended(1, 0)
    store.db.execute("UPDATE places SET value = x'00' WHERE key LIKE 'read:%'")
    (folder / "b.json").write_bytes(event(id="2"))
    (source,) = gather(store, folder).sources
    assert source.error and "damaged" in source.error.message
    assert (source.appended, ids(store)[:1]) == (Appended(1, 0), ["2"])
