"""Real database servers on loopback, each in a folder of its own, for tests."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers import free_port, program, wait_until

READER, PASSWORD = "reader", "s3cret: ä@/"
"""Who may read, and do nothing else."""


@dataclass(frozen=True)
class Database:
    """A running server: its kind, where it is, its folder, and what does a statement as its administrator."""

    kind: str
    port: int
    folder: Path
    execute: Callable[[str], str]
    restart: Callable[[], None]

    @property
    def url(self) -> str:
        return f"{self.kind}://{READER}@127.0.0.1:{self.port}/audit"


@contextmanager
def postgresql(*settings: str) -> Iterator[Database]:
    """PostgreSQL with a database `audit`; `settings` are as in postgresql.conf."""
    if sys.platform == "win32":
        pytest.skip("PostgreSQL's programs are Linux's")
    binaries = _binaries_of_postgresql()
    with _folder_of("postgres") as (folder, options):
        port, data, word = free_port(), folder / "data", folder / "password"
        word.write_text(PASSWORD, encoding="utf-8")
        owner = ("--auth=scram-sha-256", "--username=postgres", f"--pwfile={word}", "--encoding=UTF8", "--no-sync")
        subprocess.run([binaries / "initdb", "-D", data, *owner], check=True, capture_output=True, **options)
        server = [binaries / "postgres", "-D", data, "-k", folder, "-p", str(port), "-F"]
        psql = [program("psql"), "-h", folder, "-p", str(port), "-U", "postgres", "-qAt", "-v", "ON_ERROR_STOP=1"]
        env = {**os.environ, "PGPASSWORD": PASSWORD}

        def execute(statement: str, database: str = "audit") -> str:
            done = subprocess.run(
                [*psql, "-d", database], input=statement, env=env, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr
            return done.stdout

        def is_ready() -> bool:
            ask = [*psql, "-d", "postgres", "-c", "SELECT 1"]
            return subprocess.run(ask, env=env, capture_output=True, check=False).returncode == 0

        with _serving([*server, *(f"-c{each}" for each in settings)], is_ready, folder, options) as restart:
            execute("CREATE DATABASE audit", "postgres")
            execute(f"CREATE ROLE {READER} LOGIN PASSWORD '{PASSWORD}'")
            execute(f"ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {READER}")
            yield Database("postgresql", port, folder, execute, restart)


@contextmanager
def mariadb() -> Iterator[Database]:
    """MariaDB with a database `audit`."""
    if sys.platform == "win32":
        pytest.skip("MariaDB's programs are Linux's here")
    binary, install = program("mariadbd"), program("mariadb-install-db")
    with _folder_of("mysql") as (folder, options):
        port, data, client = free_port(), folder / "data", folder / "socket"
        made = [install, "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal"]
        subprocess.run([*made, "--skip-test-db"], check=True, capture_output=True, **options)
        server = [binary, "--no-defaults", f"--datadir={data}", f"--socket={client}", f"--port={port}"]
        server += ["--bind-address=127.0.0.1", "--skip-name-resolve", f"--pid-file={folder / 'pid'}"]

        shell = [program("mariadb"), "--no-defaults", f"--socket={client}", "-uroot", "-N"]

        def execute(statement: str) -> str:
            done = subprocess.run(shell, input=statement, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            return done.stdout

        def is_ready() -> bool:
            return subprocess.run([*shell, "-e", "SELECT 1"], capture_output=True, check=False).returncode == 0

        with _serving(server, is_ready, folder, options) as restart:
            execute("CREATE DATABASE audit CHARACTER SET utf8mb4")
            execute(f"CREATE USER {READER}@'127.0.0.1' IDENTIFIED BY '{PASSWORD}'")
            execute(f"GRANT SELECT ON audit.* TO {READER}@'127.0.0.1'")
            yield Database("mariadb", port, folder, lambda statement: execute(f"USE audit; {statement}"), restart)


@contextmanager
def _folder_of(user: str) -> Iterator[tuple[Path, dict[str, object]]]:
    """A folder, and how a process is started that may not be root's: as the user whose it is."""
    folder = Path(tempfile.mkdtemp(prefix="atx-", dir="/var/tmp"))
    options: dict[str, object] = {}
    if os.geteuid() == 0:
        shutil.chown(folder, user, user)
        options = {"user": user, "group": user, "extra_groups": []}
    try:
        yield folder, {**options, "cwd": folder}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _serving(
    command: list[object], is_ready: Callable[[], bool], folder: Path, options: dict[str, object]
) -> Iterator[Callable[[], None]]:
    """A server that listens; what restarts it, as after a failure of power."""
    running: list[subprocess.Popen[bytes]] = []

    def start() -> None:
        with (folder / "log").open("ab") as log:
            running.append(subprocess.Popen(list(map(str, command)), stdout=log, stderr=log, **options))  # type: ignore[call-overload]
        wait_until(is_ready, f"{command[0]}: {(folder / 'log').read_text()[-2000:]}", 60)

    def restart() -> None:
        running[-1].kill()
        running[-1].wait()
        start()

    try:
        start()
        yield restart
    finally:
        running[-1].terminate()  # of PostgreSQL, the "smart" shutdown, which waits for those who are connected
        try:
            running[-1].wait(10)
        except subprocess.TimeoutExpired:
            running[-1].kill()
            running[-1].wait()


def _binaries_of_postgresql() -> Path:
    """Debian has them beside no other programs, by version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    return found[-1] if found else Path(program("postgres")).parent
