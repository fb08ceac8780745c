"""A config.toml that can't be read gives way to a new one, and is kept."""

from tests.e2e.conftest import Program


def test_put_aside(program: Program) -> None:
    program.home.mkdir()
    (program.home / "config.toml").write_text("version = [\n")
    program.run("config", "show", code=78)
    program.run("config", "start-over")
    (kept,) = program.home.glob("config.toml.*")
    assert kept.read_text() == "version = [\n"
    program.run("config", "set", "server.host=sftp.example.com")
    program.run("config", "start-over")
    program.run("config", "start-over", code=74)
