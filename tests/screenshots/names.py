"""Servers of example names on loopback."""

import socket
from collections.abc import Mapping
from typing import Any


def lead_to(ports: Mapping[str, int]) -> None:
    """From now on in this process, the given names mean these ports on loopback."""
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *arguments: Any, **options: Any) -> Any:
        if host in ports:
            return real("127.0.0.1", ports[host], *arguments, **options)
        return real(host, port, *arguments, **options)

    socket.getaddrinfo = getaddrinfo
