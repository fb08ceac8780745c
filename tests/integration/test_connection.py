"""Connections to real servers: what is offered, who is trusted, what is said when it fails."""

import asyncio
import itertools
import os
import socket
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import asyncssh
import pytest

from desktop_app.errors import ExitCode, UserError
from desktop_app.settings.address import parse_address
from desktop_app.settings.algorithms import all_names
from desktop_app.settings.model import ServerAddress, ServerSettings
from desktop_app.sftp.connection import Connection, connect
from desktop_app.sftp.errors import (
    ConnectionLost,
    HostKeyChanged,
    HostKeyRevoked,
    HostKeyUnknown,
    LoginRefused,
    LoginUnanswered,
    NoCommonAlgorithm,
    NotSsh,
    PathUnusable,
    ProtocolError,
    ServerUnreachable,
)
from desktop_app.sftp.host_keys import pin
from desktop_app.sftp.limits import Limits
from desktop_app.sftp.negotiation import close_transport, negotiate
from desktop_app.sftp.packets import text
from desktop_app.sftp.probe import ProbeReport, probe_connection
from desktop_app.sftp.remote_path import join
from desktop_app.sftp.steps import Step, ignore_steps
from desktop_app.stop import Stop
from tests.servers import (
    InteractiveLogin,
    PasswordLogin,
    Server,
    answering,
    asyncssh_server,
    openssh,
    rclone,
    settings_for,
)
from tests.windows_gaps import needs

STEPS = ["resolve", "connect", "negotiate", "host-key", "authenticate", "path", "write", "rename", "delete"]
SHORT = Limits(connect=2, banner=2, negotiate=2, authenticate=2, idle=2)


def run_test(settings: ServerSettings, password: str, known_hosts: Path, limits: Limits = SHORT) -> ProbeReport:
    """The test, accepting the key at first sight."""
    fresh = probe_connection(settings, lambda: password, known_hosts, None, lambda _: None, limits)
    if not isinstance(fresh.error, HostKeyUnknown):
        return fresh
    assert fresh.host_key is not None
    accept = fresh.host_key.fingerprint
    return probe_connection(settings, lambda: password, known_hosts, accept, lambda _: None, limits)


def test_all_steps_pass_and_leave_nothing(sshd: Server, known_hosts: Path) -> None:
    report = run_test(settings_for(sshd), sshd.password, known_hosts)
    assert report.error is None
    assert [(step.name, step.ok) for step in report.steps] == [(name, True) for name in STEPS]
    assert report.steps[4].detail == f"{sshd.user}, by password"
    assert report.negotiated == {"key_exchange": "curve25519-sha256", "cipher": "aes256-ctr", "hmac": "hmac-sha1"}
    assert report.server_offers is not None
    assert "hmac-sha2-256" in report.server_offers["hmac"]
    assert list(sshd.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("kex", "cipher", "mac"),
    list(itertools.product(all_names("key_exchange"), all_names("ciphers"), all_names("hmac"))),
)
def test_every_combination(sshd: Server, known_hosts: Path, kex: str, cipher: str, mac: str) -> None:
    start = sshd.log.stat().st_size
    settings = settings_for(sshd, key_exchange=(kex,), ciphers=(cipher,), hmac=(mac,))
    report = run_test(settings, sshd.password, known_hosts)
    assert report.error is None
    log = sshd.log.read_bytes()[start:].decode()
    assert f"kex: algorithm: {kex}" in log
    assert f"kex: client->server cipher: {cipher} MAC: {mac} compression: none" in log
    # The proposal as the server read it holds these and nothing else; ext-info-c and kex-strict-c are
    # paramiko's announcements (RFC 8308, CVE-2023-48795), no algorithms.
    proposal = log.partition("peer client KEXINIT proposal")[2]
    assert f"KEX algorithms: {kex},ext-info-c,kex-strict-c-v00@openssh.com [preauth]" in proposal
    assert f"ciphers ctos: {cipher} [preauth]" in proposal
    assert f"MACs ctos: {mac} [preauth]" in proposal


def test_the_strongest_is_offered_first_whatever_the_order(sshd: Server, known_hosts: Path) -> None:
    settings = settings_for(sshd, hmac=("hmac-sha1", "hmac-sha2-512"), ciphers=("aes128-ctr", "aes256-ctr"))
    report = run_test(settings, sshd.password, known_hosts)
    assert report.negotiated == {
        "key_exchange": "curve25519-sha256",
        "cipher": "aes256-ctr",
        "hmac": "hmac-sha2-512",
    }


