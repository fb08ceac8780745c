"""What the command line tells of folders that change, or can't be listed, while they are looked through."""

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from desktop_app.cli.main import program
from desktop_app.errors import UserError
from desktop_app.secrets import login_secret
from tests.stored import event
from tests.windows_gaps import needs

Run = Callable[..., tuple[int, str]]
COMMANDS = (("source", "add", "s", "--path", "{folder}"), ("source", "preview", "s"), ("run",), ("status",))
Look = Callable[[Path], object]
real_scandir = os.scandir


@pytest.fixture
def run(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("AUDIT_TRAILS_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(login_secret, "login_secret", lambda *_: "")
    for name in ("a", "b", "c"):
        (folder / name).mkdir()
        now = datetime.now(UTC).isoformat(timespec="milliseconds")  # of today: nothing is due
        (folder / name / "x.json").write_bytes(event(entityName=name, createdAt=now))

    def invoke(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(program, [word.format(folder=folder) for word in words])
        if isinstance(done.exception, UserError):
            return done.exception.exit_code, str(done.exception)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    assert invoke("config", "set", "server.host=127.0.0.1:9", "server.user=u", "server.path=/x")[0] == 0
    return invoke


def before(monkeypatch: pytest.MonkeyPatch, name: str, happens: Look) -> None:
    """Have something happen to the folder of that name right before it is listed."""

    def scandir(path: str) -> Any:
        if isinstance(path, str) and Path(path).name == name:
            happens(Path(path))
        return real_scandir(path)

    monkeypatch.setattr("desktop_app.sources.folder_tree.os.scandir", scandir)


def is_a_file_now(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
        path.write_bytes(b"")


@pytest.mark.parametrize("happens", [lambda path: shutil.rmtree(path, ignore_errors=True), is_a_file_now])
def test_a_folder_that_is_there_no_more_is_passed_over(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, happens: Look
) -> None:
    """The next listing sees what became of it."""
    before(monkeypatch, "b", happens)
    for command in COMMANDS:
        code, told = run(*command)
        assert (code, "can't be read" in told) == (0, False), (command, told)


@pytest.mark.parametrize("number", [errno.EACCES, errno.ESTALE, errno.EIO, errno.ETIMEDOUT])
def test_a_folder_that_can_not_be_listed_is_told(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def fail(path: Path) -> None:
        raise OSError(number, os.strerror(number), str(path))

    before(monkeypatch, "b", fail)
    for command, code in zip(COMMANDS, (0, 0, 74, 0), strict=True):
        found, told = run(*command)
        assert found == code, (command, told)
        assert str(folder / "b") in told and os.strerror(number) in told, (command, told)


@pytest.mark.parametrize("number", [errno.EACCES, errno.ESTALE, errno.ENOENT, errno.ENOTDIR])
def test_the_folder_itself_that_fails_amid_its_listing_is_told(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    class Failing:
        def __init__(self, entries: Iterator[os.DirEntry[str]]) -> None:
            self._entries = entries

        def __iter__(self) -> Iterator[os.DirEntry[str]]:
            yield next(self._entries)
            raise OSError(number, os.strerror(number))

    @contextmanager
    def scandir(path: str) -> Iterator[Any]:
        with real_scandir(path) as entries:
            yield Failing(entries) if Path(path) == folder else entries

    monkeypatch.setattr("desktop_app.sources.folder_tree.os.scandir", scandir)
    for command, code in zip(COMMANDS, (0, 74, 74, 0), strict=True):
        found, told = run(*command)
        assert found == code, (command, told)
        assert os.strerror(number) in told, (command, told)


@needs("links")
def test_links_that_lead_in_a_circle_hold_up_nothing(run: Run, folder: Path) -> None:
    (folder / "self").symlink_to("self")
    (folder / "one").symlink_to("two")
    (folder / "two").symlink_to("one")
    (folder / "above").symlink_to(folder, target_is_directory=True)
    for command in COMMANDS:
        assert run(*command)[0] == 0
