"""A source is changed by the options that add one."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from desktop_app.cli.main import program
from desktop_app.settings.effective import load_settings
from desktop_app.settings.model import FolderSource
from desktop_app.settings.paths import find_paths


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AUDIT_TRAILS_HOME", str(tmp_path / "home"))
    place = tmp_path / "records"
    place.mkdir()
    (place / "a.jsonl").write_text('{"when": "2026-11-03T08:59:26", "what": "Open", "n": "x"}\n', encoding="utf-8")
    fields = ["createdAt=when", "entityType=what", "entityName=n", "actionType=what"]
    given = [f"--field={each}" for each in fields]
    run("add", "hr", "--path", str(place), "--follow-links", "--zone", "UTC", *given, code=0)
    return place


def run(*argv: str, code: int) -> Result:
    done = CliRunner().invoke(program, ["source", *argv], prog_name="audit-trails-export")
    assert done.exit_code == code, done.output
    return done


def source() -> FolderSource:
    (only,) = load_settings(find_paths()).sources
    assert isinstance(only, FolderSource)
    return only


def test_what_is_named_changes_and_nothing_else(folder: Path) -> None:
    before = source()
    run("change", "hr", "--zone", "Europe/Berlin", "--no-follow-links", code=0)
    after = source()
    assert (after.zone, after.follow_links) == ("Europe/Berlin", False)
    assert (after.fields, after.path, after.pattern) == (before.fields, str(folder), before.pattern)
    run("change", "hr", "--zone", "", code=0)
    assert source().zone == ""


def test_fields_come_and_go() -> None:
    run("change", "hr", "--field", "actor=n", "--no-field", "entityName", code=0)
    assert source().fields == {"createdAt": "when", "entityType": "what", "actionType": "what", "actor": "n"}
    refused = run("change", "hr", "--no-field", "actr", code=2)
    assert "Did you mean actor?" in refused.output
    assert "actor" in source().fields


def test_what_can_not_be_right_changes_nothing() -> None:
    before = source()
    run("change", "hr", "--host", "sftp.example.com", code=2)
    run("change", "hr", code=2)
    for given in (["--zone", "Mars/Base"], ["--path", ""]):
        refused = CliRunner().invoke(program, ["source", "change", "hr", *given])
        assert refused.exit_code != 0
    missing = CliRunner().invoke(program, ["source", "change", "hrr", "--zone", "UTC"])
    assert "Did you mean hr?" in f"{getattr(missing.exception, 'hint', '')}"
    assert source() == before


def test_what_the_change_makes_of_the_records_is_told() -> None:
    told = run("change", "hr", "--field", "createdAt=nothing", code=0).output
    assert "Set aside would be" in told
