"""`allowed_signers`: who may sign, and from when to when (ssh-keygen(1), ALLOWED SIGNERS)."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

from msgspec import Struct

from desktop_app.errors import BadData
from desktop_app.evidence.ssh_signature import KEY_TYPE, NAMESPACE, PublicKey, public_key_of
from desktop_app.files import read_text
from desktop_app.wording import Said

_LINE = re.compile(
    r"""(?P<principals>"[^"]*"|\S+)\s+
        (?:(?P<options>(?!(?:ssh|sk-ssh|ecdsa|sk-ecdsa)-)\S*?(?:"[^"]*"[^\s"]*)*)\s+)?
        (?P<type>(?:ssh|sk-ssh|ecdsa|sk-ecdsa)-\S+)\s+(?P<key>\S+)(?:\s.*)?""",
    re.VERBOSE,
)
_OPTION = re.compile(r'([a-z-]+)(?:="([^"]*)")?(?:,|$)', re.IGNORECASE)
_TIMES = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}


class Signer(Struct, frozen=True):
    """One line: `principals` and `namespaces` are patterns (`*`, `?`, `!`), times in UTC, both included."""

    principals: str
    key: PublicKey
    namespaces: str | None = None
    valid_after: datetime | None = None
    valid_before: datetime | None = None

    def signs_for(self, instance: str) -> bool:
        """Whether the line is about the archives of an instance."""
        return _matches(instance, self.principals) and (
            self.namespaces is None or _matches(NAMESPACE, self.namespaces)
        )

    def was_valid(self, at: datetime) -> bool:
        """Whether the key may sign at an instant, which counts to the second."""
        second = at.replace(microsecond=0)
        return not (
            (self.valid_after and second < self.valid_after) or (self.valid_before and second > self.valid_before)
        )

    @property
    def line(self) -> str:
        """The line for the file."""
        options = [f'namespaces="{self.namespaces or NAMESPACE}"']
        options += [
            f'{name}="{at:%Y%m%d%H%M%SZ}"'
            for name, at in (("valid-after", self.valid_after), ("valid-before", self.valid_before))
            if at
        ]
        return f"{self.principals} {','.join(options)} {self.key.text}"


def read_signers(path: Path) -> list[Signer]:
    """The Ed25519 keys of a file. Raises BadData for a line that is none, LocalDiskError, BadSetting (no text)."""
    text = read_text(path)
    if text is None:
        raise BadData(Said("There is no file {path}.", path=path))
    found: list[Signer] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            try:
                found += _signers_of(line.strip())
            except ValueError as error:
                raise BadData(
                    Said("Line {number} of {path} is no line of allowed_signers.", number=number, path=path),
                    Said("`audit-trails-export sign show` prints such lines."),
                ) from error
    return found


def valid_signers(signers: Iterable[Signer], instance: str, key: PublicKey) -> list[Signer]:
    """The lines that have a key for the archives of an instance."""
    return [signer for signer in signers if signer.key == key and signer.signs_for(instance)]


def _signers_of(line: str) -> Iterator[Signer]:
    """The signer of a line, none for a key of another kind. Raises ValueError."""
    found = _LINE.fullmatch(line)
    if not found:
        raise ValueError(line)
    options = {name.lower(): value for name, value in _OPTION.findall(found["options"] or "")}
    if found["type"] != KEY_TYPE or "cert-authority" in options:
        return
    yield Signer(
        principals=found["principals"].strip('"'),
        key=public_key_of(f"{found['type']} {found['key']}"),
        namespaces=options.get("namespaces"),
        valid_after=_instant(options.get("valid-after")),
        valid_before=_instant(options.get("valid-before")),
    )


def _instant(text: str | None) -> datetime | None:
    """A time of `allowed_signers`: in UTC with a Z at the end, else in this computer's zone. Raises ValueError."""
    if text is None:
        return None
    digits = text.removesuffix("Z")
    at = datetime.strptime(digits, _TIMES.get(len(digits), "none"))
    return at.replace(tzinfo=UTC) if digits != text else at.astimezone(UTC)


def _matches(name: str, patterns: str) -> bool:
    """As OpenSSH matches lists of patterns: one that is negated refuses, whatever else matches."""
    lists = [pattern.strip() for pattern in patterns.split(",")]
    refused = any(_fits(name, pattern[1:]) for pattern in lists if pattern.startswith("!"))
    return not refused and any(_fits(name, pattern) for pattern in lists if not pattern.startswith("!"))


def _fits(name: str, pattern: str) -> bool:
    return fnmatchcase(name, pattern.replace("[", "[[]"))
