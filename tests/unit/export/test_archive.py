"""Archives are the same for the same input, and are never half there."""

import hashlib
import itertools
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from errno import EIO, ENOSPC
from pathlib import Path
from unittest.mock import Mock

import pytest

from desktop_app.errors import LocalDiskError
from desktop_app.evidence.manifest import DataFile, PackedData
from desktop_app.export.archive import Chunk, finish_archive, pack_data, write_archive
from desktop_app.files import file_sha256
from desktop_app.trails.store.block import deflate

CREATED = datetime(2026, 11, 23, 2, 0, 5, tzinfo=UTC)
CHUNKS = [Chunk(b"[\n"), Chunk(b'{"id":"1"}'), Chunk(b"\n]\n")]


def others(data: DataFile) -> dict[str, bytes]:
    assert data.packed
    return {
        "manifest.json": f"{data.name} {data.size} {data.sha256}".encode(),
        "more": data.packed.sha256.encode(),
    }


def packed_member(path: Path, info: zipfile.ZipInfo) -> bytes:
    start = info.header_offset + 30 + len(info.filename) + len(info.extra)
    return path.read_bytes()[start : start + info.compress_size]


def write(path: Path, chunks: list[Chunk] = CHUNKS) -> None:
    write_archive(path, "day.json", chunks, others, CREATED, 100)


def test_content_and_manifest(tmp_path: Path) -> None:
    write(tmp_path / "day.zip")
    content = b"".join(chunk.text for chunk in CHUNKS)
    with zipfile.ZipFile(tmp_path / "day.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["day.json", "manifest.json", "more"]
        assert archive.read("day.json") == content
        packed = packed_member(tmp_path / "day.zip", archive.infolist()[0])
        packed_data = PackedData(len(packed), hashlib.sha256(packed).hexdigest())
        data = DataFile("day.json", len(content), hashlib.sha256(content).hexdigest(), packed_data)
        assert {name: archive.read(name) for name in ("manifest.json", "more")} == others(data)
        assert archive.infolist()[0].date_time == (2026, 11, 23, 2, 0, 4)  # a .zip counts in steps of 2 s


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    write(tmp_path / "a.zip")
    write(tmp_path / "b.zip")
    assert file_sha256(tmp_path / "a.zip") == file_sha256(tmp_path / "b.zip")


@pytest.mark.parametrize(
    ("year", "told"),
    [
        (1970, (1980, 1, 1, 0, 0, 0)),
        (1980, (1980, 1, 1, 0, 0, 0)),
        (2107, (2107, 1, 1, 0, 0, 0)),
        (2108, (2107, 12, 31, 23, 59, 58)),
        (2200, (2107, 12, 31, 23, 59, 58)),
    ],
)
def test_a_clock_that_stands_elsewhere(tmp_path: Path, year: int, told: tuple[int, ...]) -> None:
    created = datetime(year, 1, 1, tzinfo=UTC)
    for name in ("a.zip", "b.zip"):
        write_archive(tmp_path / name, "day.json", CHUNKS, others, created, 1)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.testzip() is None
        assert [member.date_time for member in archive.infolist()] == [told] * 3
    assert file_sha256(tmp_path / "a.zip") == file_sha256(tmp_path / "b.zip")


@pytest.mark.parametrize(("expected_size", "has_room"), [(1, False), (512 << 20, False), ((512 << 20) + 1, True)])
def test_what_may_become_large_has_room_for_its_sizes(tmp_path: Path, expected_size: int, has_room: bool) -> None:
    """In the header before the data, which is there before they are known: the extra field 1 of ZIP64."""
    path = tmp_path / "day.zip"
    write_archive(path, "day.json", CHUNKS, others, CREATED, expected_size)
    header = path.read_bytes()[:30]
    extra = path.read_bytes()[30 + header[26] : 30 + header[26] + header[28]]
    assert (extra[:2] == b"\1\0") is has_room
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.read("day.json") == b"".join(chunk.text for chunk in CHUNKS)


def test_a_failure_while_reading_leaves_nothing(tmp_path: Path) -> None:
    def chunks() -> Iterator[Chunk]:
        yield Chunk(b"[")
        raise RuntimeError("the store broke")

    with pytest.raises(RuntimeError):
        write_archive(tmp_path / "day.zip", "day.json", chunks(), others, CREATED, 1)
    assert list(tmp_path.iterdir()) == []


def test_what_fails_with_the_last_events_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are packed beside the reading, and no more are read after them."""

    def fail_at_the_end(text: bytes) -> bytes:
        if text == CHUNKS[-1].text:
            raise OSError(ENOSPC, "No space left")
        return deflate(text)

    monkeypatch.setattr("desktop_app.export.archive.deflate", fail_at_the_end)
    with pytest.raises(LocalDiskError, match="No space left"):
        write(tmp_path / "day.zip")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_gone_is_a_local_disk_error(tmp_path: Path) -> None:
    with pytest.raises(LocalDiskError) as caught:
        write(tmp_path / "gone" / "day.zip")
    assert "day.zip" in caught.value.message


def test_what_can_not_be_read_back_is_no_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_app.export.archive.file_sha256", Mock(side_effect=OSError(EIO, "I/O error")))
    with pytest.raises(LocalDiskError, match="I/O error"):
        write(tmp_path / "day.zip")
    assert list(tmp_path.iterdir()) == []


def test_memory_does_not_grow_with_the_content(tmp_path: Path) -> None:
    tracemalloc.start()
    chunks = itertools.repeat(Chunk(b"0123456789abcdef" * 4096), 500)  # 32 MB
    write_archive(tmp_path / "day.zip", "day.json", chunks, others, CREATED, 1 << 25)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 << 20


def test_an_archive_that_another_process_has_begun_anew_meanwhile_is_not_finished(tmp_path: Path) -> None:
    path = tmp_path / "day.zip"
    first = pack_data(path, "day.json", [Chunk(b"[one]")], CREATED, 5)
    pack_data(path, "day.json", [Chunk(b"[one, another one]")], CREATED, 5)
    with pytest.raises(LocalDiskError):
        finish_archive(path, first, lambda _: {}, CREATED)
    assert list(tmp_path.iterdir()) == []
