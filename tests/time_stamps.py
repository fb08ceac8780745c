"""A time-stamp service on loopback: `openssl ts` behind HTTP, which can be told to lie."""

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.servers import program

_CONFIGURATION = """
[tsa]
default_tsa = here
[here]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
certs = ca.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
"""


class TimeStampService:
    """`url` is where it answers, `certificates` the file that says who it is; `answer` makes of a query what it
    sends."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder / name
        self._folder.mkdir()
        self.certificates = self._folder / "ca.pem"
        self.url = ""
        self.answer: Callable[[bytes], bytes] = self.stamp
        self._make(name)

    def stamp(self, query: bytes) -> bytes:
        """What is right."""
        (self._folder / "query").write_bytes(query)
        self._openssl("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply")
        return (self._folder / "reply").read_bytes()

    def query(self, content: bytes) -> bytes:
        """What somebody else might ask."""
        (self._folder / "content").write_bytes(content)
        self._openssl("ts", "-query", "-data", "content", "-sha512", "-cert", "-out", "other")
        return (self._folder / "other").read_bytes()

    def _make(self, name: str) -> None:
        (self._folder / "tsa.cnf").write_text(_CONFIGURATION)
        (self._folder / "serial").write_text("01")
        (self._folder / "ext").write_text("extendedKeyUsage=critical,timeStamping\nbasicConstraints=CA:FALSE\n")
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        self._openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", f"/CN={name} CA")
        self._openssl("req", *key, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", f"/CN={name}")
        self._openssl(
            "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-extfile", "ext", "-out", "tsa.pem",
        )  # fmt: skip

    def _openssl(self, *arguments: str) -> None:
        subprocess.run([program("openssl"), *arguments], cwd=self._folder, check=True, capture_output=True)


@contextmanager
def time_stamp_service(folder: Path, name: str = "Time Stamps") -> Iterator[TimeStampService]:
    """The service, while it answers."""
    service = TimeStampService(folder, name)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            answer = service.answer(query)
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    service.url = f"http://127.0.0.1:{server.server_port}/tsa"
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
