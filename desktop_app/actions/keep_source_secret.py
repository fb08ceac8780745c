"""Keep the secrets of sources, and find out whether the daily task can read them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from msgspec import Struct

from desktop_app.errors import BadSetting, UserError
from desktop_app.schedule.password_at_night import can_read_at_night
from desktop_app.secrets.keeper import KeeperName, Protection
from desktop_app.secrets.keepers import delete_password, keepers_undone_on_failure, save_password
from desktop_app.secrets.source_secrets import source_account
from desktop_app.settings.model import Settings, SourceSettings
from desktop_app.settings.paths import Paths
from desktop_app.settings.source_kinds import entry_of
from desktop_app.stop import done_uninterrupted
from desktop_app.wording import Said


class NewSecret(NamedTuple):
    """A source, and the secret that it has from now on."""

    source: SourceSettings
    secret: str

    def __repr__(self) -> str:  # a secret is not to be printed
        return f"NewSecret({self.source.name!r})"


class KeptSecret(Struct, frozen=True):
    """Where the secret of a source is kept, and what is to be told of that."""

    protection: Protection
    warnings: tuple[Said, ...] = ()


def keep_source_secret(
    paths: Paths, settings: Settings, source: SourceSettings, secret: str, keep_in: KeeperName | None = None
) -> KeptSecret:
    """Keep the secret of a source that is saved; while the export is on, find out whether the daily task can read
    it. Raises BadSetting, LocalDiskError and KeyboardInterrupt: then the earlier one is kept.
    """

    def make() -> Protection:
        with kept_secret(paths, source, secret, keep_in) as protection:
            return protection

    protection, stopped = done_uninterrupted(make)
    return KeptSecret(protection, () if stopped else read_at_night(settings, paths, source))


@contextmanager
def kept_secret(
    paths: Paths, source: SourceSettings, secret: str, keep_in: KeeperName | None = None
) -> Iterator[Protection]:
    """Keep the secret of a source; where the context fails, the earlier one. Raises BadSetting, LocalDiskError."""
    if entry_of(source.kind).secret is None:
        raise BadSetting(
            Said("A source of the kind {kind} has no password.", kind=source.kind),
            Said("Nothing was changed."),
            field="secret",
        )
    if not secret:
        raise BadSetting(Said("The password is empty."), Said("Nothing was changed."), field="secret")
    account = source_account(source)
    with keepers_undone_on_failure(paths, account):
        yield save_password(paths, account, secret, keep_in, field="secret")


def read_at_night(settings: Settings, paths: Paths, source: SourceSettings) -> tuple[Said, ...]:
    """A warning where the daily task could not read the secret of a source, found out by trying."""
    if not settings.enabled:
        return ()
    try:
        readable = can_read_at_night(settings, paths, source_account(source))
    except UserError as error:
        return (Said("Whether the daily task can read the password was not found out. {why}", why=error.message),)
    if readable is not False:
        return ()
    return (
        Said(
            "The daily task can't read the password of the source {name} while you are logged out."
            " Choose where else to keep it: {command}",
            name=source.name,
            command=f"audit-trails-export source secret {source.name} --keep-in file",
        ),
    )


def forget_secrets(
    paths: Paths, before: Iterable[SourceSettings], after: Iterable[SourceSettings]
) -> tuple[Said, ...]:
    """Remove the secrets of sources that are gone; warnings where one can't be removed."""
    gone = set(map(source_account, filter(_has_secret, before))) - set(map(source_account, after))
    warnings: list[Said] = []
    for account in sorted(gone):
        try:
            delete_password(paths, account)
        except UserError as error:
            warnings.append(
                Said("The password of {account} could not be removed. {why}", account=account, why=error.message)
            )
    return tuple(warnings)


def _has_secret(source: SourceSettings) -> bool:
    return entry_of(source.kind).secret is not None
