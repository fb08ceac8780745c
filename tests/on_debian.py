"""Runs tests in a clean Debian of another release, as somebody with a fresh checkout there would.

python -m tests.on_debian SUITE [PYTEST ARGUMENTS]    all but e2e and Wine's unless named
"""

import os
import shlex
import subprocess
import sys
from pathlib import Path

from dev import IN_TWO_PROCESSES
from tests.boxes import TOOL, debian

ROOT = Path(__file__).parents[1]
TESTS = ["tests/unit", "tests/integration", "tests/gui", "--ignore=tests/integration/test_wine_task_scheduler.py"]
NOT_OF_THE_CHECKOUT = (".venv", "build", "dist", "__pycache__", ".mypy_cache", ".ruff_cache")


def main(suite: str, arguments: list[str]) -> int:
    """Copy the checkout into a box, and run the README's two commands there; the exit code of the tests."""
    with debian("atx-tests", suite) as box:
        there = box.root / "root" / "checkout"
        there.mkdir()
        copy_checkout(there)
        box.sh("apt-get update -qq && apt-get install -qq --yes --no-install-recommends python3")
        box.sh("cd ~/checkout && python3 dev.py demo")
        tests = shlex.join([*IN_TWO_PROCESSES, *(arguments or TESTS)])
        ci = os.environ.get("CI", "")
        command = f"cd ~/checkout && CI={ci} python3 dev.py test {tests}"
        return subprocess.run([TOOL, "sh", box.name, command], check=False).returncode


def copy_checkout(folder: Path) -> None:
    """Copy what belongs to the checkout, without what is made in it."""
    excluded = [f"--exclude={name}" for name in NOT_OF_THE_CHECKOUT]
    with subprocess.Popen(
        ["tar", "--create", *excluded, "--directory", ROOT, "."], stdout=subprocess.PIPE
    ) as packed:
        subprocess.run(["tar", "--extract", "--directory", folder], stdin=packed.stdout, check=True)
    assert packed.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
