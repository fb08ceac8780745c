"""One run at a time; none where files can't be locked."""

import errno
import os
from pathlib import Path
from unittest.mock import Mock

import pytest

from desktop_app.errors import ExitCode, LocalDiskError
from desktop_app.export.ledger import StartedBy, open_ledger
from desktop_app.export.run_lock import AlreadyRunning, is_running, run_lock
from desktop_app.settings.paths import Paths
from tests.windows_gaps import needs


def test_who_holds_the_lock_is_told(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path, tmp_path)
    with open_ledger(paths.ledger) as ledger:
        assert is_running(paths) is False and not paths.run_lock.exists()
        with run_lock(paths, ledger):
            assert is_running(paths) is True
            with pytest.raises(AlreadyRunning, match=r"^Another export of this configuration is running"):
                run_lock(paths, ledger).__enter__()
            ledger.begin_run(StartedBy.SCHEDULE, 4711, 1_000)
            with pytest.raises(AlreadyRunning, match=r"process 4711, started 19.* by the daily task") as caught:
                run_lock(paths, ledger).__enter__()
            assert caught.value.exit_code == ExitCode.TRY_LATER
        assert is_running(paths) is False
        with run_lock(paths, ledger):  # nor does looking at it hold it
            pass


@needs("file locks")
@pytest.mark.parametrize("why", [errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOLCK])
def test_a_file_system_without_locks_is_told(tmp_path: Path, why: int, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    monkeypatch.setattr(fcntl, "flock", Mock(side_effect=OSError(why, os.strerror(why))))
    paths = Paths(tmp_path, tmp_path, tmp_path)
    with open_ledger(paths.ledger) as ledger, pytest.raises(LocalDiskError) as caught, run_lock(paths, ledger):
        pass
    assert os.strerror(why) in caught.value.message
    assert not is_running(paths)


@needs("file locks")
def test_what_was_done_stays_where_the_lock_can_not_be_released(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    import fcntl

    paths, flock, done = Paths(tmp_path, tmp_path, tmp_path), fcntl.flock, []

    def lose(handle: int, what: int) -> None:
        if what == fcntl.LOCK_UN:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        flock(handle, what)

    monkeypatch.setattr(fcntl, "flock", lose)
    with open_ledger(paths.ledger) as ledger, run_lock(paths, ledger):
        done.append("run")
    assert done == ["run"]
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert str(paths.run_lock) in caplog.text


@needs("file locks")
def test_who_looks_whether_there_is_a_run_need_not_release_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    paths, flock = Paths(tmp_path, tmp_path, tmp_path), fcntl.flock

    def lose(handle: int, what: int) -> None:
        if what == fcntl.LOCK_UN:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        flock(handle, what)

    paths.run_lock.touch()
    monkeypatch.setattr(fcntl, "flock", lose)
    assert is_running(paths) is False
