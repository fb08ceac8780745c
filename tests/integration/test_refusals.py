"""What a server refuses is told as that, also by one that hangs up right after, or whose service is no SFTP."""

import socket
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path

import paramiko
import pytest
from paramiko import Message, SSHException
from paramiko.common import (
    AUTH_FAILED,
    AUTH_SUCCESSFUL,
    MSG_CHANNEL_FAILURE,
    MSG_CHANNEL_OPEN_FAILURE,
    MSG_USERAUTH_FAILURE,
    OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED,
    OPEN_SUCCEEDED,
)

from desktop_app.settings.algorithms import LIST_NAMES, all_names
from desktop_app.settings.model import ServerAddress, ServerSettings
from desktop_app.sftp.connection import connect
from desktop_app.sftp.errors import ConnectionLost, LoginRefused, ProtocolError
from desktop_app.sftp.host_keys import pin
from desktop_app.sftp.limits import Limits
from desktop_app.sftp.transport import Algorithms, AuditTransport
from tests.servers import listening

KEY = paramiko.ECDSAKey.generate()
MUCH = 100 << 20


class HangsUp(AuditTransport):
    """A server that closes the connection as soon as it has sent a message of the kind `last`."""

    last: int

    def _send_message(self, data: Message) -> None:
        super()._send_message(data)
        if data.asbytes()[0] == self.last:
            self.close()


class Refuses(paramiko.ServerInterface):
    """Refuses what is answered by `last`, and nothing before that; it knows no subsystem."""

    def __init__(self, last: int) -> None:
        self._last = last

    def check_auth_password(self, username: str, password: str) -> int:
        return AUTH_FAILED if self._last == MSG_USERAUTH_FAILURE else AUTH_SUCCESSFUL

    def check_channel_request(self, kind: str, chanid: int) -> int:
        refuses = self._last == MSG_CHANNEL_OPEN_FAILURE
        return OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED if refuses else OPEN_SUCCEEDED


class Floods(Refuses):
    """Says more than the client's window takes, on standard error, as soon as SFTP is asked for."""

    def __init__(self) -> None:
        super().__init__(0)
        self.sent = 0
        self.ended = threading.Event()

    def check_channel_subsystem_request(self, channel: paramiko.Channel, name: str) -> bool:
        threading.Thread(target=self._flood, args=[channel], daemon=True).start()
        return True

    def _flood(self, channel: paramiko.Channel) -> None:
        channel.out_window_size = MUCH
        with suppress(OSError, EOFError):
            while self.sent < MUCH:
                channel.sendall_stderr(bytes(1 << 20))
                self.sent += 1 << 20
        self.ended.set()


def serving(server: Callable[[], paramiko.ServerInterface], last: int = 0) -> AbstractContextManager[int]:
    def serve(sock: socket.socket) -> None:
        transport = HangsUp(sock)
        transport.last = last
        transport.offer(Algorithms(*(all_names(name) for name in LIST_NAMES)))
        transport.add_server_key(KEY)
        with suppress(SSHException, EOFError):
            transport.start_server(server=server())

    return listening(serve)


@pytest.mark.parametrize(
    ("last", "told"),
    [
        (MSG_USERAUTH_FAILURE, LoginRefused),
        (MSG_CHANNEL_OPEN_FAILURE, ProtocolError),
        (MSG_CHANNEL_FAILURE, ProtocolError),
    ],
    ids=["login", "channel", "subsystem"],
)
def test_what_is_refused_by_a_server_that_hangs_up(
    known_hosts: Path, last: int, told: type[LoginRefused | ProtocolError]
) -> None:
    with serving(lambda: Refuses(last), last) as port:
        pin(known_hosts, ServerAddress("127.0.0.1", port), KEY)
        settings = ServerSettings(host=f"127.0.0.1:{port}", user="audit", path="/")
        for _ in range(10):
            with pytest.raises(told):
                connect(settings, lambda: "secret", known_hosts)


class OtherMethods(Refuses):
    """Takes no password; the names of what it takes are for the terminal of who reads them."""

    def get_allowed_auths(self, username: str) -> str:
        return "publickey,\x1b[31mred\r\nforged"


def test_the_methods_that_a_server_names_are_told_as_plain_text(known_hosts: Path) -> None:
    with serving(lambda: OtherMethods(MSG_USERAUTH_FAILURE)) as port:
        pin(known_hosts, ServerAddress("127.0.0.1", port), KEY)
        settings = ServerSettings(host=f"127.0.0.1:{port}", user="audit", path="/")
        with pytest.raises(LoginRefused) as caught:
            connect(settings, lambda: "secret", known_hosts)
    assert "publickey" in caught.value.hint and caught.value.hint.isprintable()


def test_a_server_that_says_more_than_it_may_is_left(known_hosts: Path) -> None:
    server = Floods()
    with serving(lambda: server) as port:
        pin(known_hosts, ServerAddress("127.0.0.1", port), KEY)
        settings = ServerSettings(host=f"127.0.0.1:{port}", user="audit", path="/")
        with pytest.raises(ConnectionLost):
            connect(settings, lambda: "secret", known_hosts, limits=Limits(idle=5))
        assert server.ended.wait(20)
        assert server.sent < MUCH
