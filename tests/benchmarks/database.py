"""Reading a table of PostgreSQL into the store, beside `psql \\copy` into a file."""

import os
import shutil
import sys
from pathlib import Path

from tests.benchmarks.measuring import Row, Spent, best, run, tell
from tests.databases import PASSWORD, READER, postgresql

_FILL = """
CREATE TABLE log (id bigint PRIMARY KEY, at timestamptz, actor text, action text, object text, detail jsonb);
INSERT INTO log SELECT n, now() - ({count} - n) * interval '1 second', 'user' || n % 1000, 'update',
    'object' || n % 5000, jsonb_build_object('from', n, 'to', n + 1, 'why', repeat('x', 150))
    FROM generate_series(1, {count}) AS n;
CREATE INDEX ON log (at, id); ANALYZE log;
"""
ROWS_TARGET = 20_000


def measure_database(folder: Path, count: int, rounds: int) -> None:
    """Rows a second, and memory."""
    with postgresql() as server:
        server.execute(_FILL.format(count=count))
        store, copy = folder / "collected" / "trails.db", folder / "log.csv"

        def ours() -> Spent:
            shutil.rmtree(store.parent, ignore_errors=True)
            command = [sys.executable, "-m", "tests.benchmarks.our_collection", str(server.port), str(store)]
            return run(command, stdin=PASSWORD.encode())

        def peer() -> Spent:
            psql = ["psql", "-h", "127.0.0.1", "-p", str(server.port), "-U", READER, "-d", "audit", "-q"]
            return run([*psql, "-c", rf"\copy log TO '{copy}'"], {**os.environ, "PGPASSWORD": PASSWORD})

        mine, other = best(rounds, ours, peer)
    rate = count / mine.seconds
    reached = f"{rate:,.0f} rows/s, {other.seconds / mine.seconds:.2f} x; {mine.megabytes} MB of memory"
    tell(Row(rf"table of {count:,} rows: psql \copy", reached, f"{ROWS_TARGET:,} rows/s", rate >= ROWS_TARGET))
