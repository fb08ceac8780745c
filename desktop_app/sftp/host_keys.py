"""Whom we talk to: the pinned host keys, in OpenSSH's known_hosts format."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from paramiko import PKey, SSHException
from paramiko.hostkeys import HostKeyEntry, HostKeys, InvalidHostKey

from desktop_app.settings.file import write_atomically
from desktop_app.settings.model import ServerAddress


def fingerprint(key: PKey) -> str:
    """The fingerprint as `ssh-keygen -l` shows it: `SHA256:…`."""
    text: str = key.fingerprint
    return text


def host_name(address: ServerAddress) -> str:
    """The name of a server in known_hosts: bare for port 22, else `[host]:port`."""
    return address.host if address.port == 22 else f"[{address.host}]:{address.port}"


def known_keys(known_hosts: Path, address: ServerAddress) -> list[PKey]:
    """The keys that count as the server's: ours; where we have none, those of the user's OpenSSH."""
    keys = _keys_in(known_hosts, address)
    with suppress(RuntimeError):  # this user has no home folder
        keys = keys or _keys_in(Path.home() / ".ssh" / "known_hosts", address)
    return keys


def pin(known_hosts: Path, address: ServerAddress, key: PKey) -> None:
    """Make `key` the one key of the server in our file. Raises LocalDiskError."""
    name = host_name(address)
    entries = [entry for entry in _entries(known_hosts) if not _is_of(entry, name)]
    lines = [entry.to_line() or "" for entry in [*entries, HostKeyEntry([name], key)]]
    write_atomically(known_hosts, "".join(lines).encode())


def _keys_in(file: Path, address: ServerAddress) -> list[PKey]:
    return [entry.key for entry in _entries(file) if entry.key and _is_of(entry, host_name(address))]


def _is_of(entry: HostKeyEntry, name: str) -> bool:
    return any(host == name or _is_hash_of(host, name) for host in entry.hostnames or [])


def _is_hash_of(host: str, name: str) -> bool:
    """Whether a name is this one as OpenSSH writes it hashed, with the salt in front."""
    with suppress(ValueError, AssertionError):  # it only begins like one
        return host.startswith("|1|") and HostKeys.hash_host(name, host) == host
    return False


def _entries(file: Path) -> Iterator[HostKeyEntry]:
    """The entries of a known_hosts file; comments, @revoked, @cert-authority and broken lines are passed over."""
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith(("#", "@")):
            try:
                entry = HostKeyEntry.from_line(line, number)
            except (InvalidHostKey, SSHException, ValueError, ArithmeticError):
                continue
            if entry is not None and entry.key is not None:
                yield entry
