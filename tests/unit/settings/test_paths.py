"""What is kept of audit events is for this user alone, also in a folder that others may read."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop_app import logs
from desktop_app.export.archive import Chunk, write_archive
from desktop_app.export.ledger import open_ledger
from desktop_app.export.run_lock import run_lock
from desktop_app.settings.paths import Paths
from desktop_app.trails.store.store import open_store

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the system has no such modes")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A folder that everybody may read."""
    tmp_path.chmod(0o755)
    before = os.umask(0o022)
    yield tmp_path
    os.umask(before)


@contextmanager
def logged(paths: Paths) -> Iterator[None]:
    """The log as a program of its own has it."""
    root = logging.getLogger()
    level = root.level
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(logging, "raiseExceptions", True)
        patch.setattr(root, "handlers", [])
        logs.log_to_file(paths)
        try:
            yield
        finally:
            root.handlers[0].close()
            root.setLevel(level)


def use(home: Path) -> set[str]:
    """Do what writes files in a home; what is there meanwhile."""
    paths = Paths(home, home, home)
    with (
        logged(paths),
        open_ledger(paths.ledger) as ledger,
        open_store(paths.store) as store,
        run_lock(paths, ledger),
    ):
        ledger.begin_run("hand", 1, 1)
        store.append([])
        for _ in range(3):
            logging.getLogger("desktop_app").info("done")
        write_archive(home / "day.zip", "day.json", [Chunk(b"[]")], lambda _: b"", datetime.now(UTC), 2)
        assert not [file.name for file in home.iterdir() if file.stat().st_mode & 0o077]
        return {file.name for file in home.iterdir()}


def test_files_in_a_folder_that_others_may_read(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_MAX_BYTES", 10)  # each line begins another file
    log = "audit-trails-export.log"
    databases = {name + end for name in ("ledger.db", "trails.db") for end in ("", "-wal", "-shm")}
    assert use(home) >= {*databases, log, f"{log}.1", f"{log}.2", "run.lock", "day.zip"}


def test_files_of_an_earlier_version(home: Path) -> None:
    names = ("ledger.db", "trails.db", "audit-trails-export.log", "audit-trails-export.log.5", "run.lock")
    for name in names:
        (home / name).touch(mode=0o644)
    assert use(home) >= set(names)
