"""The keyring of the system: Credential Manager, Secret Service, KWallet or Keychain."""

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeVar

from desktop_app.secrets.keeper import SERVICE, KeeperName, Protection
from desktop_app.wording import Said

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_T = TypeVar("_T")
# Seconds for a keyring that asks somebody to unlock it. Without a display gnome-keyring refuses at once; with one,
# nobody may be there at night.
_PATIENCE = 20.0
_SECRET_SERVICE = Protection(
    Said("the Secret Service of this desktop"),
    Said("it is encrypted, and can be read only while this user's keyring is unlocked."),
)
# What keyring has for this system, and how it protects a secret. Anything else, such as the plain files
# of add-on packages, is not trusted with one.
_PROTECTIONS = {
    "keyring.backends.Windows": Protection(
        Said("Windows Credential Manager"), Said("Windows encrypts it with this user's sign-in.")
    ),
    "keyring.backends.SecretService": _SECRET_SERVICE,
    "keyring.backends.libsecret": _SECRET_SERVICE,
    "keyring.backends.kwallet": Protection(
        Said("KWallet"), Said("it is encrypted, and can be read only while this user's wallet is open.")
    ),
    "keyring.backends.macOS": Protection(
        Said("the macOS Keychain"), Said("macOS encrypts it with this user's sign-in.")
    ),
}


class SystemKeyring:
    """A keyring of the system as a keeper. One that fails, or waits for somebody to unlock it, has no answer."""

    name: ClassVar[KeeperName] = "keyring"
    succeeds_at_night: ClassVar[bool | None] = None  # a login may unlock it, and none is there at night

    def __init__(self, backend: "KeyringBackend", protection: Protection) -> None:
        self._backend = backend
        self.protection = protection

    def read(self, account: str) -> str | None:
        return _answer(partial(self._backend.get_password, SERVICE, account))

    def keep(self, account: str, secret: str) -> None:
        _answer(partial(self._backend.set_password, SERVICE, account, secret))

    def forget(self, account: str) -> None:
        _answer(partial(self._backend.delete_password, SERVICE, account))


def system_keyrings() -> list[SystemKeyring]:
    """What works on this system, best first, of those that protect a secret."""
    from keyring import get_keyring
    from keyring.backends.chainer import ChainerBackend

    chosen = _answer(get_keyring)
    if chosen is None:
        return []
    backends = chosen.backends if isinstance(chosen, ChainerBackend) else [chosen]
    known = ((backend, _PROTECTIONS.get(type(backend).__module__)) for backend in backends)
    return [SystemKeyring(backend, protection) for backend, protection in known if protection]


def _answer(question: Callable[[], _T]) -> _T | None:
    answers: list[_T] = []

    def work() -> None:
        with suppress(Exception):  # each backend has errors of its own kind
            answers.append(question())

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(_PATIENCE)
    return answers[0] if answers else None
