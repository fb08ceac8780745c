"""`server.host` as people write it: a name or an address, and a port unless it is 22."""

import re

from desktop_app.errors import BadSetting
from desktop_app.settings.model import ServerAddress

DEFAULT_PORT = 22
_FIELD = "server.host"
_BRACKETED = re.compile(r"\[([0-9A-Fa-f:.]+(?:%\w+)?)\](?::(\d+))?")
_NAMED = re.compile(r"([A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?)(?::(\d+))?")
_BARE_IPV6 = re.compile(r"[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%\w+)?")


def parse_address(text: str) -> ServerAddress:
    """Read "host", "host:port", "[2001:db8::1]:port" or a bare IPv6 address.

    Raises BadSetting (`server.host`).
    """
    if "://" in text:
        raise BadSetting(
            f"The server {text} is written as a web address.",
            "Write its name alone, as in sftp.example.com.",
            field=_FIELD,
        )
    if "@" in text:
        raise BadSetting(
            f"The server {text} has a user in it.",
            "Write the user into its own field, server.user.",
            field=_FIELD,
        )
    if _BARE_IPV6.fullmatch(text):
        return ServerAddress(text, DEFAULT_PORT)
    match = _BRACKETED.fullmatch(text) or _NAMED.fullmatch(text)
    if not match:
        raise BadSetting(
            f"The server {text!r} is neither a name nor an address.",
            "Write it as sftp.example.com, sftp.example.com:2222 or [2001:db8::1]:2222.",
            field=_FIELD,
        )
    port = int(match[2]) if match[2] else DEFAULT_PORT
    if not 1 <= port <= 65535:
        raise BadSetting(f"There is no port {match[2]}.", "A port is a number from 1 to 65535.", field=_FIELD)
    return ServerAddress(match[1], port)
