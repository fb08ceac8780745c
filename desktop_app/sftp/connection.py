"""A connection to the SFTP server: made step by step, with an end to every wait."""

import logging
import os
import selectors
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from paramiko import PKey, SSHException
from paramiko.ssh_exception import (
    AuthenticationException,
    BadAuthenticationType,
    IncompatiblePeer,
)

from desktop_app.errors import UserError
from desktop_app.settings.address import parse_address
from desktop_app.settings.algorithms import LIST_LABELS, LIST_NAMES, all_names
from desktop_app.settings.model import ServerAddress, ServerSettings
from desktop_app.sftp.channel import NoSftp
from desktop_app.sftp.client import SftpClient, open_sftp
from desktop_app.sftp.errors import (
    ConnectionLost,
    HostKeyChanged,
    HostKeyUnknown,
    LoginCut,
    LoginRefused,
    NoCommonAlgorithm,
    NotSsh,
    ProtocolError,
    ServerUnreachable,
)
from desktop_app.sftp.host_keys import fingerprint, known_keys
from desktop_app.sftp.remote_path import remote_folder
from desktop_app.sftp.steps import OnStep, Step, StepName, ignore_steps
from desktop_app.sftp.transport import Algorithms, AuditTransport
from desktop_app.stop import Stop, Stopped
from desktop_app.wording import Said

logging.getLogger("paramiko").addHandler(logging.NullHandler())

_MOMENT = 0.1  # seconds
_TRUST = "audit-trails-export trust"


@dataclass(frozen=True)
class Limits:
    """Seconds after which a step counts as failed; `idle` is for a transfer that makes no progress."""

    connect: float = 20
    banner: float = 20
    negotiate: float = 30
    authenticate: float = 60
    idle: float = 60


DEFAULT_LIMITS = Limits()


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
    password: Callable[[], str],
    known_hosts: Path,
    on_step: OnStep = ignore_steps,
    limits: Limits = DEFAULT_LIMITS,
    stop: Stop | None = None,
) -> Connection:
    """Connect and log in; `password` is asked for only once the host key is known to be the right one.

    `stop` ends every wait, also those of the connection afterwards, which then fail as if it had been cut.
    Raises Stopped, or one of the errors of `sftp.errors`.
    """
    address = parse_address(server.host)
    transport = negotiate(server, address, known_hosts, on_step, limits, stop or Stop())
    try:
        check_host_key(transport.get_remote_server_key(), address, known_hosts, on_step)
        return authenticate(transport, server, password, on_step, limits)
    except BaseException:
        close_transport(transport)
        raise


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
    sock = _open_socket(address, on_step, limits, stop)
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
        error = _negotiation_error(failure, transport, server, address)
        on_step(Step("negotiate", False, error.message))
        raise error from failure
    agreed = transport.negotiated()
    on_step(Step("negotiate", True, ", ".join(agreed.values())))
    return transport


def check_host_key(key: PKey, address: ServerAddress, known_hosts: Path, on_step: OnStep) -> None:
    """Raises HostKeyUnknown or HostKeyChanged unless the server's key is a known one."""
    known = known_keys(known_hosts, address)
    now = f"{key.get_name()} {fingerprint(key)}"
    if any(key == each for each in known):
        on_step(Step("host-key", True, now))
        return
    error: UserError
    if not known:
        error = HostKeyUnknown(
            Said("This is the first connection to {server}, whose host key is {key}.", server=address, key=now),
            Said("Compare the fingerprint with the one its administrator gave you, then accept it."),
            command=f"{_TRUST} --fingerprint {fingerprint(key)}",
            field="server.host",
        )
    else:
        error = HostKeyChanged(
            Said(
                "The host key of {server} has changed: it was {before}, now it is {now}.",
                server=address,
                before=tuple(f"{each.get_name()} {fingerprint(each)}" for each in known),
                now=now,
            ),
            Said(
                "Either the server was set up anew, or someone is in between. Nothing was sent. Ask its"
                " administrator before you accept the new key."
            ),
            command=_TRUST,
            field="server.host",
        )
    on_step(Step("host-key", False, error.message))
    raise error


