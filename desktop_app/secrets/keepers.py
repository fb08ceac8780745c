"""Where the password is: in the system's keyring, in a file of ours, or in one that systemd encrypts."""

import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.errors import BadSetting, LocalDiskError
from desktop_app.files import undone_on_failure
from desktop_app.secrets.keeper import Keeper, KeeperName, Protection
from desktop_app.settings.address import parse_address
from desktop_app.settings.model import ServerSettings
from desktop_app.settings.paths import Paths
from desktop_app.stop import uninterrupted
from desktop_app.wording import Said

if TYPE_CHECKING:
    from desktop_app.secrets.our_file import SecretFile


def account_name(server: ServerSettings) -> str:
    """The name under which a password is kept: `<user>@<host>:<port>`. Raises BadSetting."""
    address = parse_address(server.host)
    host = f"[{address.host}]" if ":" in address.host else address.host
    return f"{server.user}@{host}:{address.port}"


def read_password(paths: Paths, account: str) -> str | None:
    """The password of `account`, or None. Raises LocalDiskError when our file can't be read."""
    found = _find(paths, account)
    return found.password if found else None


def where_password_is(paths: Paths, account: str) -> Protection | None:
    """What holds the password of `account`, or None where there is none. Raises as `read_password` does."""
    found = _find(paths, account)
    return found.keeper.protection if found else None


def save_password(
    paths: Paths, account: str, password: str, keep_in: KeeperName | None = None, field: str = "server.password"
) -> Protection:
    """Keep a password where it can be read back; copies elsewhere are removed.

    `keep_in` chooses the keeper, also for later passwords. Without any choice, it is the one that protects best.
    Raises BadSetting, with that `field`, for a password that is no text, and LocalDiskError.
    """
    if re.search("[\ud800-\udfff]", password):  # an encoding error would carry the password
        raise BadSetting(
            Said("The password has characters in it that are no text."),
            Said("Type it again, or pass it as UTF-8."),
            field=field,
        )
    wanted = keep_in or chosen_keeper(paths)
    keepers = _all_keepers(paths)
    for keeper in keepers:
        if keeper.name == wanted or (wanted is None and keeper.name != "systemd-creds"):
            keeper.keep(account, password)
            if keeper.read(account) != password:
                continue
            with uninterrupted():  # an old password elsewhere could come first
                for other in keepers:
                    if other is not keeper:
                        other.forget(account)
                if keep_in:
                    _our_file(paths).choose(keep_in == "file")
            return keeper.protection
    if wanted:
        raise LocalDiskError(
            Said("The password could not be kept there."),
            Said("Choose where else to keep it."),
            command="audit-trails-export config password --keep-in file",
        )
    raise LocalDiskError(
        Said("The password could not be kept anywhere."), Said("May you write to {folder}?", folder=paths.config)
    )


def keep_secret(paths: Paths, account: str, secret: str, beside: KeeperName | None) -> KeeperName:
    """Keep a secret of this program itself where `beside` says, or else where it can be read back; returns where.

    Raises LocalDiskError.
    """
    ours = _our_file(paths)
    first = [keeper for keeper in _all_keepers(paths) if keeper.name == beside]
    for keeper in [*first, ours]:
        if keeper is not ours:
            with suppress(LocalDiskError):
                keeper.keep(account, secret)
        else:
            keeper.keep(account, secret)
        if keeper.read(account) == secret:
            return keeper.name
    raise LocalDiskError(
        Said("The key that signs could not be kept anywhere."),
        Said("May you write to {folder}?", folder=paths.config),
    )


def forget_secret(paths: Paths, account: str, except_in: KeeperName) -> None:
    """Remove a secret wherever it is but in one keeper. Raises LocalDiskError when our file can't be changed."""
    for keeper in _all_keepers(paths):
        if keeper.name != except_in:
            keeper.forget(account)


@contextmanager
def keepers_undone_on_failure(paths: Paths, account: str) -> Iterator[None]:
    """A context that, where it ends with an exception, has the password of `account` kept as it was before."""
    with ExitStack() as files:
        for file in (paths.secret_key, paths.secret_file, paths.credential_file):
            with suppress(LocalDiskError):  # root's credential in this user's folder: replaced without being read
                files.enter_context(undone_on_failure(file))
        before = [(keyring, keyring.read(account)) for keyring in _system_keyrings()]
        try:
            yield
        except BaseException:
            for keyring, password in before:
                if keyring.read(account) == password:
                    continue
                if password is None:
                    keyring.forget(account)
                else:
                    keyring.keep(account, password)
            raise


def keep_for_trial(account: str) -> bool:
    """Whether the system's keyring takes a password of no meaning; `delete_password` removes it."""
    for keyring in _system_keyrings()[:1]:
        keyring.keep(account, "trial")
        return keyring.read(account) == "trial"
    return False


def chosen_keeper(paths: Paths) -> KeeperName | None:
    """Where somebody said that passwords belong, or None: where they are protected best."""
    if paths.credential_file.exists():
        return "systemd-creds"
    return "file" if _our_file(paths).is_chosen() else None


def keeper_of(paths: Paths, account: str) -> KeeperName | None:
    """Which keeper has the password of `account`, or None. Raises as `read_password` does."""
    found = _find(paths, account)
    return found.keeper.name if found else None


def usable_keepers(paths: Paths) -> list[Keeper]:
    """What can keep passwords here, one of each name."""
    from desktop_app.secrets.systemd_credential import can_encrypt

    keepers = {keeper.name: keeper for keeper in reversed(_all_keepers(paths))}
    return [keeper for keeper in keepers.values() if keeper.name != "systemd-creds" or can_encrypt()]


def delete_password(paths: Paths, account: str) -> None:
    """Remove the password of `account` wherever it is. Raises LocalDiskError when our file can't be changed."""
    for keeper in _all_keepers(paths):
        keeper.forget(account)


@dataclass(frozen=True, repr=False)  # a password is not to be printed
class _Found:
    keeper: Keeper
    password: str


def _find(paths: Paths, account: str) -> _Found | None:
    """Our files come first. What they have is never outdated, for keeping a password elsewhere removes it from
    there; a keyring that was locked when a password was saved still has the one from before.
    """
    for keeper in _in_order_of_reading(paths):
        password = keeper.read(account)
        if password is not None:
            return _Found(keeper, password)
    return None


def _in_order_of_reading(paths: Paths) -> Iterator[Keeper]:
    """One after the other, since to import the next takes its time."""
    yield _our_file(paths)
    yield from _credential_files(paths)
    yield from _system_keyrings()


def _all_keepers(paths: Paths) -> list[Keeper]:
    return [*_system_keyrings(), _our_file(paths), *_credential_files(paths)]


def _credential_files(paths: Paths) -> list[Keeper]:
    """On Linux, the file that systemd encrypts."""
    if sys.platform != "linux":
        return []
    from desktop_app.secrets.systemd_credential import CredentialFile

    return [CredentialFile(paths.credential_file)]


def _our_file(paths: Paths) -> "SecretFile":
    from desktop_app.secrets.our_file import SecretFile

    return SecretFile(paths.secret_file, paths.secret_key)


def _system_keyrings() -> list[Keeper]:
    from desktop_app.secrets.system_keyring import system_keyrings

    return [*system_keyrings()]
