"""HTTP to one service: TLS is always checked, nothing is retried, and no answer is larger than it may be."""

import io
import ssl
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import unquote, urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

from msgspec import Struct

from desktop_app import __version__
from desktop_app.resources import load_toml
from desktop_app.sources.rest.checks import is_loopback
from desktop_app.sources.rest.errors import CertificateRefused, NotAccepted, ServiceUnreachable, StrangeAnswer
from desktop_app.stop import Stop
from desktop_app.wording import Said

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, PoolManager

_PIECE = 1 << 18
_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 5
_PROXY_ASKS = "407"


class Request(Struct, frozen=True):
    """What is asked; a body is JSON, or a form."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = {}
    body: bytes | None = None

    def __repr__(self) -> str:  # headers and body may have a secret
        return f"Request({self.method} {self.url.partition('?')[0]})"


class Answer(Struct, frozen=True):
    """What came; `date_ms` is the time by the service's clock, in milliseconds since 1970, where it says that."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    date_ms: int | None = None


class Connection:
    """Connections to hosts, which are kept open; through the system's proxy where there is one."""

    def __init__(self) -> None:
        self._pools: dict[tuple[str, bool], PoolManager] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pool in self._pools.values():
            pool.clear()

    def ask(self, request: Request, stop: Stop) -> Answer:
        """The answer, whatever its status is. Redirects are followed on the same host.

        Raises ServiceUnreachable, CertificateRefused, StrangeAnswer, and Stopped.
        """
        for _ in range(_MOST_REDIRECTS):
            answer = self._ask_once(request, stop)
            where = answer.headers.get("Location", "")
            if answer.status not in _REDIRECTS or not where:
                return answer
            request = _redirected(request, answer.status, where)
        raise StrangeAnswer(Said("{host} redirects in a circle.", host=_host(request.url)), _CHECK_ADDRESS)

    def _ask_once(self, request: Request, stop: Stop) -> Answer:
        from urllib3.exceptions import HTTPError, ProxyError, SSLError

        stop.check()
        host = _host(request.url)
        try:
            response = self._pool(request.url).request(
                request.method,
                request.url,
                body=request.body,
                headers={
                    "Accept-Encoding": "gzip",
                    "User-Agent": f"audit-trails-export/{__version__}",
                    **request.headers,
                },
                redirect=False,
                retries=False,
                preload_content=False,
            )
            try:
                body = _read(response, host, stop)
            except BaseException:
                response.close()
                raise
            response.release_conn()
            if not body and not _says_empty(response):
                raise ServiceUnreachable(
                    Said("{host} gave no whole answer ({reason}).", host=host, reason=_PIECE_MISSING),
                    Said("The next run tries again."),
                )
            return Answer(response.status, response.headers, body, _date_ms(response.headers.get("Date", "")))
        except SSLError as error:
            raise CertificateRefused(
                Said("The certificate of {host} is not trusted ({reason}).", host=host, reason=_reason(error)),
                Said("If a proxy of your organisation answers, its certificate must be among the system's own."),
            ) from None
        except ProxyError as error:
            if _PROXY_ASKS in str(error.original_error):
                raise NotAccepted(
                    Said("The proxy asks for a user and password before it connects to {host}.", host=host),
                    Said(
                        "Write them into the proxy's address, as in http://user:password@proxy.example.com:8080."
                    ),
                ) from None
            raise ServiceUnreachable(
                Said("The proxy does not connect to {host} ({reason}).", host=host, reason=_reason(error)),
                Said("Is the system's proxy the right one?"),
            ) from None
        except (HTTPError, OSError, ValueError) as error:  # ValueError: what is no header or no address
            raise ServiceUnreachable(
                Said("{host} gave no whole answer ({reason}).", host=host, reason=_reason(error)),
                Said("The next run tries again."),
            ) from None

    def _pool(self, url: str) -> "PoolManager":
        which = _proxy_for(url), url.startswith("https:")
        if which not in self._pools:
            self._pools[which] = _new_pool(*which)
        return self._pools[which]


_PIECE_MISSING = Said("a piece of it is missing")
_CHECK_ADDRESS = Said("Check the address of the service.")


