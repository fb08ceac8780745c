"""The way to the server: each wait on it has an end, and each end is told."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from desktop_app.settings.model import ServerAddress
from desktop_app.sftp.errors import ServerUnreachable
from desktop_app.sftp.limits import Limits
from desktop_app.sftp.sockets import open_socket
from desktop_app.sftp.steps import Step
from desktop_app.stop import Stop, Stopped
from tests.servers import answering, free_port, unanswering

LONG = Limits(resolve=20, connect=20, connect_all=20)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[socket.socket]:
    """The sockets that this thread made, in order."""
    made: list[socket.socket] = []
    here = threading.get_ident()

    class Seen(socket.socket):
        def __init__(self, *values: Any, **options: Any) -> None:
            super().__init__(*values, **options)
            if threading.get_ident() == here:
                made.append(self)

    monkeypatch.setattr("desktop_app.sftp.sockets.socket.socket", Seen)
    return made


@pytest.fixture
def silent() -> Iterator[int]:
    with unanswering() as port:
        yield port


def resolve_to(monkeypatch: pytest.MonkeyPatch, *ports: int) -> None:
    """Have every name stand for these ports of this computer."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)) for port in ports]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)


def open_(port: int, limits: Limits = LONG, stop: Stop | None = None) -> tuple[list[Step], Any]:
    """The steps that are told, and the socket or the error."""
    steps: list[Step] = []
    try:
        return steps, open_socket(ServerAddress("127.0.0.1", port), steps.append, limits, stop or Stop())
    except ServerUnreachable as error:
        return steps, error


def shown(steps: list[Step]) -> list[tuple[str, bool, str]]:
    return [(step.name, step.ok, str(step.detail)) for step in steps]


def test_a_connection_waits_for_answers_sends_at_once_and_notices_that_the_other_side_is_gone() -> None:
    with answering(b"") as port:
        steps, sock = open_(port)
        with sock:
            assert sock.getblocking()
            assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            assert sock.getpeername() == ("127.0.0.1", port)
    assert shown(steps) == [("resolve", True, "127.0.0.1"), ("connect", True, f"127.0.0.1 port {port}")]


def test_the_next_address_is_tried_where_one_refuses(
    monkeypatch: pytest.MonkeyPatch, made: list[socket.socket]
) -> None:
    with answering(b"") as port:
        resolve_to(monkeypatch, closed := free_port(), port)
        made.clear()
        steps, sock = open_(closed)
        assert sock is made[-1] and len(made) == 2
        assert made[0].fileno() == -1  # closed
        sock.close()
    assert [step.name for step in steps] == ["resolve", "connect"] and all(step.ok for step in steps)


def test_where_all_refuse_that_is_told() -> None:
    port = free_port()
    steps, error = open_(port)
    assert str(error) == f"127.0.0.1 refuses the connection on port {port}."
    assert isinstance(error.__cause__, ConnectionRefusedError)
    assert (error.field, bool(error.hint)) == ("server.host", True)
    assert shown(steps)[-1] == ("connect", False, str(error))


def test_an_address_that_does_not_answer_is_given_up(silent: int, made: list[socket.socket]) -> None:
    steps, error = open_(silent, replace(LONG, connect=0.2))
    assert str(error) == f"127.0.0.1 does not answer on port {silent}."
    assert shown(steps)[-1] == ("connect", False, str(error))
    assert [sock.fileno() for sock in made] == [-1]


def test_all_addresses_together_have_an_end(
    silent: int, monkeypatch: pytest.MonkeyPatch, made: list[socket.socket]
) -> None:
    resolve_to(monkeypatch, *[silent] * 1000)
    _, error = open_(silent, replace(LONG, connect=0.2, connect_all=0.5))
    assert str(error) == f"127.0.0.1 does not answer on port {silent}."
    assert 1 < len(made) < 10
    _, error = open_(silent, replace(LONG, connect_all=0.2))  # which is shorter than that of one
    assert str(error) == f"127.0.0.1 does not answer on port {silent}."


def test_who_asks_for_the_end_waits_for_no_connection(silent: int, made: list[socket.socket]) -> None:
    stop = Stop()
    with pytest.raises(Stopped):
        open_socket(ServerAddress("127.0.0.1", silent), lambda _: stop.ask(), LONG, stop)
    assert [sock.fileno() for sock in made] == [-1]


@pytest.fixture
def slow_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A service of names that answers when the event is set; the end of the program does not wait for that."""
    answer = threading.Event()

    def look_up(*_: Any, **__: Any) -> list[Any]:
        outlives_the_program.append(not threading.current_thread().daemon)
        answer.wait(60)
        return []

    outlives_the_program: list[bool] = []
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    yield answer
    answer.set()
    assert outlives_the_program == [False]


def test_a_name_that_is_not_looked_up_in_time(slow_names: threading.Event) -> None:
    steps, error = open_(22, replace(LONG, resolve=0.05))
    assert str(error) == "The name 127.0.0.1 was not looked up in time."
    assert shown(steps) == [("resolve", False, str(error))]


def test_who_asks_for_the_end_waits_for_no_name(slow_names: threading.Event) -> None:
    stop = Stop()
    threading.Timer(0.05, stop.ask).start()
    with pytest.raises(Stopped):
        open_(22, stop=stop)


@pytest.mark.parametrize("failure", [socket.gaierror(-2, "not known"), UnicodeError("label too long")])
def test_a_name_that_there_is_not(monkeypatch: pytest.MonkeyPatch, failure: Exception) -> None:
    def look_up(*_: Any, **__: Any) -> list[Any]:
        raise failure

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    steps, error = open_(22)
    assert str(error) == "There is no server called 127.0.0.1."
    assert shown(steps) == [("resolve", False, str(error))]
    assert error.may_pass and error.field == "server.host"
