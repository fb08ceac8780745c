"""What is written in pieces replaces a file when all of it is there, and not before."""

from pathlib import Path

import pytest

from desktop_app.errors import LocalDiskError
from desktop_app.files import replacing_file
from tests.windows_gaps import needs


def test_it_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "file"
    with replacing_file(file) as writing:
        writing.write(b"first ")
        assert not file.exists()
        writing.write(b"second")
    assert file.read_bytes() == b"first second"
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(LocalDiskError), replacing_file(tmp_path / "no" / "file"):
        raise AssertionError("nothing can be written there")
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("failure", "told"), [(OSError(28, "No space left on device"), LocalDiskError), (KeyboardInterrupt(), None)]
)
def test_what_fails_amid_it_leaves_the_file_as_it_was(
    tmp_path: Path, failure: BaseException, told: type[BaseException] | None
) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"before")
    with pytest.raises(told or type(failure)), replacing_file(file) as writing:
        writing.write(b"half")
        raise failure
    assert file.read_bytes() == b"before"
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


@needs("modes")
def test_it_is_only_for_this_user_unless_told(tmp_path: Path) -> None:
    for mode in (0o600, 0o644):
        with replacing_file(tmp_path / "file", mode) as writing:
            writing.write(b"x")
        assert (tmp_path / "file").stat().st_mode & 0o777 == mode
