"""`fleet report` names who lacks a day and who has fallen silent."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from desktop_app.cli.fleet import command
from desktop_app.evidence.fleet import fleet
from tests.installation import Installation


def report(*options: str) -> Result:
    return CliRunner().invoke(command, ["report", *options])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for instance, days in {"fine": (1, 2, 3), "gap": (1, 3), "silent": (1,)}.items():
        for day in days:
            (tmp_path / f"audit-trails-{instance}-2026-03-{day:02}.zip").touch()
    (tmp_path / "audit-trails-gap-2026-03-03-2.zip").touch()
    (tmp_path / "audit-trails-gap-2026-02-30.zip").touch()  # no day
    (tmp_path / "notes.txt").touch()
    return tmp_path


def test_who_lacks_a_day_and_who_is_silent(folder: Path) -> None:
    done = report(str(folder), "--to", "2026-03-03")
    assert done.exit_code == 65
    _, gap, silent, last = done.output.splitlines()
    assert gap.split() == ["gap", "2026-03-01", "2026-03-03", "3", "2026-03-02", "1", "–"]
    assert silent.split() == ["silent", "2026-03-01", "2026-03-01", "1", "–", "0", "2", "days"]
    assert last == "Instances: 3; 1 lack nothing."
    assert "fine" in report(str(folder), "--to", "2026-03-03", "--all").output


def test_for_monitoring(folder: Path) -> None:
    document = json.loads(report(str(folder), "--to", "2026-03-03", "--json").stdout)
    assert document["ok"] is False
    assert document["instances"][1]["missing"] == ["2026-03-02"]
    for name in ("gap", "silent"):
        for file in folder.glob(f"audit-trails-{name}-*"):
            file.unlink()
    assert report(str(folder), "--to", "2026-03-03").exit_code == 0
    assert report(str(folder)).exit_code == 65  # nothing of yesterday


def test_deep_looks_into_the_archives(tmp_path: Path) -> None:
    first, *_ = Installation(tmp_path / "home", tmp_path / "server").days(1, 2)
    options = (str(tmp_path / "server"), "--to", "2026-03-02", "--deep")
    assert report(*options).exit_code == 0
    first.write_bytes(first.read_bytes()[:-1])
    done = report(*options)
    assert done.exit_code == 65 and "it is no .zip file, or a damaged one" in done.output
    assert report("--deep").exit_code == 2


def test_thousands_of_instances() -> None:
    begin = date(2026, 1, 1)
    days = [begin + timedelta(days=day) for day in range(30)]
    names = (f"audit-trails-ws-{number:04}-{day}.zip" for number in range(2000) for day in days)
    found = fleet(names, date(2026, 1, 30))
    assert len(found) == 2000 and all(each.ok for each in found)
