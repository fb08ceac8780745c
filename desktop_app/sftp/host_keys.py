"""Whom we talk to: the host keys in our known_hosts, and in that of the user's OpenSSH."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from paramiko import PKey, SSHException

from desktop_app.errors import LocalDiskError
from desktop_app.files import write_atomically
from desktop_app.held import reason
from desktop_app.settings.model import ServerAddress
from desktop_app.sftp.errors import HostKeyRevoked
from desktop_app.sftp.known_hosts import Line, host_name, lines_in, read_text
from desktop_app.sftp.public_key import public_key
from desktop_app.wording import Said


@dataclass(frozen=True)
class Known:
    """What the two files say of a server.

    `keys` count as its own: those of our file; where that has none, those of the user's OpenSSH. `revoked` are
    the keys (as bytes) that neither may have, with the file that says so. `authority` tells that the user's
    OpenSSH knows it by a certificate authority; `damaged` are the first lines that can't be used, by file.
    `unreadable` are files that can't be read, with the reason.
    """

    keys: list[PKey] = field(default_factory=list)
    revoked: dict[bytes, Path] = field(default_factory=dict)
    authority: bool = False
    damaged: dict[Path, int] = field(default_factory=dict)
    unreadable: dict[Path, str] = field(default_factory=dict)


def fingerprint(key: PKey) -> str:
    """The fingerprint as `ssh-keygen -l` shows it: `SHA256:…`."""
    text: str = key.fingerprint
    return text


def look_up(known_hosts: Path, address: ServerAddress) -> Known:
    """What our file and that of the user's OpenSSH say of a server."""
    known, name = Known(), host_name(address)
    for file in _files(known_hosts):
        try:
            lines = list(lines_in(read_text(file)))
        except OSError as error:
            known.unreadable[file] = reason(error)
            continue
        keys = []
        for line in lines:
            if line.kind and not line.is_for(name):
                continue
            if line.marker == "revoked":
                known.revoked.setdefault(line.blob, file)
            elif line.marker == "cert-authority":
                known = replace(known, authority=True)
            elif key := _key_in(line):
                keys.append(key)
            else:
                known.damaged.setdefault(file, line.number)
        known.keys.extend(() if known.keys else keys)
    return known


def known_keys(known_hosts: Path, address: ServerAddress) -> list[PKey]:
    """The keys that count as the server's: ours; where we have none, those of the user's OpenSSH."""
    return look_up(known_hosts, address).keys


def require_not_revoked(known_hosts: Path, address: ServerAddress, key: PKey) -> None:
    """Raises HostKeyRevoked."""
    file = look_up(known_hosts, address).revoked.get(key.asbytes())
    if file is not None:
        raise HostKeyRevoked(
            Said(
                "The host key of {server} is revoked in {file}: {key}.",
                server=address,
                file=file,
                key=f"{key.get_name()} {fingerprint(key)}",
            ),
            Said("Nothing was sent: others may have this key. Ask the server's administrator for a new one."),
            field="server.host",
        )


def pin(known_hosts: Path, address: ServerAddress, key: PKey) -> None:
    """Make `key` the one key of the server in our file, and leave all that is not of this server as it is.

    Raises HostKeyRevoked and LocalDiskError.
    """
    require_not_revoked(known_hosts, address, key)
    name = host_name(address)
    try:
        text = read_text(known_hosts)
    except OSError as error:
        raise unreadable(known_hosts, reason(error)) from error
    lines: list[str | None] = [*text.removesuffix("\n").split("\n")] if text else []
    for line in lines_in(text):
        if not line.marker and line.is_for(name):
            lines[line.number - 1] = _without(line, name)
    lines.append(f"{name} {key.get_name()} {key.get_base64()}")
    content = "".join(f"{line}\n" for line in lines if line is not None)
    write_atomically(known_hosts, content.encode(errors="surrogateescape"))


def unreadable(file: Path, reason: str) -> LocalDiskError:
    """What to tell of a known_hosts file that can't be read."""
    return LocalDiskError(
        Said("The accepted host keys in {file} can't be read ({reason}).", file=file, reason=reason),
        Said("Nothing was sent. Look at the permissions of the file, or put back a copy of it."),
        field="server.host",
    )


def _files(known_hosts: Path) -> list[Path]:
    try:
        return [known_hosts, Path.home() / ".ssh" / "known_hosts"]
    except RuntimeError:  # this user has no home folder
        return [known_hosts]


def _key_in(line: Line) -> PKey | None:
    try:
        return public_key(line.kind, line.blob)
    except SSHException:
        return None


def _without(line: Line, name: str) -> str | None:
    """A line for only the servers other than this one; None where it is for no other."""
    others = [host for host in line.hosts if host.lower() != name and not host.startswith("|")]
    if not any(not host.startswith("!") for host in others):
        return None
    if replace(line, hosts=tuple(others)).is_for(name):  # by a pattern
        others.append(f"!{name}")
    return " ".join([",".join(others), *line.text.split()[1:]])
