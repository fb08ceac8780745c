"""Files in OpenSSH's known_hosts format (sshd(8)): their lines, and whom those are for."""

import base64
import hmac
import re
from binascii import Error as NotBase64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from desktop_app.files import open_regular
from desktop_app.settings.model import ServerAddress

Marker = Literal["", "revoked", "cert-authority"]
_MARKERS: dict[str, Marker] = {"@revoked": "revoked", "@cert-authority": "cert-authority"}
_LARGEST = 16 << 20
_HASH, _SALT = "|1|", 20


@dataclass(frozen=True)
class Line:
    """One line: `hosts` are patterns, or one hashed name; `blob` is the key as SSH has it on the wire.

    `kind` is empty in a line that can't be used, of which only `number` (from 1) and `text` count.
    """

    number: int
    text: str
    marker: Marker = ""
    hosts: tuple[str, ...] = ()
    kind: str = ""
    blob: bytes = b""

    def is_for(self, name: str) -> bool:
        """Whether it is for a server, by its name as `host_name` gives it."""
        if self.hosts[:1] and self.hosts[0].startswith("|"):
            return _is_hash_of(self.hosts[0], name)
        negated = any(host.startswith("!") and _fits(host[1:], name) for host in self.hosts)
        return not negated and any(_fits(host, name) for host in self.hosts)


def host_name(address: ServerAddress) -> str:
    """The name of a server in known_hosts: bare for port 22, else `[host]:port`."""
    return address.host.lower() if address.port == 22 else f"[{address.host.lower()}]:{address.port}"


def read_text(file: Path) -> str:
    """The whole file; nothing where there is none. Raises OSError."""
    try:
        opened = open_regular(file)
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError:
        if file.is_char_device():  # many make it a link to /dev/null
            return ""
        raise
    with opened:
        content = opened.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise OSError("it is too large")
    return content.decode(errors="surrogateescape")


def lines_in(text: str) -> Iterator[Line]:
    """The lines of a file, without comments and empty ones."""
    for number, line in enumerate(text.split("\n"), start=1):
        fields = line.split()
        if not fields or fields[0].startswith("#"):
            continue
        marker: Marker | None = ""
        if fields[0].startswith("@"):
            marker = _MARKERS.get(fields.pop(0))
        try:
            hosts, kind, encoded = fields[:3]
            blob = base64.b64decode(encoded, validate=True)
        except (ValueError, NotBase64):
            marker = None
        if marker is None:
            yield Line(number, line)
        else:
            names = (hosts,) if hosts.startswith("|") else tuple(hosts.split(","))
            yield Line(number, line, marker, names, kind, blob)


def _fits(pattern: str, name: str) -> bool:
    """OpenSSH's patterns: `*` for anything, `?` for one character, upper and lower case alike."""
    if "*" not in pattern and "?" not in pattern:
        return pattern.lower() == name
    # Several stars mean the same as one, and would cost much.
    parts = re.split(r"(\*+|\?)", pattern.lower())
    wild = {"*": ".*", "?": "."}
    return re.fullmatch("".join(wild.get(part[:1]) or re.escape(part) for part in parts if part), name) is not None


def _is_hash_of(host: str, name: str) -> bool:
    """Whether a name is this one as OpenSSH writes it hashed, with the salt in front."""
    if not host.startswith(_HASH):
        return False
    try:
        salt, digest = (base64.b64decode(part, validate=True) for part in host.removeprefix(_HASH).split("|"))
    except (ValueError, NotBase64):  # it only begins like one
        return False
    return len(salt) == _SALT and hmac.compare_digest(hmac.digest(salt, name.encode(), "sha1"), digest)
