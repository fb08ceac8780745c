"""Change the program in small ways, drawn at random, and see whether the tests of the changed room notice.

    python3 dev.py mutants [N] [--room ROOM]... [--seed S] [--jobs N]

The changes are Cosmic Ray's, and one of ours. The runs are not: it draws no sample and has one test command for
all, and mutmut runs every test once before it begins. Each run here is made in a copy of the checkout, with the
tests of the mutant's room alone, up to the first that fails.
"""

import argparse
import difflib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

from tests.mutants.changes import Mutant, draw
from tests.mutants.rooms import ROOT, modules, nearest_first, own_tests, room_of

KILLED, SURVIVED, TIMED_OUT = "killed", "survived", "timed out"
NOT_COPIED = shutil.ignore_patterns(".*", "__pycache__", "build", "dist", "*.egg-info")
ALL_PASSED, A_TEST_FAILED = 0, 1


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="dev.py mutants", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("number", nargs="?", type=int, default=30, metavar="N", help="how many mutants (30)")
    parser.add_argument("--room", action="append", help="of this room alone, such as trails (repeatable)")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 16), help="to draw the same again")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many at a time (one a core)")
    given = parser.parse_args()
    those = [m for m in modules() if own_tests(room_of(m)) and lies_in(room_of(m), given.room)]
    if not those:
        parser.error(f"there is no room {', '.join(given.room)}")
    mutants = draw(those, given.number, random.Random(given.seed))
    say(f"{len(mutants)} mutants of {len(those)} modules, seed {given.seed}")
    with trees(given.jobs) as free, ThreadPoolExecutor(given.jobs) as pool:
        all_tests = {tests_of(mutant) for mutant in mutants}
        limits = dict(pool.map(lambda tests: (tests, time_limit(free, tests)), all_tests))
        fates = Counter(pool.map(lambda mutant: tell(free, mutant, limits[tests_of(mutant)]), mutants))
    noticed = fates[KILLED] + fates[TIMED_OUT]
    counts = ", ".join(f"{fates[fate]} {fate}" for fate in (KILLED, SURVIVED, TIMED_OUT))
    say(f"{counts}: {noticed / len(mutants):.0%} of {len(mutants)} were noticed")
    return 0


def tests_of(mutant: Mutant) -> tuple[str, ...]:
    """The paths of the tests of a mutant's room."""
    return tuple(own_tests(room_of(mutant.module)))


def lies_in(room: str, rooms: list[str] | None) -> bool:
    """Whether a room is one of those named, or within one; all are where none is named."""
    return rooms is None or any(f"{room}/".startswith(f"{each}/") for each in rooms)


@contextmanager
def trees(number: int) -> "Iterator[SimpleQueue[Path]]":
    """Copies of the checkout, to be taken and given back."""
    free: SimpleQueue[Path] = SimpleQueue()
    with tempfile.TemporaryDirectory(prefix="atx-mutants-") as folder:
        for each in range(number):
            free.put(Path(shutil.copytree(ROOT, Path(folder, str(each)), ignore=NOT_COPIED)))
        yield free


def time_limit(free: "SimpleQueue[Path]", tests: tuple[str, ...]) -> float:
    """The seconds that tests may take with a mutant. Without one they must pass."""
    tree = free.get()
    try:
        began = time.monotonic()
        code, output = run_tests(tree, tests, 1800)
        if code != ALL_PASSED:
            sys.exit(f"{', '.join(tests)}: they fail without a change:\n{output}")
        return 30 + 5 * (time.monotonic() - began)
    finally:
        free.put(tree)


def tell(free: "SimpleQueue[Path]", mutant: Mutant, limit: float) -> str:
    """Try one mutant; print it where it was not killed."""
    tree = free.get()
    file = tree / mutant.module
    sound = file.read_text(encoding="utf-8")
    try:
        changed = mutant.applied_to(sound)
        file.write_text(changed, encoding="utf-8")
        try:
            code, _ = run_tests(tree, nearest_first(mutant.module), limit)
            fate = SURVIVED if code == ALL_PASSED else KILLED
        except subprocess.TimeoutExpired:
            fate = TIMED_OUT
    finally:
        file.write_text(sound, encoding="utf-8")
        free.put(tree)
    if fate != KILLED:
        say(f"{fate}: {mutant.module}:{mutant.line}\n{_difference(sound, changed)}")
    return fate


def run_tests(tree: Path, tests: tuple[str, ...], limit: float) -> tuple[int, str]:
    """The exit code of tests in a tree, and what pytest said. Raises TimeoutExpired."""
    # The size and the second of a change may be those of the change before, which is all that a .pyc is told by.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(tree)}
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "--tb=line", *tests]
    process = subprocess.Popen(
        command,
        cwd=tree,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        _end(process)
        raise
    return process.returncode, output.decode(errors="replace")[-2000:]


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End pytest so that it still takes down the servers it has started; if it doesn't, end it for good."""
    process.terminate()
    try:
        process.communicate(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _difference(before: str, after: str) -> str:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return "\n".join(f"    {line}" for line in lines if not line.startswith(("---", "+++", "@@")))


if __name__ == "__main__":
    sys.exit(main())
