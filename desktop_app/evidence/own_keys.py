"""The keys that sign this installation's archives: made, kept beside the password, found again.

`signing-keys.json` says which keys there were, the newest last, and what keeps each; the keys themselves are where
the password is. Which one is in force, the archives say: the one that signed the last, or that it announced.
"""

from contextlib import suppress

import msgspec
from msgspec import Struct, structs

from desktop_app.errors import ExitCode, LocalDiskError, UserError
from desktop_app.evidence.ssh_signature import PublicKey, SigningKey, public_key_of
from desktop_app.files import read_bytes, write_atomically
from desktop_app.secrets.keeper import KeeperName
from desktop_app.secrets.keepers import forget_secret, keep_secret, keeper_of, read_password
from desktop_app.settings.paths import Paths
from desktop_app.trails.event import iso_time
from desktop_app.wording import Said


class KeyUnreadable(UserError):
    """The key that signs is kept where it can't be read now."""

    exit_code = ExitCode.NO_PERMISSION


class OwnKey(Struct, frozen=True, rename="camel", omit_defaults=True):
    """One key: as a line of `allowed_signers` has it, what keeps it, and when it was made (ISO 8601 in UTC).

    It is `lost` where somebody said so.
    """

    public_key: str
    keeper: KeeperName
    made: str
    lost: bool = False

    @property
    def public(self) -> PublicKey:
        return public_key_of(self.public_key)

    @property
    def fingerprint(self) -> str:
        return self.public.fingerprint


class Signing(Struct, frozen=True):
    """What signs an archive: a key, the fingerprint of the one to announce, and of one that was `lost` before."""

    key: SigningKey
    next_key: str | None = None
    lost: str | None = None


def own_keys(paths: Paths) -> list[OwnKey]:
    """All keys that this installation made, the newest last. Raises LocalDiskError."""
    try:
        keys = msgspec.json.decode(read_bytes(paths.signing_keys) or b"[]", type=list[OwnKey])
        if all(key.fingerprint for key in keys):
            return keys
    except (msgspec.DecodeError, ValueError):
        pass
    raise LocalDiskError(
        Said("{file} is damaged.", file=paths.signing_keys),
        Said("Put back a copy of it, or delete it: what the archives say of their keys is enough to go on."),
    )


def make_key(paths: Paths, now_ms: int, beside: str | None) -> OwnKey:
    """A new key, kept where the password of the account `beside` is, or else in our file.

    Raises LocalDiskError.
    """
    keys = own_keys(paths)
    key = SigningKey.generate()
    account = _account(key.public.fingerprint)
    keeper = keep_secret(paths, account, key.secret, keeper_of(paths, beside) if beside else None)
    made = OwnKey(key.public.text, keeper, iso_time(now_ms))
    _write(paths, [*keys, made])
    return made


def declare_lost(paths: Paths, fingerprint: str) -> None:
    """Say that a key is lost, which the program can't know of one that is out of reach. Raises LocalDiskError."""
    keys = own_keys(paths)
    _write(paths, [structs.replace(key, lost=key.lost or key.fingerprint == fingerprint) for key in keys])


def signing(paths: Paths, in_force: str | None, now_ms: int, beside: str | None) -> Signing:
    """What signs the next archive. `in_force` is the fingerprint of the key that the last one says, None before
    the first; `beside` the account of the password.

    One is made where there is none. A newer one than that in force is announced. Where that in force is lost, the
    newest that can be read is used without. Raises KeyUnreadable where it may be but out of reach, LocalDiskError.
    """
    keys = {key.fingerprint: key for key in own_keys(paths)}
    newest = next(reversed(keys), None)
    due = in_force or newest
    if due and (key := _read(paths, due, keys.get(due), beside)):
        if newest and due in keys and newest != due and _read(paths, newest, keys[newest], beside):
            return Signing(key, newest)
        return Signing(key)
    for fingerprint in reversed(keys):
        if fingerprint != due and (key := _read(paths, fingerprint, keys[fingerprint], beside)):
            return Signing(key, lost=in_force)
    made = make_key(paths, now_ms, beside)
    key = _read(paths, made.fingerprint, made, beside)
    assert key
    return Signing(key, lost=in_force)


def keep_keys_in(paths: Paths, keeper: KeeperName) -> None:
    """Keep the keys where the password is kept from now on, as far as they can be read. Raises LocalDiskError."""
    keys = own_keys(paths)
    moved = [_moved(paths, key, keeper) for key in keys]
    if moved != keys:
        _write(paths, moved)
        for key in moved:
            forget_secret(paths, _account(key.fingerprint), except_in=key.keeper)


def _moved(paths: Paths, key: OwnKey, keeper: KeeperName) -> OwnKey:
    secret = read_password(paths, _account(key.fingerprint)) if key.keeper != keeper else None
    if secret is None:
        return key
    return structs.replace(key, keeper=keep_secret(paths, _account(key.fingerprint), secret, keeper))


def _read(paths: Paths, fingerprint: str, known: OwnKey | None, beside: str | None) -> SigningKey | None:
    """The private key; None where it is lost. Raises KeyUnreadable, LocalDiskError.

    A keyring that is locked at night has lost nothing: a key is lost if the password beside it can be read.
    """
    if known and known.lost:
        return None
    try:
        secret = read_password(paths, _account(fingerprint))
    except LocalDiskError:
        if not beside or read_password(paths, beside) is None:
            raise
        return None
    if secret is not None:
        with suppress(ValueError):
            key = SigningKey.from_secret(secret)
            return key if key.public.fingerprint == fingerprint else None
        return None
    of_password = keeper_of(paths, beside) if beside else None
    if known.keeper in ("file", of_password) if known else of_password:
        return None
    raise KeyUnreadable(
        Said("The key that signs the archives can't be read now."),
        Said(
            "One in a desktop's keyring can be read only while its user is signed in. If it is lost, begin with a"
            " new one."
        ),
        command="audit-trails-export sign rotate --lost",
    )


def _account(fingerprint: str) -> str:
    """The name under which a private key is kept."""
    return f"signing-key:{fingerprint}"


def _write(paths: Paths, keys: list[OwnKey]) -> None:
    write_atomically(paths.signing_keys, msgspec.json.format(msgspec.json.encode(keys), indent=2) + b"\n")