def authenticate(
    transport: AuditTransport,
    server: ServerSettings,
    password: Callable[[], str],
    on_step: OnStep,
    limits: Limits,
) -> Connection:
    """Log in with the password, once, and open the SFTP channel."""
    try:
        method = _log_in(transport, server.user, password)
        sftp = open_sftp(transport, limits.idle)
    except UserError as error:
        on_step(Step("authenticate", False, error.message))
        raise
    except (SSHException, OSError, EOFError) as failure:
        lost = _authentication_error(failure, server, transport)
        on_step(Step("authenticate", False, lost.message))
        raise lost from None  # what paramiko was doing may show what it was sending
    on_step(Step("authenticate", True, Said("{user}, by {method}", user=server.user, method=method)))
    return Connection(transport, sftp, server, limits)


def close_transport(transport: AuditTransport) -> None:
    """Close without waiting for a peer that may be gone."""
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


def _open_socket(address: ServerAddress, on_step: OnStep, limits: Limits, stop: Stop) -> socket.socket:
    def fail(step: StepName, message: Said, hint: Said, cause: BaseException) -> ServerUnreachable:
        on_step(Step(step, False, message))
        error = ServerUnreachable(message, hint, field="server.host")
        error.__cause__ = cause
        return error

    try:
        found = _look_up(address, stop)
    except (OSError, UnicodeError) as error:
        raise fail(
            "resolve",
            Said("There is no server called {host}.", host=address.host),
            Said("Is the name right, and does this computer have a network?"),
            error,
        ) from error
    on_step(Step("resolve", True, ", ".join(dict.fromkeys(str(entry[4][0]) for entry in found))))
    failure: OSError | None = None
    for family, kind, protocol, _, place in found:
        sock = socket.socket(family, kind, protocol)
        try:
            _connect(sock, place, limits.connect, stop)
        except Stopped:
            sock.close()
            raise
        except OSError as error:
            sock.close()
            failure = error
            continue
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        host, port = sock.getpeername()[:2]
        on_step(Step("connect", True, Said("{host} port {port}", host=host, port=port)))
        return sock
    assert failure is not None
    message = (
        Said("{host} refuses the connection on port {port}.", host=address.host, port=address.port)
        if isinstance(failure, ConnectionRefusedError)
        else Said("{host} does not answer on port {port}.", host=address.host, port=address.port)
    )
    hint = Said("Is the name right, does the server run, and may this computer reach it?")
    raise fail("connect", message, hint, failure) from failure


def _look_up(address: ServerAddress, stop: Stop) -> list[Any]:
    """As `socket.getaddrinfo`, on a thread of its own, which a stop leaves alone: nothing else ends that wait."""
    answer: Future[list[Any]] = Future()

    def ask() -> None:
        with suppress(InvalidStateError):  # nobody waits any more
            try:
                answer.set_result(socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM))
            except (OSError, UnicodeError) as error:
                answer.set_exception(error)

    threading.Thread(target=ask, daemon=True).start()
    stop.wakes(answer.cancel)
    try:
        return answer.result()
    except CancelledError:
        raise Stopped from None


def _connect(sock: socket.socket, place: Any, seconds: float, stop: Stop) -> None:
    """As `sock.connect`, with an end. Raises OSError, Stopped."""
    deadline = time.monotonic() + seconds
    sock.setblocking(False)
    with suppress(BlockingIOError):
        sock.connect(place)
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_WRITE)
        while not selector.select(_MOMENT):
            stop.check()
            if time.monotonic() > deadline:
                raise TimeoutError("no answer")
    if code := sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
        raise OSError(code, os.strerror(code))
    sock.setblocking(True)


def _negotiation_error(
    failure: BaseException, transport: AuditTransport, server: ServerSettings, address: ServerAddress
) -> UserError:
    if isinstance(failure, IncompatiblePeer) and transport.peer_offers:
        return _no_common_algorithm(transport.peer_offers, transport.offers_by_list(), server)
    text = str(failure)
    line = transport.first_line()
    if line and not transport.remote_version and not line.startswith("SSH-"):
        return NotSsh(
            Said(
                'What answers on port {port} of {host} is not SSH (it says "{line}").',
                port=address.port,
                host=address.host,
                line=line,
            ),
            Said("Is the port right?"),
            field="server.host",
        )
    if not transport.remote_version:
        return ConnectionLost(
            Said("{host} accepted the connection and then said nothing.", host=address.host),
            Said("The server may be too busy; is the port that of its SFTP service?"),
            field="server.host",
        )
    if isinstance(failure, (EOFError, OSError)) or "Negotiation failed" in text or "Timeout" in text:
        return ConnectionLost(
            Said("The connection to {host} was cut while it was being set up.", host=address.host),
            Said("The server's log may say why."),
            field="server.host",
        )
    return ProtocolError(
        Said(
            "{host} did not set up the connection by the rules of SSH ({reason}).",
            host=address.host,
            reason=text[:200],
        ),
        Said("Is the port that of its SFTP service?"),
        field="server.host",
    )


