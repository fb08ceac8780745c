"""What is answered to whom while logging in, and what is told of each way in which that fails."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from paramiko.ssh_exception import AuthenticationException, BadAuthenticationType, SSHException

from desktop_app.errors import UserError
from desktop_app.settings.model import ServerSettings
from desktop_app.sftp.channel import NoSftp
from desktop_app.sftp.errors import (
    ConnectionLost,
    LoginCut,
    LoginRefused,
    LoginUnanswered,
    ProtocolError,
    ServerBusy,
)
from desktop_app.sftp.login import log_in, login_error
from desktop_app.sftp.transport import AuditTransport

SERVER = ServerSettings(host="sftp.example.com", user="audit", path="/")


class Transport:
    """What a server says to a password, and to the answers to its questions, round by round."""

    def __init__(
        self,
        password: list[str] | Exception,
        rounds: list[list[tuple[str, bool]]] | None = None,
        then: tuple[str, ...] = (),
    ) -> None:
        self._password, self._rounds, self._then = password, rounds, then
        self.received: list[str] = []

    def auth_password(self, user: str, password: str, fallback: bool) -> list[str]:
        assert (user, fallback) == ("audit", False)
        self.received.append(password)
        if isinstance(self._password, Exception):
            raise self._password
        return self._password

    def auth_interactive(self, user: str, answer: Any) -> list[str]:
        assert user == "audit" and self._rounds is not None
        for prompts in self._rounds:
            self.received += answer("", "", prompts)
        return list(self._then)


def log(transport: Transport) -> str:
    return log_in(cast(AuditTransport, transport), SERVER, lambda: "secret")


def without_password(*methods: str) -> BadAuthenticationType:
    return BadAuthenticationType("no such method", list(methods))


ASKS = [[("Password: ", False)]]


def test_a_password_that_suffices() -> None:
    transport = Transport([])
    assert log(transport) == "password"
    assert transport.received == ["secret"]


def test_a_server_without_the_method_gets_the_password_as_an_answer() -> None:
    transport = Transport(without_password("publickey", "keyboard-interactive"), ASKS)
    assert log(transport) == "keyboard-interactive"


def test_a_server_that_wants_both() -> None:
    transport = Transport(["keyboard-interactive"], [[], *ASKS, []])
    assert log(transport) == "keyboard-interactive"
    assert transport.received == ["secret", "secret"]


@pytest.mark.parametrize(
    ("methods", "hint", "field", "command"),
    [
        (
            ("publickey", "hostbased"),
            "It accepts publickey, hostbased, but no password. Log in with a key.",
            "server.auth",
            "audit-trails-export config set server.auth=key server.key_file=…",
        ),
        (("hostbased",), "It accepts hostbased, but no password.", "server.password", ""),
    ],
)
def test_a_server_that_takes_no_password_is_told_with_what_it_takes(
    methods: tuple[str, ...], hint: str, field: str, command: str
) -> None:
    with pytest.raises(LoginRefused) as caught:
        log(Transport(without_password(*methods)))
    assert (str(caught.value.hint), caught.value.field, caught.value.command) == (hint, field, command)


def test_a_server_that_wants_more_than_a_password() -> None:
    for transport in (Transport(["publickey"]), Transport(["keyboard-interactive"], ASKS, ("publickey",))):
        with pytest.raises(LoginRefused) as caught:
            log(transport)
        assert caught.value.hint == "It wants publickey as well, which this program does not have."


@pytest.mark.parametrize(
    "question",
    [
        *("Password: ", "Kennwort: ", "", "audit@code.example.com's password:", "Passwort für audit:"),
        *("Password for token-service:", "PASSWORD (PIN pad user)"),
    ],
)
def test_a_question_that_may_be_for_the_password_gets_it(question: str) -> None:
    transport = Transport(without_password("keyboard-interactive"), [[(question, False)]])
    log(transport)
    assert transport.received == ["secret", "secret"]


@pytest.mark.parametrize(
    "rounds",
    [
        [[("Password: ", True)]],  # it would be shown
        [[("One-time password: ", False)]],
        [[("One time password: ", False)]],
        [[("Password (OTP): ", False)]],
        [[("Password or second factor: ", False)]],
        [[("Code: ", False)]],
        [[("TOKEN: ", False)]],
        [[("Verification: ", False)]],
        [[("Enter PIN: ", False)]],
        [[("Duo passcode or option: ", False)]],
    ],
)
def test_no_other_question_gets_it(rounds: list[list[tuple[str, bool]]]) -> None:
    transport = Transport(without_password("keyboard-interactive"), rounds)
    with pytest.raises(AuthenticationException):
        log(transport)
    assert transport.received == ["secret"]  # which the password method got


@pytest.mark.parametrize(
    "rounds", [[*ASKS, *ASKS], [*ASKS, [], *ASKS], [[("Password: ", False), ("Again: ", False)]]]
)
def test_it_is_given_once(rounds: list[list[tuple[str, bool]]]) -> None:
    transport = Transport(without_password("keyboard-interactive"), rounds)
    with pytest.raises(AuthenticationException):
        log(transport)
    assert len(transport.received) <= 2


def test_a_question_that_was_not_answered_is_told_without_what_a_terminal_would_do() -> None:
    with pytest.raises(AuthenticationException) as caught:
        log(Transport(without_password("keyboard-interactive"), [[("\x1b[31mCode: " + "x" * 200, False)]]))
    error = told(caught.value)
    assert isinstance(error, LoginRefused)
    assert "Code: xxx" in error.hint and "x" * 100 not in error.hint and error.hint.isprintable()
    assert error.field == "server.password" and "audit" in error.message


def told(failure: Exception, auth: str = "password", **facts: bool) -> UserError:
    """What is told where this is so of the connection."""
    usual = {"channel_refused": False, "login_unanswered": False, "too_many_connections": False}
    active = facts.pop("is_active", True)
    transport = SimpleNamespace(**{**usual, **facts}, is_active=lambda: active)
    server = ServerSettings(host="sftp.example.com", user="audit", path="/", auth=auth)  # type: ignore[arg-type]
    return login_error(failure, server, cast(AuditTransport, transport))


CUT = EOFError()


@pytest.mark.parametrize(
    ("error", "kind", "message", "field"),
    [
        (
            told(AuthenticationException()),
            LoginRefused,
            "The server did not accept user audit and this password.",
            "server.password",
        ),
        (
            told(NoSftp("Account is off.")),
            ProtocolError,
            'The server lets audit in, but what answers there is not SFTP (it says "Account is off.").',
            "server.user",
        ),
        (told(NoSftp("")), ProtocolError, "The server lets audit in, but not to SFTP.", "server.user"),
        (
            told(SSHException(), channel_refused=True),
            ProtocolError,
            "The server lets audit in, but not to SFTP.",
            "server.user",
        ),
        (
            told(CUT, login_unanswered=True, is_active=False),
            LoginCut,
            "sftp.example.com cut the connection when it had got the password.",
            "server.password",
        ),
        (
            told(CUT, login_unanswered=True),
            LoginUnanswered,
            "sftp.example.com got the password and did not answer.",
            "server.host",
        ),
        (
            told(CUT, "key", login_unanswered=True, is_active=False),
            LoginCut,
            "sftp.example.com cut the connection when it had got the key.",
            "server.key_file",
        ),
        (
            told(CUT, "agent", login_unanswered=True, is_active=False),
            LoginCut,
            "sftp.example.com cut the connection when it had got the key.",
            "server.auth",
        ),
        (
            told(CUT, "key", login_unanswered=True),
            LoginUnanswered,
            "sftp.example.com got the key and did not answer.",
            "server.host",
        ),
        (told(CUT, too_many_connections=True), ServerBusy, "sftp.example.com", "server.host"),
        (told(CUT), ConnectionLost, "The connection to sftp.example.com was cut while logging in.", "server.host"),
    ],
)
def test_what_is_told_of_a_login_that_failed(
    error: UserError, kind: type[UserError], message: str, field: str
) -> None:
    assert type(error) is kind
    assert message in error.message and error.field == field and error.hint
