"""In which order a connection is made, and that none is left open that nobody has."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from paramiko import SSHException

from desktop_app.errors import UserError
from desktop_app.settings.model import ServerAddress, ServerSettings
from desktop_app.sftp import connection as module
from desktop_app.sftp.connection import connect
from desktop_app.sftp.errors import ConnectionLost, HostKeyUnknown, LoginRefused
from desktop_app.sftp.limits import DEFAULT_LIMITS, Limits
from desktop_app.sftp.steps import Step
from desktop_app.stop import Stop
from desktop_app.wording import Said

SERVER = ServerSettings(host="sftp.example.com:2222", user="audit", path="/in")
KNOWN_HOSTS = Path("known_hosts")


class Server:
    """Does what is asked for, but for what `fails`; notes what that was."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.fails: dict[str, BaseException] = {}
        self.transport: Any = SimpleNamespace(
            get_remote_server_key=lambda: "the key", is_active=lambda: True, login_unanswered=False,
            channel_refused=False, too_many_connections=False,
        )  # fmt: skip

    def do(self, what: str) -> None:
        self.log.append(what)
        if what in self.fails:
            raise self.fails[what]

    def negotiate(
        self, server: object, address: object, known: object, _: object, limits: object, stop: Any
    ) -> Any:
        assert (server, address, known) == (SERVER, ServerAddress("sftp.example.com", 2222), KNOWN_HOSTS)
        self.limits, self.stop = limits, stop
        self.do("negotiate")
        return self.transport

    def check(self, key: object, address: object, known: object, _: object) -> None:
        assert (key, address, known) == ("the key", ServerAddress("sftp.example.com", 2222), KNOWN_HOSTS)
        self.do("check")

    def log_in(self, transport: object, server: object, secret: Any) -> str:
        assert transport is self.transport
        secret()
        self.do("log in")
        return "password"

    def open_sftp(self, transport: object, seconds: float) -> str:
        self.do(f"open for {seconds}")
        return "sftp"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    server = Server()
    monkeypatch.setattr(module, "negotiate", server.negotiate)
    monkeypatch.setattr(module, "check_host_key", server.check)
    monkeypatch.setattr(module, "log_in", server.log_in)
    monkeypatch.setattr(module, "open_sftp", server.open_sftp)
    monkeypatch.setattr(module, "close_transport", lambda transport: server.log.append("close"))
    yield server


def made(server: Server, steps: list[Step], **more: Any) -> Any:
    def secret() -> str:
        server.log.append("secret")
        return "hunter2"

    return connect(SERVER, secret, KNOWN_HOSTS, steps.append, **more)


def test_the_secret_is_asked_for_once_the_host_key_is_known(server: Server) -> None:
    steps: list[Step] = []
    limits, stop = Limits(idle=7), Stop()
    with made(server, steps, limits=limits, stop=stop) as connection:
        assert server.log == ["negotiate", "check", "secret", "log in", "open for 7"]
        assert (connection.transport, connection.sftp) == (server.transport, "sftp")
        assert (connection.server, connection.folder, connection.limits) == (SERVER, "/in", limits)
    assert server.log[-1] == "close"
    assert (server.limits, server.stop) == (limits, stop)
    assert [(step.name, step.ok, step.detail) for step in steps] == [("authenticate", True, "audit, by password")]


def test_every_wait_has_an_end_and_can_be_ended_where_nothing_is_said(server: Server) -> None:
    connect(SERVER, lambda: "", KNOWN_HOSTS).close()
    assert server.limits == DEFAULT_LIMITS and isinstance(server.stop, Stop)


def error(kind: type[UserError]) -> UserError:
    return kind(Said("It failed."), Said("Look."))


@pytest.mark.parametrize(
    ("fails", "why", "told", "done"),
    [
        ("negotiate", error(ConnectionLost), [], ["negotiate"]),
        ("check", error(HostKeyUnknown), [], ["negotiate", "check", "close"]),
        ("check", KeyboardInterrupt(), [], ["negotiate", "check", "close"]),
        (
            "log in",
            error(LoginRefused),
            [("authenticate", False, "It failed.")],
            ["negotiate", "check", "secret", "log in", "close"],
        ),
    ],
)
def test_what_fails_is_told_as_it_is_and_the_connection_is_closed(
    server: Server, fails: str, why: BaseException, told: list[object], done: list[str]
) -> None:
    steps: list[Step] = []
    server.fails[fails] = why
    with pytest.raises(type(why)) as caught:
        made(server, steps)
    assert caught.value is why
    assert [(step.name, step.ok, step.detail) for step in steps] == told
    assert server.log == done


@pytest.mark.parametrize("fails", ["log in", "open for 60"])
@pytest.mark.parametrize("why", [SSHException("hunter2"), EOFError("hunter2"), OSError("hunter2")])
def test_what_the_library_was_doing_is_not_shown(server: Server, fails: str, why: Exception) -> None:
    steps: list[Step] = []
    server.fails[fails] = why
    with pytest.raises(ConnectionLost) as caught:
        made(server, steps)
    assert caught.value.__cause__ is None and caught.value.__suppress_context__
    assert [(step.name, step.ok, step.detail) for step in steps] == [("authenticate", False, caught.value.message)]
    assert "hunter2" not in caught.value.message + caught.value.hint
    assert server.log[-1] == "close"
