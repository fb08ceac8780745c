"""Many installations export at the same moment to one server path."""

import json
import os
import shutil
import subprocess
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from tests.e2e.conftest import Program
from tests.servers import Server, openssh

INSTALLATIONS = int(os.environ.get("ATX_INSTALLATIONS", "6"))
EVENTS = 20
TRY_LATER = 75


def record(program: Program, number: int) -> Counter[str]:
    ids = [f"{number}-{each}" for each in range(EVENTS)]
    lines = [
        f'{{"id":"{each}","createdAt":"2001-01-01T08:00:00Z","entityType":"T","entityName":"N","actionType":"A"}}'
        for each in ids
    ]
    program.run("record", stdin="\n".join(lines).encode())
    return Counter(ids)


def run_all(programs: list[Program]) -> None:
    """Run all at once, and those again that are to try later."""
    waiting, rounds = programs, 0
    while waiting:
        processes = [
            subprocess.Popen(
                program.command("run"),
                env=program.environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
            for program in waiting
        ]
        errors = [process.communicate()[1].decode() for process in processes]
        codes = [process.returncode for process in processes]
        assert set(codes) <= {0, TRY_LATER}, errors
        waiting = [program for program, code in zip(waiting, codes, strict=True) if code]
        rounds += 1
        assert rounds < 5, errors


def clones(program: Program, count: int) -> list[Program]:
    """Copies of an installation, as computers have them that were made of one image."""
    others = [Program(program.home.with_name(f"clone{number}")) for number in range(count - 1)]
    for other in others:
        shutil.copytree(program.home, other.home)
    return [program, *others]


def delivered_ids(folder: Path) -> Counter[str]:
    found: Counter[str] = Counter()
    for path in folder.glob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            events = json.loads(archive.read(f"{path.stem}.json"))
        found.update(event["id"] for event in events if event["entityType"] == "T")
    return found


def require_all_once(programs: list[Program], folder: Path) -> None:
    """Record with each, run all at once, and look at what is there in the end."""
    recorded: Counter[str] = Counter()
    for number, program in enumerate(programs):
        recorded += record(program, number)
    run_all(programs)
    assert delivered_ids(folder) == recorded
    assert [path.name for path in folder.iterdir() if path.suffix != ".zip"] == []


@pytest.mark.timeout(120 + 30 * INSTALLATIONS)
def test_clones_of_one_name_lose_and_repeat_nothing(program: Program, sshd: Server, served: Path) -> None:
    program.configure(sshd, served.name)
    require_all_once(clones(program, INSTALLATIONS), served)


@pytest.mark.timeout(120 + 60 * INSTALLATIONS)
def test_many_names_come_through_to_a_server_that_turns_some_away(tmp_path: Path, program: Program) -> None:
    with openssh(tmp_path / "sshd", "MaxStartups 10:30:100") as server:
        program.configure(server)
        programs = clones(program, INSTALLATIONS)
        for number, each in enumerate(programs):
            config = each.home / "config.toml"
            config.write_text(config.read_text().replace('instance = "ws"', f'instance = "ws-{number}"'))
        require_all_once(programs, server.folder)
        names = {path.name for path in server.folder.glob("*.zip")}
        assert all(f"audit-trails-ws-{number}-2001-01-01.zip" in names for number in range(INSTALLATIONS))
