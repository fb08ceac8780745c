"""paramiko's transport with exactly the ticked algorithms, and with an end to every wait."""

import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from paramiko import PKey, ServiceRequestingTransport, SSHException  # type: ignore[attr-defined]
from paramiko.auth_handler import AuthOnlyHandler
from paramiko.channel import Channel
from paramiko.common import (
    MSG_CHANNEL_DATA,
    MSG_CHANNEL_EXTENDED_DATA,
    MSG_CHANNEL_FAILURE,
    cMSG_CHANNEL_REQUEST,
    cMSG_SERVICE_REQUEST,
    cMSG_USERAUTH_REQUEST,
)
from paramiko.message import Message
from paramiko.ssh_exception import AuthenticationException, BadAuthenticationType, PartialAuthentication

from desktop_app.sftp.key_exchange import Curve25519, Group14Sha1, GroupExchangeSha1, GroupExchangeSha256
from desktop_app.sftp.packetizer import AuditPacketizer, ChannelData
from desktop_app.sftp.printable import printable
from desktop_app.sftp.public_key import require_well_formed, require_well_formed_signature

_WINDOW = 8 << 20
_HEADS = 64  # bytes of a packet that paramiko leaves for what is around its data
_MOST_OFFERS = 100  # in a list
_MOST_QUESTIONS = 20
_MOMENT = 0.1  # seconds
# What servers give as their reason when they hang up on a wrong password: OpenSSH "protocol error" (2), others
# "no more authentication methods available" (14); RFC 4253, section 11.1.
_LOGIN_REFUSED = (2, 14)
_TOO_MANY_CONNECTIONS = 12  # also there


@dataclass(frozen=True)
class Algorithms:
    """Names by list, the preferred ones first."""

    key_exchange: tuple[str, ...]
    ciphers: tuple[str, ...]
    hmac: tuple[str, ...]


class _AuthHandler(AuthOnlyHandler):
    """Prepares for the answer before it asks, and takes it also from a server that hangs up right after.

    paramiko misses an answer that comes at once, and with the second one tells of a lost connection.
    """

    transport: "AuditTransport"
    _refusal: AuthenticationException | None = None

    def send_auth_request(
        self, username: str, method: str, finish_message: Callable[[Message], None] | None = None
    ) -> list[str]:
        self.username, self.auth_method, self._refusal = username, method, None
        self.auth_event = threading.Event()
        request = Message()
        request.add_byte(cMSG_USERAUTH_REQUEST)
        for text in (username, "ssh-connection", method):
            request.add_string(text)
        if finish_message:
            finish_message(request)
        self.transport.login_unanswered = True
        with self.transport.lock:
            self.transport._send_message(request)
        needed = self.wait_for_response(self.auth_event)
        self.transport.login_unanswered = False
        return needed

    def wait_for_response(self, event: threading.Event) -> list[str]:
        """What is needed besides. Raises AuthenticationException for a refusal, else what else went wrong."""
        deadline = time.monotonic() + self.transport.auth_timeout
        while not event.wait(_MOMENT) and self.transport.is_active():
            if time.monotonic() > deadline:
                raise SSHException("no answer to the login")
        if self.is_authenticated():
            return []
        refusal = self._refusal
        if isinstance(refusal, PartialAuthentication):
            return list(refusal.allowed_types)
        if refusal is None and self.transport.disconnect_reason in _LOGIN_REFUSED:
            refusal = AuthenticationException("hung up")
        raise refusal or self.transport.get_exception() or EOFError("no answer to the login")

    def _parse_userauth_info_request(self, m: Message) -> None:
        """paramiko would read as many questions as the server says there are."""
        for _ in range(3):  # title, instructions, language (RFC 4256, section 3.2)
            m.get_binary()
        if m.get_int() > _MOST_QUESTIONS:
            raise AuthenticationException("too many questions")
        m.rewind()
        super()._parse_userauth_info_request(m)  # type: ignore[misc]

    def _parse_userauth_failure(self, m: Message) -> None:
        methods = [printable(name, 64) for name in m.get_binary().split(b",")[:_MOST_OFFERS]]
        if m.get_boolean():
            self._refusal = PartialAuthentication(methods)
        elif self.auth_method not in methods:
            self._refusal = BadAuthenticationType("not this way", methods)
        else:
            self._refusal = AuthenticationException("refused")
        if self.auth_event:
            self.auth_event.set()


def _offered(names: Sequence[str]) -> tuple[str, ...]:
    """What of a peer's list are algorithms, as they may be shown: names of 64 characters (RFC 4251, section 6)."""
    algorithms = [name for name in names if not name.startswith(("ext-info-", "kex-strict-"))]
    return tuple(printable(name.encode(), 64) for name in algorithms[:_MOST_OFFERS])


