"""A backfill of many days: the room it takes, how fast it is beside a run, and by the workers of a cluster."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.benchmarks.events import CLOUDTRAIL, write_events
from tests.benchmarks.measuring import Row, Spent, best, run, tell
from tests.clusters import dask
from tests.e2e.conftest import Program
from tests.servers import Server

LAST = datetime(2026, 11, 21, tzinfo=UTC).date()
FLAT_TARGET, CORE_TARGET, WORKERS_TARGET = 1.3, 0.7, 1.5


class Fill:
    """A source of so many days, a file each, and installations that read it."""

    def __init__(self, folder: Path, server: Server, days: int, count: int) -> None:
        self.folder, self.server, self.days = folder, server, days
        self.a_day = count // days
        self.trails = folder / "trails"
        self.trails.mkdir(parents=True)
        for back in range(days):
            file = self.trails / f"{LAST - timedelta(days=back)}.jsonl"
            write_events(file, CLOUDTRAIL, self.a_day, back=back)

    def installation(self, name: str, days: int) -> Program:
        """One that has read nothing yet of the last so many days, and a server that has nothing of it."""
        home = self.folder / name
        shutil.rmtree(home, ignore_errors=True)
        for left in self.server.folder.glob("audit-trails-*"):
            left.unlink()
        program = Program(home)
        program.configure(self.server)
        program.run("config", "set", "export.timezone=UTC", "store.keep_days=1")
        read = self.folder / f"{name}-{days}"
        read.mkdir(exist_ok=True)
        for file in sorted(self.trails.iterdir())[-days:]:
            (read / file.name).unlink(missing_ok=True)
            (read / file.name).hardlink_to(file)
        program.run("source", "add", "trails", "--path", str(read), "--pattern", "*.jsonl")
        return program

    def backfill(self, days: int, *options: str) -> tuple[Spent, int]:
        """The last so many days; what was spent, and the most bytes that the installation had on disk."""
        program = self.installation("filled", days)
        first = (LAST - timedelta(days=days - 1)).isoformat()
        asked = ("--source", "trails", "--from", first, "--to", LAST.isoformat(), *options)
        with most_bytes(program.home) as most:
            spent = run(program.command("backfill", *asked), program.environment)
        assert len(list(self.server.folder.glob("audit-trails-*.zip"))) == days
        return spent, most()

    def run(self, days: int) -> Spent:
        """The same by a run, which has room for all of them."""
        program = self.installation("nightly", days)
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


def measure_backfill(folder: Path, server: Server, days: int, count: int) -> None:
    """Memory and disk of all days and of a third of them, and the rate per core beside a run of these."""
    fill, few = Fill(folder / "backfill", server, days, count), max(1, days // 3)
    some, some_bytes = fill.backfill(few)
    all_, all_bytes = fill.backfill(days)
    nightly = fill.run(few)
    what = f"backfill of {days} days x {fill.a_day:,} events"
    flat = all_.megabytes / some.megabytes
    reached = f"{all_.megabytes} MB, of {few} days {some.megabytes} MB"
    tell(Row(f"{what}, memory", reached, f"{FLAT_TARGET} x", flat <= FLAT_TARGET))
    reached = f"{all_bytes >> 20:,} MB, of {few} days {some_bytes >> 20:,} MB"
    tell(Row(f"{what}, disk", reached, f"{FLAT_TARGET} x", all_bytes <= FLAT_TARGET * some_bytes))
    rate, run_rate = fill.a_day * days / all_.cpu_seconds, fill.a_day * few / nightly.cpu_seconds
    reached = f"{rate / run_rate:.2f} x ({rate:,.0f} to {run_rate:,.0f} events/s, {all_.seconds:,.0f} s in all)"
    tell(Row(f"{what}, per core: run", reached, f"{CORE_TARGET} x", rate >= CORE_TARGET * run_rate))
    shutil.rmtree(fill.folder)


def measure_cluster(folder: Path, server: Server, days: int, count: int, rounds: int) -> None:
    """1 and 2 workers beside one process; what this computer itself does of an archive."""
    fill = Fill(folder / "cluster", server, days, count)
    pieces = fill.folder / "pieces"
    pieces.mkdir()

    def by(workers: int) -> Spent:
        with dask(fill.folder / f"dask-{workers}", workers) as cluster:
            return fill.backfill(days, "--cluster", cluster.address, "--pieces", str(pieces))[0]

    alone, one, two = best(rounds, lambda: fill.backfill(days)[0], lambda: by(1), lambda: by(2))
    what = f"{days} days x {fill.a_day:,} events"
    tell(Row(f"backfill of {what}", f"{alone.seconds:.1f} s, processor {alone.cpu_seconds:.1f} s"))
    for workers, spent in ((1, one), (2, two)):
        reached = f"{alone.seconds / spent.seconds:.2f} x of one process ({spent.seconds:.1f} s)"
        here = f"{spent.cpu_seconds / days:.3f} s of processor time here for each archive"
        tell(Row(f"by {workers} workers", f"{reached}, {here}"))
    tell(
        Row("2 workers beside 1", f"{one.seconds / two.seconds:.2f} x", f"{WORKERS_TARGET} x",
            one.seconds >= WORKERS_TARGET * two.seconds)
    )  # fmt: skip
    shutil.rmtree(fill.folder)
