"""Look at the server's host key, and pin it."""

from dataclasses import dataclass
from pathlib import Path

from paramiko import PKey

from desktop_app.files import undone_on_failure
from desktop_app.settings.address import parse_address
from desktop_app.settings.model import ServerAddress, Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.validation import check
from desktop_app.sftp.errors import HostKeyChanged
from desktop_app.sftp.host_keys import fingerprint, known_keys, pin
from desktop_app.sftp.limits import DEFAULT_LIMITS
from desktop_app.sftp.negotiation import close_transport, negotiate
from desktop_app.sftp.steps import ignore_steps
from desktop_app.stop import Stop, uninterrupted
from desktop_app.trails.own_actions import host_key_accepted
from desktop_app.trails.store.store import Store, open_store
from desktop_app.wording import Said


@dataclass(frozen=True)
class SeenHostKey:
    """The host key that the server showed just now, and those known before (fingerprints)."""

    address: ServerAddress
    key: PKey
    known: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.key)

    @property
    def is_known(self) -> bool:
        return self.fingerprint in self.known


def look_at_host_key(settings: Settings, known_hosts: Path) -> SeenHostKey:
    """Connect as far as the host key; nobody logs in. Raises BadSetting and the errors of a connection."""
    check(settings)
    address = parse_address(settings.server.host)
    transport = negotiate(settings.server, address, known_hosts, ignore_steps, DEFAULT_LIMITS, Stop())
    try:
        known = tuple(fingerprint(key) for key in known_keys(known_hosts, address))
        return SeenHostKey(address, transport.get_remote_server_key(), known)
    finally:
        close_transport(transport)


def require_fingerprint(seen: SeenHostKey, expected: str) -> None:
    """Raises HostKeyChanged unless the server's key has this fingerprint."""
    if seen.fingerprint != expected:
        raise HostKeyChanged(
            Said(
                "The host key of {server} is {seen}, not {expected}.",
                server=seen.address,
                seen=seen.fingerprint,
                expected=expected,
            ),
            Said("Nothing was changed. Ask the server's administrator for the fingerprint."),
            field="server.host",
        )


def trust_host_key(seen: SeenHostKey, paths: Paths) -> None:
    """Pin the key, as `pin_recorded` does. Raises LocalDiskError."""
    with open_store(paths.store) as store:
        pin_recorded(store, paths.known_hosts, seen.address, seen.key)


def pin_recorded(store: Store, known_hosts: Path, address: ServerAddress, key: PKey) -> None:
    """Pin the key, in place of any that was known before, and record that: both, or neither.

    Raises LocalDiskError.
    """
    known = known_keys(known_hosts, address)
    replaced = fingerprint(known[0]) if known else None
    with uninterrupted(), undone_on_failure(known_hosts), store.transaction():
        store.append([host_key_accepted(str(address), key.get_name(), fingerprint(key), replaced)])
        pin(known_hosts, address, key)
