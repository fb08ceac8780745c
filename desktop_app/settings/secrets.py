"""Where the password is: in the system's keyring, else in a file of ours."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from desktop_app.errors import BadSetting, LocalDiskError
from desktop_app.settings.address import parse_address
from desktop_app.settings.model import ServerSettings
from desktop_app.settings.paths import Paths

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_T = TypeVar("_T")
_PATIENCE = 20.0  # seconds for a keyring that asks somebody who may not be there
SERVICE = "audit-trails-exporter"
# What keyring has for this system, and how it protects a secret. Anything else, such as the plain files
# of add-on packages, is not trusted with one.
_SYSTEM_KEYRINGS = {
    "keyring.backends.Windows": (
        "Windows Credential Manager",
        "Windows encrypts it with this user's sign-in.",
    ),
    "keyring.backends.SecretService": (
        "the Secret Service of this desktop",
        "it is encrypted, and can be read only while this user's keyring is unlocked.",
    ),
    "keyring.backends.libsecret": (
        "the Secret Service of this desktop",
        "it is encrypted, and can be read only while this user's keyring is unlocked.",
    ),
    "keyring.backends.kwallet": (
        "KWallet",
        "it is encrypted, and can be read only while this user's wallet is open.",
    ),
    "keyring.backends.macOS": ("the macOS Keychain", "macOS encrypts it with this user's sign-in."),
}


@dataclass(frozen=True)
class Protection:
    """What holds a password, and one sentence on what protects it there."""

    name: str
    explains: str


def account_name(server: ServerSettings) -> str:
    """The name under which a password is kept: `<user>@<host>:<port>`. Raises BadSetting."""
    address = parse_address(server.host)
    host = f"[{address.host}]" if ":" in address.host else address.host
    return f"{server.user}@{host}:{address.port}"


def read_password(paths: Paths, account: str) -> str | None:
    """The password of `account`, or None. Raises LocalDiskError when our file can't be read."""
    found = _find(paths, account)
    return found[1] if found else None


def require_password(paths: Paths, server: ServerSettings) -> str:
    """The password of the server's user. Raises BadSetting where there is none."""
    account = account_name(server)
    password = read_password(paths, account)
    if password is None:
        raise BadSetting(
            f"There is no password for {account}.",
            "Set it with: audit-trails-export config password",
            field="server.password",
        )
    return password


def where_password_is(paths: Paths, account: str) -> Protection | None:
    """What holds the password of `account`, or None where there is none."""
    found = _find(paths, account)
    return _protection(found[0]) if found else None


def save_password(paths: Paths, account: str, password: str) -> Protection:
    """Keep a password where it is protected best and can be read back; a copy elsewhere is removed.

    Raises LocalDiskError.
    """
    keepers = _keepers(paths)
    for position, keeper in enumerate(keepers):
        if _keeps(keeper, account, password):
            for other in keepers[position + 1 :]:
                _remove(other, account)
            return _protection(keeper)
    raise LocalDiskError("The password could not be kept anywhere.", f"May you write to {paths.config}?")


def delete_password(paths: Paths, account: str) -> None:
    """Remove the password of `account` wherever it is."""
    for keeper in _keepers(paths):
        _remove(keeper, account)


def _find(paths: Paths, account: str) -> "tuple[KeyringBackend, str] | None":
    for keeper in _keepers(paths):
        password = _read(keeper, account)
        if password is not None:
            return keeper, password
    return None


def _keepers(paths: Paths) -> "list[KeyringBackend]":
    """The system's keyring where there is one, then our file."""
    from keyring import get_keyring
    from keyring.backends.chainer import ChainerBackend

    from desktop_app.settings.file_keyring import FileKeyring

    chosen = get_keyring()
    backends = chosen.backends if isinstance(chosen, ChainerBackend) else [chosen]
    system = [backend for backend in backends if type(backend).__module__ in _SYSTEM_KEYRINGS]
    return [*system, FileKeyring(paths.secret_file, paths.secret_key)]


def _read(keeper: "KeyringBackend", account: str) -> str | None:
    """A keyring that is locked or gone has no password for us; our own file says what is wrong with it."""
    if type(keeper).__module__ in _SYSTEM_KEYRINGS:
        return _within_patience(lambda: keeper.get_password(SERVICE, account))
    return keeper.get_password(SERVICE, account)


def _keeps(keeper: "KeyringBackend", account: str, password: str) -> bool:
    if type(keeper).__module__ in _SYSTEM_KEYRINGS:
        _within_patience(lambda: keeper.set_password(SERVICE, account, password))
    else:
        keeper.set_password(SERVICE, account, password)
    return _read(keeper, account) == password


def _within_patience(ask: Callable[[], _T]) -> _T | None:
    """The answer of a keyring, or None when it fails, or waits for somebody to unlock it."""
    answers: list[_T] = []

    def work() -> None:
        with suppress(Exception):  # each backend has errors of its own kind
            answers.append(ask())

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(_PATIENCE)
    return answers[0] if answers else None


def _remove(keeper: "KeyringBackend", account: str) -> None:
    if _read(keeper, account) is not None:
        keeper.delete_password(SERVICE, account)


def _protection(keeper: "KeyringBackend") -> Protection:
    module = type(keeper).__module__
    if module in _SYSTEM_KEYRINGS:
        return Protection(*_SYSTEM_KEYRINGS[module])
    return Protection(
        "a file of this program",
        "it is encrypted, and both the file and its key can be read by this user (and administrators) alone.",
    )
