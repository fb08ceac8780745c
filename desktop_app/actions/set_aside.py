"""Records that were set aside: to look at them, and to try them again."""

from functools import partial

from msgspec import Struct

from desktop_app.export.ledger import open_ledger
from desktop_app.export.run_lock import run_lock
from desktop_app.secrets.source_secrets import read_source_secret
from desktop_app.settings.effective import load_settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.sources import find_source
from desktop_app.sources.collect import try_again
from desktop_app.sources.collected import CollectedSource
from desktop_app.trails.store.known_sources import known_sources
from desktop_app.trails.store.set_aside import SetAside, set_aside_records
from desktop_app.trails.store.store import open_store, open_store_to_read


class SetAsideOfSource(Struct, frozen=True):
    """What was set aside of a source, the latest first; "" is the name of what was recorded."""

    source: str
    records: list[SetAside]


def set_aside_of(paths: Paths, source: str, limit: int, most_bytes: int = 0) -> list[SetAside]:
    """The latest records of a source that were set aside, newest first; of each, so many bytes, or all (0).

    Raises LocalDiskError.
    """
    with open_store_to_read(paths.store) as store:
        return set_aside_records(store, source, limit, most_bytes)


def all_set_aside(paths: Paths, limit: int, most_bytes: int = 0) -> list[SetAsideOfSource]:
    """So many of each source, also of those that were removed, and of what was recorded. Raises LocalDiskError."""
    with open_store_to_read(paths.store) as store:
        names = [known.name for known in known_sources(store) if known.name is not None and known.set_aside]
        return [SetAsideOfSource(name, set_aside_records(store, name, limit, most_bytes)) for name in names]


def retry(paths: Paths, name: str) -> CollectedSource:
    """Try again what was set aside of a source; nothing else of it is read.

    Raises BadSetting where there is no such source, AlreadyRunning while a run lasts, LocalDiskError.
    """
    settings = load_settings(paths)
    find_source(settings, name)
    with open_ledger(paths.ledger) as ledger, run_lock(paths, ledger), open_store(paths.store) as store:
        return try_again(settings.sources, name, store, partial(read_source_secret, paths))
