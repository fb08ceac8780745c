"""The way to the server: its name looked up, and a TCP connection, both with an end."""

import os
import selectors
import socket
import threading
import time
from concurrent.futures import CancelledError, Future, InvalidStateError
from contextlib import suppress
from typing import Any

from desktop_app.settings.model import ServerAddress
from desktop_app.sftp.errors import ServerUnreachable
from desktop_app.sftp.limits import Limits
from desktop_app.sftp.steps import OnStep, Step, StepName
from desktop_app.stop import Stop, Stopped
from desktop_app.wording import Said

_MOMENT = 0.1  # seconds


def open_socket(address: ServerAddress, on_step: OnStep, limits: Limits, stop: Stop) -> socket.socket:
    def fail(step: StepName, message: Said, hint: Said, cause: BaseException) -> ServerUnreachable:
        on_step(Step(step, False, message))
        error = ServerUnreachable(message, hint, field="server.host")
        error.__cause__ = cause
        return error

    try:
        found = _look_up(address, limits.resolve, stop)
    except (OSError, UnicodeError) as error:
        raise fail(
            "resolve",
            Said("The name {host} was not looked up in time.", host=address.host)
            if isinstance(error, TimeoutError)
            else Said("There is no server called {host}.", host=address.host),
            Said("Is the name right, and does this computer have a network?"),
            error,
        ) from error
    on_step(Step("resolve", True, ", ".join(dict.fromkeys(str(entry[4][0]) for entry in found))))
    failure: OSError = TimeoutError("no answer")
    ends = time.monotonic() + limits.connect_all
    for family, kind, protocol, _, place in found:
        if (left := ends - time.monotonic()) <= 0:
            break
        sock = socket.socket(family, kind, protocol)
        try:
            _connect(sock, place, min(limits.connect, left), stop)
        except Stopped:
            sock.close()
            raise
        except OSError as error:
            sock.close()
            failure = error
            continue
        host, port = place[:2]
        on_step(Step("connect", True, Said("{host} port {port}", host=host, port=port)))
        return sock
    message = (
        Said("{host} refuses the connection on port {port}.", host=address.host, port=address.port)
        if isinstance(failure, ConnectionRefusedError)
        else Said("{host} does not answer on port {port}.", host=address.host, port=address.port)
    )
    hint = Said("Is the name right, does the server run, and may this computer reach it?")
    raise fail("connect", message, hint, failure) from failure


def _look_up(address: ServerAddress, seconds: float, stop: Stop) -> list[Any]:
    """As `socket.getaddrinfo`, on a thread of its own: nothing else ends that wait. Raises also Stopped."""
    answer: Future[list[Any]] = Future()

    def ask() -> None:
        with suppress(InvalidStateError):  # nobody waits any more
            try:
                answer.set_result(socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM))
            except (OSError, UnicodeError) as error:
                answer.set_exception(error)

    threading.Thread(target=ask, daemon=True).start()
    stop.wakes(answer.cancel)
    try:
        return answer.result(seconds)
    except CancelledError:
        raise Stopped from None


def _connect(sock: socket.socket, place: Any, seconds: float, stop: Stop) -> None:
    """As `sock.connect`, with an end. Raises OSError, Stopped."""
    deadline = time.monotonic() + seconds
    sock.setblocking(False)
    with suppress(BlockingIOError):
        sock.connect(place)
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_WRITE)
        while not selector.select(_MOMENT):
            stop.check()
            if time.monotonic() > deadline:
                raise TimeoutError("no answer")
    if code := sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
        raise OSError(code, os.strerror(code))
    sock.setblocking(True)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
