"""The keys that sign the archives: the lines that an auditor needs, and a new key."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from msgspec import Struct

from desktop_app.errors import BadSetting
from desktop_app.evidence.own_keys import OwnKey, declare_lost, make_key, own_keys
from desktop_app.evidence.signers import Signer
from desktop_app.export.ledger import Archive, open_ledger
from desktop_app.secrets.login_secret import login_account
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.trails.own_actions import signing_key_made
from desktop_app.trails.store.store import open_store


class SigningKeys(Struct, frozen=True):
    """`signers` are the keys that signed or are to sign, oldest first; `in_force` is the fingerprint of the one
    that signs the next archive, `next_key` of the one that this archive announces."""

    signers: tuple[Signer, ...]
    in_force: str
    next_key: str | None = None


def signing_keys(settings: Settings, paths: Paths, clock: Callable[[], float] = time.time) -> SigningKeys:
    """All keys; one is made where there is none. Raises LocalDiskError."""
    if not own_keys(paths):
        _make(settings, paths, clock, None)
    return _read(settings, paths)


def rotate_key(
    settings: Settings, paths: Paths, lost: bool = False, clock: Callable[[], float] = time.time
) -> SigningKeys:
    """Make a new key. The next archive, still signed by the one in force, announces it, and it signs those after.

    Where the one in force is `lost`, the next archive begins a new chain, which says so. Raises LocalDiskError.
    """
    before = _read(settings, paths).in_force if own_keys(paths) else None
    if lost and before:
        declare_lost(paths, before)
    _make(settings, paths, clock, before)
    return _read(settings, paths)


def _make(settings: Settings, paths: Paths, clock: Callable[[], float], before: str | None) -> None:
    account = None
    with suppress(BadSetting):  # no server yet: the key moves to where its password will be
        account = login_account(settings.server) if settings.server.host else None
    made = make_key(paths, int(clock() * 1000), account)
    with open_store(paths.store) as store:
        store.append([signing_key_made(made.fingerprint, before)])


def _read(settings: Settings, paths: Paths) -> SigningKeys:
    keys = own_keys(paths)
    with open_ledger(paths.ledger) as ledger:
        archives = [archive for archive in ledger.delivered() if archive.signed_by]
    due = (archives[-1].next_key or archives[-1].signed_by) if archives else ""
    in_force = next((key for key in keys if key.fingerprint == due and not key.lost), keys[-1]).fingerprint
    used = {archive.signed_by for archive in archives} | {in_force, keys[-1].fingerprint}
    signers = tuple(
        _signer(key, settings.export.instance, archives, in_force) for key in keys if key.fingerprint in used
    )
    newest = keys[-1].fingerprint
    return SigningKeys(signers, in_force, newest if newest != in_force else None)


def _signer(key: OwnKey, instance: str, archives: Sequence[Archive], in_force: str) -> Signer:
    """Valid from when it was made to the last archive that it signed, unless it still signs."""
    signed = [archive for archive in archives if archive.signed_by == key.fingerprint]
    ended = bool(signed) and archives[-1].signed_by != key.fingerprint
    ended = ended or bool(signed and signed[-1].next_key)
    names = dict.fromkeys([*(archive.instance for archive in signed), *([] if ended else [instance])])
    made = datetime.fromisoformat(key.made)
    begun = min([made, *(_instant(archive.built_ms) for archive in signed[:1])])
    return Signer(
        principals=",".join(names),
        key=key.public,
        valid_after=begun,
        valid_before=_instant(signed[-1].built_ms) if ended and key.fingerprint != in_force else None,
    )


def _instant(instant_ms: int) -> datetime:
    return datetime.fromtimestamp(instant_ms // 1000, UTC)
