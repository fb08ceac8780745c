"""Run all benchmarks, or some, and print what was reached beside the targets; nothing here passes or fails.

python3 dev.py bench [--events N] [--days N] [--rounds N] [record export transfer memory start window …]
"""

import argparse
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

from tests.benchmarks.backfill import measure_backfill, measure_cluster
from tests.benchmarks.database import measure_database
from tests.benchmarks.events import CLOUDTRAIL, SMALL, write_events, write_plain_store
from tests.benchmarks.measuring import Row, Spent, best, run, tell
from tests.benchmarks.peers import admins_script, openssh_sftp, sqlite_zip_sftp
from tests.benchmarks.service import measure_service
from tests.benchmarks.window import measure_window
from tests.e2e.conftest import Program
from tests.servers import Server, answers, free_port, openssh, wait_until
from tests.ten_years import ARCHIVES, begin_ten_years_ago

SLOW_LINK = Path(__file__).parents[1] / "tools" / "slow-link"
FILE_MB = 200
SIZES = (10_000, 100_000, 1_000_000)
JSON_TARGET, CEF_TARGET, RECORD_TARGET = 18, 12, 100_000
DIRECT_TARGET, SLOW_TARGET = 1, 4.5
PAGE_TARGET, SCROLL_TARGET, VERIFY_TARGET = 0.5, 2, 300
HITS_TARGET, SEARCH_TARGET = 0.1, 1
YEARS_SHARE = 3.3  # of the events of a benchmark
MEMORY_TARGET, IDLE_TARGET, OLD_TARGET, VERSION_TARGET = 80, 0.35, 0.2, 0.12


