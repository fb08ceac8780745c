"""A warning looks like one, and makes no command a failure."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from desktop_app.actions.run import RunResult
from desktop_app.cli import run
from desktop_app.export.ledger import Outcome
from desktop_app.wording import Said
from tests.windows_gaps import needs


def test_a_warning_says_that_it_is_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AUDIT_TRAILS_HOME", str(tmp_path))
    result = RunResult(Outcome.DELIVERED, warnings=[Said("Something beside it."), Said("And another thing.")])
    monkeypatch.setattr(run, "run_once", lambda *_: result)
    done = CliRunner().invoke(run.command, [], color=True)
    assert done.exit_code == 0
    first, second = done.stderr.splitlines()
    assert first.startswith("\x1b[33mWarning:") and first.endswith("Something beside it.")
    assert "Warning:" in second
    assert CliRunner().invoke(run.command, []).stderr.splitlines()[0] == "Warning: Something beside it."


@needs("devices")
def test_lines_about_a_run_that_a_disk_does_not_take_make_no_failure_of_it(tmp_path: Path) -> None:
    """The exit code says whether the run went well; a document that is not whole is a failure, though."""
    code = """
from desktop_app.actions.run import RunResult
from desktop_app.cli import run
from desktop_app.cli.main import main
from desktop_app.export.ledger import Archive, Outcome
archive = Archive(
    instance="ws", day="2026-11-21", number=1, name="a.zip", format="json", timezone="UTC", start_ms=0, end_ms=10,
    upto_seq=7, events=3, bytes=100, sha256="ab", built_ms=1,
)
run.run_once = lambda *_: RunResult(Outcome.DELIVERED, [archive])
main()
"""
    for arguments, expected in (([], 0), (["--json"], 74)):
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                [sys.executable, "-c", code, "run", *arguments],
                stdout=full,
                stderr=subprocess.PIPE,
                env={**os.environ, "AUDIT_TRAILS_HOME": str(tmp_path)},
                check=False,
            )
        assert done.returncode == expected, done.stderr
        assert b"The output could not be written" in done.stderr
