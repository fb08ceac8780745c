"""A web service on loopback that answers as a test says."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from select import select
from threading import Thread
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

_BETWEEN_BYTES = 0.01  # seconds


@dataclass(frozen=True)
class Asked:
    """A request: its path, the parameters in its address, headers and body."""

    method: str
    path: str
    params: dict[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """What is answered; what is behind `cut_after` bytes of the body is never sent. Where it `hangs`, the
    connection stays open: nothing comes, headers without end, the body byte by byte, or half of it; with half a
    head, it is closed."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut_after: int | None = None
    hangs: Literal["", "silent", "headers", "trickle", "stops", "half a head"] = ""


Answering = Callable[[Asked], Reply]


@contextmanager
def serving(answering: Answering) -> Iterator[str]:
    """The address of a service."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            parts = urlsplit(self.path)
            asked = Asked(
                self.command, parts.path, dict(parse_qsl(parts.query)), self.headers, self.rfile.read(length)
            )
            reply = answering(asked)
            if reply.hangs in ("silent", "headers", "half a head"):
                self._hang(b"" if reply.hangs == "silent" else b"HTTP/1.1 200 OK\r\nX-More: x", reply.hangs)
                return
            self.send_response_only(reply.status)
            if "Date" not in reply.headers:
                self.send_header("Date", self.date_time_string())
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            if self.command == "HEAD":
                return
            if reply.hangs:
                half = reply.body[: len(reply.body) // 2]
                self._hang(half if reply.hangs == "stops" else b"", reply.hangs)
            elif reply.cut_after is None:
                self.wfile.write(reply.body)
            else:
                self.wfile.write(reply.body[: reply.cut_after])
                self.close_connection = True

        do_HEAD = do_POST = do_GET

        def _hang(self, first: bytes, how: str) -> None:
            """Send something, and then nothing, or one byte after the other, until the client has enough."""
            self.close_connection = True
            between = _BETWEEN_BYTES if how in ("headers", "trickle") else None
            with suppress(OSError):
                self.wfile.write(first)
                while how != "half a head" and not select([self.connection], [], [], between)[0]:
                    self.wfile.write(b"x")

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: it is a test."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