def parse_arguments(given: list[str]) -> argparse.Namespace:
    """`what`, `events`, `days` (of a backfill) and `rounds`; no names mean all benchmarks. Exits where an
    argument is wrong."""
    parser = argparse.ArgumentParser(
        prog="dev.py bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    # Not with `choices`: Python 3.11 looks for the empty list among them when no name is given.
    parser.add_argument("what", nargs="*", type=_known, metavar="WHAT")
    parser.add_argument("--events", type=int, default=500_000)
    parser.add_argument("--days", type=int, default=30, help="over which those of a backfill are spread")
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args(given)


def _known(name: str) -> str:
    if name not in BENCHMARKS:
        raise argparse.ArgumentTypeError(f"{name} is none of {', '.join(BENCHMARKS)}")
    return name


def main() -> None:
    arguments = parse_arguments(sys.argv[1:])
    folder = Path(tempfile.mkdtemp(prefix="atx-bench-"))
    try:
        with openssh(folder / "sshd") as server:
            bench = Bench(folder, server, arguments.events, arguments.rounds, arguments.days)
            tell(Row("", f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", "target"))
            for name in arguments.what or BENCHMARKS:
                BENCHMARKS[name](bench)
    finally:
        shutil.rmtree(folder)


class Bench:
    """What the benchmarks share: a folder, a server, an installation with events in its store."""

    def __init__(self, folder: Path, server: Server, count: int, rounds: int, days: int = 1) -> None:
        self.folder, self.server, self.count, self.rounds, self.days = folder, server, count, rounds, days
        self._recorded: dict[tuple[str, int], Program] = {}
        self.kinds = [CLOUDTRAIL, SMALL]

    def events(self, kind: str, count: int) -> Path:
        """A file of `count` events of a kind."""
        path = self.folder / f"{kind}-{count}.jsonl"
        if not path.exists():
            write_events(path, kind, count)
        return path

    def installation(self, name: str, port: int | None = None) -> Program:
        """A configured installation without events."""
        program = Program(self.folder / name)
        program.configure(self.server, port=port)
        return program

    def recorded(self, kind: str, count: int) -> Program:
        """An installation whose store has `count` events of a kind, none of them exported."""
        if (kind, count) not in self._recorded:
            program = self._recorded[kind, count] = self.installation(f"home-{kind}-{count}")
            ours(program, "record", str(self.events(kind, count)))
        return self._recorded[kind, count]

    def plain_store(self, kind: str, count: int) -> Path:
        """The same events in a database as others would have them: a row each, its line as it is."""
        path = self.folder / f"plain-{kind}-{count}.db"
        if not path.exists():
            write_plain_store(path, self.recorded(kind, count).home / "trails.db")
        return path

    def export(self, kind: str, count: int, format_: str) -> Spent:
        """One run that delivers all events, as if none had run before."""
        program = self.recorded(kind, count)
        program.run("config", "set", f"export.format={format_}")
        store, kept = program.home / "trails.db", self.folder / f"kept-{kind}-{count}.db"
        if not kept.exists():
            shutil.copyfile(store, kept)
        databases = (*program.home.glob("ledger.db*"), *program.home.glob("trails.db*"))
        for left in (
            *databases,
            *self.server.folder.glob("audit-trails-*"),
        ):  # the store knows of deliveries as well
            left.unlink()
        shutil.copyfile(kept, store)
        spent = ours(program, "run")
        assert len(list(self.server.folder.glob("audit-trails-*.zip"))) >= 1
        return spent


def ours(program: Program, *arguments: str) -> Spent:
    return run(program.command(*arguments), program.environment)


def bench_start(bench: Bench) -> None:
    idle = bench.installation("idle")
    version, nothing = best(10, lambda: ours(idle, "--version"), lambda: ours(idle, "run"))
    seconds = version.seconds
    tell(Row("--version", f"{seconds:.2f} s", f"{VERSION_TARGET} s", seconds <= VERSION_TARGET))
    seconds = nothing.seconds
    tell(Row("run with nothing due", f"{seconds:.2f} s", f"{IDLE_TARGET} s", seconds <= IDLE_TARGET))
    old = bench.installation("old")
    begin_ten_years_ago(old.home, datetime.now(UTC).date() - timedelta(days=1))
    new, later, status = best(
        10, lambda: ours(idle, "status"), lambda: ours(old, "run"), lambda: ours(old, "status")
    )
    seconds = later.seconds
    tell(Row(f"the same, {ARCHIVES:,} archives", f"{seconds:.2f} s", f"{OLD_TARGET} s", seconds <= OLD_TARGET))
    share = status.seconds / new.seconds
    tell(Row("status then, beside a new ledger", f"{share:.1f} x", "1.2 x", share <= 1.2))


def bench_record(bench: Bench) -> None:
    for kind in bench.kinds:
        record_events(bench, kind)


def record_events(bench: Bench, kind: str) -> None:
    events = bench.events(kind, bench.count)
    program = bench.installation(f"record-{kind}")

    def record() -> Spent:
        for left in program.home.glob("trails.db*"):
            left.unlink()
        return ours(program, "record", str(events))

    (spent,) = best(bench.rounds, record)
    rate = bench.count / spent.seconds
    busy = bench.count / spent.cpu_seconds
    least = bench.count / max(spent.rounds)
    rates = f"{rate:,.0f} events/s ({least:,.0f} at least; {busy:,.0f} a second of processor time)"
    reached = f"{rates}, {spent.megabytes} MB"
    tell(Row(f"record, {kind}", reached, f"{RECORD_TARGET:,} events/s", rate >= RECORD_TARGET))


def bench_export(bench: Bench) -> None:
    for kind in bench.kinds:
        store = bench.recorded(kind, bench.count).home / "trails.db"
        size, plain = (path.stat().st_size >> 20 for path in (store, bench.plain_store(kind, bench.count)))
        tell(Row(f"{bench.count:,} events, {kind}", f"{size:,} MB of store, {plain:,} MB with a row each"))
        compare_with_script(bench, kind, "json", JSON_TARGET)
        compare_with_script(bench, kind, "cef", CEF_TARGET)
        compare_with_pipe(bench, kind)


def compare_with_pipe(bench: Bench, kind: str) -> None:
    store = bench.plain_store(kind, bench.count)
    mine, pipe = best(
        bench.rounds,
        lambda: bench.export(kind, bench.count, "json"),
        lambda: sqlite_zip_sftp(store, bench.server, bench.folder),
    )
    tell(Row("JSON, store to server: sqlite3 | zip | sftp", compared(mine, pipe, bench.count, "events")))


def compare_with_script(bench: Bench, kind: str, format_: str, target: float) -> None:
    store = bench.plain_store(kind, bench.count)
    mine, script = best(
        bench.rounds,
        lambda: bench.export(kind, bench.count, format_),
        lambda: admins_script(store, bench.server, format_, bench.folder),
    )
    what = f"{format_.upper()}, store to server: admin's script"
    reached = compared(mine, script, bench.count, "events")
    tell(Row(what, reached, f"{target} x", script.seconds >= target * mine.seconds))


def compared(mine: Spent, peer: Spent, amount: int, unit: str) -> str:
    """How many times as fast we are as the peer, from round to round, in processor time, and at what rates."""
    rates = f"{amount / mine.seconds:,.0f} to {amount / peer.seconds:,.0f} {unit}/s"
    ratios = [theirs / ours for ours, theirs in zip(mine.rounds, peer.rounds, strict=True)]
    times = f"{peer.seconds / mine.seconds:.1f} x ({min(ratios):.1f} to {max(ratios):.1f})"
    return f"{times}, processor {peer.cpu_seconds / mine.cpu_seconds:.1f} x ({rates})"


def bench_transfer(bench: Bench) -> None:
    file = bench.folder / "transfer.zip"
    file.write_bytes(secrets.token_bytes(FILE_MB << 20))
    compare_transfer(bench, file, "direct", bench.server.port, DIRECT_TARGET)
    with slow_link(bench.server.port, round_trip_ms=100) as port:
        compare_transfer(bench, file, "100 ms round trip", port, SLOW_TARGET)
    file.unlink()


def compare_transfer(bench: Bench, file: Path, line: str, port: int, target: float) -> None:
    program = bench.installation(f"transfer-{port}", port)
    module = [sys.executable, "-m", "tests.benchmarks.our_transfer", str(file), "ours.zip"]
    mine, peer = best(
        bench.rounds,
        lambda: run(module, program.environment),
        lambda: openssh_sftp(bench.server, port, file, bench.folder),
    )
    for name in ("ours.zip", "peer.zip"):
        assert (bench.server.folder / name).stat().st_size == file.stat().st_size
    reached = compared(mine, peer, FILE_MB, "MB")
    ok = peer.seconds >= target * mine.seconds
    tell(Row(f"transfer, {line}: OpenSSH sftp", reached, f"{target} x", ok))


@contextmanager
def slow_link(port: int, round_trip_ms: int) -> Iterator[int]:
    """A port that leads to `port` over a line with a delay."""
    slow = free_port()
    link = subprocess.Popen([sys.executable, SLOW_LINK, str(slow), str(port), "--delay", str(round_trip_ms / 2)])
    try:
        wait_until(lambda: answers(slow), "slow-link")
        yield slow
    finally:
        link.terminate()
        link.wait()


def bench_verify(bench: Bench) -> None:
    """An archive as it was delivered."""
    kind = bench.kinds[0]
    bench.export(kind, bench.count, "json")
    compare_verify(bench, bench.recorded(kind, bench.count), kind)


def bench_year(bench: Bench) -> None:
    """365 archives, with 2 GB in all where there are as many events as by default."""
    for left in bench.server.folder.glob("audit-trails-*"):
        left.unlink()
    events = bench.folder / "year.jsonl"
    write_events(events, CLOUDTRAIL, int(bench.count * YEARS_SHARE), days=365)
    program = bench.installation("year")
    ours(program, "record", str(events))
    events.unlink()
    ours(program, "run")
    compare_verify(bench, program, "365 days")


def compare_verify(bench: Bench, program: Program, what: str) -> None:
    """Verify what is on the server; the peer unpacks it and takes the SHA-256, and looks at nothing else."""
    archives = sorted(bench.server.folder.glob("audit-trails-*.zip"))
    script = "".join(f"unzip -p {path} {path.stem}.json | sha256sum;" for path in archives)
    mine, peer = best(
        bench.rounds,
        lambda: ours(program, "verify", "--to", "2000-01-01", *map(str, archives)),
        lambda: run(["sh", "-c", script]),
    )
    megabytes = sum(unpacked_size(path) for path in archives) // 1_000_000
    rate = megabytes / mine.seconds
    reached = f"{compared(mine, peer, megabytes, 'MB')}, {mine.megabytes} MB of memory"
    tell(Row(f"verify, {what}: unzip and sha256sum", reached, f"{VERIFY_TARGET} MB/s", rate >= VERIFY_TARGET))


def unpacked_size(archive: Path) -> int:
    """The bytes of all files in an archive."""
    with ZipFile(archive) as file:
        return sum(info.file_size for info in file.infolist())


def bench_memory(bench: Bench) -> None:
    kind = bench.kinds[0]
    for format_ in ("json", "cef"):
        for count in SIZES:
            most = bench.export(kind, count, format_).megabytes
            what = f"memory, {count:,} events as {format_.upper()}, {kind}"
            tell(Row(what, f"{most} MB", f"{MEMORY_TARGET} MB", most <= MEMORY_TARGET))


def bench_pages(bench: Bench) -> None:
    """The page Audit trails over a small and over a large store."""
    small, large = (page_costs(bench.recorded(SMALL, count), bench.rounds) for count in (SIZES[0], SIZES[-1]))
    seconds, events = large["first_rows"], f"{SIZES[-1]:,} events"
    tell(Row(f"page of {events}, first rows", f"{seconds:.2f} s", f"{PAGE_TARGET} s", seconds <= PAGE_TARGET))
    for what in ("step", "jump"):
        ratio = large[what] / small[what]
        reached = f"{ratio:.1f} x that of {SIZES[0]:,} ({1000 * large[what]:.1f} ms)"
        tell(
            Row(f"page of {events}, {what} when scrolling", reached, f"{SCROLL_TARGET} x", ratio <= SCROLL_TARGET)
        )
    seconds = large["first_hits"]
    ok = seconds <= HITS_TARGET
    tell(Row(f"search in {events}, first hits", f"{seconds:.2f} s", f"{HITS_TARGET} s", ok))
    store = bench.plain_store(SMALL, SIZES[-1])
    query = "SELECT seq FROM events WHERE CAST(line AS TEXT) LIKE '%cfg-123%'"
    (peer,) = best(1, lambda: run(["sqlite3", str(store), query]))
    ratio = peer.seconds / large["searched"]
    reached = f"{ratio:.1f} x ({large['searched']:.1f} s)"
    tell(Row(f"search in {events}, all: sqlite3 LIKE", reached, f"{SEARCH_TARGET} x", ratio >= SEARCH_TARGET))


def page_costs(program: Program, rounds: int) -> dict[str, float]:
    """The best of some rounds, each in a process of its own: seconds by what was measured."""
    command = [sys.executable, "-m", "tests.benchmarks.our_pages", str(program.home)]
    printed = (subprocess.run(command, check=True, capture_output=True).stdout for _ in range(rounds))
    costs: list[dict[str, float]] = list(map(json.loads, printed))
    return {what: min(each[what] for each in costs) for what in costs[0]}


BENCHMARKS: dict[str, Callable[[Bench], None]] = {
    "start": bench_start,
    "record": bench_record,
    "export": bench_export,
    "transfer": bench_transfer,
    "verify": bench_verify,
    "year": bench_year,
    "memory": bench_memory,
    "window": lambda bench: measure_window(bench.rounds),
    "pages": bench_pages,
    "database": lambda bench: measure_database(bench.folder, bench.count, bench.rounds),
    "backfill": lambda bench: measure_backfill(bench.folder, bench.server, bench.days, bench.count),
    "cluster": lambda bench: measure_cluster(bench.folder, bench.server, bench.days, bench.count, bench.rounds),
    "service": lambda bench: measure_service(bench.folder, bench.count, bench.rounds),
}

if __name__ == "__main__":
    main()
