"""Time and memory of processes, and the table of what was reached."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

# Installed programs have their modules compiled; with this they would not have them here.
_NOT_COMPILED = "PYTHONDONTWRITEBYTECODE"
_LOOKS_PER_SAMPLE = 5


@dataclass(frozen=True)
class Spent:
    """Seconds from start to end, those in which it kept a processor busy (which does not depend on what else
    runs on the machine), and the most memory (MB) that a process and its children had together: of what several
    of them share, each has its part. `rounds` are the seconds of each, where this is the best of several."""

    seconds: float
    cpu_seconds: float
    megabytes: int
    rounds: tuple[float, ...] = ()


@dataclass(frozen=True)
class Row:
    """A line of the table. `ok` is None where there is no target."""

    what: str
    reached: str
    target: str = ""
    ok: bool | None = None


def compiled(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment in which modules are compiled, as those of installed programs are."""
    return {name: value for name, value in environment.items() if name != _NOT_COMPILED}


def run(command: Sequence[str], environment: Mapping[str, str] = os.environ, stdin: bytes = b"") -> Spent:
    """Run a process to its end, which must be a good one."""
    os.sync()  # nobody pays for what was written before
    start = time.perf_counter()
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=compiled(environment),
    )
    assert process.stdin and process.stderr
    process.stdin.write(stdin)
    process.stdin.close()
    most, looks = 0, 0
    while (ended := os.wait4(process.pid, os.WNOHANG))[0] == 0:
        if looks % _LOOKS_PER_SAMPLE == 0:  # the system has to look at each of their pages
            most = max(most, _memory(process.pid))
        looks += 1
        time.sleep(0.01)
    seconds = time.perf_counter() - start
    _, status, usage = ended
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command}: {process.stderr.read().decode()}")
    return Spent(seconds, usage.ru_utime + usage.ru_stime, most // 1024)


def best(rounds: int, *actions: Callable[[], Spent]) -> list[Spent]:
    """The best of some rounds for each action; they take turns, since a machine is not always equally busy."""
    spent = [[action() for action in actions] for _ in range(rounds)]
    return [
        Spent(
            min(each.seconds for each in column),
            min(each.cpu_seconds for each in column),
            max(each.megabytes for each in column),
            tuple(each.seconds for each in column),
        )
        for column in zip(*spent, strict=True)
    ]


def tell(row: Row) -> Row:
    """Print a line of the table as soon as it is known."""
    mark = {True: "reached", False: "MISSED", None: ""}[row.ok]
    sys.stdout.write(f"{row.what:<52} {row.reached:<80}{row.target:<18}{mark}\n")
    sys.stdout.flush()
    return row


def _memory(pid: int) -> int:
    """The memory (KiB) of a process, and of all that it started: of each page its part, by how many have it."""
    total = 0
    with suppress(OSError):  # it has ended
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
        for thread in Path(f"/proc/{pid}/task").iterdir():
            total += sum(map(_memory, map(int, (thread / "children").read_text(encoding="ascii").split())))
    return total
