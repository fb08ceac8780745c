"""From the address to a transport with keys, on which nobody has logged in yet."""

import socket
import threading
from contextlib import suppress
from pathlib import Path

from paramiko import SSHException

from desktop_app.settings.algorithms import LIST_NAMES, all_names
from desktop_app.settings.model import ServerAddress, ServerSettings
from desktop_app.sftp.host_keys import known_keys
from desktop_app.sftp.limits import Limits
from desktop_app.sftp.negotiation_errors import negotiation_error
from desktop_app.sftp.sockets import open_socket
from desktop_app.sftp.steps import OnStep, Step
from desktop_app.sftp.transport import Algorithms, AuditTransport
from desktop_app.stop import Stop


def negotiate(
    server: ServerSettings,
    address: ServerAddress,
    known_hosts: Path,
    on_step: OnStep,
    limits: Limits,
    stop: Stop,
) -> AuditTransport:
    """The steps resolve, connect and negotiate: a transport on which nobody has logged in yet.

    Asking `stop` closes it, now or whenever later.
    """
    sock = open_socket(address, on_step, limits, stop)
    transport = AuditTransport(sock)
    stop.wakes(lambda: _give_up(transport))
    transport.banner_timeout = limits.banner
    transport.handshake_timeout = limits.negotiate
    transport.auth_timeout = limits.authenticate
    transport.offer(ticked_algorithms(server))
    transport.prefer_host_key_types([key.get_name() for key in known_keys(known_hosts, address)])
    try:
        transport.start_client(timeout=limits.banner + limits.negotiate)
        if not transport.initial_kex_done:  # paramiko has stopped waiting, and tells nobody
            raise TimeoutError("no keys")
    except (SSHException, OSError, EOFError) as failure:
        close_transport(transport)
        error = negotiation_error(failure, transport, server, address)
        on_step(Step("negotiate", False, error.message))
        raise error from failure
    agreed = transport.negotiated()
    on_step(Step("negotiate", True, ", ".join(agreed.values())))
    return transport


def close_transport(transport: AuditTransport) -> None:
    """Close without waiting for a peer that may be gone."""
    transport.packetizer.leaving = True
    with suppress(OSError):
        transport.sock.shutdown(socket.SHUT_RDWR)
    transport.close()


def _give_up(transport: AuditTransport) -> None:
    """Free whoever waits for the server: at once, or a little later where something is to be tidied up there."""
    if not transport.grace:
        close_transport(transport)
        return
    timer = threading.Timer(transport.grace, close_transport, [transport])
    timer.daemon = True
    timer.start()


def ticked_algorithms(server: ServerSettings) -> Algorithms:
    """What to offer: what is ticked, strongest first, whatever its order in the file."""
    return Algorithms(
        *(tuple(name for name in all_names(each) if name in getattr(server, each)) for each in LIST_NAMES)
    )
