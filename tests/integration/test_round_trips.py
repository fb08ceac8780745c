"""What OpenSSH is asked right behind something else, without waiting for its answer: each saves a round trip."""

import hashlib
import threading
from pathlib import Path
from typing import Any

import pytest
from paramiko import Message
from paramiko.common import MSG_USERAUTH_REQUEST

from desktop_app.settings.address import parse_address
from desktop_app.sftp import parallel_write
from desktop_app.sftp.client import SftpClient, open_sftp
from desktop_app.sftp.connection import Connection, connect
from desktop_app.sftp.host_keys import pin
from desktop_app.sftp.limits import Limits
from desktop_app.sftp.negotiation import close_transport, negotiate
from desktop_app.sftp.parallel_write import write_parallel
from desktop_app.sftp.steps import ignore_steps
from desktop_app.sftp.transport import AuditTransport
from desktop_app.sftp.upload import put_archive
from desktop_app.stop import Stop
from tests.servers import Server, settings_for

LIMITS = Limits(authenticate=20)


def connected(server: Server, known_hosts: Path) -> Connection:
    settings = settings_for(server)
    address = parse_address(settings.host)
    transport = negotiate(settings, address, known_hosts, ignore_steps, LIMITS, Stop())
    pin(known_hosts, address, transport.get_remote_server_key())
    close_transport(transport)
    return connect(settings, lambda: server.password, known_hosts, limits=LIMITS)


def test_the_password_goes_right_behind_the_question_whether_it_may(
    sshd: Server, known_hosts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = threading.Event()
    send, accepted = AuditTransport._send_message, AuditTransport._parse_service_accept

    def sending(transport: AuditTransport, message: Any) -> None:
        send(transport, message)
        if isinstance(message, Message) and message.asbytes()[0] == MSG_USERAUTH_REQUEST:
            asked.set()

    def late(transport: AuditTransport, message: Message) -> None:
        assert asked.wait(LIMITS.authenticate)
        accepted(transport, message)

    monkeypatch.setattr(AuditTransport, "_send_message", sending)
    monkeypatch.setattr(AuditTransport, "_parse_service_accept", late)
    with connected(sshd, known_hosts) as connection:
        assert connection.transport.is_authenticated()


@pytest.mark.parametrize(
    ("is_openssh", "expected"),
    [(True, ["write", "close", "status", "status"]), (False, ["write", "status", "close"])],
)
def test_a_file_is_closed_right_behind_the_last_write_where_all_is_done_in_order(
    sshd: Server,
    known_hosts: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_openssh: bool,
    expected: list[str],
) -> None:
    done: list[str] = []

    def noting(method: str, what: str) -> None:
        plain = getattr(SftpClient, method)

        def noted(*arguments: Any) -> Any:
            done.append(what)
            return plain(*arguments)

        monkeypatch.setattr(SftpClient, method, noted)

    local = tmp_path / "archive"
    local.write_bytes(b"content")
    name = f"in-order-{is_openssh}"
    with connected(sshd, known_hosts) as connection:
        handle = connection.sftp.create_file(name)
        monkeypatch.setattr(AuditTransport, "is_openssh", is_openssh)
        monkeypatch.setattr(SftpClient, "answers_wait", lambda _: False)
        for method, what in (
            ("start_write", "write"),
            ("finish_write", "status"),
            ("start_close", "close"),
            ("close_handle", "close"),
        ):
            noting(method, what)
        write_parallel(connection, [], local, name, handle, lambda _: None)
    assert done == expected
    assert (sshd.folder / name).read_bytes() == b"content"


def test_other_channels_open_while_the_file_is_made(
    sshd: Server, known_hosts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, create = threading.Event(), SftpClient.create_file

    def opening(transport: AuditTransport, seconds: float) -> SftpClient:
        client = open_sftp(transport, seconds)
        opened.set()
        return client

    def creating(client: SftpClient, path: str) -> bytes:
        assert opened.wait(LIMITS.idle)
        return create(client, path)

    monkeypatch.setattr(parallel_write, "_how_many", lambda connection, size: 1)
    monkeypatch.setattr(parallel_write, "open_sftp", opening)
    monkeypatch.setattr(SftpClient, "create_file", creating)
    local = tmp_path / "archive"
    local.write_bytes(b"content")
    with connected(sshd, known_hosts) as connection:
        sha256 = hashlib.sha256(b"content").hexdigest()
        put_archive(connection, local, "while-made.zip", sha256, "0123456789ab", lambda _: None)
        assert sum(not each.closed for each in connection.transport._channels.values()) == 1
    assert (sshd.folder / "while-made.zip").read_bytes() == b"content"