@pytest.mark.parametrize("serve", [rclone, asyncssh_server], ids=["go", "python"])
def test_other_servers(tmp_path: Path, known_hosts: Path, serve: Callable[..., Iterator[Server]]) -> None:
    with serve(tmp_path / "server") as server:  # type: ignore[attr-defined]
        report = run_test(settings_for(server, "/"), server.password, known_hosts)
        assert report.error is None
        assert [step.name for step in report.steps] == STEPS
        assert list(server.folder.iterdir()) == []


def test_keyboard_interactive(tmp_path: Path, known_hosts: Path) -> None:
    with asyncssh_server(tmp_path / "server", login=InteractiveLogin) as server:
        report = run_test(settings_for(server, "/"), server.password, known_hosts)
        assert report.error is None
        assert report.steps[4].detail == "audit, by keyboard-interactive"


NINE = [(f"Question {number}: ", False) for number in range(9)]


@pytest.mark.parametrize(
    ("rounds", "received"),
    [
        ([NINE], 0),
        ([[("Password: ", True)]], 0),
        ([[("Verification code: ", False)]], 0),
        ([[("One-time password (OATH) for `audit': ", False)]], 0),
        ([[("Password: ", False), ("Second Factor: ", False)]], 0),
        ([[("Password: ", False)], [("Password: ", False)]], 1),
        ([[("Password: ", False)], NINE], 1),
        ([[("Q: ", False)] * 1000], 0),
    ],
)
def test_the_password_answers_one_question_alone(
    tmp_path: Path, known_hosts: Path, rounds: list[list[tuple[str, bool]]], received: int
) -> None:
    answered: list[str] = []
    challenges = [("", "", "", prompts) for prompts in rounds]

    class Curious(InteractiveLogin):
        def get_kbdint_challenge(self, username: str, lang: str, submethods: str) -> Any:
            return challenges[0]

        def validate_kbdint_response(self, username: str, responses: Any) -> Any:
            answered.extend(responses)
            return challenges[len(answered)] if len(answered) < len(challenges) else True

    with asyncssh_server(tmp_path / "server", login=Curious) as server:
        report = run_test(settings_for(server, "/"), server.password, known_hosts)
    assert isinstance(report.error, LoginRefused)
    assert answered == [server.password] * received


@pytest.mark.parametrize(
    "question", ["Password: ", "(token@code.example.com) Password:", "Kennwort: ", "First Factor: ", ""]
)
def test_a_question_for_the_password_is_answered(tmp_path: Path, known_hosts: Path, question: str) -> None:
    class Asks(InteractiveLogin):
        def get_kbdint_challenge(self, username: str, lang: str, submethods: str) -> Any:
            return "", "", "", [(question, False)]

    with asyncssh_server(tmp_path / "server", login=Asks) as server:
        assert run_test(settings_for(server, "/"), server.password, known_hosts).error is None


def test_a_question_that_is_not_answered_is_told(tmp_path: Path, known_hosts: Path) -> None:
    class Asks(InteractiveLogin):
        def get_kbdint_challenge(self, username: str, lang: str, submethods: str) -> Any:
            return "", "", "", [("\x1b[31mVerification code: ", False)]

    with asyncssh_server(tmp_path / "server", login=Asks) as server:
        error = run_test(settings_for(server, "/"), server.password, known_hosts).error
    assert isinstance(error, LoginRefused)
    assert "Verification code:" in error.hint and error.hint.isprintable()


def test_a_wrong_password_is_tried_once(sshd: Server, known_hosts: Path) -> None:
    start = sshd.log.stat().st_size
    report = run_test(settings_for(sshd), "not it", known_hosts)
    assert isinstance(report.error, LoginRefused)
    assert report.error.exit_code == ExitCode.NO_PERMISSION
    assert report.error.field == "server.password"
    log = sshd.log.read_bytes()[start:].decode()
    assert log.count("Failed password for") == 1
    assert "not it" not in log + str(report)


def test_an_unknown_host_key_stops_before_the_password(sshd: Server, known_hosts: Path) -> None:
    def never() -> str:
        raise AssertionError("the password was asked for")

    with pytest.raises(HostKeyUnknown) as caught:
        connect(settings_for(sshd), never, known_hosts)
    key = asyncssh.read_public_key(sshd.log.parent / "host_key.pub")
    assert key.get_fingerprint() in caught.value.message
    assert caught.value.exit_code == ExitCode.PROTOCOL


