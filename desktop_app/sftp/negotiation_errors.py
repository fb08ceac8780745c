"""Why no keys were agreed upon with whatever answered, as it is told."""

from paramiko.ssh_exception import IncompatiblePeer

from desktop_app.errors import UserError
from desktop_app.settings.algorithms import LIST_LABELS, LIST_NAMES, all_names
from desktop_app.settings.model import ServerAddress, ServerSettings
from desktop_app.sftp.errors import ConnectionLost, NoCommonAlgorithm, NotSsh, ProtocolError
from desktop_app.sftp.transport import Algorithms, AuditTransport
from desktop_app.wording import Said


def negotiation_error(
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
