"""Kill, cut, damage, lie and fill disks; then run as on other days, and count what is on the server.

    python3 dev.py torture [--kills N] [--cuts N] [--damages N] [--lies N] [--disks N] [--minutes M] [--seed S]

The whole program, in processes of its own, with events of many days, late ones, in JSON and in CEF. Every event
that was recorded must be on the server exactly once, as it was recorded, and every archive what its manifest says.
Needs root for OpenSSH's server and for small disks. What goes wrong is told, and its files are kept.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.torture.counts import Counts
from tests.torture.rounds import KINDS, Sizes, torture

MUST_BE_NONE = {
    "lost": "lost",
    "twice": "twice",
    "changed": "changed",
    "unreadable": "delivered unreadable",
    "tracebacks": "tracebacks",
    "hangs": "hangs",
    "unsettled": "not settled",
    "unverified": "not verified",
}


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="dev.py torture", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for kind in KINDS:
        parser.add_argument(f"--{kind.name}", type=int, default=kind.full, metavar="N", help=f"({kind.full})")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 16), help="of what is drawn at random")
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="installations at a time (one a core)"
    )
    parser.add_argument("--minutes", type=float, default=float("inf"), help="begin nothing after so long")
    given = parser.parse_args()
    sizes: Sizes = {kind.name: getattr(given, kind.name) for kind in KINDS}
    folder = Path(tempfile.mkdtemp(prefix="atx-torture-"))
    began = time.monotonic()
    say(f"seed {given.seed}, in {folder}")
    counts = torture(folder, sizes, given.seed, given.jobs, say, began + given.minutes * 60)
    say(table(counts))
    say(f"{time.monotonic() - began:.0f} seconds")
    wrong = any(each.findings for each in counts.values())
    if not wrong:
        folder.rmdir()
    return int(wrong)


def table(counts: dict[str, Counts]) -> str:
    """One line a kind, and the sum in a sentence."""
    total = Counts()
    for each in counts.values():
        total += each
    columns = ["troubles", "processes", "archives", "events", *MUST_BE_NONE]
    lines = ["".join([f"{'':10}", *(f"{name:>12}" for name in columns)])]
    for name, each in {**counts, "all": total}.items():
        lines.append("".join([f"{name:10}", *(f"{getattr(each, column):12,}" for column in columns)]))
    done = ", ".join(f"{each.troubles:,} {name}" for name, each in counts.items())
    lines.append(
        f"{done}: " + ", ".join(f"{getattr(total, name):,} {word}" for name, word in MUST_BE_NONE.items())
    )
    return "\n".join(lines)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
