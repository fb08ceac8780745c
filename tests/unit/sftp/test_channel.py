"""The first answer of an SFTP service, or of what is there instead."""

from io import BytesIO
from typing import cast

import pytest
from paramiko import Channel

from desktop_app.sftp.channel import NoSftp, SftpChannel


class EndedService:
    """A channel whose other end has ended before anything was sent: what it said can still be read."""

    eof_received = True

    def __init__(self, said: bytes) -> None:
        self._said = BytesIO(said)

    def sendall(self, _: bytes) -> None:
        raise OSError("Socket is closed")

    def recv(self, count: int) -> bytes:
        return self._said.read(count)

    def recv_ready(self) -> bool:
        return True


@pytest.mark.parametrize("said", [b"", b"This account is not available.\n"])
def test_a_service_that_ended_before_the_greeting_is_no_sftp(said: bytes) -> None:
    with pytest.raises(NoSftp) as caught:
        SftpChannel(cast(Channel, EndedService(said))).begin()
    assert caught.value.line == said.decode().strip()


def test_a_connection_that_is_gone_is_told_as_that() -> None:
    gone = EndedService(b"")
    gone.eof_received = False
    with pytest.raises(EOFError):
        SftpChannel(cast(Channel, gone)).begin()
