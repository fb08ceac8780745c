"""Archives of every version are checked as when they were made, and an upgrade goes on from there."""

import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from desktop_app.evidence.signers import read_signers
from desktop_app.evidence.verify import Asked, verify
from tests.installation import Installation

DATA = Path(__file__).parents[2] / "data"


@pytest.mark.parametrize("version", [1])
def test_archives_of_earlier_versions(version: int) -> None:
    result = verify([DATA / f"archives_version_{version}"])
    assert result.ok and result.notes == ()
    assert sum(archive.manifest.events for archive in result.archives if archive.manifest) == 6


def test_archives_of_version_2() -> None:
    """The key was rotated once, and lost once."""
    folder = DATA / "archives_version_2"
    signers = tuple(read_signers(folder / "allowed_signers_after_the_loss"))
    result = verify([folder], Asked(last=date(2026, 3, 31), signers=signers))
    assert result.ok and len(result.archives) == 6
    assert [note.split(":")[0] for note in result.notes] == [
        "The chain begins again with audit-trails-golden-2026-03-31.zip, because the key SHA256",
        "audit-trails-golden-2026-03-28.zip",
    ]
    before = tuple(read_signers(folder / "allowed_signers"))
    (problem,) = verify([folder], Asked(last=date(2026, 3, 31), signers=before)).problems
    assert "2026-03-31.zip is signed by" in problem


@pytest.fixture
def upgraded(tmp_path: Path) -> Installation:
    """An installation that delivered unsigned archives up to the 30th, and signed ones since."""
    server = Path(shutil.copytree(DATA / "archives_version_1", tmp_path / "server"))
    (tmp_path / "home").mkdir()
    with closing(sqlite3.connect(tmp_path / "home" / "ledger.db")) as ledger:
        ledger.executescript((DATA / "ledger_version_3.sql").read_text())
    installation = Installation(tmp_path / "home", server, "golden", "Europe/Berlin", "2026-03-27")
    installation.run("2026-04-01T02:00:00", [("2026-03-31T08:00:00", "d1"), ("2026-03-27T08:30:00", "late")])
    installation.run("2026-04-02T02:00:00")
    return installation


def test_a_chain_goes_from_unsigned_to_signed(upgraded: Installation) -> None:
    result = verify([upgraded.server], Asked(last=date(2026, 4, 1)))
    assert result.ok and result.notes == ()
    (installation,) = result.installations
    chains = [each.manifest.chain for each in installation.archives if each.manifest]
    assert [chain and chain.number for chain in chains] == [None] * 5 + [1, 2, 3]
    assert result.left_open[0].startswith("5 archives are not signed")


@pytest.mark.parametrize(
    "dropped",
    ["2026-03-30", "2026-03-27-3", "2026-03-31", "2026-04-01"],
    ids=["last unsigned", "first signed", "amid the signed", "last"],
)
def test_a_hole_about_the_upgrade_is_found(upgraded: Installation, dropped: str) -> None:
    (upgraded.server / f"audit-trails-golden-{dropped}.zip").unlink()
    result = verify([upgraded.server], Asked(last=date(2026, 4, 1)))
    assert any(dropped in problem for problem in result.problems)
