"""A company's proxy: it opens what is encrypted, with certificates of its own CA, and may ask for a password."""

import base64
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import trustme

from tests.http_service import Answering, Asked


@dataclass
class Proxy:
    """A proxy at a port of loopback; `asked_for` are the hosts that it was to connect to."""

    port: int
    ca: trustme.CA
    asked_for: list[str] = field(default_factory=list)
    opened: list[Asked] = field(default_factory=list)


@contextmanager
def company_proxy(answering: Answering, login: str = "") -> Iterator[Proxy]:
    """Whatever host is asked for, `answering` is who answers. `login` is `user:password`, where there is one."""
    wanted = f"Basic {base64.b64encode(login.encode()).decode()}" if login else None

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_CONNECT(self) -> None:
            host = self.path.rpartition(":")[0]
            proxy.asked_for.append(host)
            if wanted and self.headers.get("Proxy-Authorization") != wanted:
                self.send_response_only(407)
                self.send_header("Proxy-Authenticate", 'Basic realm="company"')
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self.send_response_only(200)
            self.end_headers()
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            proxy.ca.issue_cert(host).configure_cert(context)
            self.close_connection = True
            with suppress(OSError):  # who does not trust it hangs up
                opened = context.wrap_socket(self.connection, server_side=True)
                self.connection, self.close_connection = opened, False
                self.rfile, self.wfile = opened.makefile("rb"), opened.makefile("wb", 0)  # type: ignore[assignment]

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            parts = urlsplit(self.path)
            asked = Asked(
                self.command, parts.path, dict(parse_qsl(parts.query)), self.headers, self.rfile.read(length)
            )
            proxy.opened.append(asked)
            reply = answering(asked)
            self.send_response_only(reply.status)
            self.send_header("Date", self.date_time_string())
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        do_POST = do_GET

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: it is a test."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        proxy = Proxy(server.server_address[1], trustme.CA())
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            server.shutdown()
            thread.join()
