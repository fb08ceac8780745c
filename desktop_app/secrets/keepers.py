"""Where the password is: in the system's keyring, in a file of ours, or in one that systemd encrypts."""

import re
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal, TypeVar

from desktop_app.errors import BadSetting, LocalDiskError
from desktop_app.settings.address import parse_address
from desktop_app.settings.model import ServerSettings
from desktop_app.settings.paths import Paths
from desktop_app.stop import uninterrupted
from desktop_app.wording import Said

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

    from desktop_app.secrets.our_file import SecretFile

_T = TypeVar("_T")
KeeperName = Literal["keyring", "file", "systemd-creds"]
KEEPER_NAMES: tuple[KeeperName, ...] = ("keyring", "file", "systemd-creds")
# Seconds for a keyring that asks somebody to unlock it. Without a display gnome-keyring refuses at once; with one,
# nobody may be there at night.
_PATIENCE = 20.0
SERVICE = "audit-trails-exporter"
# What keyring has for this system, and how it protects a secret. Anything else, such as the plain files
# of add-on packages, is not trusted with one.
_SYSTEM_KEYRINGS = {
    "keyring.backends.Windows": (
        Said("Windows Credential Manager"),
        Said("Windows encrypts it with this user's sign-in."),
    ),
    "keyring.backends.SecretService": (
        Said("the Secret Service of this desktop"),
        Said("it is encrypted, and can be read only while this user's keyring is unlocked."),
    ),
    "keyring.backends.libsecret": (
        Said("the Secret Service of this desktop"),
        Said("it is encrypted, and can be read only while this user's keyring is unlocked."),
    ),
    "keyring.backends.kwallet": (
        Said("KWallet"),
        Said("it is encrypted, and can be read only while this user's wallet is open."),
    ),
    "keyring.backends.macOS": (
        Said("the macOS Keychain"),
        Said("macOS encrypts it with this user's sign-in."),
    ),
}


@dataclass(frozen=True)
class Protection:
    """What holds a password, and one sentence on what protects it there."""

    name: Said
    explains: Said


_OURS: dict[KeeperName, Protection] = {
    "file": Protection(
        Said("a file of this program"),
        Said(
            "it is encrypted, and both the file and its key can be read by this user (and administrators) alone."
        ),
    ),
    "systemd-creds": Protection(
        Said("a credential of systemd"),
        Said("it is encrypted for this computer (and its TPM, where there is one), and is no use elsewhere."),
    ),
}


def account_name(server: ServerSettings) -> str:
    """The name under which a password is kept: `<user>@<host>:<port>`. Raises BadSetting."""
    address = parse_address(server.host)
    host = f"[{address.host}]" if ":" in address.host else address.host
    return f"{server.user}@{host}:{address.port}"


def read_password(paths: Paths, account: str) -> str | None:
    """The password of `account`, or None. Raises LocalDiskError when our file can't be read."""
    found = _find(paths, account)
    return found.password if found else None


def require_password(paths: Paths, server: ServerSettings) -> str:
    """The password of the server's user. Raises BadSetting where there is none."""
    account = account_name(server)
    password = read_password(paths, account)
    if password is None:
        raise BadSetting(
            Said("There is no password for {account} that can be read now.", account=account),
            Said(
                "One in a desktop's keyring can be read only while its user is signed in. Otherwise, set it anew."
            ),
            command="audit-trails-export config password",
            field="server.password",
        )
    return password


def where_password_is(paths: Paths, account: str) -> Protection | None:
    """What holds the password of `account`, or None where there is none. Raises as `read_password` does."""
    found = _find(paths, account)
    return found.protection if found else None


def save_password(paths: Paths, account: str, password: str, keep_in: KeeperName | None = None) -> Protection:
    """Keep a password where it can be read back; copies elsewhere are removed.

    `keep_in` chooses the keeper, also for later passwords. Without any choice, it is the one that protects best.
    Raises BadSetting for a password that is no text, and LocalDiskError.
    """
    if re.search("[\ud800-\udfff]", password):  # an encoding error would carry the password
        raise BadSetting(
            Said("The password has characters in it that are no text."),
            Said("Type it anew, or pass it as UTF-8."),
            field="server.password",
        )
    wanted = keep_in or chosen_keeper(paths)
    keepers = _all_keepers(paths)
    for keeper in keepers:
        name = _name_of(keeper)
        if (name == wanted or (wanted is None and name != "systemd-creds")) and _keeps(keeper, account, password):
            with uninterrupted():  # an old password elsewhere could come first
                for other in keepers:
                    if other is not keeper:
                        _forget(other, account)
                if keep_in:
                    _our_file(paths).choose(keep_in == "file")
            return _protection(keeper)
    if wanted:
        raise LocalDiskError(
            Said("The password could not be kept there."),
            Said("Choose where else to keep it."),
            command="audit-trails-export config password --keep-in file",
        )
    raise LocalDiskError(
        Said("The password could not be kept anywhere."), Said("May you write to {folder}?", folder=paths.config)
    )


