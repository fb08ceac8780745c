"""The keyring of the system as a keeper; the keyring is a stand-in."""

import threading
from collections.abc import Iterator

import pytest
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError, PasswordSetError

from desktop_app.secrets import system_keyring
from desktop_app.secrets.keeper import SERVICE, Protection
from desktop_app.secrets.system_keyring import SystemKeyring
from desktop_app.wording import Said


class Ring(KeyringBackend):
    """What a keyring keeps; one that is `locked` refuses, and one that `asks` waits for somebody."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False
        self.asks: threading.Event | None = None

    def get_password(self, service: str, username: str) -> str | None:
        self._open(KeyError)
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._open(PasswordSetError)
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._open(PasswordDeleteError)
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError

    def _open(self, refusal: type[Exception]) -> None:
        if self.asks:
            self.asks.wait()
        if self.locked:
            raise refusal


@pytest.fixture
def ring() -> Iterator[Ring]:
    ring = Ring()
    yield ring
    if ring.asks:
        ring.asks.set()


@pytest.fixture
def keeper(ring: Ring) -> SystemKeyring:
    return SystemKeyring(ring, Protection(Said("a keyring"), Said("it is one.")))


def test_it_keeps_a_password_until_that_is_forgotten(ring: Ring, keeper: SystemKeyring) -> None:
    assert keeper.read("a@h:22") is None
    keeper.keep("a@h:22", "secret")
    assert ring.kept == {(SERVICE, "a@h:22"): "secret"}
    assert keeper.read("a@h:22") == "secret"
    keeper.forget("a@h:22")
    keeper.forget("a@h:22")  # there is none to forget
    assert (ring.kept, keeper.read("a@h:22")) == ({}, None)


def test_one_that_is_locked_has_no_answer(ring: Ring, keeper: SystemKeyring) -> None:
    keeper.keep("a@h:22", "secret")
    ring.locked = True
    assert keeper.read("a@h:22") is None
    keeper.keep("a@h:22", "new")
    keeper.forget("a@h:22")
    ring.locked = False
    assert keeper.read("a@h:22") == "secret"


def test_one_that_waits_for_somebody_is_not_waited_for(
    ring: Ring, keeper: SystemKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is there at night."""
    keeper.keep("a@h:22", "secret")
    monkeypatch.setattr(system_keyring, "_PATIENCE", 0.05)
    ring.asks = threading.Event()
    assert keeper.read("a@h:22") is None
