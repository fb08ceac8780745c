"""What the last try to read the password as the daily task will has shown: a small file."""

import time
from contextlib import suppress

import msgspec

from desktop_app.errors import UserError
from desktop_app.files import write_atomically
from desktop_app.secrets.keeper import KeeperName
from desktop_app.secrets.login_secret import login_account
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths


class NightTry(msgspec.Struct, frozen=True, kw_only=True):
    """Whether what logs in could be read at `tested_ms` (epoch) as at night: the password or the passphrase of
    `account`, which `keeper` has, or a key without one, or that of an agent.
    """

    account: str
    keeper: KeeperName | None
    readable: bool
    tested_ms: int


def last_night_try(settings: Settings, paths: Paths) -> NightTry | None:
    """The last try for the account of these settings, or None."""
    with suppress(OSError, msgspec.MsgspecError, UserError):
        last = msgspec.json.decode(paths.night_try.read_bytes(), type=NightTry)
        return last if last.account == login_account(settings.server) else None
    return None


def note_night_try(paths: Paths, account: str, keeper: KeeperName | None, readable: bool) -> NightTry:
    """Remember a try. Raises LocalDiskError."""
    tried = NightTry(account=account, keeper=keeper, readable=readable, tested_ms=int(time.time() * 1000))
    write_atomically(paths.night_try, msgspec.json.encode(tried))
    return tried


def forget_night_try(paths: Paths) -> None:
    """Forget the last try: the password is another now."""
    with suppress(OSError):
        paths.night_try.unlink(missing_ok=True)