def _no_common_algorithm(
    offers: Algorithms, all_offers: dict[str, list[str]], server: ServerSettings
) -> UserError:
    for name in LIST_NAMES:
        offered, ticked = getattr(offers, name), getattr(server, name)
        if not any(choice in offered for choice in ticked):
            matching = tuple(choice for choice in all_names(name) if choice in offered)
            if matching:
                message = Said("This server does not accept {ticked}.", ticked=ticked)
                hint = Said(
                    "It offers {offered}. Of the choices here it accepts {choices}: tick at least one of them.",
                    offered=offered,
                    choices=matching,
                )
                if set(matching) == set(offered):
                    hint = Said("It accepts {choices}: tick at least one of them.", choices=matching)
            else:
                message = Said("You and this server have no {list} in common.", list=LIST_LABELS[name])
                hint = Said(
                    "It offers {offered}. Ask its administrator to allow {choice}.",
                    offered=offered,
                    choice=all_names(name)[0],
                )
            return NoCommonAlgorithm(
                message,
                hint,
                field=f"server.{name}",
                server_offers=offered,
                matching=matching,
                all_offers=all_offers,
            )
    return ProtocolError(
        Said("You and this server have no type of host key in common."),
        Said("Ask its administrator for an Ed25519, ECDSA or RSA (SHA-2) host key."),
        field="server.host",
    )


def _log_in(transport: AuditTransport, user: str, password: Callable[[], str]) -> str:
    """Password, or keyboard-interactive where the server has no password method: one attempt in all."""
    secret = password()
    try:
        left = transport.auth_password(user, secret, fallback=False)
        if not left:
            return "password"
    except BadAuthenticationType as refusal:
        left = refusal.allowed_types
        if "keyboard-interactive" not in left:
            raise _refused(user, Said("It accepts {methods}, but no password.", methods=tuple(left))) from None
    if "keyboard-interactive" in left:
        asked = 0

        def answer(_title: str, _instructions: str, prompts: list[tuple[str, bool]]) -> list[str]:
            nonlocal asked
            asked += len(prompts)
            if asked > 1:
                raise AuthenticationException("more than one question")
            return [secret] * len(prompts)

        left = transport.auth_interactive(user, answer)
    if left:
        raise _refused(
            user, Said("It wants {methods} as well, which this program does not have.", methods=tuple(left))
        )
    return "keyboard-interactive"


def _authentication_error(failure: BaseException, server: ServerSettings, transport: AuditTransport) -> UserError:
    if isinstance(failure, AuthenticationException):
        return _refused(server.user, Said("It was tried once. Are both right, and is the account not locked?"))
    if isinstance(failure, NoSftp) and failure.line:
        return ProtocolError(
            Said(
                'The server lets {user} in, but what answers there is not SFTP (it says "{line}").',
                user=server.user,
                line=failure.line,
            ),
            Said("Its administrator should look at the shell of this user, and at what that prints."),
            field="server.user",
        )
    if isinstance(failure, NoSftp) or transport.channel_refused:
        return ProtocolError(
            Said("The server lets {user} in, but not to SFTP.", user=server.user),
            Said("Is its SFTP service on?"),
            field="server.user",
        )
    if transport.login_unanswered and not transport.is_active():
        return LoginCut(
            Said("{host} cut the connection when it had got the password.", host=server.host),
            Said("It was tried once. Is the password right? The server's log may say why it cut."),
            field="server.password",
        )
    return ConnectionLost(
        Said("The connection to {host} was cut while logging in.", host=server.host),
        Said("The server's log may say why."),
        field="server.host",
    )


def _refused(user: str, hint: Said) -> LoginRefused:
    return LoginRefused(
        Said("The server did not accept user {user} and this password.", user=user), hint, field="server.password"
    )
