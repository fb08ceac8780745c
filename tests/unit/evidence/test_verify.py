"""`verify` finds what is wrong with an archive, and a hole in the chain."""

import os
import shutil
import tracemalloc
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec import structs

from desktop_app.errors import BadData
from desktop_app.evidence.archive_name import archive_stem, instance_of
from desktop_app.evidence.check_archive import check_archive
from desktop_app.evidence.manifest import MANIFEST_NAME, DataFile, Manifest, PreviousArchive, encode_manifest
from desktop_app.evidence.verify import verify
from desktop_app.export.archive import Chunk, write_archive
from desktop_app.files import file_sha256
from tests.windows_gaps import needs

EVENTS = b'[\n{"id":"1"},\n{"id":"2"}\n]\n'


def make(folder: Path, day: int, previous: Path | None, instance: str = "ws") -> Path:
    stem = f"audit-trails-{instance}-2026-11-{day:02}"
    path = folder / f"{stem}.zip"

    def manifest(data: DataFile) -> dict[str, bytes]:
        content = encode_manifest(
            Manifest(
                format_version=1,
                instance=instance,
                day=f"2026-11-{day:02}",
                timezone="UTC",
                number=1,
                format="json",
                events=2,
                first_created_at=None,
                last_created_at=None,
                program_version="1",
                created=f"2026-11-{day + 1:02}T02:00:00.000Z",
                data=structs.replace(data, packed=None),
                previous=PreviousArchive(previous.name, file_sha256(previous)) if previous else None,
            )
        )
        return {MANIFEST_NAME: content}

    write_archive(path, f"{stem}.json", [Chunk(EVENTS)], manifest, datetime(2026, 11, day, tzinfo=UTC), 100)
    return path


@pytest.fixture
def chain(tmp_path: Path) -> list[Path]:
    paths: list[Path] = []
    for day in range(1, 6):
        paths.append(make(tmp_path, day, paths[-1] if paths else None))
    return paths


def test_a_whole_chain_is_fine(tmp_path: Path, chain: list[Path]) -> None:
    result = verify([tmp_path])
    assert result.ok
    assert (len(result.archives), result.notes) == (5, ())


def test_two_instances_have_two_chains(tmp_path: Path, chain: list[Path]) -> None:
    make(tmp_path, 1, None, instance="other")
    assert verify([tmp_path]).ok


def test_a_missing_archive_is_a_hole(tmp_path: Path, chain: list[Path]) -> None:
    chain[2].unlink()
    result = verify([tmp_path])
    assert not result.ok
    assert result.problems == (f"{chain[2].name} is missing: {chain[3].name} was made after it.",)


def test_a_chain_whose_beginning_was_moved_away_is_fine(tmp_path: Path, chain: list[Path]) -> None:
    chain[0].unlink()
    result = verify([tmp_path])
    assert result.ok
    assert result.notes == (f"The chain begins after {chain[0].name}, which is not here.",)


def test_an_archive_in_place_of_another_is_found(tmp_path: Path, chain: list[Path]) -> None:
    chain[1].unlink()
    make(tmp_path, 2, None)
    assert (
        f"{chain[1].name} is not the archive that {chain[2].name} was made after." in verify([tmp_path]).problems
    )


def test_a_second_successor_is_found(tmp_path: Path, chain: list[Path]) -> None:
    make(tmp_path, 9, chain[1])
    assert verify([tmp_path]).problems == (f"2 archives were made after {chain[1].name}.",)


def rewrite(path: Path, change: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> None:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in {**members, **change}.items():
            archive.writestr(name, content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (EVENTS.replace(b"1", b"3"), "SHA-256 differs"),
        (EVENTS + b" ", "has more than 27 bytes"),
        (b'[\n{"id":"1"}\n]\n', "holds 1 events, not 2"),
    ],
)
def test_changed_events_are_found(tmp_path: Path, chain: list[Path], content: bytes, said: str) -> None:
    rewrite(chain[0], {"audit-trails-ws-2026-11-01.json": content})
    assert said in "; ".join(check_archive(chain[0]).problems)


def test_a_foreign_member_is_found(chain: list[Path]) -> None:
    rewrite(chain[0], {"more.txt": b""})
    assert "more.txt" in check_archive(chain[0]).problems[0]


def test_a_renamed_archive_is_found(tmp_path: Path, chain: list[Path]) -> None:
    shutil.copy(chain[0], tmp_path / "audit-trails-ws-2026-12-24.zip")
    assert "its manifest is that of" in check_archive(tmp_path / "audit-trails-ws-2026-12-24.zip").problems[0]


