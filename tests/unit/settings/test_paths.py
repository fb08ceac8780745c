"""What is kept of audit events is for this user alone, also in a folder that others may read."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop_app import logs
from desktop_app.errors import LocalDiskError
from desktop_app.export.archive import Chunk, write_archive
from desktop_app.export.ledger import StartedBy, open_ledger
from desktop_app.export.run_lock import run_lock
from desktop_app.files import make_private_folder
from desktop_app.settings.paths import Paths, unsafe_places
from desktop_app.trails.store.store import open_store, open_store_to_read
from tests.windows_gaps import needs

pytestmark = needs("modes")


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
        ledger.begin_run(StartedBy.HAND, 1, 1)
        store.append([])
        for _ in range(3):
            logging.getLogger("desktop_app").info("done")
        write_archive(home / "day.zip", "day.json", [Chunk(b"[]")], lambda _: {}, datetime.now(UTC), 2)
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


def open_what_writes(paths: Paths, name: str) -> None:
    """Open what the file of that name is for."""
    if name.startswith("ledger"):
        open_ledger(paths.ledger)
    elif name.startswith("trails"):
        open_store(paths.store)
    else:
        with open_ledger(paths.ledger) as ledger, run_lock(paths, ledger):
            pass


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("name", ["ledger.db", "ledger.db-wal", "trails.db", "trails.db-shm", "run.lock"])
def test_a_link_is_refused_and_what_it_names_stays(home: Path, name: str, there: bool) -> None:
    elsewhere = home / "elsewhere"
    if there:
        elsewhere.write_bytes(b"precious")
        elsewhere.chmod(0o644)
    (home / name).symlink_to(elsewhere)
    with pytest.raises(LocalDiskError) as caught:
        open_what_writes(Paths(home, home, home), name)
    assert caught.value.message == f"{home / name} is a link; it must be a file."
    assert elsewhere.exists() == there
    if there:
        assert elsewhere.read_bytes() == b"precious" and elsewhere.stat().st_mode & 0o777 == 0o644


def test_a_store_that_is_a_link_is_not_read(home: Path) -> None:
    open_store(home / "elsewhere").db.close()
    (home / "trails.db").symlink_to(home / "elsewhere")
    with pytest.raises(LocalDiskError, match="is a link"):
        open_store_to_read(home / "trails.db")


def test_nothing_is_logged_through_a_link(home: Path) -> None:
    paths = Paths(home, home, home)
    (home / "elsewhere").write_bytes(b"precious")
    paths.log_file.symlink_to(home / "elsewhere")
    with logged(paths):
        logging.getLogger("desktop_app").warning("done")
    assert (home / "elsewhere").read_bytes() == b"precious"
    assert [str(each) for each in unsafe_places(paths)] == [f"{paths.log_file} is a link, so nothing is logged."]


def test_a_home_that_others_may_write_is_told(home: Path) -> None:
    paths = Paths(home, home, home)
    assert unsafe_places(paths) == []
    for mode in (0o757, 0o1777):
        home.chmod(mode)
        (told,) = unsafe_places(paths)
        assert str(home) in told
    home.chmod(0o750)
    assert unsafe_places(paths) == []


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can give a folder away")
def test_a_home_that_a_group_may_write_or_that_is_somebody_elses_is_told(home: Path) -> None:
    paths = Paths(home, home, home)
    os.chown(home, -1, 4242)
    home.chmod(0o770)
    assert len(unsafe_places(paths)) == 1
    home.chmod(0o700)
    os.chown(home, 4242, -1)
    assert len(unsafe_places(paths)) == 1


def test_parents_are_for_this_user_alone_also_where_no_umask_is_set(home: Path) -> None:
    os.umask(0)
    make_private_folder(home / "a" / "b" / "c")
    assert [folder.stat().st_mode & 0o777 for folder in (home / "a", home / "a/b", home / "a/b/c")] == [0o700] * 3


def test_a_folder_that_can_not_be_made_is_told(home: Path) -> None:
    (home / "file").touch()
    for folder in (home / "file", home / "file" / "folder"):
        with pytest.raises(LocalDiskError) as caught:
            make_private_folder(folder)
        assert str(folder) in caught.value.message and "Errno" not in caught.value.message
        with pytest.raises(LocalDiskError):
            open_ledger(folder / "ledger.db")