def test_a_changed_host_key_stops_before_the_password(sshd: Server, known_hosts: Path) -> None:
    import paramiko

    other = paramiko.ECDSAKey.generate()
    pin(known_hosts, ServerAddress("127.0.0.1", sshd.port), other)
    start = sshd.log.stat().st_size
    report = run_test(settings_for(sshd), sshd.password, known_hosts)
    assert isinstance(report.error, HostKeyChanged)
    assert other.fingerprint in report.error.message
    assert report.host_key is not None and report.host_key.fingerprint in report.error.message
    assert "userauth-request" not in sshd.log.read_bytes()[start:].decode()


def test_another_key_of_the_same_type_stops_before_the_password(sshd: Server, known_hosts: Path) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().split()
    known_hosts.write_text(f"[127.0.0.1]:{sshd.port} {other[0]} {other[1]}\n")
    start = sshd.log.stat().st_size
    report = run_test(settings_for(sshd), sshd.password, known_hosts)
    assert isinstance(report.error, HostKeyChanged)
    assert report.host_key is not None and report.host_key.type == other[0]
    assert "userauth-request" not in sshd.log.read_bytes()[start:].decode()


def test_a_key_in_the_users_known_hosts_needs_no_other_trust(
    sshd: Server, known_hosts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    (tmp_path / ".ssh").mkdir()
    public = (sshd.log.parent / "host_key.pub").read_text()
    (tmp_path / ".ssh" / "known_hosts").write_text(f"[127.0.0.1]:{sshd.port} {public}")
    with connect(settings_for(sshd), lambda: sshd.password, known_hosts):
        assert not known_hosts.exists()


def test_a_revoked_key_stops_before_the_password_and_can_not_be_accepted(sshd: Server, known_hosts: Path) -> None:
    run_test(settings_for(sshd), sshd.password, known_hosts)
    with known_hosts.open("a") as lines:
        lines.write(f"@revoked * {(sshd.log.parent / 'host_key.pub').read_text()}")
    start, before = sshd.log.stat().st_size, known_hosts.read_bytes()
    report = run_test(settings_for(sshd), sshd.password, known_hosts)
    assert isinstance(report.error, HostKeyRevoked)
    assert report.error.exit_code == ExitCode.PROTOCOL
    assert report.host_key is not None
    again = probe_connection(
        settings_for(sshd), lambda: "", known_hosts, report.host_key.fingerprint, lambda _: None, SHORT
    )
    assert isinstance(again.error, HostKeyRevoked)
    assert [step.name for step in again.steps if not step.ok] == ["host-key"]
    assert known_hosts.read_bytes() == before
    assert "userauth-request" not in sshd.log.read_bytes()[start:].decode()


@pytest.mark.parametrize(
    ("option", "name", "offers", "matching"),
    [
        ("KexAlgorithms diffie-hellman-group16-sha512", "key_exchange", ["diffie-hellman-group16-sha512"], []),
        ("Ciphers aes128-gcm@openssh.com", "ciphers", ["aes128-gcm@openssh.com"], []),
        (
            "MACs hmac-sha2-256,hmac-sha2-512",
            "hmac",
            ["hmac-sha2-256", "hmac-sha2-512"],
            ["hmac-sha2-512", "hmac-sha2-256"],
        ),
    ],
)
def test_no_common_algorithm(
    tmp_path: Path, known_hosts: Path, option: str, name: str, offers: list[str], matching: list[str]
) -> None:
    with openssh(tmp_path / "server", option) as server:
        report = run_test(settings_for(server), server.password, known_hosts)
    assert isinstance(report.error, NoCommonAlgorithm)
    assert report.error.field == f"server.{name}"
    assert list(report.error.matching) == matching
    assert all(offer in report.error.hint for offer in offers)
    assert all(report.error.hint.count(choice) == 1 for choice in matching)
    assert report.server_offers is not None and report.server_offers[name] == offers
    assert [step.ok for step in report.steps] == [True, True, False]


@pytest.mark.parametrize("path", ["/no/such/folder", "missing"])
def test_a_missing_path(sshd: Server, known_hosts: Path, path: str) -> None:
    report = run_test(settings_for(sshd, path), sshd.password, known_hosts)
    assert isinstance(report.error, PathUnusable)
    assert path in report.error.message
    assert sshd.home in report.error.hint
    assert report.error.field == "server.path"


def test_a_path_that_is_a_file(sshd: Server, known_hosts: Path) -> None:
    report = run_test(settings_for(sshd, "/etc/passwd"), sshd.password, known_hosts)
    assert isinstance(report.error, PathUnusable)
    assert "no folder" in report.error.message


def test_a_path_that_is_read_only(sshd: Server, known_hosts: Path) -> None:
    report = run_test(settings_for(sshd, "/etc"), sshd.password, known_hosts)
    assert report.error is not None and report.error.exit_code == ExitCode.NO_PERMISSION
    assert [step.name for step in report.steps if not step.ok] == ["write"]


class _NoRename(asyncssh.SFTPServer):
    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        raise asyncssh.SFTPFailure("no")

    posix_rename = rename


class _NoPosixRename(_NoRename):
    def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
        raise asyncssh.SFTPOpUnsupported("what is that")


@pytest.mark.parametrize("sftp", [_NoRename, _NoPosixRename])
def test_a_server_that_refuses_to_rename(
    tmp_path: Path, known_hosts: Path, sftp: type[asyncssh.SFTPServer]
) -> None:
    with asyncssh_server(tmp_path / "server", sftp) as server:
        report = run_test(settings_for(server, "/"), server.password, known_hosts)
        assert report.error is not None and report.error.exit_code == ExitCode.NO_PERMISSION
        assert "refused to rename" in report.error.message and "(no)" in report.error.message
        assert list(server.folder.iterdir()) == []


def packet(payload: bytes) -> bytes:
    """As it is sent before there are keys (RFC 4253, section 6)."""
    padding = 16 - (len(payload) + 5) % 8
    return struct.pack(">IB", len(payload) + padding + 1, padding) + payload + bytes(padding)


BOTH_WAYS = [name for name in ("aes256-ctr", "hmac-sha1", "none", "") for _ in range(2)]
OFFERS = packet(
    b"\x14" + bytes(16) + b"".join(map(text, ["curve25519-sha256", "ssh-ed25519", *BOTH_WAYS])) + bytes(5)
)


MANY_OFFERS = packet(b"\x14" + bytes(16) + 10 * text("none," * 4_000) + bytes(5))


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b"220 FTP ready\r\n", NotSsh),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", NotSsh),
        (os.urandom(64) + b"\n", UserError),
        (b"", ConnectionLost),
        (None, ConnectionLost),
        (b"Who is there?", NotSsh),
        (b"x" * 2_000_000, NotSsh),
        (b"SSH-2.0-Silent\r\n", ConnectionLost),
        (b"SSH-2.0-Silent\r\n" + OFFERS, ConnectionLost),
        (b"SSH-2.0-Many\r\n" + MANY_OFFERS, NoCommonAlgorithm),
        (b"SSH-2.0-Garbage\r\n" + bytes(range(64)), UserError),
        (b"SSH-\x1b[31m-Colour\r\n", UserError),
        (b"SSH-2.0-Endless\r\n" + struct.pack(">I", (1 << 30) + 4) + bytes(300_000), ProtocolError),
        (b"SSH-2.0-No text\r\n" + packet(b"\x14" + bytes(16) + b"\0\0\0\1\xff"), ProtocolError),
        (b"SSH-2.0-\x1b[31m\r\n" + packet(b"\x14" + bytes(16) + 10 * text("\x1b[31m") + bytes(5)), UserError),
    ],
    ids=[
        *("ftp", "http", "random", "silent", "closing", "no line", "endless line", "banner only", "offers only"),
        "many offers",
        *("garbage", "coloured version", "endless packet", "no text", "red"),
    ],
)
def test_what_is_no_ssh_server(known_hosts: Path, answer: bytes | None, kind: type[UserError]) -> None:
    with answering(answer) as port:
        settings = ServerSettings(host=f"127.0.0.1:{port}", user="u", path="/")
        with pytest.raises(kind) as caught:
            connect(settings, lambda: "p", known_hosts, limits=SHORT)
        assert caught.value.exit_code in (ExitCode.UNREACHABLE, ExitCode.PROTOCOL)
        assert caught.value.hint
        assert caught.value.message.isprintable() and caught.value.hint.isprintable()
        assert len(caught.value.message) + len(caught.value.hint) < 10_000
        if answer and answer.startswith(b"220"):
            assert "220 FTP ready" in caught.value.message


