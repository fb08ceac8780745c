"""How long each part of a negotiation may take, what is offered, and how a connection is left."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import paramiko
import pytest

from desktop_app.errors import UserError
from desktop_app.settings.model import ServerAddress, ServerSettings
from desktop_app.sftp import negotiation
from desktop_app.sftp.host_keys import pin
from desktop_app.sftp.limits import DEFAULT_LIMITS, Limits
from desktop_app.sftp.negotiation import close_transport, negotiate, ticked_algorithms
from desktop_app.sftp.steps import Step
from desktop_app.sftp.transport import Algorithms, AuditTransport
from desktop_app.stop import Stop

ADDRESS = ServerAddress("sftp.example.com", 22)
SERVER = ServerSettings(host="sftp.example.com", user="audit", path="/")
LIMITS = Limits(banner=11, negotiate=13, authenticate=17)


@pytest.fixture
def sockets(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[socket.socket, socket.socket]]:
    """Our end of the line, and the server's."""
    ours, theirs = socket.socketpair()
    theirs.settimeout(20)
    monkeypatch.setattr(negotiation, "open_socket", lambda *_: ours)
    with ours, theirs:
        yield ours, theirs


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The transport and the timeout with which the negotiation began; nothing is negotiated."""
    found: list[Any] = []
    monkeypatch.setattr(AuditTransport, "start_client", lambda self, timeout: found.extend((self, timeout)))
    return found


def agree(monkeypatch: pytest.MonkeyPatch) -> None:
    agreed = {"key_exchange": "a", "cipher": "b", "hmac": "c"}
    monkeypatch.setattr(AuditTransport, "initial_kex_done", True, raising=False)
    monkeypatch.setattr(AuditTransport, "negotiated", lambda _: agreed)

    def done(self: Any, timeout: float) -> None:
        self.initial_kex_done = True

    monkeypatch.setattr(AuditTransport, "start_client", done)


def test_waits_have_an_end_unless_it_is_said() -> None:
    """Seconds that an admin may have to wait for what is told of a server."""
    assert Limits(
        resolve=30, connect=20, connect_all=60, banner=20, negotiate=30, authenticate=60, idle=60, deed=120,
        pace=4096, listing=60,
    ) == DEFAULT_LIMITS  # fmt: skip


def test_each_wait_has_its_limit(sockets: object, started: list[Any], tmp_path: Path) -> None:
    with pytest.raises(UserError):
        negotiate(SERVER, ADDRESS, tmp_path / "known_hosts", lambda _: None, LIMITS, Stop())
    transport, timeout = started
    assert (transport.banner_timeout, transport.handshake_timeout, transport.auth_timeout) == (11, 13, 17)
    assert timeout == 24


def test_a_negotiation_that_comes_to_no_end_is_told_and_left(
    sockets: tuple[socket.socket, socket.socket], started: list[Any], tmp_path: Path
) -> None:
    steps: list[Step] = []
    with pytest.raises(UserError) as caught:
        negotiate(SERVER, ADDRESS, tmp_path / "known_hosts", steps.append, LIMITS, Stop())
    assert isinstance(caught.value.__cause__, TimeoutError)
    assert [(step.name, step.ok, step.detail) for step in steps] == [("negotiate", False, caught.value.message)]
    assert sockets[1].recv(1) == b""


def test_what_was_agreed_is_told(
    sockets: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    steps: list[Step] = []
    agree(monkeypatch)
    stop = Stop()
    transport = negotiate(SERVER, ADDRESS, tmp_path / "known_hosts", steps.append, LIMITS, stop)
    assert [(step.name, step.ok, step.detail) for step in steps] == [("negotiate", True, "a, b, c")]
    transport.grace = 0
    stop.ask()
    assert sockets[1].recv(1) == b""


def test_who_tidies_up_at_the_server_gets_the_time_for_it(
    sockets: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    timers: list[Any] = []

    class Timer(threading.Timer):
        def start(self) -> None:
            timers.append(self)

    agree(monkeypatch)
    monkeypatch.setattr(threading, "Timer", Timer)
    stop = Stop()
    transport = negotiate(SERVER, ADDRESS, tmp_path / "known_hosts", lambda _: None, LIMITS, stop)
    transport.grace = 7
    stop.ask()
    (timer,) = timers
    assert timer.interval == 7 and timer.daemon
    sockets[1].setblocking(False)
    with pytest.raises(BlockingIOError):
        sockets[1].recv(1)
    timer.function(*timer.args)
    sockets[1].settimeout(20)
    assert sockets[1].recv(1) == b""


def test_the_server_is_asked_for_a_key_of_the_kind_that_is_known(
    sockets: object, started: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    preferred: list[Any] = []
    monkeypatch.setattr(AuditTransport, "prefer_host_key_types", lambda _, kinds: preferred.append(kinds))
    pin(tmp_path / "known_hosts", ADDRESS, paramiko.ECDSAKey.generate())
    with pytest.raises(UserError):
        negotiate(SERVER, ADDRESS, tmp_path / "known_hosts", lambda _: None, LIMITS, Stop())
    assert preferred == [["ecdsa-sha2-nistp256"]]


def test_leaving_tells_the_server_although_nothing_was_said_yet() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.settimeout(20)
        transport = AuditTransport(ours)
        close_transport(transport)
        assert theirs.recv(1) == b"" and transport.packetizer.leaving
        close_transport(transport)  # as often as somebody likes


def test_what_is_ticked_is_offered_the_strongest_first() -> None:
    server = ServerSettings(
        host="h",
        user="u",
        path="/",
        key_exchange=("diffie-hellman-group14-sha1", "curve25519-sha256"),
        ciphers=("aes128-ctr", "aes256-ctr"),
        hmac=("hmac-sha1", "hmac-sha2-512"),
    )
    assert ticked_algorithms(server) == Algorithms(
        ("curve25519-sha256", "diffie-hellman-group14-sha1"),
        ("aes256-ctr", "aes128-ctr"),
        ("hmac-sha2-512", "hmac-sha1"),
    )
