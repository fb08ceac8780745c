"""What the server has is read back whole and in order, also from servers that answer in other ways."""

import random
import struct
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from paramiko import SSHException

from desktop_app.settings.address import parse_address
from desktop_app.sftp.channel import SftpChannel
from desktop_app.sftp.client import SftpClient
from desktop_app.sftp.connection import Connection, connect
from desktop_app.sftp.host_keys import pin
from desktop_app.sftp.limits import DEFAULT_LIMITS
from desktop_app.sftp.negotiation import close_transport, negotiate
from desktop_app.sftp.packets import Kind, text
from desktop_app.sftp.read_ahead import read_ahead
from desktop_app.sftp.steps import ignore_steps
from desktop_app.stop import Stop
from tests.servers import Server, asyncssh_server, openssh, rclone, settings_for

CONTENT = random.Random(7).randbytes(9_000_001)


def connected(server: Server, folder: Path) -> Connection:
    settings, known_hosts = settings_for(server), folder / "known_hosts"
    address = parse_address(settings.host)
    transport = negotiate(settings, address, known_hosts, ignore_steps, DEFAULT_LIMITS, Stop())
    pin(known_hosts, address, transport.get_remote_server_key())
    close_transport(transport)
    return connect(settings, lambda: server.password, known_hosts)


@pytest.mark.parametrize("serve", [openssh, rclone, asyncssh_server], ids=["openssh", "go", "python"])
def test_any_part_of_a_file(tmp_path: Path, serve: Callable[[Path], AbstractContextManager[Server]]) -> None:
    with serve(tmp_path / "server") as server:
        file = server.folder / "content"
        file.write_bytes(CONTENT)
        file.chmod(0o644)
        with connected(server, tmp_path) as connection:
            for start, end in [(0, 0), (0, 1), (5, 300_000), (0, len(CONTENT)), (len(CONTENT) - 3, len(CONTENT))]:
                assert b"".join(read_ahead(connection.sftp, "content", start, end)) == CONTENT[start:end]
            assert connection.sftp.stat("content").size == len(CONTENT), "the channel is in step"


class Channel:
    """A server's side of an SFTP channel that has CONTENT, and that answers READs by `answer`, two at a time,
    and READDIRs by `folder`, for ever."""

    def __init__(self, answer: Callable[[int, int], bytes], folder: bytes = b"") -> None:
        self._answer = answer
        self._folder = folder
        self._reads: list[tuple[int, int, int]] = []
        self._answers: deque[bytes] = deque()

    def sendall(self, packet: bytes) -> None:
        _, kind, number = struct.unpack(">IBI", packet[:9])
        if kind == Kind.READ:
            self._reads.append((number, *struct.unpack(">QI", packet[-12:])))
        elif kind == Kind.INIT:
            self._answers.append(struct.pack(">IBI", 5, Kind.VERSION, 3))
        else:
            answers = {
                Kind.OPEN: (Kind.HANDLE, text("h")),
                Kind.OPENDIR: (Kind.HANDLE, text("h")),
                Kind.READDIR: (Kind.NAME, self._folder),
                Kind.CLOSE: (Kind.STATUS, bytes(12)),
            }
            self._say(number, *answers[Kind(kind)])

    def recv(self, count: int) -> bytes:
        if not self._answers:
            for number, offset, length in reversed(self._reads[:2]):
                self._say(number, Kind.DATA, self._answer(offset, length))
            del self._reads[:2]
        data = self._answers.popleft()
        if len(data) > count:
            self._answers.appendleft(data[count:])
        return data[:count]

    def _say(self, number: int, kind: int, body: bytes) -> None:
        self._answers.append(struct.pack(">IBI", 5 + len(body), kind, number) + body)


def from_channel(answer: Callable[[int, int], bytes]) -> bytes:
    client = SftpClient(SftpChannel(Channel(answer)))  # type: ignore[arg-type]
    return b"".join(read_ahead(client, "content", 0, 300_000))


def test_answers_out_of_order_and_short_ones() -> None:
    def half(offset: int, length: int) -> bytes:
        return text(CONTENT[offset : offset + max(1, length // 2)])

    assert from_channel(half) == CONTENT[:300_000]


@pytest.mark.parametrize("extra", [-(32 << 10), 1], ids=["none", "more"])
def test_pieces_of_an_impossible_size_are_refused(extra: int) -> None:
    with pytest.raises(SSHException, match="in answer to a READ"):
        from_channel(lambda offset, length: text(bytes(max(0, length + extra))))


def test_a_file_that_ends_early(sshd: Server, tmp_path: Path) -> None:
    (sshd.folder / "short").write_bytes(b"short")
    with connected(sshd, tmp_path) as connection, pytest.raises(EOFError, match="End of file"):
        list(read_ahead(connection.sftp, "short", 0, 300_000))


@pytest.mark.parametrize("count", [0, 100])
def test_a_folder_without_end_is_left(count: int) -> None:
    name = text("name") + text("as ls has it") + bytes(4)
    channel = Channel(lambda offset, length: b"", folder=struct.pack(">I", count) + name * count)
    found = SftpClient(SftpChannel(channel)).entries("/")  # type: ignore[arg-type]
    assert {entry.name for entry in found} == set(["name"] * count)
