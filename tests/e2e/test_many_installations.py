"""Many installations export at the same moment to one server path."""

import os
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.e2e.conftest import Program
from tests.e2e.test_exactly_once import delivered_ids
from tests.servers import Server

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


@pytest.mark.timeout(120 + 20 * INSTALLATIONS)
def test_many_installations_of_one_name_lose_and_repeat_nothing(
    tmp_path: Path, sshd: Server, exports: Path
) -> None:
    programs = [Program(tmp_path / f"home{number}") for number in range(INSTALLATIONS)]
    recorded: Counter[str] = Counter()
    for number, program in enumerate(programs):
        program.configure(sshd, exports.name)
        recorded += record(program, number)
    run_all(programs)
    assert delivered_ids(exports) == recorded
    assert [path.name for path in exports.iterdir() if path.suffix != ".zip"] == []