def test_a_server_that_is_silent_after_the_login(tmp_path: Path, known_hosts: Path) -> None:
    with openssh(tmp_path / "sshd", "ForceCommand sleep 60") as server:
        settings = settings_for(server)
        address = parse_address(settings.host)
        transport = negotiate(settings, address, known_hosts, ignore_steps, SHORT, Stop())
        pin(known_hosts, address, transport.get_remote_server_key())
        close_transport(transport)
        with pytest.raises(ConnectionLost):
            connect(settings, lambda: server.password, known_hosts, limits=SHORT)


def test_a_password_that_gets_no_answer_is_not_sent_again(tmp_path: Path, known_hosts: Path) -> None:
    class Silent(PasswordLogin):
        async def validate_password(self, username: str, password: str) -> bool:
            await asyncio.Event().wait()
            return False

    with asyncssh_server(tmp_path / "server", login=Silent) as server:
        report = run_test(settings_for(server), server.password, known_hosts)
    assert isinstance(report.error, LoginUnanswered)
    assert not report.error.may_pass


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("ForceCommand echo This account is \x1b[31mnot available.", 'not SFTP (it says "This account is'),
        ("ForceCommand exit 1", "but not to SFTP"),
    ],
    ids=["text", "nothing"],
)
def test_a_server_without_sftp_for_this_user(tmp_path: Path, known_hosts: Path, option: str, said: str) -> None:
    with openssh(tmp_path / "sshd", option) as server:
        report = run_test(settings_for(server), server.password, known_hosts)
        assert isinstance(report.error, ProtocolError)
        assert said in report.error.message
        assert report.error.message.isprintable()
        assert [step.name for step in report.steps if not step.ok] == ["authenticate"]


