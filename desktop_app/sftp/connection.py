"""A connection to the SFTP server: made step by step, with an end to every wait."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Self

from paramiko import SSHException

from desktop_app.errors import UserError
from desktop_app.settings.address import parse_address
from desktop_app.settings.model import ServerSettings
from desktop_app.sftp.client import SftpClient, open_sftp
from desktop_app.sftp.host_key_check import check_host_key
from desktop_app.sftp.limits import DEFAULT_LIMITS, Limits
from desktop_app.sftp.login import log_in, login_error
from desktop_app.sftp.negotiation import close_transport, negotiate
from desktop_app.sftp.remote_path import remote_folder
from desktop_app.sftp.steps import OnStep, Step, ignore_steps
from desktop_app.sftp.transport import AuditTransport
from desktop_app.stop import Stop
from desktop_app.wording import Said

logging.getLogger("paramiko").addHandler(logging.NullHandler())


class Connection:
    """An authenticated connection with one SFTP channel open. Use it as a context manager."""

    def __init__(
        self, transport: AuditTransport, sftp: SftpClient, server: ServerSettings, limits: Limits
    ) -> None:
        self.transport = transport
        self.sftp = sftp
        self.server = server
        self.folder = remote_folder(server.path)
        self.limits = limits

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close at once, whether or not the server still answers."""
        close_transport(self.transport)


def connect(
    server: ServerSettings,
    secret: Callable[[], str],
    known_hosts: Path,
    on_step: OnStep = ignore_steps,
    limits: Limits = DEFAULT_LIMITS,
    stop: Stop | None = None,
) -> Connection:
    """Connect and log in; `secret`, the password or the passphrase of the key, is asked for only once the host key
    is known to be the right one.

    `stop` ends every wait, also those of the connection afterwards, which then fail as if it had been cut.
    Raises Stopped, or one of the errors of `sftp.errors`.
    """
    address = parse_address(server.host)
    transport = negotiate(server, address, known_hosts, on_step, limits, stop or Stop())
    try:
        check_host_key(transport.get_remote_server_key(), address, known_hosts, on_step)
        return authenticate(transport, server, secret, on_step, limits)
    except BaseException:
        close_transport(transport)
        raise


def authenticate(
    transport: AuditTransport,
    server: ServerSettings,
    secret: Callable[[], str],
    on_step: OnStep,
    limits: Limits,
) -> Connection:
    """Log in, once, and open the SFTP channel."""
    try:
        method = log_in(transport, server, secret)
        sftp = open_sftp(transport, limits.idle)
    except UserError as error:
        on_step(Step("authenticate", False, error.message))
        raise
    except (SSHException, OSError, EOFError) as failure:
        lost = login_error(failure, server, transport)
        on_step(Step("authenticate", False, lost.message))
        raise lost from None  # what paramiko was doing may show what it was sending
    on_step(Step("authenticate", True, Said("{user}, by {method}", user=server.user, method=method)))
    return Connection(transport, sftp, server, limits)
