"""Archives open with any unzip."""

import subprocess
from pathlib import Path

import pytest

from desktop_app.export.archive import write_archive
from tests.servers import program
from tests.unit.export.test_archive import CHUNKS, CREATED, others, write


def test_what_is_unpacked_is_its_owners_alone(tmp_path: Path) -> None:
    write(tmp_path / "day.zip")
    subprocess.run([program("unzip"), "-q", str(tmp_path / "day.zip"), "-d", str(tmp_path / "out")], check=True)
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "out").iterdir()} == {0o600}


@pytest.mark.parametrize(("tool", "option"), [("unzip", "-tq"), ("7z", "t"), ("bsdtar", "-tf")])
@pytest.mark.parametrize("expected_size", [100, 1 << 32], ids=["zip", "zip64"])
def test_any_unzip_opens_it(tmp_path: Path, tool: str, option: str, expected_size: int) -> None:
    path = tmp_path / "day.zip"
    write_archive(path, "day.json", CHUNKS, others, CREATED, expected_size)
    subprocess.run([program(tool), option, str(path)], check=True, capture_output=True)
