"""A keyring in one file that systemd encrypts for this computer, and gives to a service (systemd-creds(1))."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

import msgspec
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from desktop_app.environment import system_environment
from desktop_app.errors import LocalDiskError
from desktop_app.settings.file import write_atomically
from desktop_app.wording import Said

CREDENTIAL = "audit-trails-export"  # its name, which the encryption binds as well
_PATIENCE = 60  # seconds; a TPM may be slow


class CredentialFile(KeyringBackend):
    """Passwords as JSON (`<service>/<user>`: password), encrypted with a key of this computer and its TPM.

    A service reads what systemd has decrypted for it (`CREDENTIALS_DIRECTORY`); everybody else asks systemd-creds:
    root, or from systemd 256 on the user whose file it is.
    """

    def __init__(self, file: Path) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._file = file

    def get_password(self, service: str, username: str) -> str | None:
        """None where there is none, or it can't be decrypted here."""
        return self._passwords().get(_entry(service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Raises LocalDiskError."""
        passwords = {**self._passwords(), _entry(service, username): password}
        encrypted = _ask("encrypt", msgspec.json.encode(passwords))
        if encrypted is None:
            raise LocalDiskError(
                Said("systemd-creds could not encrypt the password."), Said("Keep it elsewhere, in a file.")
            )
        write_atomically(self._file, encrypted)

    def delete_password(self, service: str, username: str) -> None:
        """Raises PasswordDeleteError where there is none."""
        if not self._file.exists():
            raise PasswordDeleteError("no such password")
        passwords = self._passwords()
        passwords.pop(_entry(service, username), None)
        if passwords:
            encrypted = _ask("encrypt", msgspec.json.encode(passwords))
            if encrypted:
                write_atomically(self._file, encrypted)
        else:
            self._file.unlink(missing_ok=True)

    def _passwords(self) -> dict[str, str]:
        content = self._given() or (_ask("decrypt", self._file.read_bytes()) if self._is_readable() else None)
        with suppress(msgspec.MsgspecError):
            return msgspec.json.decode(content or b"{}", type=dict[str, str])
        return {}

    def _given(self) -> bytes | None:
        folder = os.environ.get("CREDENTIALS_DIRECTORY")
        with suppress(OSError):
            return (Path(folder) / CREDENTIAL).read_bytes() if folder else None
        return None

    def _is_readable(self) -> bool:
        return self._file.exists() and os.access(self._file, os.R_OK)


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


def _entry(service: str, username: str) -> str:
    return f"{service}/{username}"
