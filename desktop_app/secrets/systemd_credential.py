"""Secrets in one file that systemd encrypts for this computer, and gives to a service (systemd-creds(1))."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import ClassVar

import msgspec

from desktop_app.environment import system_environment
from desktop_app.errors import LocalDiskError
from desktop_app.files import write_atomically
from desktop_app.secrets.keeper import KeeperName, Protection, entry
from desktop_app.wording import Said

CREDENTIAL = "audit-trails-export"  # its name, which the encryption binds as well
_PATIENCE = 60  # seconds; a TPM may be slow


class CredentialFile:
    """A keeper: passwords as JSON (`<service>/<user>`: password), encrypted with a key of this computer (its TPM).

    A service reads what systemd has decrypted for it (`CREDENTIALS_DIRECTORY`); everybody else asks systemd-creds:
    root, or from systemd 256 on the user whose file it is.
    """

    name: ClassVar[KeeperName] = "systemd-creds"
    protection: ClassVar[Protection] = Protection(
        Said("a credential of systemd"),
        Said("it is encrypted for this computer (and its TPM, where there is one), and is no use elsewhere."),
    )
    succeeds_at_night: ClassVar[bool | None] = None

    def __init__(self, file: Path) -> None:
        self._file = file

    def read(self, account: str) -> str | None:
        """None where there is none, or it can't be decrypted here."""
        return self._passwords().get(entry(account))

    def keep(self, account: str, secret: str) -> None:
        """Raises LocalDiskError."""
        passwords = {**self._passwords(), entry(account): secret}
        encrypted = _ask("encrypt", msgspec.json.encode(passwords))
        if encrypted is None:
            raise LocalDiskError(
                Said("systemd-creds could not encrypt the password."), Said("Keep it elsewhere, in a file.")
            )
        write_atomically(self._file, encrypted)

    def forget(self, account: str) -> None:
        if not self._file.exists():
            return
        passwords = self._passwords()
        passwords.pop(entry(account), None)
        if passwords:
            encrypted = _ask("encrypt", msgspec.json.encode(passwords))
            if encrypted:
                write_atomically(self._file, encrypted)
        else:
            self._file.unlink(missing_ok=True)

    def _passwords(self) -> dict[str, str]:
        encrypted = None if (content := self._given()) else self._encrypted()
        content = content or (_ask("decrypt", encrypted) if encrypted is not None else None)
        with suppress(msgspec.MsgspecError):
            return msgspec.json.decode(content or b"{}", type=dict[str, str])
        return {}

    def _given(self) -> bytes | None:
        folder = os.environ.get("CREDENTIALS_DIRECTORY")
        with suppress(OSError):
            return (Path(folder) / CREDENTIAL).read_bytes() if folder else None
        return None

    def _encrypted(self) -> bytes | None:
        with suppress(OSError):  # there is none, or it is root's
            return self._file.read_bytes()
        return None


@cache
def can_encrypt() -> bool:
    """Whether systemd-creds works here for this user, found out by trying."""
    if shutil.which("systemd-creds") is None or not Path("/run/systemd/system").is_dir():
        return False
    encrypted = _ask("encrypt", b"probe")
    return encrypted is not None and _ask("decrypt", encrypted) == b"probe"


def _ask(verb: str, content: bytes) -> bytes | None:
    """What systemd-creds makes of `content`, or None where it refuses."""
    if sys.platform == "win32":
        return None
    command = _command(verb)
    with suppress(OSError, subprocess.TimeoutExpired):
        done = subprocess.run(
            command, input=content, capture_output=True, env=system_environment(), timeout=_PATIENCE, check=False
        )
        return done.stdout if done.returncode == 0 else None
    return None


def trial_command() -> str:
    """A shell command that ends well where systemd-creds can encrypt and decrypt."""
    encrypt, decrypt = (" ".join(_command(verb)) for verb in ("encrypt", "decrypt"))
    return f'test "$(echo trial | {encrypt} | {decrypt})" = trial'


def _command(verb: str) -> Sequence[str]:
    scope = ("--user",) if sys.platform != "win32" and os.geteuid() else ()
    return ("systemd-creds", *scope, f"--name={CREDENTIAL}", verb, "-", "-")