def keep_for_trial(account: str) -> bool:
    """Whether the system's keyring takes a password of no meaning; `delete_password` removes it."""
    return any(_keeps(keyring, account, "trial") for keyring in _system_keyrings()[:1])


def chosen_keeper(paths: Paths) -> KeeperName | None:
    """Where somebody said that passwords belong, or None: where they are protected best."""
    if paths.credential_file.exists():
        return "systemd-creds"
    return "file" if _our_file(paths).is_chosen() else None


def keeper_of(paths: Paths, account: str) -> KeeperName | None:
    """Which keeper has the password of `account`, or None. Raises as `read_password` does."""
    found = _find(paths, account)
    return found.keeper if found else None


def protections(paths: Paths) -> dict[KeeperName, Protection]:
    """What can keep passwords here, and what protects them there."""
    from desktop_app.secrets.systemd_credential import can_encrypt

    return {
        _name_of(keeper): _protection(keeper)
        for keeper in reversed(_all_keepers(paths))
        if _name_of(keeper) != "systemd-creds" or can_encrypt()
    }


def delete_password(paths: Paths, account: str) -> None:
    """Remove the password of `account` wherever it is. Raises LocalDiskError when our file can't be changed."""
    for keeper in _all_keepers(paths):
        _forget(keeper, account)


@dataclass(frozen=True, repr=False)  # a password is not to be printed
class _Found:
    keeper: KeeperName
    protection: Protection
    password: str


def _find(paths: Paths, account: str) -> _Found | None:
    """Our files come first. What they have is never outdated, for keeping a password elsewhere removes it from
    there; a keyring that was locked when a password was saved still has the one from before.
    """
    password = _our_file(paths).get_password(SERVICE, account)
    if password is not None:
        return _Found("file", _OURS["file"], password)
    for keeper in [*_credential_files(paths), *_system_keyrings()]:
        get = partial(keeper.get_password, SERVICE, account)
        password = _ask_system(get) if _is_system(keeper) else get()
        if password is not None:
            return _Found(_name_of(keeper), _protection(keeper), password)
    return None


def _all_keepers(paths: Paths) -> "list[KeyringBackend]":
    return [*_system_keyrings(), *_our_keepers(paths)]


def _our_keepers(paths: Paths) -> "list[KeyringBackend]":
    from desktop_app.secrets.file_keyring import FileKeyring

    return [FileKeyring(_our_file(paths)), *_credential_files(paths)]


def _credential_files(paths: Paths) -> "list[KeyringBackend]":
    """On Linux, the file that systemd encrypts."""
    if sys.platform != "linux":
        return []
    from desktop_app.secrets.systemd_credential import CredentialFile

    return [CredentialFile(paths.credential_file)]


def _our_file(paths: Paths) -> "SecretFile":
    from desktop_app.secrets.our_file import SecretFile

    return SecretFile(paths.secret_file, paths.secret_key)


def _system_keyrings() -> "list[KeyringBackend]":
    """What works on this system, best first, of those that protect a secret."""
    from keyring import get_keyring
    from keyring.backends.chainer import ChainerBackend

    chosen = _ask_system(get_keyring)
    if chosen is None:
        return []
    backends = chosen.backends if isinstance(chosen, ChainerBackend) else [chosen]
    return [backend for backend in backends if _is_system(backend)]


def _is_system(keeper: "KeyringBackend") -> bool:
    return type(keeper).__module__ in _SYSTEM_KEYRINGS


def _keeps(keeper: "KeyringBackend", account: str, password: str) -> bool:
    """Whether a keyring has taken a password and gives it back. Our own file raises what is wrong with it."""
    put, get = (
        partial(keeper.set_password, SERVICE, account, password),
        partial(keeper.get_password, SERVICE, account),
    )
    if _is_system(keeper):
        _ask_system(put)
        return _ask_system(get) == password
    put()
    return get() == password


def _forget(keeper: "KeyringBackend", account: str) -> None:
    from keyring.errors import PasswordDeleteError

    delete = partial(keeper.delete_password, SERVICE, account)
    if _is_system(keeper):
        _ask_system(delete)
    else:
        with suppress(PasswordDeleteError):  # there was none
            delete()


def _ask_system(question: Callable[[], _T]) -> _T | None:
    """The answer of a system's keyring, or None when it fails, or waits for somebody to unlock it."""
    answers: list[_T] = []

    def work() -> None:
        with suppress(Exception):  # each backend has errors of its own kind
            answers.append(question())

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(_PATIENCE)
    return answers[0] if answers else None


def _name_of(keeper: "KeyringBackend") -> KeeperName:
    if _is_system(keeper):
        return "keyring"
    return "file" if type(keeper).__name__ == "FileKeyring" else "systemd-creds"


def _protection(keeper: "KeyringBackend") -> Protection:
    name = _name_of(keeper)
    return Protection(*_SYSTEM_KEYRINGS[type(keeper).__module__]) if name == "keyring" else _OURS[name]
