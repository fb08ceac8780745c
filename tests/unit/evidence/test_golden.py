"""Archives of every version of the manifest are checked as when they were made."""

from pathlib import Path

import pytest

from desktop_app.evidence.verify import verify

DATA = Path(__file__).parents[2] / "data"


@pytest.mark.parametrize("version", [1])
def test_archives_of_earlier_versions(version: int) -> None:
    result = verify([DATA / f"archives_version_{version}"])
    assert result.ok and result.notes == []
    assert sum(archive.manifest.events for archive in result.archives if archive.manifest) == 6
