"""What the last try to read the password as the daily task will has shown: a small file."""

import time
from contextlib import suppress

import msgspec

from desktop_app.errors import UserError
from desktop_app.files import write_atomically
from desktop_app.secrets.keeper import KeeperName
from desktop_app.secrets.keepers import account_name
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths


class NightTry(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the password of `account`, which `keeper` has, could be read at `tested_ms` (epoch) as at night."""

    account: str
    keeper: KeeperName
    readable: bool
    tested_ms: int


def last_night_try(settings: Settings, paths: Paths) -> NightTry | None:
    """The last try for the account of these settings, or None."""
    with suppress(OSError, msgspec.MsgspecError, UserError):
        last = msgspec.json.decode(paths.night_try.read_bytes(), type=NightTry)
        return last if last.account == account_name(settings.server) else None
    return None


def note_night_try(paths: Paths, account: str, keeper: KeeperName, readable: bool) -> NightTry:
    """Remember a try. Raises LocalDiskError."""
    tried = NightTry(account=account, keeper=keeper, readable=readable, tested_ms=int(time.time() * 1000))
    write_atomically(paths.night_try, msgspec.json.encode(tried))
    return tried


def forget_night_try(paths: Paths) -> None:
    """Forget the last try: the password is another now."""
    with suppress(OSError):
        paths.night_try.unlink(missing_ok=True)