def _take(channel: Channel, m: Message) -> None:
    _require_window(channel)
    channel._feed(m)  # type: ignore[attr-defined]


def _take_extended(channel: Channel, m: Message) -> None:
    _require_window(channel)
    channel._feed_extended(m)  # type: ignore[attr-defined]


def _require_window(channel: Channel) -> None:
    """Raises SSHException where more waits to be read than the peer may send; paramiko takes that, endlessly."""
    if len(channel.in_buffer) + len(channel.in_stderr_buffer) > _WINDOW:
        raise SSHException("more than the window")


def _window_for(channel: Channel, wanted: int) -> int:
    """Take so many bytes of what the peer has room for, fewer where it has less; waits until it has any."""
    with channel.lock:
        size: int = channel._wait_for_send_window(wanted)  # type: ignore[attr-defined]
        if not size:
            raise OSError("the channel is closed")
        more = min(wanted - size, channel.out_window_size)  # beyond one packet
        channel.out_window_size -= more
    return size + more


def _refuse(channel: Channel, m: Message) -> None:
    """Remember that the peer refuses a request; paramiko only closes the channel."""
    transport = channel.get_transport()
    assert isinstance(transport, AuditTransport)
    transport.channel_refused = True
    channel._request_failed(m)  # type: ignore[attr-defined]


