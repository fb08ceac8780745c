"""What keeps a secret: the one interface of the system's keyring, of our own file, and of systemd."""

from dataclasses import dataclass
from typing import Literal, Protocol

from desktop_app.wording import Said

KeeperName = Literal["keyring", "file", "systemd-creds"]
KEEPER_NAMES: tuple[KeeperName, ...] = ("keyring", "file", "systemd-creds")
SERVICE = "audit-trails-exporter"


@dataclass(frozen=True)
class Protection:
    """What holds a password, and one sentence on what protects it there."""

    name: Said
    explains: Said


class Keeper(Protocol):
    """One place that keeps secrets by account, such as `<user>@<host>:<port>`.

    `succeeds_at_night`: whether the daily task can read there while nobody is logged in; None where only a try
    can tell. Our own files raise LocalDiskError where they can't be used; what belongs to the system fails in ways
    of its own, and then has no answer.
    """

    @property
    def name(self) -> KeeperName:
        """The word for `config password --keep-in`."""

    @property
    def protection(self) -> Protection: ...

    @property
    def succeeds_at_night(self) -> bool | None: ...

    def read(self, account: str) -> str | None:
        """The secret of `account`; None where there is none, or it can't be read now."""

    def keep(self, account: str, secret: str) -> None:
        """Keep it in place of an earlier one. Whether it was kept, `read` tells."""

    def forget(self, account: str) -> None:
        """Remove the secret of `account`, if there is one."""


def entry(account: str) -> str:
    """The name of an account's secret in files that may hold those of other services as well."""
    return f"{SERVICE}/{account}"
