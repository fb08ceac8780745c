"""The lines for the auditor, before and after a key was made, rotated and lost."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from desktop_app.actions.signing_keys import rotate_key, signing_keys
from desktop_app.cli.sign import command
from desktop_app.evidence.signers import read_signers
from desktop_app.evidence.verify import Asked, verify
from tests.installation import Installation, ms


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(tmp_path / "home", tmp_path / "server")


def lines(installation: Installation) -> list[str]:
    return [signer.line for signer in signing_keys(installation.settings(), installation.paths, lambda: 0).signers]


def rotate(installation: Installation, at: str, lost: bool = False) -> None:
    rotate_key(installation.settings(), installation.paths, lost, lambda: ms(at) / 1000)


def test_a_key_is_made_to_be_shown_and_signs_then(installation: Installation) -> None:
    (line,) = lines(installation)
    assert line.startswith('ws namespaces="audit-trails",valid-after="19700101000000Z" ssh-ed25519 AAAA')
    installation.days(1, 1)
    assert lines(installation) == [line]


@pytest.mark.parametrize("lost", [False, True])
def test_what_is_shown_verifies_what_was_delivered(installation: Installation, tmp_path: Path, lost: bool) -> None:
    installation.days(1, 2)
    rotate(installation, "2026-03-03T12:00:00", lost)
    assert len(lines(installation)) == 2
    installation.days(3, 5)
    installation.instance = "renamed"
    installation.days(6, 7)
    rotate(installation, "2026-03-08T12:00:00")
    first, second, third = lines(installation)
    assert f'valid-before="2026030{3 if lost else 4}020000Z"' in first and "valid-before" not in second + third
    assert second.startswith("ws,renamed ") and third.startswith("renamed ")
    (tmp_path / "signers").write_text("\n".join((first, second)))
    signers = tuple(read_signers(tmp_path / "signers"))
    assert verify([installation.server], Asked(last=date(2026, 3, 7), signers=signers)).ok


def test_no_key_is_lost_by_mistake(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIT_TRAILS_HOME", str(installation.paths.data))
    installation.days(1, 1)
    before = lines(installation)
    assert CliRunner().invoke(command, ["rotate", "--lost"]).exit_code == 2
    assert lines(installation) == before
    assert CliRunner().invoke(command, ["rotate", "--lost", "--yes"]).exit_code == 0
    assert len(lines(installation)) == 2