class AuditTransport(ServiceRequestingTransport):  # type: ignore[misc]
    """Speaks the key exchanges that paramiko 5 dropped or knows under another name (RFC 8731).

    Besides the algorithms, paramiko announces strict key exchange (kex-strict-c-v00@openssh.com), which is
    no algorithm but the cure for CVE-2023-48795.
    """

    _kex_info: ClassVar[dict[str, Any]] = {
        **ServiceRequestingTransport._kex_info,
        "curve25519-sha256": Curve25519,
        "diffie-hellman-group14-sha1": Group14Sha1,
        "diffie-hellman-group-exchange-sha256": GroupExchangeSha256,
        "diffie-hellman-group-exchange-sha1": GroupExchangeSha1,
    }
    _channel_handler_table: ClassVar[dict[int, Callable[[Channel, Message], None]]] = {
        **ServiceRequestingTransport._channel_handler_table,
        MSG_CHANNEL_DATA: _take,
        MSG_CHANNEL_EXTENDED_DATA: _take_extended,
        MSG_CHANNEL_FAILURE: _refuse,
    }

    auth_handler: Any
    _preferred_keys: tuple[str, ...]
    # Seconds that somebody who stops leaves for tidying up on the server.
    grace: float = 0.0
    # The reason code of the peer's DISCONNECT (RFC 4253, section 11.1), 0 before that.
    disconnect_reason: int = 0
    # Whether the peer has got a user and a password, and has not said yet what it thinks of them.
    login_unanswered: bool = False
    # Bytes of files that went over all SFTP channels so far, in either direction.
    moved: int = 0
    # Whether the peer refused a channel, or a service on one.
    channel_refused: bool = False

    def __init__(self, sock: socket.socket) -> None:
        super().__init__(sock, default_window_size=_WINDOW, packetizer_class=AuditPacketizer)
        self.peer_offers: Algorithms | None = None
        self._agreed_kex = ""
        self._may_authenticate = threading.Event()

    def offer(self, algorithms: Algorithms) -> None:
        """Offer these and no others, in this order."""
        self._preferred_kex = algorithms.key_exchange
        self._preferred_ciphers = algorithms.ciphers
        self._preferred_macs = algorithms.hmac

    def prefer_host_key_types(self, names: Sequence[str]) -> None:
        """Ask for host keys of these types (`ssh-rsa` stands for all RSA signatures) before others."""
        wanted = [
            name
            for name in self._preferred_keys
            if any(name == n or (n == "ssh-rsa" and "rsa" in name) for n in names)
        ]
        self._preferred_keys = (*wanted, *(name for name in self._preferred_keys if name not in wanted))

    def negotiated(self) -> dict[str, str]:
        """The algorithms agreed upon."""
        return {
            "key_exchange": self._agreed_kex,
            "cipher": self.local_cipher,
            "hmac": self.local_mac,
        }

    def get_remote_server_key(self) -> PKey:
        """The host key, also where the peer has hung up since the keys were agreed upon."""
        key: PKey = self.host_key
        return key

    @property
    def too_many_connections(self) -> bool:
        """Whether the peer hung up for that reason."""
        return self.disconnect_reason == _TOO_MANY_CONNECTIONS

    @property
    def is_openssh(self) -> bool:
        """Whether the peer is OpenSSH, also that of Windows, of which is known what no server says of itself."""
        return "OpenSSH" in self.remote_version

    def begin_sftp(self, channel: Channel) -> None:
        """Have the SFTP service take part in a new channel.

        OpenSSH does one thing after another: what is sent to it next need not wait for its answer, which saves a
        round trip. Where it refuses, the channel is closed, and `channel_refused` is set.
        """
        if not self.is_openssh:
            channel.invoke_subsystem("sftp")
            return
        request = Message()
        request.add_byte(cMSG_CHANNEL_REQUEST)
        request.add_int(channel.remote_chanid)
        request.add_string("subsystem")
        request.add_boolean(True)
        request.add_string("sftp")
        self._send_user_message(request)

    def send_all(self, channel: Channel, data: bytes) -> None:
        """Send data over a channel of this connection, as much at a time as its window takes.

        Raises OSError where the channel is closed, or its window stays closed for its `timeout`.
        """
        rest = memoryview(data)
        while rest:
            size = _window_for(channel, len(rest))
            most = channel.out_max_packet_size - _HEADS
            self._send_user_message(ChannelData(channel.remote_chanid, rest[:size], most))
            rest = rest[size:]

    def count_moved(self, count: int) -> None:
        """Count bytes of files."""
        self.moved += count

    def first_line(self) -> str:
        """The first line that the peer said, as far as it can be printed; empty before it said anything."""
        line: bytes = self.packetizer.greeting.partition(b"\n")[0]
        return printable(line, 80)

    def offers_by_list(self) -> dict[str, list[str]]:
        """What the server offers, by the name of the list; empty before it said so."""
        return {name: list(names) for name, names in asdict(self.peer_offers).items()} if self.peer_offers else {}

    def auth_password(self, username: str, password: str, fallback: bool = False) -> list[str]:
        """Log in with a password, which OpenSSH gets right behind the question whether authentication may begin:
        it does one thing after another, and that saves a round trip."""
        if self.is_openssh:
            self._ask_to_authenticate()
        else:
            self.ensure_session()
        needed: list[str] = self.auth_handler.auth_password(username, password)
        return needed

    def ensure_session(self) -> None:
        """Ask once whether authentication may begin. paramiko would wait for the answer for ever."""
        self._ask_to_authenticate()
        deadline = time.monotonic() + self.auth_timeout
        while not self._may_authenticate.wait(_MOMENT):
            if not self.active or time.monotonic() > deadline:
                raise SSHException("no answer to the service request")

    def _ask_to_authenticate(self) -> None:
        if self.auth_handler is None:
            self.auth_handler = _AuthHandler(self)
            request = Message()
            request.add_byte(cMSG_SERVICE_REQUEST)
            request.add_string("ssh-userauth")
            self._send_message(request)

    def get_exception(self) -> BaseException | None:
        """paramiko ends with whatever goes wrong while it reads nonsense. What it read may be in that."""
        failure: BaseException | None = super().get_exception()
        if failure is None or isinstance(failure, (SSHException, EOFError, OSError)):
            return failure
        return SSHException(type(failure).__name__)

    def _verify_key(self, host_key: bytes, sig: bytes) -> None:
        require_well_formed(host_key)
        require_well_formed_signature(sig)
        super()._verify_key(host_key, sig)

    def _parse_disconnect(self, m: Message) -> None:
        """Remember why the peer hangs up; paramiko's own takes only UTF-8 from it, and tells nobody."""
        self.disconnect_reason = m.get_int()

    def _parse_channel_open_failure(self, m: Message) -> None:
        self.channel_refused = True
        super()._parse_channel_open_failure(m)

    def _parse_service_accept(self, m: Message) -> None:
        super()._parse_service_accept(m)
        self._may_authenticate.set()

    def _really_parse_kex_init(self, m: Message, ignore_first_byte: bool = False) -> dict[str, Any]:
        parsed: dict[str, Any] = super()._really_parse_kex_init(m, ignore_first_byte)
        if not ignore_first_byte:
            kinds = ("kex_algo_list", "client_encrypt_algo_list", "client_mac_algo_list")
            self.peer_offers = Algorithms(*(_offered(parsed[kind]) for kind in kinds))
        return parsed

    def _parse_kex_init(self, m: Message) -> None:
        super()._parse_kex_init(m)
        kind = type(self.kex_engine)
        self._agreed_kex = next(name for name in self._preferred_kex if self._kex_info[name] is kind)
