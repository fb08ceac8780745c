"""An older copy of the store was put back: whatever it does not know of was delivered once, and is not again."""

import json
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.installation import Installation

EIGHT, NINE, LATE = (f"2026-03-02T{hour}:00:00" for hour in ("08", "09", "10"))


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """Two days were delivered, and the store of after the first is there again."""
    installation = Installation(tmp_path / "home", tmp_path / "server")
    installation.days(1, 1)
    with closing(sqlite3.connect(installation.paths.store)) as db:
        db.execute("VACUUM INTO ?", (str(tmp_path / "copy.db"),))
    installation.days(2, 2)
    for beside in installation.paths.data.glob("trails.db*"):
        beside.unlink()
    shutil.copy(tmp_path / "copy.db", installation.paths.store)
    return installation


def ids(server: Path, day: str = "2026-03-02") -> dict[str, list[str]]:
    """The ids of the events in each archive of a day, by its day and number."""
    found = {}
    for path in sorted(server.glob(f"*{day}*.zip")):
        with zipfile.ZipFile(path) as archive:
            events = json.loads(archive.read(archive.namelist()[0]))
            found[path.stem.removeprefix("audit-trails-ws-")] = [event["id"] for event in events]
    return found


def test_events_that_came_since_are_delivered_and_no_others(installation: Installation) -> None:
    late = [(EIGHT, "2026-03-02-8"), (LATE, "late"), (NINE, "2026-03-02-9")]  # two are collected once more
    installation.run("2026-03-04T02:00:00", late)
    assert ids(installation.server) == {
        "2026-03-02": ["2026-03-02-8", "2026-03-02-9"],
        "2026-03-02-2": ["late"],
    }


def test_each_day_that_is_not_known_is_looked_at(installation: Installation, tmp_path: Path) -> None:
    """Of the second nothing came since, of the third what it had and one more."""
    installation.days(3, 3)
    for beside in installation.paths.data.glob("trails.db*"):
        beside.unlink()
    shutil.copy(tmp_path / "copy.db", installation.paths.store)
    again = [(f"2026-03-03T{hour:02}:00:00", f"2026-03-03-{hour}") for hour in (8, 9)]
    installation.run("2026-03-04T02:00:00", [*again, ("2026-03-03T10:00:00", "late")])
    assert ids(installation.server, "2026-03-03") == {
        "2026-03-03": ["2026-03-03-8", "2026-03-03-9"],
        "2026-03-03-2": ["late"],
    }
    assert set(ids(installation.server)) == {"2026-03-02"}


def test_what_is_collected_once_more_after_much_else_is_not_delivered_again(installation: Installation) -> None:
    """It arrived with numbers that the older copy's archives never had."""
    late = [(f"2026-03-01T{hour:02}:00:00", f"late-{hour}") for hour in range(20)]
    again = [(EIGHT, "2026-03-02-8"), (NINE, "2026-03-02-9")]
    first, second = installation.run("2026-03-04T02:00:00", [*late, *again])
    assert [(each.day, each.events) for each in (first, second)] == [("2026-03-01", 20), ("2026-03-03", 0)]
    assert ids(installation.server) == {"2026-03-02": ["2026-03-02-8", "2026-03-02-9"]}


def test_it_is_settled_once(installation: Installation) -> None:
    installation.run("2026-03-04T02:00:00", [(LATE, "late")])
    for file in installation.server.glob("*2026-03-02*.zip"):
        file.unlink()  # so that who would look, would find nothing
    assert [each.day for each in installation.run("2026-03-05T02:00:00")] == ["2026-03-04"]


def test_where_the_archive_is_nowhere_to_be_found_its_events_are_delivered_again(
    installation: Installation,
) -> None:
    (installation.server / "audit-trails-ws-2026-03-02.zip").unlink()
    installation.run("2026-03-04T02:00:00", [(EIGHT, "2026-03-02-8"), (LATE, "late")])
    assert ids(installation.server) == {"2026-03-02-2": ["2026-03-02-8", "late"]}


def test_an_archive_that_somebody_changed_is_no_proof(installation: Installation) -> None:
    there = installation.server / "audit-trails-ws-2026-03-02.zip"
    there.write_bytes(there.read_bytes() + b"\0")
    installation.run("2026-03-04T02:00:00", [(EIGHT, "2026-03-02-8")])
    assert ids(installation.server)["2026-03-02-2"] == ["2026-03-02-8"]
