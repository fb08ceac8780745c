"""What the command line tells of a source in which there is nothing to read."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from desktop_app.cli.main import program
from desktop_app.secrets import login_secret
from tests.stored import event

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command in an installation that is configured, whose server is never asked: nothing is due."""
    monkeypatch.setenv("AUDIT_TRAILS_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(login_secret, "login_secret", lambda *_: "")

    def invoke(*words: str) -> Result:
        done = CliRunner().invoke(program, words)
        assert done.exit_code == 0, (done.exception, done.stderr)
        return done

    invoke("config", "set", "server.host=127.0.0.1:9", "server.user=u", "server.path=/x")
    return invoke


def test_a_folder_without_a_file_that_matches(run: Run, folder: Path) -> None:
    told = f"Source s: there is nothing to read in {folder}."
    assert told in run("source", "add", "s", "--path", str(folder), "--pattern", "*.json").stderr
    assert told in run("source", "preview", "s").stderr
    assert told in run("run").stderr
    assert "s: nothing was read so far" in run("status").stdout
    (folder / "a.json").write_bytes(event(createdAt="2026-11-22T08:15:30Z"))
    assert told not in run("source", "preview", "s").stderr


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.ndjson", "a.log", "deep/a.csv.gz", "a.zip.zst"])
def test_all_that_the_help_promises_is_found_without_a_pattern(run: Run, folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(event() + b"\n")
    run("source", "add", "s", "--path", str(folder))
    assert "1 file; 1 event shown" in run("source", "preview", "s").stderr
