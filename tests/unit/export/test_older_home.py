"""Store and ledger were put back together: what the server has under a name tells what was delivered then."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.installation import Installation

DAY = [(f"2026-03-02T{hour:02}:00:00", f"2026-03-02-{hour}") for hour in (8, 9)]
LATE = ("2026-03-02T10:00:00", "late")
NAME = "audit-trails-ws-2026-03-02.zip"


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """Two days were delivered; of the second, nobody here knows any more."""
    installation = Installation(tmp_path / "home", tmp_path / "server")
    installation.days(1, 1)
    shutil.copytree(tmp_path / "home", tmp_path / "copy")
    installation.days(2, 2)
    shutil.rmtree(tmp_path / "home")
    shutil.copytree(tmp_path / "copy", tmp_path / "home")
    return installation


def ids(server: Path) -> dict[str, list[str]]:
    """The ids of the events in each archive of the second day."""
    found = {}
    for path in sorted(server.glob("*2026-03-02*.zip")):
        with zipfile.ZipFile(path) as archive:
            found[path.name] = [event["id"] for event in json.loads(archive.read(archive.namelist()[0]))]
    return found


def test_what_the_server_has_is_not_delivered_again(
    installation: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    assert installation.run("2026-03-03T05:00:00", DAY) == []
    assert ids(installation.server) == {NAME: [name for _, name in DAY]}
    assert f"{NAME} was delivered before, with 2 events" in caplog.messages
    assert not list(installation.paths.outbox.glob("*.zip"))
    assert installation.run("2026-03-03T06:00:00") == []


def test_what_it_does_not_hold_gets_the_next_archive(installation: Installation) -> None:
    (made,) = installation.run("2026-03-03T05:00:00", [*DAY, LATE])
    assert (made.events, made.number) == (1, 2)
    assert ids(installation.server) == {
        NAME: [name for _, name in DAY],
        "audit-trails-ws-2026-03-02-2.zip": ["late"],
    }


def test_a_name_that_others_took_is_left_to_them(installation: Installation) -> None:
    """They have other events, or what is there is no archive at all."""
    for content in ((installation.server / "audit-trails-ws-2026-03-01.zip").read_bytes(), b"no archive"):
        (installation.server / NAME).write_bytes(content)
        (made,) = installation.run("2026-03-03T05:00:00", DAY)
        assert (made.events, made.number) == (2, 2)
        assert (installation.server / NAME).read_bytes() == content
        (installation.server / made.name).unlink()
        shutil.rmtree(installation.paths.data)
        shutil.copytree(installation.paths.data.with_name("copy"), installation.paths.data)
