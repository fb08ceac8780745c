"""Servers that lack a right or an answer, or that lie: a test tells what a run then does, and does it as well."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from desktop_app.errors import ExitCode
from desktop_app.evidence.verify import verify
from desktop_app.export.ledger import Outcome
from desktop_app.sftp import upload
from desktop_app.sftp.connection import connect
from desktop_app.sftp.errors import NameTaken
from desktop_app.sftp.probe import ProbeReport, probe_connection
from desktop_app.sftp.steps import ignore_steps
from desktop_app.sftp.upload import put_archive
from tests.integration.exporter import Exporter, ids_in, names
from tests.servers import Server, asyncssh_server, openssh, served_folder, set_mode

ARCHIVE = "audit-trails-ws-2026-11-20.zip"


def report_of(exporter: Exporter) -> ProbeReport:
    server, known_hosts = exporter.settings.server, exporter.paths.known_hosts
    return probe_connection(server, lambda: exporter.password, known_hosts, None, ignore_steps)


@contextmanager
def drop_box(folder: Path) -> Iterator[Server]:
    """A folder that users may write to, but not list."""
    with openssh(folder) as server:
        (server.folder / "drop").mkdir()
        set_mode(server.folder / "drop", 0o1733)
        yield server


@contextmanager
def without_deletion(folder: Path) -> Iterator[Server]:
    with openssh(folder, "ForceCommand internal-sftp -P remove") as server:
        served_folder(server, "drop")
        yield server


@pytest.mark.parametrize(
    ("serve", "lacking"), [(drop_box, "may not list files"), (without_deletion, "may not delete files")]
)
def test_a_right_that_can_be_done_without(tmp_path: Path, serve: Any, lacking: str) -> None:
    with serve(tmp_path / "server") as server:
        exporter = Exporter(tmp_path / "client", server, "drop")
        report = report_of(exporter)
        assert report.error is None
        assert all(step.ok for step in report.steps) and len(report.steps) == 9
        (warning,) = report.warnings
        assert lacking in warning
        assert names(server.folder / "drop") == []
        exporter.record("2026-11-20", ["a"])
        assert exporter.run().error is None
        assert names(server.folder / "drop") == [ARCHIVE]
        assert ids_in(server.folder / "drop" / ARCHIVE) == ["a"]


class _TellsNoSize(asyncssh.SFTPServer):
    def stat(self, path: bytes) -> asyncssh.SFTPAttrs:
        found = super().stat(path)
        return asyncssh.SFTPAttrs(permissions=found.st_mode)  # type: ignore[union-attr]

    def lstat(self, path: bytes) -> asyncssh.SFTPAttrs:
        found = super().lstat(path)
        return asyncssh.SFTPAttrs(permissions=found.st_mode)  # type: ignore[union-attr]


class _TakesNoDots(asyncssh.SFTPServer):
    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        if path.rpartition(b"/")[2].startswith(b"."):
            raise asyncssh.SFTPPermissionDenied("no hidden files")
        return super().open(path, pflags, attrs)


@pytest.mark.parametrize("read_back_limit", [64 << 20, 0])
@pytest.mark.parametrize("sftp", [_TellsNoSize, _TakesNoDots])
def test_a_server_of_its_own_manners(
    tmp_path: Path, sftp: type[asyncssh.SFTPServer], read_back_limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload, "READ_BACK_LIMIT", read_back_limit)
    with asyncssh_server(tmp_path / "server", sftp) as server:
        exporter = Exporter(tmp_path / "client", server, "/")
        report = report_of(exporter)
        assert (report.error, report.warnings) == (None, [])
        assert names(server.folder) == []
        exporter.record("2026-11-20", ["a"])
        assert exporter.run().error is None
        assert names(server.folder) == [ARCHIVE]
        assert verify([server.folder]).ok


class _TakesHalf(_TellsNoSize):
    def write(self, file_obj: Any, offset: int, data: bytes) -> int:
        super().write(file_obj, offset, data[: len(data) // 2])
        return len(data)


class _TakesMore(_TellsNoSize):
    def write(self, file_obj: Any, offset: int, data: bytes) -> int:
        super().write(file_obj, offset, data + b"more")
        return len(data)


@pytest.mark.parametrize("read_back_limit", [64 << 20, 0])
@pytest.mark.parametrize("sftp", [_TakesHalf, _TakesMore])
def test_a_wrong_size_is_found_without_being_told(
    tmp_path: Path, sftp: type[asyncssh.SFTPServer], read_back_limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload, "READ_BACK_LIMIT", read_back_limit)
    with asyncssh_server(tmp_path / "server", sftp) as server:
        exporter = Exporter(tmp_path / "client", server, "/")
        report = report_of(exporter)
        assert report.error is not None and [step.name for step in report.steps if not step.ok] == ["write"]
        exporter.record("2026-11-20", ["a"])
        error = exporter.run().error
        assert error is not None and "not what was sent" in error.message
        assert names(server.folder) == []


class _RenamesNothing(asyncssh.SFTPServer):
    lies = True

    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        if not self.lies:
            super().rename(oldpath, newpath)


def test_a_rename_that_was_not_done_is_no_delivery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with asyncssh_server(tmp_path / "server", _RenamesNothing) as server:
        exporter = Exporter(tmp_path / "client", server, "/")
        report = report_of(exporter)
        assert report.error is not None and "but it did not" in report.error.message
        exporter.record("2026-11-20", ["a"])
        result = exporter.run()
        assert result.archives == []
        assert result.error is not None and result.error.exit_code == ExitCode.TRY_LATER
        assert names(server.folder) == []
        monkeypatch.setattr(_RenamesNothing, "lies", False)
        assert exporter.run().outcome is Outcome.DELIVERED
        assert ids_in(server.folder / ARCHIVE) == ["a"]


def _local(server: asyncssh.SFTPServer, path: bytes) -> Path:
    """Where a file of the server lies. What is C:/x on Windows, asyncssh has as /C:/x."""
    name = server.map_path(path).decode()
    return Path(name.removeprefix("/") if os.name == "nt" else name)


class _Copies(asyncssh.SFTPServer):
    """Renames by a copy, and leaves the old name."""

    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        shutil.copy(_local(self, oldpath), _local(self, newpath))


class _TakesAway(asyncssh.SFTPServer):
    """Moves at once what has its final name, as managed servers do."""

    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        super().rename(oldpath, newpath)
        if newpath.endswith(b".zip"):
            self.remove(newpath)


@pytest.mark.parametrize(("sftp", "left"), [(_Copies, [ARCHIVE]), (_TakesAway, [])])
def test_a_rename_that_was_done_in_another_way(
    tmp_path: Path, sftp: type[asyncssh.SFTPServer], left: list[str]
) -> None:
    with asyncssh_server(tmp_path / "server", sftp) as server:
        exporter = Exporter(tmp_path / "client", server, "/")
        exporter.record("2026-11-20", ["a"])
        assert exporter.run().outcome is Outcome.DELIVERED
        assert names(server.folder) == left


class _Occupied(asyncssh.SFTPServer):
    """Has no rename but the one that overwrites; somebody takes the name just before it."""

    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        if newpath.endswith(ARCHIVE.encode()):
            _local(self, newpath).write_bytes(b"somebody else's")
        raise asyncssh.SFTPOpUnsupported("no plain rename")


def test_a_rename_that_would_overwrite_is_used_for_a_free_name_alone(tmp_path: Path) -> None:
    with asyncssh_server(tmp_path / "server", _Occupied) as server:
        exporter = Exporter(tmp_path / "client", server, "/")
        exporter.record("2026-11-20", ["a"])
        (archive,) = exporter.run().archives
        assert (server.folder / ARCHIVE).read_bytes() == b"somebody else's"
        assert names(server.folder) == ["audit-trails-ws-2026-11-20-2.zip", ARCHIVE]
        assert ids_in(server.folder / archive.name) == ["a"]


@pytest.mark.parametrize(("taken", "same"), [(b"h" * 50 + b"tail", True), (b"h" * 50 + b"TAIL", False)])
def test_of_a_large_file_that_has_the_name_the_end_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: bytes, same: bool
) -> None:
    monkeypatch.setattr(upload, "READ_BACK_LIMIT", 10)
    monkeypatch.setattr(upload, "_TAIL", 20)
    local = tmp_path / "local"
    local.write_bytes(b"h" * 50 + b"tail")
    with asyncssh_server(tmp_path / "server") as server:
        exporter = Exporter(tmp_path / "client", server, "/")
        (server.folder / ARCHIVE).write_bytes(taken)
        known_hosts = exporter.paths.known_hosts
        with connect(exporter.settings.server, lambda: exporter.password, known_hosts) as connection:

            def put() -> None:
                put_archive(connection, local, ARCHIVE, "not looked at", "0" * 12, lambda count: None)

            if same:
                put()
            else:
                with pytest.raises(NameTaken):
                    put()
        assert names(server.folder) == [ARCHIVE]


class _CutsOnce(asyncssh.SFTPServer):
    """Cuts the connection with the first write of all."""

    cut = threading.Event()

    def write(self, file_obj: Any, offset: int, data: bytes) -> int:
        if not self.cut.is_set():
            self.cut.set()
            self.channel.get_connection().abort()
        return super().write(file_obj, offset, data)


def test_the_next_attempt_after_a_cut_succeeds(tmp_path: Path) -> None:
    _CutsOnce.cut.clear()
    with asyncssh_server(tmp_path / "server", _CutsOnce) as server:
        exporter = Exporter(tmp_path / "client", server, "/")
        exporter.record("2026-11-20", ["a"])
        assert exporter.run().outcome is Outcome.DELIVERED
        assert _CutsOnce.cut.is_set()
        assert names(server.folder) == [ARCHIVE]
        assert ids_in(server.folder / ARCHIVE) == ["a"]
