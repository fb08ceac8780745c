"""A ping for a monitor that raises an alarm where none comes (a dead man's switch), as healthchecks.io."""

import logging
import time
from urllib.parse import urlsplit, urlunsplit

from desktop_app import __version__
from desktop_app.errors import ExitCode, UserError
from desktop_app.wording import Said

_LOG = logging.getLogger(__name__)
_PATIENCE = 10.0  # seconds for one try
_WAITS = (0.0, 1.0, 3.0)  # seconds before each try
_KNOWS_NO_POST = (404, 405, 501)


def ping(url: str, text: str, failed: bool) -> bool:
    """Tell a monitor how a run ended; whether it answered with a success. Never raises.

    `text` is POSTed to `url`, after a failure to `url` with `/fail` at the end of its path; where that is answered
    with 404, 405 or 501, a GET follows. What may pass (no answer, 5xx) is tried three times.
    """
    try:
        where = fail_address(url) if failed else url
        host = urlsplit(url).netloc.rpartition("@")[2]  # all else of an address may be a secret
    except ValueError:  # no address
        return False
    for wait in _WAITS:
        time.sleep(wait)
        status = _request(where, text.encode())
        if status in _KNOWS_NO_POST:
            status = _request(where, None)
        if status and status < 500:
            break
    is_taken = status is not None and 200 <= status < 300
    _LOG.log(logging.INFO if is_taken else logging.WARNING, "ping to %s: %s", host, status or "no answer")
    return is_taken


class NotPinged(UserError):
    """The monitor did not take a ping."""

    exit_code = ExitCode.UNREACHABLE


def try_ping(url: str, text: str) -> None:
    """Ping a monitor as after a run that went well. Raises NotPinged."""
    if not ping(url, text, failed=False):
        raise NotPinged(
            Said("The monitor did not take the ping."),
            Said("Is its address right, and does this computer reach it?"),
            field="notify.ping_url",
        )


def fail_address(url: str) -> str:
    """The address that is told of a failure."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + "/fail"))


def _request(url: str, body: bytes | None) -> int | None:
    """The status of the answer to a POST of `body`, or to a GET; None where there is no answer."""
    import ssl
    from urllib.error import HTTPError
    from urllib.request import Request, urlopen

    import truststore

    headers = {"User-Agent": f"audit-trails-export/{__version__}"}
    if body is not None:
        headers["Content-Type"] = "text/plain; charset=utf-8"
    try:
        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if url.startswith("https:") else None
        with urlopen(Request(url, body, headers), timeout=_PATIENCE, context=context) as answer:
            return int(answer.status)
    except HTTPError as error:
        error.close()
        return error.code
    except Exception:  # http.client has errors that are no OSError; whatever it is, it was no answer
        return None
