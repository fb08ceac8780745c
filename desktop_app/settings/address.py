"""`server.host` as people write it: a name or an address, and a port unless it is 22."""

import re
from ipaddress import AddressValueError, IPv6Address

from desktop_app.errors import BadSetting
from desktop_app.settings.model import ServerAddress
from desktop_app.wording import Said

DEFAULT_PORT = 22
_FIELD = "server.host"
_BRACKETED = re.compile(r"\[([^\[\]]+)\](?::([0-9]+))?")
_NAMED = re.compile(r"([^:]+)(?::([0-9]+))?")
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_NAME = re.compile(rf"(?=.{{1,254}}\Z){_LABEL}(?:\.{_LABEL})*\.?")  # RFC 1035; underscores are met in practice


def parse_address(text: str) -> ServerAddress:
    """Read "host", "host:port", "[2001:db8::1]:port" or a bare IPv6 address.

    Raises BadSetting (`server.host`), which repeats nothing that may be a password.
    """
    _refuse_more_than_an_address(text)
    if _is_ipv6(text):
        return ServerAddress(text, DEFAULT_PORT)
    if (match := _BRACKETED.fullmatch(text)) and _is_ipv6(match[1]):
        return ServerAddress(match[1], _port(match[2]))
    if (match := _NAMED.fullmatch(text)) and _NAME.fullmatch(match[1]):
        return ServerAddress(match[1], _port(match[2]))
    raise BadSetting(
        Said("The server {text!r} is neither a name nor an address.", text=text),
        Said("Write it as sftp.example.com, sftp.example.com:2222 or [2001:db8::1]:2222."),
        field=_FIELD,
    )


def _refuse_more_than_an_address(text: str) -> None:
    scheme, _, rest = text.rpartition("://")
    host = rest.rpartition("@")[2].partition("/")[0] or "sftp.example.com"
    if scheme:
        raise BadSetting(
            Said("The server is written as a web address."),
            Said("Write {host} instead.", host=host),
            field=_FIELD,
        )
    if "@" in text:
        raise BadSetting(
            Said("The server has a user in it."),
            Said("Write {host} instead, and the user under User.", host=host),
            field=_FIELD,
        )


def _port(digits: str | None) -> int:
    if digits is None:
        return DEFAULT_PORT
    port = int(digits[:6])  # a sixth digit is too many already
    if not 1 <= port <= 65535:
        raise BadSetting(
            Said("There is no port {port}.", port=digits[:20]),
            Said("A port is a number from 1 to 65535."),
            field=_FIELD,
        )
    return port


def _is_ipv6(text: str) -> bool:
    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return True
