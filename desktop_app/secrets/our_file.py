"""Passwords in two files of ours, for computers whose own keyring does not work without a session."""

import os
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

import msgspec
from cryptography.fernet import Fernet, InvalidToken

from desktop_app.errors import LocalDiskError
from desktop_app.files import read_bytes, write_atomically
from desktop_app.secrets.keeper import KeeperName, Protection, entry
from desktop_app.wording import Said

_SET_PASSWORD = "audit-trails-export config password"


class _Content(msgspec.Struct, omit_defaults=True):
    """Tokens by `<service>/<user>`; and whether passwords belong here because somebody said so."""

    passwords: dict[str, str]
    chosen: bool = False


class SecretFile:
    """A keeper: passwords in TOML, each encrypted with the key of another (Fernet: AES-128-CBC, HMAC-SHA256).

    Neither file is of use without the other; only their owner may be able to read both.
    """

    def __init__(self, secret_file: Path, key_file: Path) -> None:
        self._secret_file = secret_file
        self._key_file = key_file

    name: ClassVar[KeeperName] = "file"
    protection: ClassVar[Protection] = Protection(
        Said("an encrypted file"), Said("only you and administrators can read it and its key.")
    )
    succeeds_at_night: ClassVar[bool | None] = True

    def read(self, account: str) -> str | None:
        """None where there is none. Raises LocalDiskError when the files can't be used."""
        token = self._content().passwords.get(entry(account))
        if token is None:
            return None
        fernet = self._fernet()
        with suppress(InvalidToken, ValueError):  # no context for the error below: it would show the token
            return fernet.decrypt(token).decode()
        raise LocalDiskError(
            Said(
                "The password in {file} can't be decrypted with {key}.", file=self._secret_file, key=self._key_file
            ),
            Said("Set the password again."),
            command=_SET_PASSWORD,
        )

    def keep(self, account: str, secret: str) -> None:
        """Raises LocalDiskError."""
        if _read_private(self._key_file) is None:
            write_atomically(self._key_file, Fernet.generate_key())
        content = self._content()
        content.passwords[entry(account)] = self._fernet().encrypt(secret.encode()).decode()
        self._write(content)

    def forget(self, account: str) -> None:
        """Raises LocalDiskError."""
        content = self._content()
        if content.passwords.pop(entry(account), None) is not None:
            self._write(content)

    def is_chosen(self) -> bool:
        """Whether passwords belong here because somebody said so. Raises LocalDiskError."""
        return self._content().chosen

    def choose(self, chosen: bool) -> None:
        """Remember whether passwords belong here. Raises LocalDiskError."""
        content = self._content()
        if content.chosen != chosen:
            self._write(_Content(content.passwords, chosen))

    def _content(self) -> "_Content":
        content = _read_private(self._secret_file)
        if content is None:
            return _Content({})
        with suppress(ValueError):  # no TOML, or no table of texts: msgspec's error is one as well
            return msgspec.convert(tomllib.loads(content), _Content)
        raise _damaged(self._secret_file)

    def _fernet(self) -> Fernet:
        key = _read_private(self._key_file)
        if key is None:
            raise LocalDiskError(
                Said("The key of the stored password, {key}, is missing.", key=self._key_file),
                Said("Put it back, or set the password again."),
                command=_SET_PASSWORD,
            )
        with suppress(ValueError):
            return Fernet(key)
        raise _damaged(self._key_file)

    def _write(self, content: "_Content") -> None:
        import tomlkit

        write_atomically(self._secret_file, tomlkit.dumps(msgspec.to_builtins(content)).encode())


def _damaged(file: Path) -> LocalDiskError:
    return LocalDiskError(
        Said("{file} is damaged.", file=file),
        Said("Delete it. Then set the password again."),
        command=_SET_PASSWORD,
    )


def _others_may_read(path: Path) -> bool:
    with suppress(FileNotFoundError):  # it was removed meanwhile
        return os.name == "posix" and path.stat().st_mode & 0o077 != 0
    return False


def _read_private(path: Path) -> str | None:
    content = read_bytes(path)
    if content is not None and _others_may_read(path):
        raise LocalDiskError(
            Said("{path} can be read by other users.", path=path),
            Said("Close it: chmod 600 {path}", path=path),
        )
    with suppress(UnicodeDecodeError):
        return None if content is None else content.decode()
    return ""  # no content of ours: damaged
