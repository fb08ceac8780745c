"""A file that somebody named is written whole, or stays what it was; what is no file is written to."""

import os
from pathlib import Path
from threading import Thread

import pytest

from desktop_app.errors import LocalDiskError
from desktop_app.files import writing_for_user
from tests.windows_gaps import needs


def write(path: Path, content: bytes) -> None:
    with writing_for_user(path) as file:
        file.write(content)


@pytest.mark.parametrize("before", [{}, {"report": b"before"}])
def test_a_full_disk_leaves_what_was_there(tmp_path: Path, before: dict[str, bytes]) -> None:
    for name, content in before.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(LocalDiskError, match="No space left"), writing_for_user(tmp_path / "report") as file:
        file.write(b"half")
        file.flush()
        raise OSError(28, "No space left on device")
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == before
    write(tmp_path / "report", b"whole")
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {"report": b"whole"}


@needs("modes")
def test_who_may_read_it_is_as_with_other_files(tmp_path: Path) -> None:
    (tmp_path / "shared").touch()
    (tmp_path / "shared").chmod(0o664)
    (tmp_path / "plain").touch()
    for name in ("shared", "new"):
        write(tmp_path / name, b"x")
    assert (tmp_path / "shared").stat().st_mode & 0o777 == 0o664
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "plain").stat().st_mode


@needs("links")
def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/report").touch()
    (tmp_path / "link").symlink_to("elsewhere/report")
    write(tmp_path / "link", b"x")
    assert (tmp_path / "link").readlink() == Path("elsewhere/report")
    assert (tmp_path / "elsewhere/report").read_bytes() == b"x"


@needs("named pipes")
def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write(pipe, b"x")
    reader.join()
    assert read == [b"x"]
    assert pipe.is_fifo()


def test_where_nothing_can_be_written_that_is_said(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "no" / "file"):
        with pytest.raises(LocalDiskError, match="could not be written"):
            write(path, b"x")
    assert list(tmp_path.iterdir()) == []
