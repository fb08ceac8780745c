"""`audit-trails-export fetch`, of archives that lie in the outbox: those need no server."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from desktop_app.cli.main import program
from desktop_app.errors import ExitCode, UserError
from tests.installation import Installation


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    made = Installation(tmp_path / "home", tmp_path / "server")
    made.days(1, 2)
    for archive in made.server.glob("*.zip"):
        shutil.copy(archive, made.paths.outbox)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "fetched"
    made.mkdir()
    return made


def fetch(installation: Installation, folder: Path, *arguments: str) -> Result:
    command = ["--home", str(installation.paths.data), "fetch", *arguments, "--to", str(folder)]
    return CliRunner().invoke(program, command)


def test_an_archive_is_fetched_by_its_name_or_its_day(installation: Installation, folder: Path) -> None:
    name = "audit-trails-ws-2026-03-02.zip"
    for asked in (name, "2026-03-02"):  # the second time it is there already
        result = fetch(installation, folder, asked)
        assert result.exit_code == 0, result.output
        assert f"{name}: as it was delivered." in result.output
    assert [file.name for file in folder.iterdir()] == [name]
    assert (folder / name).read_bytes() == (installation.server / name).read_bytes()
    (archive,) = json.loads(fetch(installation, folder, name, "--json").output)["archives"]
    assert archive["name"] == name


def test_another_file_is_not_overwritten(installation: Installation, folder: Path) -> None:
    file = folder / "audit-trails-ws-2026-03-01.zip"
    file.write_bytes(b"precious")
    result = fetch(installation, folder, "2026-03-01")
    assert isinstance(result.exception, UserError) and result.exception.exit_code is ExitCode.BAD_DATA
    assert "is there already" in result.exception.message
    assert file.read_bytes() == b"precious"


def test_an_archive_that_was_never_made_is_told(installation: Installation, folder: Path) -> None:
    result = fetch(installation, folder, "2026-03-03")
    assert isinstance(result.exception, UserError)
    assert "has made no archive 2026-03-03" in result.exception.message
    assert not list(folder.iterdir())