def events_of(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(archive.namelist()[0])


@pytest.mark.parametrize("keep", [0, 10, 200, -1])
def test_a_damaged_file_is_found(chain: list[Path], keep: int) -> None:
    chain[0].write_bytes(chain[0].read_bytes()[:keep])
    assert check_archive(chain[0]).problems == ("it is no .zip file, or a damaged one",)


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_damage_to_what_another_program_packed_is_told(chain: list[Path], compression: int) -> None:
    rewrite(chain[0], {"manifest.json": b"{}"}, compression)
    whole = chain[0].read_bytes()
    for position in range(len(whole)):
        chain[0].write_bytes(whole[:position] + b"\xff" + whole[position + 1 :])
        assert check_archive(chain[0]).problems, position


def test_a_member_whose_name_is_no_text_is_told(chain: list[Path]) -> None:
    rewrite(chain[0], {"\xe9": b""})
    chain[0].write_bytes(chain[0].read_bytes().replace("\xe9".encode(), b"\xff\xff"))
    assert check_archive(chain[0]).problems == ("it is no .zip file, or a damaged one",)


def test_every_changed_byte_of_the_data_is_found(chain: list[Path]) -> None:
    whole = chain[0].read_bytes()
    with zipfile.ZipFile(chain[0]) as archive:
        info = archive.infolist()[0]
    start = 30 + len(info.filename)
    for position in range(start, start + info.compress_size):
        chain[0].write_bytes(whole[:position] + bytes([whole[position] ^ 0x10]) + whole[position + 1 :])
        # The last bits of a deflate stream mean nothing: then the events are what they were.
        assert check_archive(chain[0]).problems or events_of(chain[0]) == EVENTS, position


def test_other_manifests_are_told(chain: list[Path]) -> None:
    rewrite(chain[0], {"manifest.json": b'{"formatVersion": "x"}'})
    assert "manifest.json is not as it should be" in check_archive(chain[0]).problems[0]


def test_nothing_to_verify(tmp_path: Path) -> None:
    with pytest.raises(BadData):
        verify([tmp_path])


@pytest.fixture
def renamed(tmp_path: Path) -> list[Path]:
    """A chain whose instance was called `old` for three days, and `new` since."""
    paths: list[Path] = []
    for day in range(1, 7):
        paths.append(make(tmp_path, day, paths[-1] if paths else None, "old" if day < 4 else "new"))
    return paths


def test_a_chain_goes_on_when_its_instance_is_renamed(tmp_path: Path, renamed: list[Path]) -> None:
    result = verify([tmp_path])
    assert (result.ok, result.notes) == (True, ())


@pytest.mark.parametrize("hole", [1, 2, 4])
def test_a_hole_beside_or_after_a_rename_is_found(tmp_path: Path, renamed: list[Path], hole: int) -> None:
    renamed[hole].unlink()
    result = verify([tmp_path])
    assert result.problems == (f"{renamed[hole].name} is missing: {renamed[hole + 1].name} was made after it.",)
    assert all(note.startswith("There is no archive of") for note in result.notes)


@pytest.mark.parametrize("moved", range(1, 6))
def test_the_beginning_of_a_renamed_chain_may_lie_elsewhere(
    tmp_path: Path, renamed: list[Path], moved: int
) -> None:
    for path in renamed[:moved]:
        path.unlink()
    result = verify([tmp_path])
    assert result.ok
    assert result.notes == (f"The chain begins after {renamed[moved - 1].name}, which is not here.",)


def test_two_chains_whose_beginnings_lie_elsewhere_are_two(tmp_path: Path, renamed: list[Path]) -> None:
    for path in (renamed[0], renamed[3]):  # as of two computers: nothing tells that `old` became `new`
        path.unlink()
    result = verify([tmp_path])
    assert result.ok
    assert len(result.notes) == 2


def test_a_clock_that_went_back_makes_no_hole(tmp_path: Path) -> None:
    first = make(tmp_path, 1, None)
    make(tmp_path, 2, make(tmp_path, 4, first))
    first.unlink()
    assert verify([tmp_path]).ok


@pytest.mark.parametrize("instance", ["ws", "berlin-2", "ws-2026-01-01", "ws-2026-01-01-3"])
@pytest.mark.parametrize("number", [1, 2, 1000])
def test_the_name_of_an_archive_tells_the_instance(instance: str, number: int) -> None:
    assert instance_of(f"{archive_stem(instance, '2026-11-01', number)}.zip") == instance


def test_other_names_tell_none() -> None:
    assert instance_of("audit-trails-ws.zip") is None


def repacked(path: Path, **members: bytes) -> None:
    """The archive with other contents, by `data` and `manifest`."""
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in kept.items():
            archive.writestr(name, members.get("manifest" if name == MANIFEST_NAME else "data", content))


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"manifest": b" " * (64 << 20) + b"{}"}, "its manifest.json has more than 1,048,576 bytes"),
        ({"data": b"\n" * (64 << 20)}, f"its data file has more than {len(EVENTS)} bytes"),
    ],
    ids=["manifest", "data"],
)
def test_what_unpacks_to_much_more_is_not_unpacked(
    chain: list[Path], members: dict[str, bytes], said: str
) -> None:
    repacked(chain[0], **members)
    del members
    tracemalloc.start()
    checked = check_archive(chain[0])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert checked.problems == (said,)
    assert peak < 8 << 20


@needs("named pipes")
def test_a_pipe_or_a_device_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "audit.zip")
    for path in (tmp_path / "audit.zip", Path("/dev/zero"), Path("/dev/tty")):
        (problem,) = check_archive(path).problems
        assert problem.startswith("it can't be read (")


def test_a_second_member_of_the_same_name_is_found(chain: list[Path]) -> None:
    with zipfile.ZipFile(chain[0], "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(MANIFEST_NAME, archive.read(MANIFEST_NAME))
    assert any(problem.count("manifest.json") == 2 for problem in check_archive(chain[0]).problems)