def is_same_origin(one: str, other: str) -> bool:
    """Whether two addresses are of the same host and port, and both encrypted or both not."""
    a, b = urlsplit(one), urlsplit(other)
    try:
        return (a.scheme, a.hostname, _port(a.scheme, a.port)) == (b.scheme, b.hostname, _port(b.scheme, b.port))
    except ValueError:
        return False


def _port(scheme: str, port: int | None) -> int:
    return port or (443 if scheme == "https" else 80)


def _redirected(request: Request, status: int, where: str) -> Request:
    url = urljoin(request.url, where)
    if not is_same_origin(request.url, url):
        raise StrangeAnswer(
            Said("{host} redirects to another host, which would get the secret.", host=_host(request.url)),
            _CHECK_ADDRESS,
        )
    if status in (307, 308) or request.method == "GET":
        return Request(url, request.method, request.headers, request.body)
    return Request(url, "GET", request.headers)


def _read(response: "BaseHTTPResponse", host: str, stop: Stop) -> bytes:
    limits = load_toml("limits")
    largest = limits["answer_bytes"]
    began, body, size = time.monotonic(), io.BytesIO(), 0
    while piece := response.read1(_PIECE, decode_content=True):  # as much as is there: the rest may never come
        size += body.write(piece)
        stop.check()
        if size > largest:
            raise StrangeAnswer(
                Said("{host} gave an answer of more than {size} bytes.", host=host, size=largest),
                Said("Ask for fewer records in a page (pages.size)."),
            )
        if time.monotonic() - began > limits["answer_seconds"] + size / limits["answer_pace"]:
            raise ServiceUnreachable(
                Said("{host} answers too slowly.", host=host), Said("The next run tries again.")
            )
    return body.getvalue()  # which is no copy


def _says_empty(response: "BaseHTTPResponse") -> bool:
    """Whether an answer without a body is meant so: where the connection is cut amid its head, none of this is
    said."""
    told = "Content-Length", "Transfer-Encoding"
    return not 200 <= response.status < 300 or response.status == 204 or any(map(response.headers.get, told))


def _new_pool(proxy: str, encrypted: bool) -> "PoolManager":
    import truststore
    from urllib3 import PoolManager, ProxyManager, Timeout
    from urllib3.util import make_headers

    from desktop_app.sources.rest.heads import patient_only

    limits = load_toml("limits")
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if encrypted or proxy else None
    timeout = Timeout(connect=limits["connect_seconds"], read=limits["silent_seconds"])
    if not proxy:
        return patient_only(PoolManager(ssl_context=context, timeout=timeout))
    parts = urlsplit(proxy)
    headers = None
    if parts.username:
        login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers = make_headers(proxy_basic_auth=login)
    address = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    return patient_only(ProxyManager(address, proxy_headers=headers, ssl_context=context, timeout=timeout))


def _proxy_for(url: str) -> str:
    """The address of the proxy of the environment or the system, or nothing; with its password, if any."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if is_loopback(host) or proxy_bypass(host):
        return ""
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all") or ""
    return proxy if "://" in proxy or not proxy else f"http://{proxy}"


def _date_ms(text: str) -> int | None:
    try:
        return int(parsedate_to_datetime(text).timestamp() * 1000)
    except (ValueError, TypeError, OverflowError):
        return None


def _host(url: str) -> str:
    return urlsplit(url).netloc


def _reason(error: BaseException) -> Said | str:
    """Why, in words: an exception's own text may have a proxy's password in it."""
    from urllib3.exceptions import DecodeError, IncompleteRead, NameResolutionError, TimeoutError

    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return cause.verify_message
        if isinstance(cause, NameResolutionError):
            return Said("there is no such host")
        if isinstance(cause, TimeoutError | OSError) and "timed out" in str(cause):
            return Said("it does not answer")
        if isinstance(cause, IncompleteRead | DecodeError):
            return _PIECE_MISSING
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        inner = next((each for each in cause.args if isinstance(each, BaseException)), None)
        cause = inner or cause.__cause__ or cause.__context__
    return Said("the connection was cut")