def test_a_connection_that_ends_once_the_host_key_is_there(sshd: Server, known_hosts: Path) -> None:
    run_test(settings_for(sshd), sshd.password, known_hosts)
    stop = Stop()
    with pytest.raises(ConnectionLost):
        connect(
            settings_for(sshd),
            lambda: sshd.password,
            known_hosts,
            lambda step: stop.ask() if step.name == "negotiate" else None,
            stop=stop,
        )


def test_a_server_that_is_down(known_hosts: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ServerUnreachable, match="refuses the connection"):
        connect(ServerSettings(host=f"127.0.0.1:{port}", user="u", path="/"), lambda: "p", known_hosts)


@needs("users")
def test_a_user_without_a_home_folder(sshd: Server, known_hosts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As containers run under a number that nobody gave a name."""
    monkeypatch.delenv("HOME")
    monkeypatch.setattr("pwd.getpwuid", Mock(side_effect=KeyError))
    assert run_test(settings_for(sshd), sshd.password, known_hosts).error is None


def test_a_name_that_there_is_not(known_hosts: Path) -> None:
    steps: list[Step] = []
    settings = ServerSettings(host="no-such-server.invalid", user="u", path="/")
    with pytest.raises(ServerUnreachable, match=r"no server called no-such-server\.invalid"):
        connect(settings, lambda: "p", known_hosts, steps.append)
    assert [(step.name, step.ok) for step in steps] == [("resolve", False)]


def test_two_that_write_the_same_file_do_not_mix_it(sshd: Server, known_hosts: Path) -> None:
    run_test(settings_for(sshd), sshd.password, known_hosts)
    connections = [connect(settings_for(sshd), lambda: sshd.password, known_hosts) for _ in range(2)]
    with connections[0] as one, connections[1] as other:
        path = join(one.folder, ".audit-trails-ws-2026-11-20.zip.part")
        handle = one.sftp.create_file(path)
        other.sftp.write(other.sftp.create_file(path), b"of the other")
        one.sftp.start_write(handle, 0, b"of the one")
        one.sftp.finish_write()
        assert (sshd.folder / path).read_bytes() == b"of the other"


def test_a_closed_connection_is_closed(sshd: Server, known_hosts: Path, caplog: pytest.LogCaptureFixture) -> None:
    run_test(settings_for(sshd), sshd.password, known_hosts)
    with connect(settings_for(sshd), lambda: sshd.password, known_hosts) as connection:
        assert isinstance(connection, Connection)
        assert connection.sftp.full_path(".") == sshd.home
    assert not connection.transport.is_active()
    assert [each.getMessage() for each in caplog.records if each.levelname == "ERROR"] == []
