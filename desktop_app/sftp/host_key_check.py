"""Whether the server's host key is the one that was accepted."""

from pathlib import Path

from paramiko import PKey

from desktop_app.errors import UserError
from desktop_app.settings.model import ServerAddress
from desktop_app.sftp.errors import HostKeyChanged, HostKeyUnknown
from desktop_app.sftp.host_keys import fingerprint, known_keys
from desktop_app.sftp.steps import OnStep, Step
from desktop_app.wording import Said

_TRUST = "audit-trails-export trust"


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
