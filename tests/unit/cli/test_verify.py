"""`verify` on the command line: its options, its words and its exit codes."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from desktop_app.actions.signing_keys import signing_keys
from desktop_app.cli.verify import command
from tests.installation import Installation


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    made = Installation(tmp_path / "home", tmp_path / "server")
    made.days(1, 3)
    return made


def verify(installation: Installation, *options: str) -> Result:
    return CliRunner().invoke(command, [str(installation.server), *options])


def test_all_is_well(installation: Installation, tmp_path: Path) -> None:
    lines = signing_keys(installation.settings(), installation.paths).signers
    (tmp_path / "signers").write_text("\n".join(signer.line for signer in lines))
    done = verify(installation, "--to", "2026-03-03", "--signers", str(tmp_path / "signers"))
    assert done.exit_code == 0
    assert done.output.splitlines()[-1] == "3 archives: whole, and none is missing."
    assert (
        "audit-trails-ws-2026-03-02.zip: as archived, 2 events, number 2 of the chain, signed by SHA256:"
        in done.output
    )


def test_the_end_must_be_of_yesterday_unless_told(installation: Installation) -> None:
    before = datetime.now().date() - timedelta(days=1)
    done = verify(installation)
    assert done.exit_code == 65
    said = "The newest archive of ws is of 2026-03-03; missing: 2026-03-04 to {}."
    assert any(said.format(before + timedelta(days=passed)) in done.output for passed in (0, 1))


def test_a_day_before_the_export_was_on_need_not_be_there(tmp_path: Path) -> None:
    tomorrow = datetime.now().date() + timedelta(days=1)  # so that no midnight comes between
    of_before = Installation(tmp_path / "home", tmp_path / "server", since=str(tomorrow))
    of_before.days(1, 3)
    done = verify(of_before)
    assert (done.exit_code, "There is no archive of 2026-03-04 to" in done.output) == (0, True)
    assert verify(of_before, "--to", "2026-03-04").exit_code == 65


def test_a_document_for_scripts(installation: Installation) -> None:
    (installation.server / "audit-trails-ws-2026-03-02.zip").unlink()
    done = verify(installation, "--to", "2026-03-03", "--from", "2026-03-01", "--json")
    document = json.loads(done.stdout)
    assert done.exit_code == 65 and document["ok"] is False
    assert [each["number"] for each in document["archives"]] == [1, 3]
    assert document["problems"][0].startswith("audit-trails-ws-2026-03-02.zip is missing, number 2 of the chain")
    assert document["open"][0].startswith("Whose keys these are was not checked")


@pytest.mark.parametrize(("language", "title"), [("de", "Prüf"), ("ja", "監査"), ("en", "report for the auditor")])
def test_the_report_is_in_the_readers_language(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, title: str
) -> None:
    monkeypatch.setenv("AUDIT_TRAILS_LANG", language)
    assert verify(installation, "--to", "2026-03-03", "--report", str(tmp_path / "report.html")).exit_code == 0
    page = (tmp_path / "report.html").read_text("utf-8")
    assert f'<html lang="{language}">' in page and title in page
    verify(installation, "--to", "2026-03-03", "--report", str(tmp_path / "report.json"))
    assert "Whose keys these are was not checked" in (tmp_path / "report.json").read_text("utf-8")
