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


class NightTest(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the password of `account`, which `keeper` has, could be read at `tested_ms` (epoch) as at night."""

    account: str
    keeper: KeeperName
    readable: bool
    tested_ms: int


def last_night_test(settings: Settings, paths: Paths) -> NightTest | None:
    """The last try for the account of these settings, or None."""
    with suppress(OSError, msgspec.MsgspecError, UserError):
        test = msgspec.json.decode(paths.night_test.read_bytes(), type=NightTest)
        return test if test.account == account_name(settings.server) else None
    return None


def note_night_test(paths: Paths, account: str, keeper: KeeperName, readable: bool) -> NightTest:
    """Remember a try. Raises LocalDiskError."""
    test = NightTest(account=account, keeper=keeper, readable=readable, tested_ms=int(time.time() * 1000))
    write_atomically(paths.night_test, msgspec.json.encode(test))
    return test


def forget_night_test(paths: Paths) -> None:
    """Forget the last try: the password is another now."""
    with suppress(OSError):
        paths.night_test.unlink(missing_ok=True)
