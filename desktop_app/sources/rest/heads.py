"""Connections that wait for the head of an answer only so long, however slowly it comes.

A time limit of a socket begins anew with every byte.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Timer
from typing import TypeVar

from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from desktop_app.resources import load_toml

_Manager = TypeVar("_Manager", bound=PoolManager)


def patient_only(manager: _Manager) -> _Manager:
    """Have a manager of connections wait for the head of an answer for `answer_seconds` at most."""
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
    return manager


@contextmanager
def _time_limit(connection: HTTPConnection) -> Iterator[None]:
    """Raises TimeoutError where what is done in the context takes too long, for which the connection is cut."""
    is_over = Event()

    def cut() -> None:
        is_over.set()
        if connection.sock is not None:
            with suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    timer = Timer(load_toml("limits")["answer_seconds"], cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except Exception as error:
        if is_over.is_set():
            raise TimeoutError("timed out") from error
        raise
    finally:
        timer.cancel()
    if is_over.is_set():  # what came of the head looks like all of it
        raise TimeoutError("timed out")


class _Connection(HTTPConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        with _time_limit(self):
            return super().getresponse()


class _TlsConnection(HTTPSConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        with _time_limit(self):
            return super().getresponse()


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection
