"""Failures reported by mail, with real mail servers: with and without encryption, with a login."""

import base64
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message as Email
from pathlib import Path
from typing import Any

import pytest
import trustme

from desktop_app.errors import BadSetting
from desktop_app.notify.address import NotTold, kept_mail, set_address, shown_address, try_address
from desktop_app.notify.mail import Mail, Security, mail_address, mail_in
from desktop_app.secrets import keepers as secrets
from desktop_app.settings.paths import Paths
from tests.servers import wait_until


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    monkeypatch.setattr(secrets, "_system_keyrings", list)
    return Paths(tmp_path / "c", tmp_path / "d", tmp_path / "l")


class Server:
    """A mail server on loopback that wants a login, as its certificate authority trusts it: what it was told."""

    def __init__(self, security: Security, login: bytes | None) -> None:
        self.logins: list[bytes] = []
        self.recipients: list[str] = []
        self.mails: list[Email] = []
        self.authority = trustme.CA()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert("localhost").configure_cert(context)
        server = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                if security == "tls":
                    self.encrypt()
                self.say("220 ready")
                is_in = False
                while line := self.rfile.readline():
                    match line.strip().split(b" "):
                        case [b"EHLO" | b"ehlo", *_]:
                            self.say(
                                "250-here", *(["250-STARTTLS"] if security == "starttls" else []), "250 AUTH PLAIN"
                            )
                        case [b"STARTTLS"]:
                            self.say("220 go on")
                            self.encrypt()
                        case [b"AUTH", b"PLAIN", secret]:
                            server.logins.append(base64.b64decode(secret))
                            is_in = server.logins[-1] == login
                            self.say("235 in" if is_in else "535 wrong")
                        case [b"MAIL" | b"mail", *_] if login and not is_in:
                            self.say("530 log in first")
                        case [b"RCPT" | b"rcpt", to, *_]:
                            server.recipients.append(to.decode())
                            self.say("250 ok")
                        case [b"DATA" | b"data"]:
                            self.say("354 go on")
                            server.mails.append(message_from_bytes(b"".join(iter(self.rfile.readline, b".\r\n"))))
                            self.say("250 ok")
                        case [b"QUIT" | b"quit"]:
                            self.say("221 bye")
                            return
                        case _:
                            self.say("250 ok")

            def say(self, *lines: str) -> None:
                self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())

            def encrypt(self) -> None:
                self.connection = context.wrap_socket(self.request, server_side=True)
                self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)

        class Quiet(socketserver.ThreadingTCPServer):
            daemon_threads = True

            def handle_error(self, *_: Any) -> None:
                """A client that does not trust the server hangs up."""

        self._server = Quiet(("127.0.0.1", 0), Handler)
        self.address = f"localhost:{self._server.server_address[1]}"

    def serve(self) -> None:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def end(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def serving(security: Security, login: bytes | None = None) -> Iterator[Server]:
    server = Server(security, login)
    server.serve()
    try:
        yield server
    finally:
        server.end()


def mail_of(server: str, **fields: Any) -> Mail:
    return Mail(
        **{
            "server": server,
            "sender": "audit@example.com",
            "recipients": "ann@example.com, bob@example.com",
            **fields,
        }
    )


@pytest.mark.parametrize("security", ["starttls", "tls", "none"])
def test_a_mail_server_gets_the_mail_by_a_login(
    paths: Paths, security: Security, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(security, b"\0audit@example.com\0p:@/?&#% ") as server:
        server.authority.cert_pem.write_to_path(tmp_path / "ca.pem")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        mail = mail_of(server.address, security=security, user="audit@example.com", password="p:@/?&#% ")
        set_address(paths, mail_address(mail))
        try_address(paths)
        wait_until(lambda: len(server.mails) == 2, "both mails")
    assert {mail["To"] for mail in server.mails} == {"ann@example.com", "bob@example.com"}
    assert {mail["From"] for mail in server.mails} == {"audit@example.com"}
    assert "test from" in str(server.mails[0]["Subject"])


def test_a_mail_server_that_nobody_vouches_for_gets_nothing(paths: Paths) -> None:
    for security in ("starttls", "tls"):
        with serving(security) as server:
            set_address(paths, mail_address(mail_of(server.address, security=security, user="u", password="p")))
            with pytest.raises(NotTold):
                try_address(paths)
        assert server.mails == server.logins == []


def test_without_a_user_nobody_logs_in(paths: Paths) -> None:
    with serving("none") as server:
        set_address(paths, mail_address(mail_of(server.address, security="none")))
        try_address(paths)
        wait_until(lambda: len(server.mails) == 2, "both mails")
    assert server.logins == []


@pytest.mark.parametrize("user", ["", "audit", "audit@example.com", "EXAMPLE\\audit", "u:/? %"])
@pytest.mark.parametrize("security", ["starttls", "tls", "none"])
@pytest.mark.parametrize("server", ["mail.example.com", "smtp.gmail.com:2525"])
def test_the_fields_are_found_again_in_the_address(server: str, security: Security, user: str) -> None:
    mail = Mail(
        server=server,
        security=security,
        sender="audit@example.com",
        recipients="ann@example.com,bob@example.com",
        user=user,
        password="p%:@/" if user else "",
    )
    assert mail_in(mail_address(mail)) == mail


@pytest.mark.parametrize("address", ["json://host/path", "mailto://u:p@example.com", "mailto://", "", "http://["])
def test_another_address_has_no_fields(address: str) -> None:
    assert mail_in(address) is None


def test_what_is_shown_of_a_mail_are_its_recipients(paths: Paths) -> None:
    mail = mail_of(
        "mail.example.com", user="u", password="topsecret", recipients="ann@example.com,bob@example.com"
    )
    set_address(paths, mail_address(mail))
    assert shown_address(paths) == "ann@example.com, bob@example.com"
    assert kept_mail(paths) == mail
    set_address(paths, "json://127.0.0.1/x")
    assert kept_mail(paths) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("server", ""),
        ("server", "mail.example.com:0"),
        ("server", "mail example"),
        ("server", "https://mail.example.com"),
        ("sender", "audit"),
        ("recipients", ""),
        ("recipients", "ann@example.com, bob"),
        ("user", "a\nb"),
        ("password", "a\0b"),
        ("password", "Käse"),
    ],
)
def test_what_can_not_be_right_is_named(field: str, value: str) -> None:
    with pytest.raises(BadSetting) as raised:
        mail_address(mail_of(**{"server": "mail.example.com", "user": "u", field: value}))
    assert raised.value.field == f"mail.{field}"
    assert field != "password" or value not in str(raised.value.message)
