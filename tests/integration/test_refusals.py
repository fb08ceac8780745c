"""What a server refuses is told as that, also by one that hangs up right after, or whose service is no SFTP."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
from desktop_app.sftp.errors import LoginRefused, ProtocolError
from desktop_app.sftp.host_keys import pin
from desktop_app.sftp.transport import Algorithms, AuditTransport

KEY = paramiko.ECDSAKey.generate()


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


@contextmanager
def hanging_up(last: int) -> Iterator[int]:
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            transport = HangsUp(sock)
            transport.last = last
            transport.offer(Algorithms(*(all_names(name) for name in LIST_NAMES)))
            transport.add_server_key(KEY)
            with suppress(SSHException, EOFError):
                transport.start_server(server=Refuses(last))

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


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
    with hanging_up(last) as port:
        pin(known_hosts, ServerAddress("127.0.0.1", port), KEY)
        settings = ServerSettings(host=f"127.0.0.1:{port}", user="audit", path="/")
        for _ in range(10):
            with pytest.raises(told):
                connect(settings, lambda: "secret", known_hosts)
