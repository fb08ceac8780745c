"""Whether the server's host key is the one that was accepted."""

from pathlib import Path

from paramiko import PKey

from desktop_app.errors import UserError
from desktop_app.settings.model import ServerAddress
from desktop_app.sftp.errors import HostKeyChanged, HostKeyUnknown
from desktop_app.sftp.host_keys import Known, fingerprint, look_up, require_not_revoked, unreadable
from desktop_app.sftp.steps import OnStep, Step
from desktop_app.wording import Said

_TRUST = "audit-trails-export trust"


def check_host_key(key: PKey, address: ServerAddress, known_hosts: Path, on_step: OnStep) -> None:
    """Raises HostKeyUnknown, HostKeyChanged or HostKeyRevoked unless the server's key is a known one, and
    LocalDiskError where that can't be found out."""
    try:
        _check(key, address, known_hosts)
    except UserError as error:
        on_step(Step("host-key", False, error.message))
        raise
    on_step(Step("host-key", True, _shown(key)))


def _check(key: PKey, address: ServerAddress, known_hosts: Path) -> None:
    require_not_revoked(known_hosts, address, key)
    known = look_up(known_hosts, address)
    if known_hosts in known.unreadable:
        raise unreadable(known_hosts, known.unreadable[known_hosts])
    if any(key == each for each in known.keys):
        return
    if known.keys:
        raise _changed(key, address, known)
    for file, reason in known.unreadable.items():
        raise unreadable(file, reason)
    raise _unknown(key, address, known)


def _changed(key: PKey, address: ServerAddress, known: Known) -> UserError:
    return HostKeyChanged(
        Said(
            "The host key of {server} has changed: it was {before}, now it is {now}.",
            server=address,
            before=tuple(map(_shown, known.keys)),
            now=_shown(key),
        ),
        Said(
            "Either the server was set up again, or someone is in between. Nothing was sent. Ask its"
            " administrator before you accept the new key."
        ),
        command=_TRUST,
        field="server.host",
    )


def _unknown(key: PKey, address: ServerAddress, known: Known) -> UserError:
    message = Said(
        "This is the first connection to {server}, whose host key is {key}.", server=address, key=_shown(key)
    )
    hint = Said("Compare the fingerprint with the one its administrator gave you, then accept it.")
    for file, line in known.damaged.items():
        message = Said(
            "Whether the host key of {server} was accepted can't be said: line {line} of {file} is damaged. It is"
            " {key} now.",
            server=address,
            line=line,
            file=file,
            key=_shown(key),
        )
        break
    else:
        if known.authority:
            hint = Said(
                "The known_hosts of this user has only a certificate authority for this server, which only"
                " OpenSSH takes. Compare the fingerprint with the one its administrator gave you, then accept it."
            )
    return HostKeyUnknown(message, hint, command=f"{_TRUST} --fingerprint {fingerprint(key)}", field="server.host")


def _shown(key: PKey) -> str:
    return f"{key.get_name()} {fingerprint(key)}"
