"""A folder for a while: gone with who needed it, also where that was killed."""

import errno
import os
import time
from pathlib import Path

import pytest

from desktop_app.errors import LocalDiskError
from desktop_app.work_folder import work_folder

DAY_S = 86_400


def left(folder: Path, name: str, age_s: float) -> Path:
    """What a process that was killed has left so long ago."""
    path = folder / name
    path.mkdir()
    (path / "audit-trails-ws-2026-03-01.zip").write_bytes(b"many bytes")
    os.utime(path, (then := time.time() - age_s, then))
    return path


def test_it_is_there_while_it_is_needed(tmp_path: Path) -> None:
    with work_folder(tmp_path / "data", "verify") as folder:
        assert folder.parent == tmp_path / "data" and folder.name.startswith("verify-")
        (folder / "archive").write_bytes(b"x")
    assert list((tmp_path / "data").iterdir()) == []
    with pytest.raises(KeyError), work_folder(tmp_path / "data", "verify") as folder:
        raise KeyError
    assert not folder.exists()


def test_what_a_kill_left_is_removed_by_the_next(tmp_path: Path) -> None:
    """By whatever needs such a folder next; not what another process may be at work in, or what is somebody's."""
    old = [left(tmp_path, f"{purpose}-abcd_123", DAY_S + 60) for purpose in ("verify", "fetch", "task")]
    kept = [
        left(tmp_path, "verify-abcd_124", DAY_S - 60),
        left(tmp_path, "verify-of-march", 9 * DAY_S),
        left(tmp_path, "outbox", 9 * DAY_S),
    ]
    with work_folder(tmp_path, "fetch"):
        assert [each.exists() for each in old] == [False] * 3
    assert sorted(tmp_path.iterdir()) == sorted(kept)
    assert all(list(each.iterdir()) for each in kept)


def test_a_folder_that_can_not_be_made_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("tempfile.mkdtemp", full)
    with pytest.raises(LocalDiskError, match=r"can't be made \(No space left"), work_folder(tmp_path, "verify"):
        pass
