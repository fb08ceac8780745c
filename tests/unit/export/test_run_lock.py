"""One run at a time; none where files can't be locked."""

import errno
import os
from pathlib import Path
from unittest.mock import Mock

import pytest

from desktop_app.errors import LocalDiskError
from desktop_app.export.ledger import open_ledger
from desktop_app.export.run_lock import is_running, run_lock
from desktop_app.settings.paths import Paths
from tests.windows_gaps import needs


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
