"""Runs that are killed at any moment: in the end every event is on the server exactly once."""

import json
import os
import random
import subprocess
import zipfile
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.e2e.conftest import Program
from tests.servers import Server

KILLS = int(os.environ.get("ATX_KILLS", "12"))
EVENTS_A_DAY = 6000
FIRST_DAY = date(2001, 1, 1)  # so many days are needed before today
OWN = "Audit Trails Export"


def record_day(program: Program, day: int, dice: random.Random) -> set[str]:
    """Record a day of events that hardly compress: an archive of some MB."""
    lines, ids = [], set()
    for number in range(EVENTS_A_DAY):
        event = {
            "id": f"{day}-{number}",
            "createdAt": f"{FIRST_DAY + timedelta(days=day)}T{number % 24:02}:00:00Z",
            "entityType": "Device",
            "entityName": f"d{number}",
            "actionType": "Update",
            "after": dice.randbytes(250).hex(),
        }
        ids.add(event["id"])
        lines.append(json.dumps(event))
    program.run("record", stdin="\n".join(lines).encode())
    return ids


def delivered_ids(folder: Path) -> Counter[str]:
    found: Counter[str] = Counter()
    for path in folder.glob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            (name,) = set(archive.namelist()) - {"manifest.json"}
            found.update(e["id"] for e in json.loads(archive.read(name)) if e["entityType"] != OWN)
    return found


@pytest.mark.timeout(300 + 10 * KILLS)
def test_a_run_may_be_killed_at_any_moment(program: Program, sshd: Server, exports: Path) -> None:
    dice = random.Random(4711)
    program.configure(sshd, exports.name)
    recorded: set[str] = set()
    killed = 0
    while killed < KILLS:
        if len(list(exports.glob("*.zip"))) * EVENTS_A_DAY >= len(recorded):
            for _ in range(3):
                recorded |= record_day(program, len(recorded) // EVENTS_A_DAY, dice)
        process = subprocess.Popen(
            program.command("run"), env=program.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            process.wait(dice.uniform(0.1, 1.0))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            killed += 1
    program.run("run")
    assert delivered_ids(exports) == Counter(recorded)
    program.run("verify", str(exports))
    assert [path.name for path in exports.iterdir() if path.suffix != ".zip"] == []
    assert program.json("status")["waiting"] == []
    outcomes = Counter(run["outcome"] for run in program.json("history", "--limit", "1000"))
    assert outcomes["interrupted"] > 0
