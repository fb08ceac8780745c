"""Whatever a server does, what was asked of it comes to an end, and that is told."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from desktop_app.sftp.connection import Connection, connect
from desktop_app.sftp.errors import ConnectionLost, TooSlow
from desktop_app.sftp.limits import DEFAULT_LIMITS, Limits
from desktop_app.sftp.probe import probe_connection
from desktop_app.sftp.upload import check_folder, put_archive
from tests.servers import Server, asyncssh_server, settings_for

# Long beside an answer on loopback, short beside the timeout of a test.
SOME = Limits(idle=5, deed=3, pace=100_000, listing=2)
MOMENT = 0.2


class Trickles(asyncssh.SFTPServer):
    """Tells of a folder without end, a name at a time."""

    async def scandir(self, path: bytes) -> AsyncIterator[asyncssh.SFTPName]:
        number = 0
        while True:
            await asyncio.sleep(MOMENT)
            number += 1
            yield asyncssh.SFTPName(f"{number}".encode(), attrs=asyncssh.SFTPAttrs())


class GivesLittle(asyncssh.SFTPServer):
    """Takes what is written, and gives a byte at a time."""

    async def read(self, file_obj: Any, offset: int, size: int) -> bytes:
        await asyncio.sleep(MOMENT)
        return super().read(file_obj, offset, 1)


class Silent(asyncssh.SFTPServer):
    """Answers all, and then no more."""

    async def rename(self, oldpath: bytes, newpath: bytes) -> None:
        await asyncio.sleep(600)


@contextmanager
def connected(
    folder: Path, sftp: type[asyncssh.SFTPServer], known_hosts: Path, limits: Limits = SOME
) -> Iterator[tuple[Server, Connection]]:
    with asyncssh_server(folder, sftp) as server:
        settings = settings_for(server, "/")
        key = probe_connection(settings, lambda: "", known_hosts, None, lambda _: None).host_key
        assert key is not None
        probe_connection(settings, lambda: "", known_hosts, key.fingerprint, lambda _: None)
        with connect(settings, lambda: server.password, known_hosts, limits=limits) as connection:
            yield server, connection


def test_a_folder_that_is_told_name_by_name_is_listed_for_a_while(
    tmp_path: Path, known_hosts: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("asyncssh.sftp._MAX_READDIR_NAMES", 1)
    with connected(tmp_path / "server", Trickles, known_hosts) as (_, connection):
        names = connection.sftp.entries("/", SOME.listing)
        assert names and len(names) <= 2 + SOME.listing / MOMENT
        assert "take too long" in caplog.text
        check_folder(connection)  # which is still of use


def test_a_file_that_comes_byte_by_byte_is_given_up_and_told(tmp_path: Path, known_hosts: Path) -> None:
    local = tmp_path / "a.zip"
    local.write_bytes(bytes(100_000))
    with connected(tmp_path / "server", GivesLittle, known_hosts) as (_, connection):
        with pytest.raises(TooSlow, match=r"after \d seconds there was no end"):
            put_archive(connection, local, "a.zip", "0" * 64, "token", lambda _: None)
        assert not connection.transport.is_active()


def test_a_file_has_the_time_that_its_size_takes(tmp_path: Path, known_hosts: Path) -> None:
    local = tmp_path / "a.zip"
    local.write_bytes(bytes(3_000_000))
    import hashlib

    class TakesItsTime(asyncssh.SFTPServer):
        async def write(self, file_obj: Any, offset: int, data: bytes) -> int:
            await asyncio.sleep(0.02)
            return super().write(file_obj, offset, data)

    quick = replace(SOME, deed=0.5, pace=100_000)
    with connected(tmp_path / "server", TakesItsTime, known_hosts, quick) as (server, connection):
        put_archive(
            connection, local, "a.zip", hashlib.sha256(local.read_bytes()).hexdigest(), "token", lambda _: None
        )
        assert (server.folder / "a.zip").stat().st_size == 3_000_000


def test_a_test_of_a_server_that_falls_silent_waits_once(tmp_path: Path, known_hosts: Path) -> None:
    limits = replace(DEFAULT_LIMITS, idle=2)
    with asyncssh_server(tmp_path / "server", Silent) as server:
        settings = settings_for(server, "/")
        key = probe_connection(settings, lambda: "", known_hosts, None, lambda _: None).host_key
        assert key is not None
        waits: list[float] = []
        began = time.monotonic()
        report = probe_connection(
            settings,
            lambda: server.password,
            known_hosts,
            key.fingerprint,
            lambda _: waits.append(time.monotonic() - began),
            limits,
        )
        ended = time.monotonic() - began
        assert isinstance(report.error, ConnectionLost)
        assert report.steps[-1].name == "rename" and not report.steps[-1].ok
        assert ended - waits[-1] < limits.idle  # nothing else was waited for
