"""Ready configurations, as they come from elsewhere."""

from pathlib import Path

import pytest

from tests.e2e.conftest import Program


@pytest.fixture
def ready(program: Program, tmp_path: Path) -> Path:
    """A file to import, for a program that has settings already."""
    file = tmp_path / "ready.toml"
    file.write_text("version = 2\n[server]\nhost = 'before'\n", encoding="utf-8")
    program.run("config", "import", str(file))
    return file


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no settings in it"),
        (b"# nothing but a remark\n", "no settings in it"),
        (b"version = 2\n[server]\nhosts = 'sftp.example.com'\n", "no settings in it"),
        (b"version = 2\nenabled = true\n[server]\nuser = 'audit'\n", "still missing: server, server path"),
        (b"[server\nhost = 'x'\n", "line 1"),
        (b"<html>404</html>", "line 1"),
        (b"version = 2\n[schedule]\nat = '2 am'\n", "no time of day"),
    ],
)
def test_what_cannot_be_a_configuration_changes_nothing(
    program: Program, ready: Path, content: bytes, told: str
) -> None:
    before = (program.home / "config.toml").read_bytes()
    ready.write_bytes(content)
    assert told in program.errors("config", "import", str(ready), code=78)
    assert (program.home / "config.toml").read_bytes() == before


def test_keys_of_a_newer_program_are_kept_and_told(program: Program, ready: Path) -> None:
    ready.write_text("version = 2\n[server]\nhost = 'x'\nspeed = 9\n[tape]\nslot = 1\n", encoding="utf-8")
    told = program.errors("config", "import", str(ready))
    assert "not known to this version: server.speed, tape.slot." in told
    assert "speed = 9" in (program.home / "config.toml").read_text(encoding="utf-8")


def test_what_one_computer_prints_another_takes(program: Program, tmp_path: Path) -> None:
    program.run("config", "set", "server.host=sftp.example.com", "server.hmac=hmac-sha2-512")
    program.run("source", "add", "app", "--path", "/logs", "--field", "createdAt=a,b", "--field", "id=c")
    file = tmp_path / "ready.toml"
    file.write_text(program.run("config", "export"), encoding="utf-8")
    other = Program(tmp_path / "other")
    other.run("config", "import", str(file))
    assert other.json("config", "show") == program.json("config", "show")
