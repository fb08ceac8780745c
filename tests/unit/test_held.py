"""Files that another program holds: waited for a moment, then told as that."""

import errno
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from desktop_app import held
from desktop_app.errors import LocalDiskError
from desktop_app.export.ledger import open_ledger
from desktop_app.export.outgoing import discard
from desktop_app.files import file_sha256, read_bytes, read_text, write_atomically
from desktop_app.held import cure, is_held, patiently, reason
from desktop_app.logs import log_to_file
from desktop_app.settings.file import put_aside
from desktop_app.settings.paths import Paths
from desktop_app.trails.store.store import open_store
from desktop_app.wording import Said

Hold = Callable[[Path], AbstractContextManager[None]]
OTHERWISE = Said("Is it there?")


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held.time, "sleep", lambda _: None)


def test_what_is_held_for_a_moment_is_waited_for() -> None:
    tries: list[int] = []

    def do() -> str:
        tries.append(1)
        if len(tries) < 4:
            raise OSError(errno.EBUSY, "busy", "file")
        return "done"

    assert patiently(do) == "done"


def test_what_is_held_for_good_is_raised_and_told() -> None:
    def do() -> None:
        raise OSError(errno.ETXTBSY, "busy", "file")

    with pytest.raises(OSError, match="busy") as caught:
        patiently(do)
    assert reason(caught.value) == "it is in use by another program"
    assert "Close it there" in cure(caught.value, OTHERWISE)


def test_other_errors_are_not_waited_for_and_keep_their_words() -> None:
    tries: list[int] = []

    def do() -> None:
        tries.append(1)
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", r"C:\Users\anna\a.zip")

    with pytest.raises(FileNotFoundError) as caught:
        patiently(do)
    assert tries == [1]
    assert reason(caught.value) == "No such file or directory"
    assert cure(caught.value, OTHERWISE) == OTHERWISE
    assert reason(OSError("it is too large")) == "it is too large"
    assert reason(ValueError("no number")) == "no number"
    assert reason(OSError()) == "OSError"
    assert not is_held(ValueError())


windows = pytest.mark.skipif(
    sys.platform != "win32", reason="Linux lets others open, rename and delete an open file"
)


@pytest.fixture
def hold() -> Hold:
    """Hold a file as a virus scanner may: nobody else can open, rename or delete it."""

    @contextmanager
    def held_open(file: Path) -> Iterator[None]:
        assert sys.platform == "win32"
        import win32con
        import win32file

        handle = win32file.CreateFile(str(file), win32con.GENERIC_READ, 0, None, win32con.OPEN_EXISTING, 0, None)
        try:
            yield
        finally:
            handle.Close()

    return held_open


@windows
@pytest.mark.parametrize(
    "do",
    [read_text, read_bytes, lambda file: write_atomically(file, b"new"), put_aside],
    ids=["text", "bytes", "write", "rename"],
)
def test_a_held_file_is_told_as_in_use(tmp_path: Path, hold: Hold, do: Callable[[Path], object]) -> None:
    file = tmp_path / "config.toml"
    file.write_text("old", encoding="utf-8")
    with hold(file), pytest.raises(LocalDiskError) as caught:
        do(file)
    assert "in use by another program" in caught.value.message and "\\\\" not in caught.value.message
    assert "Close it there" in caught.value.hint
    assert [each.read_text(encoding="utf-8") for each in tmp_path.iterdir()] == ["old"]


@windows
def test_a_file_that_is_let_go_is_read(tmp_path: Path, hold: Hold, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(b"abc")
    holding = hold(file)
    holding.__enter__()
    monkeypatch.setattr(held.time, "sleep", lambda _: holding.__exit__(None, None, None))
    assert file_sha256(file).startswith("ba7816bf")


@windows
def test_a_file_that_is_let_go_before_windows_is_asked_who_holds_it_is_written(
    tmp_path: Path, hold: Hold, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "config.toml"
    file.write_text("old", encoding="utf-8")
    holding = hold(file)
    holding.__enter__()

    def ask(_: str) -> bool:
        holding.__exit__(None, None, None)
        return False

    monkeypatch.setattr(held, "_is_held_now", ask)
    write_atomically(file, b"new")
    assert file.read_bytes() == b"new"


@windows
def test_what_nobody_holds_and_windows_still_refuses_is_told(tmp_path: Path) -> None:
    tries: list[int] = []

    def do() -> None:
        tries.append(1)
        raise PermissionError(errno.EACCES, "Access denied", str(tmp_path / "config.toml"))

    with pytest.raises(PermissionError) as caught:
        patiently(do)
    assert len(tries) < 6
    assert reason(caught.value) == "Access denied"


@windows
@pytest.mark.parametrize("open_it", [open_store, open_ledger])
def test_a_held_database_is_told_as_in_use(tmp_path: Path, hold: Hold, open_it: Callable[[Path], object]) -> None:
    file = tmp_path / "some.db"
    open_it(file).close()  # type: ignore[attr-defined]
    with hold(file), pytest.raises(LocalDiskError) as caught:
        open_it(file)
    assert "in use by another program" in caught.value.message
    assert "Close it there" in caught.value.hint


@windows
def test_a_held_archive_stays_in_the_outbox_for_a_later_run(tmp_path: Path, hold: Hold) -> None:
    file = tmp_path / "a.zip"
    file.touch()
    with hold(file):
        discard(file)
        assert file.exists()
    discard(file)
    assert not file.exists()


def test_a_log_that_can_not_be_renamed_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows, where another process of ours has it open as well."""
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    level = root.level
    paths = Paths(tmp_path, tmp_path, tmp_path)
    try:
        log_to_file(paths)
        (handler,) = root.handlers
        monkeypatch.setattr(handler, "maxBytes", 100)

        def refuse(*_: object) -> None:
            raise PermissionError(errno.EACCES, "Permission denied")

        monkeypatch.setattr(handler, "rotate", refuse)
        for number in range(10):
            logging.getLogger("test").warning("line %d of a log that is full", number)
    finally:
        root.setLevel(level)
    handler.close()
    assert len(paths.log_file.read_text(encoding="utf-8").splitlines()) == 10
