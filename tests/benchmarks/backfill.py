"""A backfill of 30 days: how much room it takes, how fast it is beside a run, and by the workers of a cluster."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from tests.benchmarks.events import CLOUDTRAIL, write_events
from tests.benchmarks.measuring import Row, Spent, best, run, tell
from tests.clusters import dask
from tests.e2e.conftest import Program
from tests.servers import Server

DAYS, FEW = 30, 10
LAST = datetime(2026, 11, 21, tzinfo=UTC).date()
FLAT_TARGET, CORE_TARGET, WORKERS_TARGET = 1.3, 0.7, 1.5
_DATE = slice(len('{"id":"') + 36 + len('","createdAt":"'), len('{"id":"') + 36 + len('","createdAt":"') + 10)


class Fill:
    """A source of so many days, a file each, and installations that read it."""

    def __init__(self, folder: Path, server: Server, count: int) -> None:
        self.folder, self.server, self.count = folder, server, count
        self.trails = folder / "trails"
        self.trails.mkdir(parents=True)
        whole = folder / "whole.jsonl"
        write_events(whole, CLOUDTRAIL, count, DAYS)
        with whole.open("rb") as lines:
            for day, those in groupby(lines, key=itemgetter(_DATE)):
                with (self.trails / f"{day.decode()}.jsonl").open("wb") as file:
                    file.writelines(those)
        whole.unlink()

    def installation(self, name: str) -> Program:
        """One that has read nothing yet, and a server that has nothing of it."""
        home = self.folder / name
        shutil.rmtree(home, ignore_errors=True)
        for left in self.server.folder.glob("audit-trails-*"):
            left.unlink()
        program = Program(home)
        program.configure(self.server)
        program.run("config", "set", "export.timezone=UTC", "store.keep_days=1")
        program.run("source", "add", "trails", "--path", str(self.trails), "--pattern", "*.jsonl")
        return program

    def backfill(self, days: int, *options: str) -> tuple[Spent, int]:
        """The last so many days; what was spent, and the most bytes that the installation had on disk."""
        program = self.installation("filled")
        first = (LAST - timedelta(days=days - 1)).isoformat()
        asked = ("--source", "trails", "--from", first, "--to", LAST.isoformat(), *options)
        with most_bytes(program.home) as most:
            spent = run(program.command("backfill", *asked), program.environment)
        assert len(list(self.server.folder.glob("audit-trails-*.zip"))) == days
        return spent, most()

    def run(self) -> Spent:
        """The same by a run."""
        program = self.installation("nightly")
        return run(program.command("run"), program.environment)


@contextmanager
def most_bytes(folder: Path) -> Iterator[Callable[[], int]]:
    """How large a folder is at most, looked at ten times a second."""
    most, ended = 0, threading.Event()

    def look() -> None:
        nonlocal most
        while not ended.wait(0.1):
            sizes = []
            for path in folder.rglob("*"):
                try:
                    sizes.append(path.stat().st_size)
                except OSError:  # it is gone by now
                    continue
            most = max(most, sum(sizes))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield lambda: most
    finally:
        ended.set()
        looking.join()


def measure_backfill(folder: Path, server: Server, count: int) -> None:
    """Memory and disk of 10 and of 30 days, and the rate per core beside a run."""
    fill = Fill(folder / "backfill", server, count)
    few, few_bytes = fill.backfill(FEW)
    all_, all_bytes = fill.backfill(DAYS)
    nightly = fill.run()
    what = f"backfill of {DAYS} days x {count // DAYS:,} events"
    flat = all_.megabytes / few.megabytes
    reached = f"{all_.megabytes} MB, of {FEW} days {few.megabytes} MB"
    tell(Row(f"{what}, memory", reached, f"{FLAT_TARGET} x", flat <= FLAT_TARGET))
    reached = f"{all_bytes >> 20:,} MB, of {FEW} days {few_bytes >> 20:,} MB"
    tell(Row(f"{what}, disk", reached, f"{FLAT_TARGET} x", all_bytes <= FLAT_TARGET * few_bytes))
    share = nightly.cpu_seconds / all_.cpu_seconds
    reached = f"{share:.2f} x ({count / all_.cpu_seconds:,.0f} to {count / nightly.cpu_seconds:,.0f} events/s)"
    tell(Row(f"{what}, per core: run", reached, f"{CORE_TARGET} x", share >= CORE_TARGET))
    shutil.rmtree(fill.folder)


def measure_cluster(folder: Path, server: Server, count: int, rounds: int) -> None:
    """1 and 2 workers beside one process; what this computer itself does of an archive."""
    fill = Fill(folder / "cluster", server, count)
    pieces = fill.folder / "pieces"
    pieces.mkdir()

    def by(workers: int) -> Spent:
        with dask(fill.folder / f"dask-{workers}", workers) as cluster:
            return fill.backfill(DAYS, "--cluster", cluster.address, "--pieces", str(pieces))[0]

    alone, one, two = best(rounds, lambda: fill.backfill(DAYS)[0], lambda: by(1), lambda: by(2))
    what = f"{DAYS} days x {count // DAYS:,} events"
    tell(Row(f"backfill of {what}", f"{alone.seconds:.1f} s, processor {alone.cpu_seconds:.1f} s"))
    for workers, spent in ((1, one), (2, two)):
        reached = f"{alone.seconds / spent.seconds:.2f} x of one process ({spent.seconds:.1f} s)"
        here = f"{spent.cpu_seconds / DAYS:.3f} s of processor time here for each archive"
        tell(Row(f"by {workers} workers", f"{reached}, {here}"))
    tell(
        Row("2 workers beside 1", f"{one.seconds / two.seconds:.2f} x", f"{WORKERS_TARGET} x",
            one.seconds >= WORKERS_TARGET * two.seconds)
    )  # fmt: skip
    shutil.rmtree(fill.folder)
