"""Why no keys were agreed upon with whatever answered, as it is told."""

from paramiko.ssh_exception import IncompatiblePeer

from desktop_app.errors import UserError
from desktop_app.settings.algorithms import LIST_LABELS, LIST_NAMES, all_names
from desktop_app.settings.model import ServerAddress, ServerSettings
from desktop_app.sftp.errors import (
    ConnectionLost,
    HungUp,
    NoCommonAlgorithm,
    NotSsh,
    ProtocolError,
    ServerBusy,
)
from desktop_app.sftp.key_exchange import WeakGroup
from desktop_app.sftp.printable import printable
from desktop_app.sftp.transport import Algorithms, AuditTransport
from desktop_app.wording import Said

# What OpenSSH says instead of its version: to some of many that come at once (sshd_config: MaxStartups), and from
# 9.8 on to an address that failed to log in before (PerSourcePenalties).
_BUSY = "Exceeded MaxStartups"
_PENALTY = "Not allowed at this time"


def negotiation_error(
    failure: BaseException, transport: AuditTransport, server: ServerSettings, address: ServerAddress
) -> UserError:
    """What to tell when `transport` could not agree upon keys because of `failure`."""
    if isinstance(failure, IncompatiblePeer) and transport.peer_offers:
        return _no_common_algorithm(transport.peer_offers, transport.offers_by_list(), server)
    line = transport.first_line()
    if line.startswith(_BUSY) or transport.too_many_connections:
        return too_busy(address.host)
    if line.startswith(_PENALTY):
        return ServerBusy(
            Said("{host} refuses the address of this computer for a while.", host=address.host),
            Said(
                "It does so after failed logins or cut connections, for up to 10 minutes unless its administrator"
                " chose otherwise. Check user and password, then try again later."
            ),
            field="server.host",
        )
    if isinstance(failure, WeakGroup):
        return ProtocolError(
            Said(
                "{host} exchanges keys by a group of {bits} bits that is too short or has no prime modulus.",
                host=address.host,
                bits=failure.bits,
            ),
            Said(
                "What was sent could be read by others. Untick the group exchanges, or ask its administrator for"
                " groups of 2048 bits and more (/etc/ssh/moduli)."
            ),
            field="server.key_exchange",
        )
    text = printable(str(failure).encode())
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
    if not transport.remote_version and isinstance(failure.__context__ or failure, (EOFError, ConnectionError)):
        return HungUp(
            Said("{host} accepted the connection and closed it without a word.", host=address.host),
            Said("It may be busy, or closed to this computer; its log may say why."),
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
            reason=text,
        ),
        Said("Is the port that of its SFTP service?"),
        field="server.host",
    )


def too_busy(host: str) -> ServerBusy:
    """What to tell of a server that says that too many are connected."""
    return ServerBusy(
        Said("{host} is busy: it takes no more connections at the moment.", host=host),
        Said("Try again later. If this happens often, ask its administrator to allow more (MaxStartups)."),
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
